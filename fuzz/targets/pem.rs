//! What a PEM file holds is what the crate `pem` finds in it, where both take it; and whatever DER is written into one is
//! read back, with other sections and other text around it.
#![no_main]

use arbitrary::Arbitrary;
use httplib::transport::tls::fuzzing::{
    authorities, certificates, private_key, revocation_lists, understand,
};
use libfuzzer_sys::fuzz_target;
use pem::{EncodeConfig, LineEnding, Pem};

#[derive(Arbitrary, Debug)]
enum Input<'a> {
    Raw(&'a [u8]),
    Written {
        sections: Vec<(Label, &'a [u8])>,
        around: &'a str,
        crlf: bool,
        wrap: u8,
    },
}

#[derive(Arbitrary, Clone, Copy, Debug, PartialEq)]
enum Label {
    Certificate,
    X509Certificate,
    List,
    Pkcs8,
    Pkcs1,
    Sec1,
    Other,
}

impl Label {
    fn text(self) -> &'static str {
        match self {
            Self::Certificate => "CERTIFICATE",
            Self::X509Certificate => "X509 CERTIFICATE",
            Self::List => "X509 CRL",
            Self::Pkcs8 => "PRIVATE KEY",
            Self::Pkcs1 => "RSA PRIVATE KEY",
            Self::Sec1 => "EC PRIVATE KEY",
            Self::Other => "DH PARAMETERS",
        }
    }

    fn is_certificate(self) -> bool {
        matches!(self, Self::Certificate | Self::X509Certificate)
    }

    fn is_key(self) -> bool {
        matches!(self, Self::Pkcs8 | Self::Pkcs1 | Self::Sec1)
    }
}

fuzz_target!(|input: Input| match input {
    Input::Raw(bytes) => raw(bytes),
    Input::Written {
        sections,
        around,
        crlf,
        wrap,
    } => {
        let ending = if crlf {
            LineEnding::CRLF
        } else {
            LineEnding::LF
        };
        let config = EncodeConfig::new().set_line_ending(ending);
        let config = config.set_line_wrap(usize::from(wrap).max(1));
        // What is around must be no PEM, and no DER.
        let around = around.replace('-', "+");
        let around = around.strip_prefix('0').unwrap_or(&around);
        let mut text = format!("\n{around}\n");
        for (label, contents) in &sections {
            let section = Pem::new(label.text(), contents.to_vec());
            text.push_str(&pem::encode_config(&section, config));
            text.push_str(&format!("{around}\n"));
        }
        written(&sections, text.as_bytes());
    }
});

fn written(sections: &[(Label, &[u8])], text: &[u8]) {
    let of = |is: fn(Label) -> bool| {
        let found = sections.iter().filter(move |(label, _)| is(*label));
        found.map(|(_, contents)| *contents).collect::<Vec<_>>()
    };
    // Trust data are taken off wherever they are found.
    let expected: Vec<_> = of(Label::is_certificate).into_iter().map(bare).collect();
    assert_eq!(certificates(text), some(expected), "certificates");
    let lists = of(|label| label == Label::List)
        .into_iter()
        .map(<[u8]>::to_vec)
        .collect();
    assert_eq!(revocation_lists(text), some(lists), "lists");
    let key = of(Label::is_key).first().map(|key| key.to_vec());
    assert_eq!(private_key(text), key, "key");
}

fn raw(bytes: &[u8]) {
    authorities(bytes);
    revocation_lists(bytes);
    private_key(bytes);
    let Some(ours) = certificates(bytes) else {
        return;
    };
    assert!(!ours.is_empty());
    if bytes.first() == Some(&0x30) {
        assert_eq!(ours, [bytes]);
        return;
    }
    // OpenSSL and we look for a section where a line begins; this one looks anywhere.
    if !begins_lines(bytes) {
        return;
    }
    let Ok(theirs) = pem::parse_many(bytes) else {
        return;
    };
    let labels = ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"];
    let theirs = theirs.iter().filter(|it| labels.contains(&it.tag()));
    let theirs: Vec<_> = theirs.map(|it| bare(it.contents())).collect();
    assert_eq!(ours, theirs);
}

/// Whether all that looks like the beginning of a section begins a line.
fn begins_lines(bytes: &[u8]) -> bool {
    const MARK: &[u8] = b"-----BEGIN";
    let mut marks = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(MARK));
    marks.all(|at| at == 0 || bytes[at - 1] == b'\n')
}

/// Without trust data.
fn bare(certificate: &[u8]) -> Vec<u8> {
    understand(certificate)
        .without_trust_data
        .unwrap_or(certificate)
        .to_vec()
}

/// A file without any is refused.
fn some<T>(found: Vec<T>) -> Option<Vec<T>> {
    (!found.is_empty()).then_some(found)
}

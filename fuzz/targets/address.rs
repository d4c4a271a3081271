//! Hosts and URLs never panic; a host and port that are accepted are the same when they are written and read again, can't
//! break out of `Host`, and are what the crate `url` makes of them, if it takes them at all.
#![no_main]

use httplib::client::{Authority, Url};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    authority(text);
    url(text);
    if let Some((first, rest)) = text.split_at_checked(text.len() / 2) {
        let _ = Authority::parse(first, rest.parse().ok(), 443);
    }
});

fn authority(text: &str) {
    let Ok(authority) = Authority::parse(text, None, 80) else {
        return;
    };
    assert!(authority.port > 0);
    assert!(authority.host.is_ascii() && !authority.host.is_empty());
    let may_stand = |byte: u8| byte.is_ascii_graphic() && !b"/\\@?#[]<>".contains(&byte);
    assert!(authority.host.bytes().all(may_stand), "{authority:?}");
    // A zone is this machine's affair: it is not written.
    let host = match authority.host.split_once('%') {
        Some((address, _)) => address,
        None => &authority.host,
    };
    for written in [authority.with_port(), authority.host_header(80)] {
        let again = Authority::parse(&written, None, 80).expect("what was accepted");
        assert_eq!(
            (again.host.as_str(), again.port),
            (host, authority.port),
            "{written}"
        );
    }
    agree(&format!("http://{text}/"), host, authority.port);
}

fn url(text: &str) {
    let Ok(url) = Url::parse(text) else {
        return;
    };
    assert!(url.target.starts_with('/') && !url.target.contains('#'));
    assert!(!url.authority.contains(['/', '?', '#']));
    let default_port = if url.is_https { 443 } else { 80 };
    if let Ok(authority) = Authority::parse(url.authority, None, default_port) {
        agree(text, &authority.host, authority.port);
    }
}

/// Whether the crate `url` finds the same host and port, if it finds any.
fn agree(text: &str, host: &str, port: u16) {
    // It takes white space off, or out, and turns backslashes around, as browsers do.
    if text.contains(|char: char| char.is_control() || char.is_whitespace() || char == '\\') {
        return;
    }
    let Ok(theirs) = url::Url::parse(text) else {
        return;
    };
    assert_eq!(theirs.port_or_known_default(), Some(port), "{text}");
    match theirs.host().expect("a host") {
        url::Host::Ipv6(address) => assert_eq!(host.parse(), Ok(address), "{text}"),
        // It takes numbers of all kinds for addresses, such as 0x7f.1: here they are names.
        url::Host::Ipv4(address) => {
            assert!(host.parse() == Ok(address) || host.parse::<std::net::Ipv4Addr>().is_err());
        }
        url::Host::Domain(name) => assert!(name.eq_ignore_ascii_case(host), "{name}, {host}"),
    }
}

//! Options that people know from curl and that do not exist here, each with the reason.

/// An option that is refused.
pub struct Refused {
    /// Its letter.
    pub short: Option<char>,
    /// Its name.
    pub long: &'static str,
    /// Why, behind the option's name and a colon.
    pub reason: &'static str,
}

const fn refused(short: Option<char>, long: &'static str, reason: &'static str) -> Refused {
    Refused {
        short,
        long,
        reason,
    }
}

/// All of them.
pub const OPTIONS: &[Refused] = &[
    refused(
        Some('L'),
        "location",
        "httplib follows no redirects; -w '%header{location}' shows the target",
    ),
    refused(None, "location-trusted", "httplib follows no redirects"),
    refused(None, "compressed", "httplib decodes no bodies"),
    refused(Some('0'), "http1.0", "httplib speaks HTTP/1.1"),
    refused(None, "http2", "httplib speaks HTTP/1.1"),
    refused(None, "http3", "httplib speaks HTTP/1.1"),
    refused(
        Some('b'),
        "cookie",
        "there are no cookies; send one with -H 'Cookie: name=value'",
    ),
    refused(Some('c'), "cookie-jar", "there are no cookies"),
    refused(Some('F'), "form", "there is no multipart/form-data"),
    refused(Some('n'), "netrc", "there is no .netrc; use --user"),
    refused(None, "digest", "httplib knows Basic only"),
    refused(None, "ntlm", "httplib knows Basic only"),
    refused(None, "negotiate", "httplib knows Basic only"),
    refused(
        None,
        "tls-max",
        "httplib can't limit the newest version of TLS",
    ),
    refused(None, "tlsv1.0", "httplib speaks TLS 1.2 and 1.3"),
    refused(None, "tlsv1.1", "httplib speaks TLS 1.2 and 1.3"),
    refused(None, "ciphers", "httplib chooses the cipher suites"),
    refused(None, "resolve", "the host looks names up"),
    refused(None, "socks5", "httplib knows HTTP proxies only"),
    refused(Some('Z'), "parallel", "transfers run one after another"),
];

//! Arguments that a caller may come up with.

pub const HOSTS: &[&str] = &[
    "",
    "a",
    "a.example",
    "a.example:80",
    "a.example:0",
    "a.example:65536",
    "a.example:",
    "a.example:+1",
    ":80",
    "10.0.0.1",
    "10.0.0.1:1",
    "::1",
    "[::1]",
    "[::1]:80",
    "[::1",
    "[::1]80",
    "[a]",
    "[]",
    "[fe80::1%1]",
    "a b",
    "a\r\nb",
    "a\0",
    "a/b",
    "user@a",
    "http://a",
    "a?b",
    "a#b",
    "%41",
    "a\\b",
    "under_score",
    "-a-",
];

pub const PROXIES: &[&str] = &[
    "",
    "a",
    "a:3128",
    "http://a",
    "http://a/",
    "HTTP://a:1",
    "http://u:p@a:1",
    "http://u@a",
    "http://%zz:%00@a",
    "http://",
    "http://a:b:c",
    "http://a/path",
    "socks5://a",
    "ftp://a",
    "http://[::1]:80",
    "http://@a",
    "://a",
];

pub const METHODS: &[&str] = &[
    "GET",
    "",
    " ",
    "G T",
    "GET\r\n",
    "G\0T",
    "GÉT",
    "(",
    "get",
    "CONNECT",
    "!#$%&'*+-.^_`|~",
];

pub const TARGETS: &[&str] = &[
    "/",
    "",
    "*",
    "/a b",
    "/a\r\nX: y",
    "/\0",
    "/é",
    "/\u{7f}",
    "http://",
    "http:///a",
    "http://a b/",
    "//",
    "#",
    "/\u{ffff}",
    "a:1",
    "http://a\r\nb/",
    "https://\u{17f}/",
];

/// What can't be a header's value.
pub const NO_VALUES: &[&str] = &[
    "\r",
    "\n",
    "a\r\nb",
    "a\r\n",
    "a\n b",
    "\0",
    "a\u{100}",
    "\r\n \r\n",
    "\r\r\n a",
    "€",
];

pub const NO_TOKENS: &[&str] = &[
    "", " ", "a b", "a:", "a\r\n", "é", "a\0", "\u{7f}", "(a)", "X\n",
];

pub const FIELDS: &[(&str, &str)] = &[
    ("X-A", "1"),
    ("x-a", ""),
    ("X-B", "\u{ff}\u{80}"),
    ("X-C", "one\r\n two"),
    ("Accept", "*/*"),
    ("User-Agent", "caller"),
    ("Content-Length", "3"),
    ("content-length", "8"),
    ("Content-Length", "0"),
    ("Content-Length", "x"),
    ("Connection", "close"),
    ("Expect", "100-continue"),
    ("Host", "other.example"),
    ("Accept-Encoding", "gzip"),
    ("Content-Length", "18446744073709551616"),
    ("Transfer-Encoding", "chunked"),
    ("Transfer-Encoding", "chunked, gzip"),
];

pub const TRAILERS: &[(&str, &str)] = &[
    ("X-Sum", "7"),
    ("Digest", "\u{e9}"),
    ("Content-Length", "7"),
    ("Host", "a"),
    ("X\n", "a"),
    ("X", "a\nb"),
    ("Trailer", "X"),
];

/// Names of headers that are asked for.
pub const NAMES: &[&str] = &[
    "X-Twice",
    "x-twIce",
    "Content-Length",
    "content-type",
    "charset",
    "",
    "X:",
    "é",
    "Link",
];

pub const CONSTANTS: &[&str] = &[
    "HTTP_PORT",
    "HTTPS_PORT",
    "OK",
    "ok",
    "",
    "NOT_FOUND",
    "NOT FOUND",
    "REQUEST_ENTITY_TOO_LARGE",
    "é\0",
    "CONTENT_TOO_LARGE",
];

pub const NO_PEM: &[&[u8]] = &[
    b"",
    b"\0",
    b"text",
    b"-----BEGIN CERTIFICATE-----",
    b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
    b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    b"\x30\x82\xff\xff",
    b"\x30\x80",
    b"\xff\xfe",
];

/// Paths of files that are not there.
pub const NO_PATHS: &[&str] = &["/nowhere/file", "nowhere/file"];

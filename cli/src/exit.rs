//! The exit codes: curl's numbers, and what they mean here.

/// Why the command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Everything went well.
    Ok = 0,
    UnsupportedProtocol = 1,
    Usage = 2,
    MalformedUrl = 3,
    ProxyName = 5,
    HostName = 6,
    Connect = 7,
    WeirdReply = 8,
    Partial = 18,
    HttpError = 22,
    Write = 23,
    Read = 26,
    TimedOut = 28,
    Range = 33,
    TlsConnect = 35,
    BadArgument = 43,
    Interface = 45,
    EmptyReply = 52,
    Send = 55,
    Receive = 56,
    ClientCertificate = 58,
    Verification = 60,
    Encoding = 61,
    CaFile = 77,
    CrlFile = 82,
}

impl Exit {
    /// All of them, for `--help` and for the tests of it.
    pub const ALL: &[Self] = &[
        Self::Ok,
        Self::UnsupportedProtocol,
        Self::Usage,
        Self::MalformedUrl,
        Self::ProxyName,
        Self::HostName,
        Self::Connect,
        Self::WeirdReply,
        Self::Partial,
        Self::HttpError,
        Self::Write,
        Self::Read,
        Self::TimedOut,
        Self::Range,
        Self::TlsConnect,
        Self::BadArgument,
        Self::Interface,
        Self::EmptyReply,
        Self::Send,
        Self::Receive,
        Self::ClientCertificate,
        Self::Verification,
        Self::Encoding,
        Self::CaFile,
        Self::CrlFile,
    ];

    /// The number that a script sees.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// One line for `--help`.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Ok => "everything went well",
            Self::UnsupportedProtocol => {
                "the scheme is not http or https, or the reply is not HTTP/1.x"
            }
            Self::Usage => "the command line can't be understood",
            Self::MalformedUrl => "the URL is malformed",
            Self::ProxyName => "the proxy's name can't be resolved, or its URL is malformed",
            Self::HostName => "the host's name can't be resolved",
            Self::Connect => "no connection to the host or the proxy",
            Self::WeirdReply => "the head of the server's reply breaks HTTP",
            Self::Partial => "the body ended early",
            Self::HttpError => "the status is 400 or above, with --fail or --fail-with-body",
            Self::Write => "the output can't be written",
            Self::Read => "a file or standard input can't be read",
            Self::TimedOut => "--connect-timeout or --max-time has passed",
            Self::Range => "the server does not resume as --continue-at asks",
            Self::TlsConnect => "the TLS handshake failed",
            Self::BadArgument => "a method, header or other part of the request can't be sent",
            Self::Interface => "the address of --interface can't be used",
            Self::EmptyReply => "the server closed the connection without a reply",
            Self::Send => "sending failed",
            Self::Receive => {
                "receiving failed, the body breaks HTTP, or the proxy refused the tunnel"
            }
            Self::ClientCertificate => "the client certificate or its key can't be used",
            Self::Verification => "the server's certificate is not trusted",
            Self::Encoding => "the server used an unknown transfer coding",
            Self::CaFile => "the certificates of --cacert, --capath or SSL_CERT_FILE can't be used",
            Self::CrlFile => "the list of --crlfile can't be used",
        }
    }
}

//! `describe`: one line for each case, in Python's words where Python has them.

use std::collections::BTreeSet;

use harness::component::{
    ConnectionState, Error, FileError, FileErrorCode, Guest, HttpException,
    ImproperConnectionState, IncompleteRead, Phase, SocketError, SocketErrorCode, TlsError,
    TunnelRefusal, is_asynchronous,
};

/// How many cases [`case`] tells apart.
const CASES: usize = 52;

/// The case of an error, without what it carries. A case that is added to the WIT does not compile
/// until it is named here; then it is missing in [`lines`], and in the tests that provoke it.
fn case(error: &Error) -> &'static str {
    match error {
        Error::Http(exception) => http_case(exception),
        Error::Value(_) => "value",
        Error::Socket(SocketError { code, .. }) => socket_case(code),
        Error::TimedOut(_) => "timed-out",
        Error::WouldBlock => "would-block",
        Error::File(FileError { code, .. }) => match code {
            FileErrorCode::NoEntry => "file.no-entry",
            FileErrorCode::Access => "file.access",
            FileErrorCode::IsDirectory => "file.is-directory",
            FileErrorCode::Other(_) => "file.other",
        },
        Error::Tls(error) => tls_case(error),
        Error::Tunnel(_) => "tunnel",
        Error::Other(_) => "other",
    }
}

fn http_case(exception: &HttpException) -> &'static str {
    use ImproperConnectionState as State;
    match exception {
        HttpException::NotConnected => "http.not-connected",
        HttpException::InvalidUrl(_) => "http.invalid-url",
        HttpException::UnknownProtocol(_) => "http.unknown-protocol",
        HttpException::UnknownTransferEncoding(_) => "http.unknown-transfer-encoding",
        HttpException::UnimplementedFileMode(_) => "http.unimplemented-file-mode",
        HttpException::IncompleteRead(IncompleteRead { expected, .. }) => match expected {
            Some(_) => "http.incomplete-read",
            None => "http.incomplete-read in chunks",
        },
        HttpException::ImproperConnectionState(state) => match state {
            State::CannotSendRequest(_) => "http.cannot-send-request",
            State::CannotSendHeader(_) => "http.cannot-send-header",
            State::ResponseNotReady(_) => "http.response-not-ready",
        },
        HttpException::BadStatusLine(_) => "http.bad-status-line",
        HttpException::LineTooLong(_) => "http.line-too-long",
        HttpException::TooMany(_) => "http.too-many",
        HttpException::RemoteDisconnected => "http.remote-disconnected",
        HttpException::Malformed(_) => "http.malformed",
        HttpException::Other(_) => "http.other",
    }
}

fn socket_case(code: &SocketErrorCode) -> &'static str {
    match code {
        SocketErrorCode::AccessDenied => "socket.access-denied",
        SocketErrorCode::NameUnresolvable => "socket.name-unresolvable",
        SocketErrorCode::TemporaryResolverFailure => "socket.temporary-resolver-failure",
        SocketErrorCode::PermanentResolverFailure => "socket.permanent-resolver-failure",
        SocketErrorCode::ConnectionRefused => "socket.connection-refused",
        SocketErrorCode::ConnectionReset => "socket.connection-reset",
        SocketErrorCode::ConnectionAborted => "socket.connection-aborted",
        SocketErrorCode::BrokenPipe => "socket.broken-pipe",
        SocketErrorCode::RemoteUnreachable => "socket.remote-unreachable",
        SocketErrorCode::Timeout => "socket.timeout",
        SocketErrorCode::AddressInUse => "socket.address-in-use",
        SocketErrorCode::AddressNotBindable => "socket.address-not-bindable",
        SocketErrorCode::NewSocketLimit => "socket.new-socket-limit",
        SocketErrorCode::NotSupported => "socket.not-supported",
        SocketErrorCode::Other(_) => "socket.other",
    }
}

fn tls_case(error: &TlsError) -> &'static str {
    match error {
        TlsError::CertificateExpired(_) => "tls.certificate-expired",
        TlsError::CertificateNotYetValid(_) => "tls.certificate-not-yet-valid",
        TlsError::UnknownIssuer(_) => "tls.unknown-issuer",
        TlsError::HostnameMismatch(_) => "tls.hostname-mismatch",
        TlsError::CertificateRevoked(_) => "tls.certificate-revoked",
        TlsError::WrongUsage(_) => "tls.wrong-usage",
        TlsError::BadCertificate(_) => "tls.bad-certificate",
        TlsError::HandshakeAlert(_) => "tls.handshake-alert",
        TlsError::Protocol(_) => "tls.protocol",
        TlsError::Truncated(_) => "tls.truncated",
        TlsError::Configuration(_) => "tls.configuration",
        TlsError::Other(_) => "tls.other",
    }
}

/// An error of each case, and its line.
fn lines() -> Vec<(Error, &'static str)> {
    let mut lines = vec![
        (Error::Value("why".into()), "ValueError: why"),
        (Error::TimedOut(Phase::Connect), "timed out (connect)"),
        (Error::WouldBlock, "the operation would block"),
        (Error::Other("what".into()), "what"),
        (tunnel(), "Tunnel connection failed: 407 Authenticate"),
    ];
    lines.extend(http_lines().map(|(exception, line)| (Error::Http(exception), line)));
    lines.extend(socket_lines().map(|(code, line)| {
        let phase = Phase::Receive;
        (Error::Socket(SocketError::new(phase, code)), line)
    }));
    lines.extend(file_lines().map(|(code, line)| {
        let path = Some("/k.pem".to_owned());
        (Error::File(FileError { path, code }), line)
    }));
    lines.extend(tls_lines().map(|(error, line)| (Error::Tls(error), line)));
    lines
}

fn http_lines() -> [(HttpException, &'static str); 17] {
    use ImproperConnectionState::{CannotSendHeader, CannotSendRequest, ResponseNotReady};
    let improper = HttpException::ImproperConnectionState;
    let incomplete = |expected| {
        let partial = b"7 bytes".to_vec();
        HttpException::IncompleteRead(IncompleteRead { partial, expected })
    };
    let text = || "text".to_owned();
    [
        (
            HttpException::NotConnected,
            "NotConnected: the connection was closed",
        ),
        (HttpException::InvalidUrl(text()), "InvalidURL: text"),
        (
            HttpException::UnknownProtocol(text()),
            "UnknownProtocol: text",
        ),
        (
            HttpException::UnknownTransferEncoding(text()),
            "UnknownTransferEncoding: text",
        ),
        (
            HttpException::UnimplementedFileMode(text()),
            "UnimplementedFileMode: text",
        ),
        (
            incomplete(Some(3)),
            "IncompleteRead(7 bytes read, 3 more expected)",
        ),
        (incomplete(None), "IncompleteRead(7 bytes read)"),
        (
            improper(CannotSendRequest(ConnectionState::RequestSent)),
            "CannotSendRequest: Request-sent",
        ),
        (
            improper(CannotSendHeader(ConnectionState::RequestStarted)),
            "CannotSendHeader: Request-started",
        ),
        (
            improper(ResponseNotReady(ConnectionState::Idle)),
            "ResponseNotReady: Idle",
        ),
        (HttpException::BadStatusLine(text()), "BadStatusLine: text"),
        (
            HttpException::LineTooLong("header line".into()),
            "LineTooLong: got more than 65536 bytes when reading header line",
        ),
        (
            HttpException::TooMany("got more than 100 headers".into()),
            "got more than 100 headers",
        ),
        (
            HttpException::RemoteDisconnected,
            "RemoteDisconnected: Remote end closed connection without response",
        ),
        (HttpException::Malformed(text()), "malformed response: text"),
        (HttpException::Other(text()), "text"),
        (
            improper(CannotSendRequest(ConnectionState::Idle)),
            "CannotSendRequest: Idle",
        ),
    ]
}

fn socket_lines() -> [(SocketErrorCode, &'static str); 15] {
    use SocketErrorCode as Code;
    [
        (Code::AccessDenied, "access denied by the host (receive)"),
        (
            Code::NameUnresolvable,
            "Name or service not known (receive)",
        ),
        (
            Code::TemporaryResolverFailure,
            "Temporary failure in name resolution (receive)",
        ),
        (
            Code::PermanentResolverFailure,
            "Non-recoverable failure in name resolution (receive)",
        ),
        (Code::ConnectionRefused, "Connection refused (receive)"),
        (Code::ConnectionReset, "Connection reset by peer (receive)"),
        (Code::ConnectionAborted, "Connection aborted (receive)"),
        (Code::BrokenPipe, "Broken pipe (receive)"),
        (Code::RemoteUnreachable, "No route to host (receive)"),
        (Code::Timeout, "Connection timed out (receive)"),
        (Code::AddressInUse, "Address already in use (receive)"),
        (
            Code::AddressNotBindable,
            "Cannot assign requested address (receive)",
        ),
        (Code::NewSocketLimit, "Too many open sockets (receive)"),
        (Code::NotSupported, "Operation not supported (receive)"),
        (Code::Other("text".into()), "text (receive)"),
    ]
}

fn file_lines() -> [(FileErrorCode, &'static str); 4] {
    [
        (
            FileErrorCode::NoEntry,
            "No such file or directory: '/k.pem'",
        ),
        (FileErrorCode::Access, "Permission denied: '/k.pem'"),
        (FileErrorCode::IsDirectory, "Is a directory: '/k.pem'"),
        (FileErrorCode::Other("text".into()), "text: '/k.pem'"),
    ]
}

fn tls_lines() -> [(TlsError, &'static str); 12] {
    let text = || "why".to_owned();
    [
        (
            TlsError::CertificateExpired(text()),
            "TLS: certificate has expired: why",
        ),
        (
            TlsError::CertificateNotYetValid(text()),
            "TLS: certificate is not yet valid: why",
        ),
        (
            TlsError::UnknownIssuer(text()),
            "TLS: unable to get issuer certificate: why",
        ),
        (
            TlsError::HostnameMismatch(text()),
            "TLS: hostname mismatch: why",
        ),
        (
            TlsError::CertificateRevoked(text()),
            "TLS: certificate revoked: why",
        ),
        (
            TlsError::WrongUsage(text()),
            "TLS: unsuitable certificate purpose: why",
        ),
        (
            TlsError::BadCertificate(text()),
            "TLS: bad certificate: why",
        ),
        (
            TlsError::HandshakeAlert(text()),
            "TLS: alert from the peer: why",
        ),
        (TlsError::Protocol(text()), "TLS: protocol error: why"),
        (TlsError::Truncated(text()), "TLS: connection cut: why"),
        (TlsError::Configuration(text()), "TLS: configuration: why"),
        (TlsError::Other(text()), "TLS: failure: why"),
    ]
}

fn tunnel() -> Error {
    Error::Tunnel(TunnelRefusal {
        status: 407,
        reason: "Authenticate".into(),
        headers: Vec::new(),
        body: Vec::new(),
    })
}

#[test]
fn every_case_has_its_line() {
    let guest = Guest::new();
    for (error, line) in lines() {
        // Over WASI 0.3 there is no such case.
        if error == Error::WouldBlock && is_asynchronous() {
            continue;
        }
        assert_eq!(guest.describe(&error), line, "{error:?}");
    }
    guest.assert_works();
}

#[test]
fn no_case_is_left_out() {
    let cases: BTreeSet<_> = lines().iter().map(|(error, _)| case(error)).collect();
    assert_eq!(cases.len(), CASES, "{cases:#?}");
}

#[test]
fn a_body_without_a_path_is_called_so() {
    let body = Error::File(FileError {
        path: None,
        code: FileErrorCode::Access,
    });
    let line = Guest::new().describe(&body);
    assert_eq!(line, "Permission denied: the body's file");
}

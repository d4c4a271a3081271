//! All conversions between WIT's types and [`client`](crate::client)'s.
//!
//! Matches are exhaustive: a case that one side gains does not compile until the other has it.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;

use super::wit;
#[cfg(not(feature = "p3"))]
use crate::blocking::Stopped;
use crate::client::{
    ConnectionState, Error, HttpException, ImproperConnectionState, InterimResponse, PemSource,
    TunnelRefusal,
};
use crate::transport::tls::{Session, TlsVersion, VerifyMode};
use crate::transport::{FileErrorCode, Phase, SocketErrorCode, TlsError};

/// `tls-session`.
pub fn session(session: Session) -> wit::TlsSession {
    wit::TlsSession {
        version: session.version.to_owned(),
        cipher_suite: session.cipher_suite,
        group: session.group,
        alpn: session.alpn,
        resumed: session.resumed,
        peer_certificates: session.peer_certificates,
    }
}

/// `interim-response`.
pub fn interim(response: InterimResponse) -> wit::InterimResponse {
    wit::InterimResponse {
        status: response.status,
        reason: response.reason,
        headers: response.headers,
    }
}

#[cfg(not(feature = "p3"))]
impl From<Stopped> for wit::Error {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::WouldBlock => Self::WouldBlock,
            Stopped::Failed(error) => error.into(),
        }
    }
}

impl From<Error> for wit::Error {
    fn from(it: Error) -> Self {
        error(it)
    }
}

/// `error`.
pub fn error(error: Error) -> wit::Error {
    match error {
        Error::Http(exception) => wit::Error::Http(http_exception(exception)),
        Error::Value(text) => wit::Error::Value(text),
        Error::Socket {
            phase: when,
            code,
            attempts,
        } => wit::Error::Socket(wit::SocketError {
            phase: phase(when),
            code: socket_code(code),
            attempts: attempts
                .into_iter()
                .map(|(address, code)| wit::ConnectionAttempt {
                    address,
                    code: socket_code(code),
                })
                .collect(),
        }),
        Error::TimedOut(when) => wit::Error::TimedOut(phase(when)),
        Error::File { path, code } => wit::Error::File(wit::FileError {
            path,
            code: file_code(code),
        }),
        Error::Tls(error) => wit::Error::Tls(tls_error(error)),
        Error::Tunnel(refusal) => wit::Error::Tunnel(wit::TunnelRefusal {
            status: refusal.status,
            reason: refusal.reason,
            headers: refusal.headers,
            body: refusal.body,
        }),
        Error::Other(text) => wit::Error::Other(text),
    }
}

/// The same backwards, for `describe`.
pub fn error_from_wit(error: wit::Error) -> Error {
    match error {
        wit::Error::Http(exception) => http_exception_from_wit(exception),
        wit::Error::Value(text) => Error::Value(text),
        wit::Error::Socket(it) => Error::Socket {
            phase: phase_from_wit(it.phase),
            code: socket_code_from_wit(it.code),
            attempts: it
                .attempts
                .into_iter()
                .map(|attempt| (attempt.address, socket_code_from_wit(attempt.code)))
                .collect(),
        },
        wit::Error::TimedOut(when) => Error::TimedOut(phase_from_wit(when)),
        // Only a binding says so.
        #[cfg(not(feature = "p3"))]
        wit::Error::WouldBlock => Error::Other("the operation would block".into()),
        wit::Error::File(it) => Error::File {
            path: it.path,
            code: file_code_from_wit(it.code),
        },
        wit::Error::Tls(error) => Error::Tls(tls_error_from_wit(error)),
        wit::Error::Tunnel(it) => Error::Tunnel(Box::new(TunnelRefusal {
            status: it.status,
            reason: it.reason,
            headers: it.headers,
            body: it.body,
        })),
        wit::Error::Other(text) => Error::Other(text),
    }
}

fn http_exception(exception: HttpException) -> wit::HttpException {
    use wit::HttpException as W;
    match exception {
        HttpException::NotConnected => W::NotConnected,
        HttpException::InvalidUrl(text) => W::InvalidUrl(text),
        HttpException::UnknownProtocol(text) => W::UnknownProtocol(text),
        HttpException::UnknownTransferEncoding(text) => W::UnknownTransferEncoding(text),
        HttpException::UnimplementedFileMode(text) => W::UnimplementedFileMode(text),
        HttpException::IncompleteRead { partial, expected } => {
            W::IncompleteRead(wit::IncompleteRead { partial, expected })
        }
        HttpException::ImproperConnectionState(it) => W::ImproperConnectionState(improper(it)),
        HttpException::BadStatusLine(text) => W::BadStatusLine(text),
        HttpException::LineTooLong(text) => W::LineTooLong(text),
        HttpException::TooMany(text) => W::TooMany(text),
        HttpException::RemoteDisconnected => W::RemoteDisconnected,
        HttpException::Malformed(text) => W::Malformed(text),
    }
}

fn http_exception_from_wit(exception: wit::HttpException) -> Error {
    use wit::HttpException as W;
    Error::Http(match exception {
        W::NotConnected => HttpException::NotConnected,
        W::InvalidUrl(text) => HttpException::InvalidUrl(text),
        W::UnknownProtocol(text) => HttpException::UnknownProtocol(text),
        W::UnknownTransferEncoding(text) => HttpException::UnknownTransferEncoding(text),
        W::UnimplementedFileMode(text) => HttpException::UnimplementedFileMode(text),
        W::IncompleteRead(it) => HttpException::IncompleteRead {
            partial: it.partial,
            expected: it.expected,
        },
        W::ImproperConnectionState(it) => {
            HttpException::ImproperConnectionState(improper_from_wit(it))
        }
        W::BadStatusLine(text) => HttpException::BadStatusLine(text),
        W::LineTooLong(text) => HttpException::LineTooLong(text),
        W::TooMany(text) => HttpException::TooMany(text),
        W::RemoteDisconnected => HttpException::RemoteDisconnected,
        W::Malformed(text) => HttpException::Malformed(text),
        W::Other(text) => return Error::Other(text),
    })
}

fn improper(state: ImproperConnectionState) -> wit::ImproperConnectionState {
    use wit::ImproperConnectionState as W;
    match state {
        ImproperConnectionState::CannotSendRequest(it) => W::CannotSendRequest(state_name(it)),
        ImproperConnectionState::CannotSendHeader(it) => W::CannotSendHeader(state_name(it)),
        ImproperConnectionState::ResponseNotReady(it) => W::ResponseNotReady(state_name(it)),
    }
}

fn improper_from_wit(state: wit::ImproperConnectionState) -> ImproperConnectionState {
    use wit::ImproperConnectionState as W;
    match state {
        W::CannotSendRequest(it) => ImproperConnectionState::CannotSendRequest(state_from_wit(it)),
        W::CannotSendHeader(it) => ImproperConnectionState::CannotSendHeader(state_from_wit(it)),
        W::ResponseNotReady(it) => ImproperConnectionState::ResponseNotReady(state_from_wit(it)),
    }
}

/// Both directions between two types whose cases have the same names.
macro_rules! same_cases {
    ($there:ident, $back:ident, $ours:ident, [$($case:ident),*], [$($with_text:ident),*]) => {
        fn $there(it: $ours) -> wit::$ours {
            match it {
                $($ours::$case => wit::$ours::$case,)*
                $($ours::$with_text(text) => wit::$ours::$with_text(text),)*
            }
        }

        fn $back(it: wit::$ours) -> $ours {
            match it {
                $(wit::$ours::$case => $ours::$case,)*
                $(wit::$ours::$with_text(text) => $ours::$with_text(text),)*
            }
        }
    };
}

same_cases!(
    file_code,
    file_code_from_wit,
    FileErrorCode,
    [NoEntry, Access, IsDirectory],
    [Other]
);

same_cases!(
    state_name,
    state_from_wit,
    ConnectionState,
    [Idle, RequestStarted, RequestSent],
    []
);

same_cases!(
    phase,
    phase_from_wit,
    Phase,
    [Resolve, Bind, Connect, Tunnel, Handshake, Send, Receive],
    []
);

same_cases!(
    socket_code,
    socket_code_from_wit,
    SocketErrorCode,
    [
        AccessDenied,
        NameUnresolvable,
        TemporaryResolverFailure,
        PermanentResolverFailure,
        ConnectionRefused,
        ConnectionReset,
        ConnectionAborted,
        BrokenPipe,
        RemoteUnreachable,
        Timeout,
        AddressInUse,
        AddressNotBindable,
        NewSocketLimit,
        NotSupported
    ],
    [Other]
);

/// `pem-source`.
pub fn pem_source(source: wit::PemSource) -> PemSource {
    match source {
        wit::PemSource::Bytes(bytes) => PemSource::Bytes(bytes),
        wit::PemSource::Path(path) => PemSource::Path(path),
    }
}

/// `verify-mode`.
pub fn verify_mode(mode: wit::VerifyMode) -> VerifyMode {
    match mode {
        wit::VerifyMode::CertNone => VerifyMode::CertNone,
        wit::VerifyMode::CertOptional => VerifyMode::CertOptional,
        wit::VerifyMode::CertRequired => VerifyMode::CertRequired,
    }
}

/// `tls-version`.
pub fn tls_version(version: wit::TlsVersion) -> TlsVersion {
    match version {
        wit::TlsVersion::Tls12 => TlsVersion::Tls12,
        wit::TlsVersion::Tls13 => TlsVersion::Tls13,
    }
}

same_cases!(
    tls_error,
    tls_error_from_wit,
    TlsError,
    [],
    [
        CertificateExpired,
        CertificateNotYetValid,
        UnknownIssuer,
        HostnameMismatch,
        CertificateRevoked,
        WrongUsage,
        BadCertificate,
        HandshakeAlert,
        Protocol,
        Truncated,
        Configuration,
        Other
    ]
);

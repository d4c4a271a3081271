//! Errors, in the terms of neither binding, and without their texts.

/// `connection-state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Idle,
    RequestStarted,
    RequestSent,
}

/// `error`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    CannotSendRequest(State),
    CannotSendHeader(State),
    ResponseNotReady(State),
    Value,
    InvalidUrl,
    NotConnected,
    UnknownProtocol,
    UnknownTransferEncoding,
    UnimplementedFileMode,
    IncompleteRead(Vec<u8>, Option<u64>),
    BadStatusLine,
    LineTooLong,
    TooMany,
    RemoteDisconnected,
    Malformed,
    HttpOther,
    /// Its phase, and its code where a model may know it.
    Socket(&'static str, &'static str),
    TimedOut,
    WouldBlock,
    File(&'static str),
    TlsConfiguration,
    TlsOther(&'static str),
    /// With its status and its body.
    Tunnel(u16, Vec<u8>),
    Other,
}

/// Makes `fault(&Error) -> Fault` for the binding in scope as `client`; `$block` is what an interface has beside
/// the others.
#[macro_export]
macro_rules! faults {
    ($($beside:pat => $fault:expr),*) => {
        /// The error in the model's terms.
        fn fault(error: &client::Error) -> $crate::fault::Fault {
            use client::{Error, HttpException, TlsError};
            use $crate::fault::Fault;
            match error {
                Error::Http(HttpException::NotConnected) => Fault::NotConnected,
                Error::Http(HttpException::InvalidUrl(_)) => Fault::InvalidUrl,
                Error::Http(HttpException::UnknownProtocol(_)) => Fault::UnknownProtocol,
                Error::Http(HttpException::UnknownTransferEncoding(_)) => {
                    Fault::UnknownTransferEncoding
                }
                Error::Http(HttpException::UnimplementedFileMode(_)) => Fault::UnimplementedFileMode,
                Error::Http(HttpException::IncompleteRead(read)) => {
                    Fault::IncompleteRead(read.partial.clone(), read.expected)
                }
                Error::Http(HttpException::ImproperConnectionState(state)) => improper(*state),
                Error::Http(HttpException::BadStatusLine(_)) => Fault::BadStatusLine,
                Error::Http(HttpException::LineTooLong(_)) => Fault::LineTooLong,
                Error::Http(HttpException::TooMany(_)) => Fault::TooMany,
                Error::Http(HttpException::RemoteDisconnected) => Fault::RemoteDisconnected,
                Error::Http(HttpException::Malformed(_)) => Fault::Malformed,
                Error::Http(HttpException::Other(_)) => Fault::HttpOther,
                Error::Value(_) => Fault::Value,
                Error::Socket(error) => Fault::Socket(phase(error.phase), code(&error.code)),
                Error::TimedOut(_) => Fault::TimedOut,
                $($beside => $fault,)*
                Error::File(error) => Fault::File(match &error.code {
                    client::FileErrorCode::NoEntry => "no-entry",
                    client::FileErrorCode::Access => "access",
                    client::FileErrorCode::IsDirectory => "is-directory",
                    client::FileErrorCode::Other(_) => "other",
                }),
                Error::Tls(TlsError::Configuration(_)) => Fault::TlsConfiguration,
                Error::Tls(TlsError::UnknownIssuer(_)) => Fault::TlsOther("unknown-issuer"),
                Error::Tls(TlsError::HostnameMismatch(_)) => Fault::TlsOther("hostname-mismatch"),
                Error::Tls(_) => Fault::TlsOther("other"),
                Error::Tunnel(refusal) => {
                    Fault::Tunnel(refusal.status, refusal.body.clone())
                }
                Error::Other(_) => Fault::Other,
            }
        }

        fn improper(state: client::ImproperConnectionState) -> $crate::fault::Fault {
            use client::{ConnectionState, ImproperConnectionState};
            use $crate::fault::{Fault, State};
            let named = |state| match state {
                ConnectionState::Idle => State::Idle,
                ConnectionState::RequestStarted => State::RequestStarted,
                ConnectionState::RequestSent => State::RequestSent,
            };
            match state {
                ImproperConnectionState::CannotSendRequest(it) => {
                    Fault::CannotSendRequest(named(it))
                }
                ImproperConnectionState::CannotSendHeader(it) => Fault::CannotSendHeader(named(it)),
                ImproperConnectionState::ResponseNotReady(it) => Fault::ResponseNotReady(named(it)),
            }
        }

        fn phase(phase: client::Phase) -> &'static str {
            match phase {
                client::Phase::Resolve => "resolve",
                client::Phase::Bind => "bind",
                client::Phase::Connect => "connect",
                client::Phase::Tunnel => "tunnel",
                client::Phase::Handshake => "handshake",
                client::Phase::Send => "send",
                client::Phase::Receive => "receive",
            }
        }

        fn code(code: &client::SocketErrorCode) -> &'static str {
            use client::SocketErrorCode as Code;
            match code {
                Code::ConnectionRefused => "refused",
                Code::NameUnresolvable | Code::PermanentResolverFailure => "unresolvable",
                Code::AccessDenied => "denied",
                Code::AddressNotBindable => "not-bindable",
                _ => "other",
            }
        }
    };
}

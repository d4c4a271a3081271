//! The types that both versions have, made from each other.

use crate::bindings::{client as p2, p3};

/// A variant: its cases without and with a payload.
macro_rules! variant {
    ($name:ident: $($plain:ident),*; $($holding:ident),*) => {
        variant!(p2 -> p3, $name: $($plain),*; $($holding),*);
        variant!(p3 -> p2, $name: $($plain),*; $($holding),*);
    };
    ($from:ident -> $to:ident, $name:ident: $($plain:ident),*; $($holding:ident),*) => {
        impl From<$from::$name> for $to::$name {
            fn from(value: $from::$name) -> Self {
                match value {
                    $($from::$name::$plain => Self::$plain,)*
                    $($from::$name::$holding(it) => Self::$holding(it.into()),)*
                }
            }
        }
    };
}

/// A record and its fields.
macro_rules! record {
    ($name:ident: $($field:ident),*) => {
        record!(p2 -> p3, $name: $($field),*);
        record!(p3 -> p2, $name: $($field),*);
    };
    ($from:ident -> $to:ident, $name:ident: $($field:ident),*) => {
        impl From<$from::$name> for $to::$name {
            fn from(value: $from::$name) -> Self {
                Self { $($field: value.$field.into()),* }
            }
        }
    };
}

variant!(p3 -> p2, Error:; Http, Value, Socket, TimedOut, File, Tls, Tunnel, Other);
variant!(HttpException:
    NotConnected, RemoteDisconnected;
    InvalidUrl, UnknownProtocol, UnknownTransferEncoding, UnimplementedFileMode, IncompleteRead,
    ImproperConnectionState, BadStatusLine, LineTooLong, TooMany, Malformed, Other);
record!(IncompleteRead: partial, expected);
variant!(ImproperConnectionState:; CannotSendRequest, CannotSendHeader, ResponseNotReady);
variant!(ConnectionState: Idle, RequestStarted, RequestSent;);
variant!(Phase: Resolve, Bind, Connect, Tunnel, Handshake, Send, Receive;);
record!(ConnectionAttempt: address, code);
variant!(SocketErrorCode:
    AccessDenied, NameUnresolvable, TemporaryResolverFailure, PermanentResolverFailure,
    ConnectionRefused, ConnectionReset, ConnectionAborted, BrokenPipe, RemoteUnreachable, Timeout,
    AddressInUse, AddressNotBindable, NewSocketLimit, NotSupported;
    Other);
record!(FileError: path, code);
variant!(FileErrorCode: NoEntry, Access, IsDirectory; Other);
variant!(TlsError:;
    CertificateExpired, CertificateNotYetValid, UnknownIssuer, HostnameMismatch, CertificateRevoked,
    WrongUsage, BadCertificate, HandshakeAlert, Protocol, Truncated, Configuration, Other);
record!(TunnelRefusal: status, reason, headers, body);

record!(p2 -> p3, ConnectionOptions:
    strict, timeout, source_address, blocksize, max_response_headers);
variant!(p2 -> p3, PemSource:; Bytes, Path);
variant!(p2 -> p3, VerifyMode: CertNone, CertOptional, CertRequired;);
variant!(p2 -> p3, TlsVersion: Tls12, Tls13;);
record!(p3 -> p2, InterimResponse: status, reason, headers);
record!(p3 -> p2, TlsSession: version, cipher_suite, group, alpn, resumed, peer_certificates);

/// The attempts are converted one by one.
macro_rules! socket_error {
    ($from:ident -> $to:ident) => {
        impl From<$from::SocketError> for $to::SocketError {
            fn from(value: $from::SocketError) -> Self {
                Self {
                    phase: value.phase.into(),
                    code: value.code.into(),
                    attempts: value.attempts.into_iter().map(Into::into).collect(),
                }
            }
        }
    };
}

socket_error!(p2 -> p3);
socket_error!(p3 -> p2);

/// WASI 0.3 has every error but one.
impl From<p2::Error> for p3::Error {
    fn from(value: p2::Error) -> Self {
        match value {
            p2::Error::Http(it) => Self::Http(it.into()),
            p2::Error::Value(it) => Self::Value(it),
            p2::Error::Socket(it) => Self::Socket(it.into()),
            p2::Error::TimedOut(it) => Self::TimedOut(it.into()),
            p2::Error::File(it) => Self::File(it.into()),
            p2::Error::Tls(it) => Self::Tls(it.into()),
            p2::Error::Tunnel(it) => Self::Tunnel(it.into()),
            p2::Error::Other(it) => Self::Other(it),
            p2::Error::WouldBlock => panic!("over WASI 0.3 there is no would-block"),
        }
    }
}

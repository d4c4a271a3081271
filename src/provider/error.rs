//! The client's errors as `wasi:http`'s codes.

use alloc::string::String;

use crate::bindings::wasi::http::types::{
    DnsErrorPayload, ErrorCode, FieldSizePayload, TlsAlertReceivedPayload,
};
use crate::client::{Error, HttpException, TunnelRefusal};
use crate::transport::tls::alert_code;
use crate::transport::{Phase, SocketErrorCode, TlsError};

/// The most exact code for it.
pub fn error_code(error: Error) -> ErrorCode {
    match error {
        Error::Http(exception) => http(exception),
        Error::Value(text) | Error::Other(text) => ErrorCode::InternalError(Some(text)),
        Error::Socket { phase, code, .. } => socket(phase, code),
        Error::TimedOut(phase) => timed_out(phase),
        Error::File { .. } => ErrorCode::ConfigurationError,
        Error::Tls(error) => tls(error),
        Error::Tunnel(refusal) => tunnel(&refusal),
    }
}

fn http(exception: HttpException) -> ErrorCode {
    use HttpException as E;
    match exception {
        E::InvalidUrl(_) => ErrorCode::HttpRequestUriInvalid,
        E::IncompleteRead { .. } => ErrorCode::HttpResponseIncomplete,
        E::UnknownTransferEncoding(coding) => ErrorCode::HttpResponseTransferCoding(Some(coding)),
        E::NotConnected | E::RemoteDisconnected => ErrorCode::ConnectionTerminated,
        E::LineTooLong(text) if text.contains("header") => {
            ErrorCode::HttpResponseHeaderSize(unknown_field())
        }
        E::LineTooLong(text) if text.contains("trailer") => {
            ErrorCode::HttpResponseTrailerSize(unknown_field())
        }
        E::TooMany(text) if text.contains("header") => {
            ErrorCode::HttpResponseHeaderSectionSize(None)
        }
        E::TooMany(text) if text.contains("trailer") => {
            ErrorCode::HttpResponseTrailerSectionSize(None)
        }
        E::UnknownProtocol(_)
        | E::BadStatusLine(_)
        | E::Malformed(_)
        | E::LineTooLong(_)
        | E::TooMany(_) => ErrorCode::HttpProtocolError,
        E::UnimplementedFileMode(_) | E::ImproperConnectionState(_) => {
            ErrorCode::InternalError(None)
        }
    }
}

fn unknown_field() -> FieldSizePayload {
    FieldSizePayload {
        field_name: None,
        field_size: None,
    }
}

fn socket(phase: Phase, code: SocketErrorCode) -> ErrorCode {
    use SocketErrorCode as S;
    match (code, phase) {
        (S::AccessDenied, Phase::Resolve) => dns("REFUSED"),
        (S::AccessDenied, _) => ErrorCode::DestinationIpProhibited,
        (S::NameUnresolvable, _) => dns("NXDOMAIN"),
        (S::TemporaryResolverFailure, _) => dns("SERVFAIL"),
        (S::PermanentResolverFailure, _) => dns("REFUSED"),
        (S::ConnectionRefused, _) => ErrorCode::ConnectionRefused,
        (S::ConnectionReset | S::ConnectionAborted | S::BrokenPipe, _) => {
            ErrorCode::ConnectionTerminated
        }
        (S::RemoteUnreachable, _) => ErrorCode::DestinationIpUnroutable,
        (S::Timeout, phase) => timed_out(phase),
        (S::NewSocketLimit, _) => ErrorCode::ConnectionLimitReached,
        (S::AddressInUse | S::AddressNotBindable, _) => ErrorCode::DestinationUnavailable,
        (S::NotSupported, _) => ErrorCode::InternalError(None),
        (S::Other(text), _) => ErrorCode::InternalError(Some(text)),
    }
}

/// The response codes of RFC 1035 by the names that RFC 2136 gives them.
fn dns(rcode: &str) -> ErrorCode {
    ErrorCode::DnsError(DnsErrorPayload {
        rcode: Some(rcode.into()),
        info_code: None,
    })
}

fn timed_out(phase: Phase) -> ErrorCode {
    match phase {
        Phase::Resolve => ErrorCode::DnsTimeout,
        Phase::Bind | Phase::Connect | Phase::Tunnel | Phase::Handshake => {
            ErrorCode::ConnectionTimeout
        }
        Phase::Send => ErrorCode::ConnectionWriteTimeout,
        Phase::Receive => ErrorCode::ConnectionReadTimeout,
    }
}

fn tls(error: TlsError) -> ErrorCode {
    use TlsError as T;
    match error {
        T::CertificateExpired(_)
        | T::CertificateNotYetValid(_)
        | T::UnknownIssuer(_)
        | T::HostnameMismatch(_)
        | T::CertificateRevoked(_)
        | T::WrongUsage(_)
        | T::BadCertificate(_) => ErrorCode::TlsCertificateError,
        T::HandshakeAlert(text) => alert(text),
        T::Truncated(_) => ErrorCode::ConnectionTerminated,
        T::Configuration(_) => ErrorCode::ConfigurationError,
        T::Protocol(_) | T::Other(_) => ErrorCode::TlsProtocolError,
    }
}

fn alert(text: String) -> ErrorCode {
    ErrorCode::TlsAlertReceived(TlsAlertReceivedPayload {
        alert_id: alert_code(&text),
        alert_message: Some(text),
    })
}

fn tunnel(refusal: &TunnelRefusal) -> ErrorCode {
    match refusal.status {
        400..500 => ErrorCode::HttpRequestDenied,
        _ => ErrorCode::DestinationUnavailable,
    }
}

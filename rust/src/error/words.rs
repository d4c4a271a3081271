//! One line for people about each error, in Python's words where Python has them, as the interface's `describe` has
//! them. That is not called here: a program over WASI 0.3 alone would import the interface over WASI 0.2 for it.

use std::fmt::{self, Formatter};

use super::{
    ConnectionState, FileError, FileErrorCode, HttpException, ImproperConnectionState, Phase,
    SocketError, SocketErrorCode, TlsError,
};

pub fn http(exception: &HttpException, f: &mut Formatter<'_>) -> fmt::Result {
    match exception {
        HttpException::NotConnected => f.write_str("NotConnected: the connection was closed"),
        HttpException::InvalidUrl(text) => write!(f, "InvalidURL: {text}"),
        HttpException::UnknownProtocol(line) => write!(f, "UnknownProtocol: {line}"),
        HttpException::UnknownTransferEncoding(it) => write!(f, "UnknownTransferEncoding: {it}"),
        HttpException::UnimplementedFileMode(it) => write!(f, "UnimplementedFileMode: {it}"),
        HttpException::IncompleteRead(it) => {
            write!(f, "IncompleteRead({} bytes read", it.partial.len())?;
            if let Some(expected) = it.expected {
                write!(f, ", {expected} more expected")?;
            }
            f.write_str(")")
        }
        HttpException::ImproperConnectionState(it) => {
            let (name, state) = match it {
                ImproperConnectionState::CannotSendRequest(it) => ("CannotSendRequest", it),
                ImproperConnectionState::CannotSendHeader(it) => ("CannotSendHeader", it),
                ImproperConnectionState::ResponseNotReady(it) => ("ResponseNotReady", it),
            };
            write!(f, "{name}: {}", state_name(*state))
        }
        HttpException::BadStatusLine(line) => write!(f, "BadStatusLine: {line}"),
        HttpException::LineTooLong(what) => write!(
            f,
            "LineTooLong: got more than 65536 bytes when reading {what}"
        ),
        HttpException::RemoteDisconnected => {
            f.write_str("RemoteDisconnected: Remote end closed connection without response")
        }
        HttpException::Malformed(how) => write!(f, "malformed response: {how}"),
        HttpException::TooMany(text) | HttpException::Other(text) => f.write_str(text),
    }
}

fn state_name(state: ConnectionState) -> &'static str {
    match state {
        ConnectionState::Idle => "Idle",
        ConnectionState::RequestStarted => "Request-started",
        ConnectionState::RequestSent => "Request-sent",
    }
}

pub fn socket(error: &SocketError, f: &mut Formatter<'_>) -> fmt::Result {
    write!(f, "{} ({}", code(&error.code), phase(error.phase))?;
    for (index, attempt) in error.attempts.iter().enumerate() {
        let separator = if index == 0 { "; tried " } else { ", " };
        write!(f, "{separator}{}: {}", attempt.address, code(&attempt.code))?;
    }
    f.write_str(")")
}

pub fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Resolve => "resolve",
        Phase::Bind => "bind",
        Phase::Connect => "connect",
        Phase::Tunnel => "tunnel",
        Phase::Handshake => "handshake",
        Phase::Send => "send",
        Phase::Receive => "receive",
    }
}

fn code(code: &SocketErrorCode) -> &str {
    match code {
        SocketErrorCode::AccessDenied => "access denied by the host",
        SocketErrorCode::NameUnresolvable => "Name or service not known",
        SocketErrorCode::TemporaryResolverFailure => "Temporary failure in name resolution",
        SocketErrorCode::PermanentResolverFailure => "Non-recoverable failure in name resolution",
        SocketErrorCode::ConnectionRefused => "Connection refused",
        SocketErrorCode::ConnectionReset => "Connection reset by peer",
        SocketErrorCode::ConnectionAborted => "Connection aborted",
        SocketErrorCode::BrokenPipe => "Broken pipe",
        SocketErrorCode::RemoteUnreachable => "No route to host",
        SocketErrorCode::Timeout => "Connection timed out",
        SocketErrorCode::AddressInUse => "Address already in use",
        SocketErrorCode::AddressNotBindable => "Cannot assign requested address",
        SocketErrorCode::NewSocketLimit => "Too many open sockets",
        SocketErrorCode::NotSupported => "Operation not supported",
        SocketErrorCode::Other(text) => text,
    }
}

pub fn file(error: &FileError, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str(match &error.code {
        FileErrorCode::NoEntry => "No such file or directory",
        FileErrorCode::Access => "Permission denied",
        FileErrorCode::IsDirectory => "Is a directory",
        FileErrorCode::Other(text) => text,
    })?;
    match &error.path {
        Some(path) => write!(f, ": '{path}'"),
        None => f.write_str(": the body's file"),
    }
}

pub fn tls(error: &TlsError, f: &mut Formatter<'_>) -> fmt::Result {
    let (what, text) = match error {
        TlsError::CertificateExpired(text) => ("certificate has expired", text),
        TlsError::CertificateNotYetValid(text) => ("certificate is not yet valid", text),
        TlsError::UnknownIssuer(text) => ("unable to get issuer certificate", text),
        TlsError::HostnameMismatch(text) => ("hostname mismatch", text),
        TlsError::CertificateRevoked(text) => ("certificate revoked", text),
        TlsError::WrongUsage(text) => ("unsuitable certificate purpose", text),
        TlsError::BadCertificate(text) => ("bad certificate", text),
        TlsError::HandshakeAlert(text) => ("alert from the peer", text),
        TlsError::Protocol(text) => ("protocol error", text),
        TlsError::Truncated(text) => ("connection cut", text),
        TlsError::Configuration(text) => ("configuration", text),
        TlsError::Other(text) => ("failure", text),
    };
    write!(f, "TLS: {what}: {text}")
}

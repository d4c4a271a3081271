//! The host's error codes in the words of [`transport`](crate::transport).

use alloc::borrow::ToOwned;
use alloc::string::String;

use crate::bindings::wasi::filesystem::types::ErrorCode as FileCode;
use crate::bindings::wasi::io::error::Error as IoError;
use crate::bindings::wasi::sockets::network::ErrorCode;
use crate::transport::{Error, FileErrorCode, Phase, SocketErrorCode};

/// What an operation on a socket failed with.
pub fn socket_error(phase: Phase, code: ErrorCode) -> Error {
    let code = socket_error_code(code);
    Error::Socket { phase, code }
}

/// The host's code in our words.
pub fn socket_error_code(code: ErrorCode) -> SocketErrorCode {
    use SocketErrorCode as S;
    match code {
        ErrorCode::AccessDenied => S::AccessDenied,
        ErrorCode::NotSupported => S::NotSupported,
        ErrorCode::Timeout => S::Timeout,
        ErrorCode::NewSocketLimit => S::NewSocketLimit,
        ErrorCode::AddressNotBindable => S::AddressNotBindable,
        ErrorCode::AddressInUse => S::AddressInUse,
        ErrorCode::RemoteUnreachable => S::RemoteUnreachable,
        ErrorCode::ConnectionRefused => S::ConnectionRefused,
        ErrorCode::ConnectionReset => S::ConnectionReset,
        ErrorCode::ConnectionAborted => S::ConnectionAborted,
        ErrorCode::NameUnresolvable => S::NameUnresolvable,
        ErrorCode::TemporaryResolverFailure => S::TemporaryResolverFailure,
        ErrorCode::PermanentResolverFailure => S::PermanentResolverFailure,
        ErrorCode::Unknown => S::Other("unknown error".into()),
        ErrorCode::OutOfMemory => S::Other("the host is out of memory".into()),
        ErrorCode::InvalidArgument => S::Other("invalid argument".into()),
        ErrorCode::ConcurrencyConflict => S::Other("concurrent operation".into()),
        ErrorCode::NotInProgress => S::Other("no operation in progress".into()),
        ErrorCode::WouldBlock => S::Other("would block".into()),
        ErrorCode::InvalidState => S::Other("the socket is in another state".into()),
        ErrorCode::DatagramTooLarge => S::Other("datagram too large".into()),
    }
}

/// What an operation on a stream failed with. WASI 0.2 gives no code for it, only words: those of the
/// hosts that are known tell the common causes apart, however they join them (`ConnectionReset`,
/// `connection-reset`, `Connection reset by peer`).
pub fn stream_error(phase: Phase, error: &IoError) -> Error {
    use SocketErrorCode as S;
    let text = error.to_debug_string();
    let letters: String = text.chars().filter(char::is_ascii_alphabetic).collect();
    let letters = letters.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| letters.contains(word));
    let code = if has(&["connectionreset", "econnreset", "resetbypeer"]) {
        S::ConnectionReset
    } else if has(&["brokenpipe", "epipe"]) {
        S::BrokenPipe
    } else if has(&["connectionaborted", "econnaborted"]) {
        S::ConnectionAborted
    } else if has(&["timedout"]) {
        S::Timeout
    } else {
        S::Other(text)
    };
    Error::Socket { phase, code }
}

/// What an operation on a body's file failed with.
pub fn file_error(code: FileCode) -> Error {
    Error::File(file_error_code(code))
}

/// The host's code for files in our words.
pub fn file_error_code(code: FileCode) -> FileErrorCode {
    match code {
        FileCode::NoEntry => FileErrorCode::NoEntry,
        FileCode::Access | FileCode::NotPermitted | FileCode::ReadOnly => FileErrorCode::Access,
        FileCode::IsDirectory => FileErrorCode::IsDirectory,
        code => FileErrorCode::Other(code.message().to_owned()),
    }
}

//! The host's error codes in the words of [`transport`](crate::transport).

use alloc::string::{String, ToString};

use crate::bindings::wasi::filesystem::types::ErrorCode as FileCode;
use crate::bindings::wasi::sockets::ip_name_lookup::ErrorCode as LookupCode;
use crate::bindings::wasi::sockets::types::ErrorCode;
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
        ErrorCode::AddressNotBindable => S::AddressNotBindable,
        ErrorCode::AddressInUse => S::AddressInUse,
        ErrorCode::RemoteUnreachable => S::RemoteUnreachable,
        ErrorCode::ConnectionRefused => S::ConnectionRefused,
        ErrorCode::ConnectionBroken => S::BrokenPipe,
        ErrorCode::ConnectionReset => S::ConnectionReset,
        ErrorCode::ConnectionAborted => S::ConnectionAborted,
        ErrorCode::OutOfMemory => S::Other("the host is out of memory".into()),
        ErrorCode::InvalidArgument => S::Other("invalid argument".into()),
        ErrorCode::InvalidState => S::Other("the socket is in another state".into()),
        ErrorCode::DatagramTooLarge => S::Other("datagram too large".into()),
        ErrorCode::Other(text) => S::Other(in_words(text)),
    }
}

/// What the look-up of a name failed with.
pub fn lookup_error(code: LookupCode) -> Error {
    use SocketErrorCode as S;
    let code = match code {
        LookupCode::AccessDenied => S::AccessDenied,
        // A name that can't even be looked up is a name that does not resolve.
        LookupCode::InvalidArgument | LookupCode::NameUnresolvable => S::NameUnresolvable,
        LookupCode::TemporaryResolverFailure => S::TemporaryResolverFailure,
        LookupCode::PermanentResolverFailure => S::PermanentResolverFailure,
        LookupCode::Other(text) => S::Other(in_words(text)),
    };
    Error::Socket {
        phase: Phase::Resolve,
        code,
    }
}

/// The host's code for files in our words.
pub fn file_error_code(code: FileCode) -> FileErrorCode {
    match code {
        FileCode::NoEntry => FileErrorCode::NoEntry,
        FileCode::Access | FileCode::NotPermitted | FileCode::ReadOnly => FileErrorCode::Access,
        FileCode::IsDirectory => FileErrorCode::IsDirectory,
        FileCode::Other(text) => FileErrorCode::Other(in_words(text)),
        code => FileErrorCode::Other(code.to_string()),
    }
}

fn in_words(text: Option<String>) -> String {
    text.unwrap_or_else(|| "unknown error".into())
}

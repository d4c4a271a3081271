//! The `status` interface.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::Component;
use crate::bindings::exports::httplib::http::status::{Guest, HttpStatus};
use crate::http1;

impl Guest for Component {
    fn http_port() -> u16 {
        http1::HTTP_PORT
    }

    fn https_port() -> u16 {
        http1::HTTPS_PORT
    }

    fn reason_phrase(code: u16) -> Option<String> {
        http1::reason_phrase(code).map(str::to_owned)
    }

    fn responses() -> Vec<(u16, String)> {
        http1::STATUSES
            .iter()
            .map(|status| (status.code, status.phrase.to_owned()))
            .collect()
    }

    fn code(status: HttpStatus) -> u16 {
        code_of(status)
    }

    fn from_code(code: u16) -> Option<HttpStatus> {
        status_of(code)
    }

    fn constant(name: String) -> Option<u16> {
        http1::constant(&name)
    }
}

/// Both directions between the enum and the codes, from one list.
macro_rules! statuses {
    ($($name:ident = $code:literal,)*) => {
        fn code_of(status: HttpStatus) -> u16 {
            match status {
                $(HttpStatus::$name => $code,)*
            }
        }

        fn status_of(code: u16) -> Option<HttpStatus> {
            match code {
                $($code => Some(HttpStatus::$name),)*
                _ => None,
            }
        }
    };
}

statuses! {
    Continue = 100,
    SwitchingProtocols = 101,
    Processing = 102,
    EarlyHints = 103,
    Ok = 200,
    Created = 201,
    Accepted = 202,
    NonAuthoritativeInformation = 203,
    NoContent = 204,
    ResetContent = 205,
    PartialContent = 206,
    MultiStatus = 207,
    AlreadyReported = 208,
    ImUsed = 226,
    MultipleChoices = 300,
    MovedPermanently = 301,
    Found = 302,
    SeeOther = 303,
    NotModified = 304,
    UseProxy = 305,
    TemporaryRedirect = 307,
    PermanentRedirect = 308,
    BadRequest = 400,
    Unauthorized = 401,
    PaymentRequired = 402,
    Forbidden = 403,
    NotFound = 404,
    MethodNotAllowed = 405,
    NotAcceptable = 406,
    ProxyAuthenticationRequired = 407,
    RequestTimeout = 408,
    Conflict = 409,
    Gone = 410,
    LengthRequired = 411,
    PreconditionFailed = 412,
    ContentTooLarge = 413,
    UriTooLong = 414,
    UnsupportedMediaType = 415,
    RangeNotSatisfiable = 416,
    ExpectationFailed = 417,
    ImATeapot = 418,
    MisdirectedRequest = 421,
    UnprocessableContent = 422,
    Locked = 423,
    FailedDependency = 424,
    TooEarly = 425,
    UpgradeRequired = 426,
    PreconditionRequired = 428,
    TooManyRequests = 429,
    RequestHeaderFieldsTooLarge = 431,
    UnavailableForLegalReasons = 451,
    InternalServerError = 500,
    NotImplemented = 501,
    BadGateway = 502,
    ServiceUnavailable = 503,
    GatewayTimeout = 504,
    HttpVersionNotSupported = 505,
    VariantAlsoNegotiates = 506,
    InsufficientStorage = 507,
    LoopDetected = 508,
    NotExtended = 510,
    NetworkAuthenticationRequired = 511,
}

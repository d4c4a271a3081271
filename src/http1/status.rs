//! `httplib`'s constants: default ports, and the status codes of IANA's HTTP Status Code Registry.

/// `HTTP_PORT`: the port of `http` URLs.
pub const HTTP_PORT: u16 = 80;

/// `HTTPS_PORT`: the port of `https` URLs.
pub const HTTPS_PORT: u16 = 443;

/// A registered status code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// The code, 100 to 511.
    pub code: u16,
    /// Its reason phrase in the registry.
    pub phrase: &'static str,
    /// Its names: first that after the phrase, then what else `httplib` or `http.client` call it.
    pub names: &'static [&'static str],
}

/// Every registered status code, ascending. 306 is none: it is reserved.
pub const STATUSES: &[Status] = &[
    status(100, "Continue", &["CONTINUE"]),
    status(101, "Switching Protocols", &["SWITCHING_PROTOCOLS"]),
    status(102, "Processing", &["PROCESSING"]),
    status(103, "Early Hints", &["EARLY_HINTS"]),
    status(200, "OK", &["OK"]),
    status(201, "Created", &["CREATED"]),
    status(202, "Accepted", &["ACCEPTED"]),
    status(
        203,
        "Non-Authoritative Information",
        &["NON_AUTHORITATIVE_INFORMATION"],
    ),
    status(204, "No Content", &["NO_CONTENT"]),
    status(205, "Reset Content", &["RESET_CONTENT"]),
    status(206, "Partial Content", &["PARTIAL_CONTENT"]),
    status(207, "Multi-Status", &["MULTI_STATUS"]),
    status(208, "Already Reported", &["ALREADY_REPORTED"]),
    status(226, "IM Used", &["IM_USED"]),
    status(300, "Multiple Choices", &["MULTIPLE_CHOICES"]),
    status(301, "Moved Permanently", &["MOVED_PERMANENTLY"]),
    status(302, "Found", &["FOUND"]),
    status(303, "See Other", &["SEE_OTHER"]),
    status(304, "Not Modified", &["NOT_MODIFIED"]),
    status(305, "Use Proxy", &["USE_PROXY"]),
    status(307, "Temporary Redirect", &["TEMPORARY_REDIRECT"]),
    status(308, "Permanent Redirect", &["PERMANENT_REDIRECT"]),
    status(400, "Bad Request", &["BAD_REQUEST"]),
    status(401, "Unauthorized", &["UNAUTHORIZED"]),
    status(402, "Payment Required", &["PAYMENT_REQUIRED"]),
    status(403, "Forbidden", &["FORBIDDEN"]),
    status(404, "Not Found", &["NOT_FOUND"]),
    status(405, "Method Not Allowed", &["METHOD_NOT_ALLOWED"]),
    status(406, "Not Acceptable", &["NOT_ACCEPTABLE"]),
    status(
        407,
        "Proxy Authentication Required",
        &["PROXY_AUTHENTICATION_REQUIRED"],
    ),
    status(408, "Request Timeout", &["REQUEST_TIMEOUT"]),
    status(409, "Conflict", &["CONFLICT"]),
    status(410, "Gone", &["GONE"]),
    status(411, "Length Required", &["LENGTH_REQUIRED"]),
    status(412, "Precondition Failed", &["PRECONDITION_FAILED"]),
    status(
        413,
        "Content Too Large",
        &["CONTENT_TOO_LARGE", "REQUEST_ENTITY_TOO_LARGE"],
    ),
    status(
        414,
        "URI Too Long",
        &["URI_TOO_LONG", "REQUEST_URI_TOO_LONG"],
    ),
    status(415, "Unsupported Media Type", &["UNSUPPORTED_MEDIA_TYPE"]),
    status(
        416,
        "Range Not Satisfiable",
        &["RANGE_NOT_SATISFIABLE", "REQUESTED_RANGE_NOT_SATISFIABLE"],
    ),
    status(417, "Expectation Failed", &["EXPECTATION_FAILED"]),
    status(418, "(Unused)", &["IM_A_TEAPOT"]),
    status(421, "Misdirected Request", &["MISDIRECTED_REQUEST"]),
    status(
        422,
        "Unprocessable Content",
        &["UNPROCESSABLE_CONTENT", "UNPROCESSABLE_ENTITY"],
    ),
    status(423, "Locked", &["LOCKED"]),
    status(424, "Failed Dependency", &["FAILED_DEPENDENCY"]),
    status(425, "Too Early", &["TOO_EARLY"]),
    status(426, "Upgrade Required", &["UPGRADE_REQUIRED"]),
    status(428, "Precondition Required", &["PRECONDITION_REQUIRED"]),
    status(429, "Too Many Requests", &["TOO_MANY_REQUESTS"]),
    status(
        431,
        "Request Header Fields Too Large",
        &["REQUEST_HEADER_FIELDS_TOO_LARGE"],
    ),
    status(
        451,
        "Unavailable For Legal Reasons",
        &["UNAVAILABLE_FOR_LEGAL_REASONS"],
    ),
    status(500, "Internal Server Error", &["INTERNAL_SERVER_ERROR"]),
    status(501, "Not Implemented", &["NOT_IMPLEMENTED"]),
    status(502, "Bad Gateway", &["BAD_GATEWAY"]),
    status(503, "Service Unavailable", &["SERVICE_UNAVAILABLE"]),
    status(504, "Gateway Timeout", &["GATEWAY_TIMEOUT"]),
    status(
        505,
        "HTTP Version Not Supported",
        &["HTTP_VERSION_NOT_SUPPORTED"],
    ),
    status(506, "Variant Also Negotiates", &["VARIANT_ALSO_NEGOTIATES"]),
    status(507, "Insufficient Storage", &["INSUFFICIENT_STORAGE"]),
    status(508, "Loop Detected", &["LOOP_DETECTED"]),
    status(510, "Not Extended", &["NOT_EXTENDED"]),
    status(
        511,
        "Network Authentication Required",
        &["NETWORK_AUTHENTICATION_REQUIRED"],
    ),
];

/// The reason phrase of a registered code: `responses[code]`.
pub fn reason_phrase(code: u16) -> Option<&'static str> {
    let index = STATUSES
        .binary_search_by_key(&code, |status| status.code)
        .ok()?;
    Some(STATUSES[index].phrase)
}

/// The value of the constant with this name in `httplib` or `http.client`, such as `NOT_FOUND` or
/// `HTTPS_PORT`.
pub fn constant(name: &str) -> Option<u16> {
    match name {
        "HTTP_PORT" => Some(HTTP_PORT),
        "HTTPS_PORT" => Some(HTTPS_PORT),
        _ => STATUSES
            .iter()
            .find(|status| status.names.contains(&name))
            .map(|status| status.code),
    }
}

const fn status(code: u16, phrase: &'static str, names: &'static [&'static str]) -> Status {
    Status {
        code,
        phrase,
        names,
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    #[test]
    fn codes_ascend_and_names_are_given_once() {
        assert!(STATUSES.is_sorted_by(|a, b| a.code < b.code));
        let mut names: Vec<_> = STATUSES.iter().flat_map(|status| status.names).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn each_code_has_its_phrase() {
        assert_eq!(reason_phrase(404), Some("Not Found"));
        assert_eq!(reason_phrase(418), Some("(Unused)"));
        assert_eq!(reason_phrase(306), None);
        assert_eq!(reason_phrase(99), None);
        for status in STATUSES {
            assert_eq!(reason_phrase(status.code), Some(status.phrase));
        }
    }

    #[test]
    fn constants_go_by_old_names_and_new() {
        for (name, value) in [
            ("HTTP_PORT", 80),
            ("HTTPS_PORT", 443),
            ("OK", 200),
            ("REQUEST_ENTITY_TOO_LARGE", 413),
            ("CONTENT_TOO_LARGE", 413),
            ("REQUEST_URI_TOO_LONG", 414),
            ("URI_TOO_LONG", 414),
            ("REQUESTED_RANGE_NOT_SATISFIABLE", 416),
            ("RANGE_NOT_SATISFIABLE", 416),
            ("IM_A_TEAPOT", 418),
            ("UNPROCESSABLE_ENTITY", 422),
            ("UNPROCESSABLE_CONTENT", 422),
            ("NETWORK_AUTHENTICATION_REQUIRED", 511),
        ] {
            assert_eq!(constant(name), Some(value), "{name}");
        }
        for name in ["", "ok", "NOT FOUND", "HTTP-PORT"] {
            assert_eq!(constant(name), None, "{name:?}");
        }
    }
}

//! The `status` interface against a table written out here: IANA's phrases, `httplib`'s names.

use harness::component::Guest;

/// A test for each status code, and the whole table for the tests of all.
macro_rules! statuses {
    ($($test:ident = $code:literal, $phrase:literal, [$($name:literal),+];)*) => {
        $(#[test]
        fn $test() {
            let guest = Guest::new();
            assert_eq!(guest.reason_phrase($code).as_deref(), Some($phrase));
            $(assert_eq!(guest.constant($name), Some($code), $name);)+
        })*

        const TABLE: &[(u16, &str)] = &[$(($code, $phrase)),*];
    };
}

statuses! {
    continue_is_100 = 100, "Continue", ["CONTINUE"];
    switching_protocols_is_101 = 101, "Switching Protocols", ["SWITCHING_PROTOCOLS"];
    processing_is_102 = 102, "Processing", ["PROCESSING"];
    early_hints_is_103 = 103, "Early Hints", ["EARLY_HINTS"];
    ok_is_200 = 200, "OK", ["OK"];
    created_is_201 = 201, "Created", ["CREATED"];
    accepted_is_202 = 202, "Accepted", ["ACCEPTED"];
    non_authoritative_information_is_203 = 203, "Non-Authoritative Information", ["NON_AUTHORITATIVE_INFORMATION"];
    no_content_is_204 = 204, "No Content", ["NO_CONTENT"];
    reset_content_is_205 = 205, "Reset Content", ["RESET_CONTENT"];
    partial_content_is_206 = 206, "Partial Content", ["PARTIAL_CONTENT"];
    multi_status_is_207 = 207, "Multi-Status", ["MULTI_STATUS"];
    already_reported_is_208 = 208, "Already Reported", ["ALREADY_REPORTED"];
    im_used_is_226 = 226, "IM Used", ["IM_USED"];
    multiple_choices_is_300 = 300, "Multiple Choices", ["MULTIPLE_CHOICES"];
    moved_permanently_is_301 = 301, "Moved Permanently", ["MOVED_PERMANENTLY"];
    found_is_302 = 302, "Found", ["FOUND"];
    see_other_is_303 = 303, "See Other", ["SEE_OTHER"];
    not_modified_is_304 = 304, "Not Modified", ["NOT_MODIFIED"];
    use_proxy_is_305 = 305, "Use Proxy", ["USE_PROXY"];
    temporary_redirect_is_307 = 307, "Temporary Redirect", ["TEMPORARY_REDIRECT"];
    permanent_redirect_is_308 = 308, "Permanent Redirect", ["PERMANENT_REDIRECT"];
    bad_request_is_400 = 400, "Bad Request", ["BAD_REQUEST"];
    unauthorized_is_401 = 401, "Unauthorized", ["UNAUTHORIZED"];
    payment_required_is_402 = 402, "Payment Required", ["PAYMENT_REQUIRED"];
    forbidden_is_403 = 403, "Forbidden", ["FORBIDDEN"];
    not_found_is_404 = 404, "Not Found", ["NOT_FOUND"];
    method_not_allowed_is_405 = 405, "Method Not Allowed", ["METHOD_NOT_ALLOWED"];
    not_acceptable_is_406 = 406, "Not Acceptable", ["NOT_ACCEPTABLE"];
    proxy_authentication_required_is_407 = 407, "Proxy Authentication Required", ["PROXY_AUTHENTICATION_REQUIRED"];
    request_timeout_is_408 = 408, "Request Timeout", ["REQUEST_TIMEOUT"];
    conflict_is_409 = 409, "Conflict", ["CONFLICT"];
    gone_is_410 = 410, "Gone", ["GONE"];
    length_required_is_411 = 411, "Length Required", ["LENGTH_REQUIRED"];
    precondition_failed_is_412 = 412, "Precondition Failed", ["PRECONDITION_FAILED"];
    content_too_large_is_413 = 413, "Content Too Large", ["CONTENT_TOO_LARGE", "REQUEST_ENTITY_TOO_LARGE"];
    uri_too_long_is_414 = 414, "URI Too Long", ["URI_TOO_LONG", "REQUEST_URI_TOO_LONG"];
    unsupported_media_type_is_415 = 415, "Unsupported Media Type", ["UNSUPPORTED_MEDIA_TYPE"];
    range_not_satisfiable_is_416 = 416, "Range Not Satisfiable", ["RANGE_NOT_SATISFIABLE", "REQUESTED_RANGE_NOT_SATISFIABLE"];
    expectation_failed_is_417 = 417, "Expectation Failed", ["EXPECTATION_FAILED"];
    im_a_teapot_is_418 = 418, "(Unused)", ["IM_A_TEAPOT"];
    misdirected_request_is_421 = 421, "Misdirected Request", ["MISDIRECTED_REQUEST"];
    unprocessable_content_is_422 = 422, "Unprocessable Content", ["UNPROCESSABLE_CONTENT", "UNPROCESSABLE_ENTITY"];
    locked_is_423 = 423, "Locked", ["LOCKED"];
    failed_dependency_is_424 = 424, "Failed Dependency", ["FAILED_DEPENDENCY"];
    too_early_is_425 = 425, "Too Early", ["TOO_EARLY"];
    upgrade_required_is_426 = 426, "Upgrade Required", ["UPGRADE_REQUIRED"];
    precondition_required_is_428 = 428, "Precondition Required", ["PRECONDITION_REQUIRED"];
    too_many_requests_is_429 = 429, "Too Many Requests", ["TOO_MANY_REQUESTS"];
    request_header_fields_too_large_is_431 = 431, "Request Header Fields Too Large", ["REQUEST_HEADER_FIELDS_TOO_LARGE"];
    unavailable_for_legal_reasons_is_451 = 451, "Unavailable For Legal Reasons", ["UNAVAILABLE_FOR_LEGAL_REASONS"];
    internal_server_error_is_500 = 500, "Internal Server Error", ["INTERNAL_SERVER_ERROR"];
    not_implemented_is_501 = 501, "Not Implemented", ["NOT_IMPLEMENTED"];
    bad_gateway_is_502 = 502, "Bad Gateway", ["BAD_GATEWAY"];
    service_unavailable_is_503 = 503, "Service Unavailable", ["SERVICE_UNAVAILABLE"];
    gateway_timeout_is_504 = 504, "Gateway Timeout", ["GATEWAY_TIMEOUT"];
    http_version_not_supported_is_505 = 505, "HTTP Version Not Supported", ["HTTP_VERSION_NOT_SUPPORTED"];
    variant_also_negotiates_is_506 = 506, "Variant Also Negotiates", ["VARIANT_ALSO_NEGOTIATES"];
    insufficient_storage_is_507 = 507, "Insufficient Storage", ["INSUFFICIENT_STORAGE"];
    loop_detected_is_508 = 508, "Loop Detected", ["LOOP_DETECTED"];
    not_extended_is_510 = 510, "Not Extended", ["NOT_EXTENDED"];
    network_authentication_required_is_511 = 511, "Network Authentication Required", ["NETWORK_AUTHENTICATION_REQUIRED"];
}

#[test]
fn responses_are_exactly_these_codes_in_ascending_order() {
    let expected: Vec<(u16, String)> = TABLE
        .iter()
        .map(|(code, phrase)| (*code, (*phrase).to_owned()))
        .collect();
    assert_eq!(Guest::new().responses(), expected);
}

#[test]
fn the_default_ports_are_80_and_443() {
    let guest = Guest::new();
    assert_eq!((guest.http_port(), guest.https_port()), (80, 443));
}

#[test]
fn the_default_ports_are_constants_by_name() {
    let guest = Guest::new();
    assert_eq!(guest.constant("HTTP_PORT"), Some(80));
    assert_eq!(guest.constant("HTTPS_PORT"), Some(443));
}

#[test]
fn a_code_that_is_not_registered_has_no_phrase() {
    let guest = Guest::new();
    for code in [0, 99, 104, 306, 420, 499, 509, 512, 999, u16::MAX] {
        assert_eq!(guest.reason_phrase(code), None, "{code}");
    }
}

#[test]
fn another_name_is_no_constant() {
    let guest = Guest::new();
    for name in ["", "ok", "Not Found", "HTTP-PORT", "_CS_IDLE", "responses"] {
        assert_eq!(guest.constant(name), None, "{name:?}");
    }
}

//! CPython's own tests of `httplib` and `http.client`, re-created through the component.
//!
//! A module per class and a function per test, named after CPython's, so that the two can be held
//! side by side. `tests.txt` lists every test of the last 2.7 and of main; `list.rs` asserts that
//! each of them is here or has a reason not to be. Where the Pythons differ, the test says which one
//! is followed; where `docs/decisions.md` decides otherwise, the test is of that decision.

mod support;

mod list;

mod basic_test;
mod extended_read_test;
mod extended_read_test_chunked;
mod extended_read_test_content_length_known;
mod header_tests;
mod http_method_tests;
mod http_response_test;
mod http_test;
mod https_test;
mod offline_test;
mod persistence_test;
mod request_body_test;
mod source_address_test;
mod timeout_test;
mod transfer_encoding_test;
mod tunnel_tests;

//! `rust-client NAME SERVER`: checks of that name, against a server that its test has made for it.
//!
//! It traps where one fails, with a line on standard error that says which.
#![forbid(unsafe_code)]

mod bodies;
mod errors;
mod messages;
mod reading;

use std::env;
use std::error::Error;
use std::process::ExitCode;

/// What becomes of a check: an error is one that it does not expect.
type Checked = Result<(), Box<dyn Error>>;

/// What a check does with the server at this address.
type Check = fn(&str) -> Checked;

const CHECKS: &[(&str, Check)] = &[
    ("bytes", bodies::sends_bytes_and_text),
    ("file", bodies::sends_what_is_left_of_a_file),
    ("reader", bodies::sends_a_reader_in_chunks),
    ("sized-reader", bodies::announces_the_length_of_a_reader),
    ("announced", bodies::takes_the_callers_word_for_the_length),
    (
        "short-reader",
        bodies::gives_up_a_request_whose_reader_is_short,
    ),
    (
        "broken-reader",
        bodies::gives_up_a_request_whose_reader_fails,
    ),
    ("trailers", bodies::trailers_go_with_their_own_request),
    ("reader-refused", bodies::takes_a_refusal_for_the_response),
    (
        "waiting-reader",
        bodies::a_reader_is_no_body_for_who_never_waits,
    ),
    ("read", reading::reads_in_pieces_of_any_size),
    ("lines", reading::reads_by_line),
    ("rest", reading::has_the_rest_after_a_part),
    ("cut", reading::reads_what_came_before_the_cut),
    ("cut-whole", reading::gives_what_came_with_the_error),
    ("text", reading::reads_text_in_its_charset),
    ("splice", reading::splices_what_was_read_ahead_too),
    ("discard", reading::goes_on_after_what_was_discarded),
    ("json", messages::speaks_json),
    ("http", messages::speaks_the_crate_http),
    ("upgrade", messages::reads_and_writes_behind_an_upgrade),
    ("url", messages::requests_a_url_without_a_path),
    ("fields", messages::has_the_head_of_a_response),
    ("steps", messages::begins_a_request_and_gets_its_response),
    ("words", errors::are_one_line_in_pythons_words),
    ("kinds", errors::have_a_kind_for_who_reads),
    (
        "arguments",
        errors::of_arguments_come_before_anything_is_sent,
    ),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [name, server] = arguments.as_slice() else {
        eprintln!("usage: rust-client NAME SERVER");
        return ExitCode::FAILURE;
    };
    let Some((_, check)) = CHECKS.iter().find(|(it, _)| it == name) else {
        eprintln!("there is no check {name}");
        return ExitCode::FAILURE;
    };
    match check(server) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name}: {error}");
            ExitCode::FAILURE
        }
    }
}

//! `ExtendedReadTestContentLengthKnown`: a body of known length.

use harness::component::Result;

use crate::extended_read_test::{
    BODY, assert_lines, assert_lines_of_read1, assert_peeks_what_is_read_next, assert_read1, tests,
};
use crate::support::answer;

tests!(format!(
    "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{BODY}",
    BODY.len()
));

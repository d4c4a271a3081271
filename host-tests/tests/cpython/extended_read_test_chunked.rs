//! `ExtendedReadTestChunked`: chunks that don't end where the lines do.

use harness::component::Result;

use crate::extended_read_test::{
    BODY, assert_lines, assert_lines_of_read1, assert_peeks_what_is_read_next, assert_read1, tests,
};
use crate::support::answer;

tests!(
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nhello worl\r\n3\r\nd!\n\r\n\
     9\r\nand now \n\r\n23\r\nfor something completely different\n\r\n3\r\nfoo\r\n0\r\n\r\n"
);

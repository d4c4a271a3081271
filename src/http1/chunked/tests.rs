//! Chunked bodies, as a peer sends them, and the pieces of those that are sent.

use super::super::testing::{Body, read_body, read_body_with};
use super::super::{BodyReader, Counted, Framing};
use super::*;

fn read(input: &[u8]) -> Result<Body, Error> {
    read_body(Framing::Chunked, input)
}

fn data(input: &str) -> Vec<u8> {
    let body = read(input.as_bytes()).unwrap_or_else(|error| panic!("{input:?}: {error}"));
    assert_eq!(body.taken, input.len());
    body.data
}

#[track_caller]
fn assert_malformed(input: &[u8]) {
    match read(input) {
        Err(Error::Malformed(_)) => {}
        outcome => panic!("{:?}: {outcome:?}", super::super::latin1(input)),
    }
}

#[test]
fn chunks_are_joined() {
    assert_eq!(
        data("5\r\nhello\r\n1\r\n \r\n6\r\nworld!\r\n0\r\n\r\n"),
        b"hello world!"
    );
    assert_eq!(data("0\r\n\r\n"), b"");
    assert_eq!(data("0000\r\n\r\n"), b"");
}

#[test]
fn data_may_look_like_framing() {
    assert_eq!(data("7\r\n0\r\n\r\n\r\n\r\n0\r\n\r\n"), b"0\r\n\r\n\r\n");
}

#[test]
fn a_size_is_hexadecimal_in_any_case() {
    for size in ["1f", "1F", "001f", "000000000000001F"] {
        let data = data(&format!("{size}\r\n{}\r\n0\r\n\r\n", "x".repeat(31)));
        assert_eq!(data.len(), 31);
    }
}

#[test]
fn a_size_has_1_to_16_digits() {
    let mut body = BodyReader::new(Framing::Chunked, Limits::default());
    assert_eq!(body.next(b"ffffffffffffffff\r\nabc"), Ok(Step::Framing(18)));
    assert_eq!(body.next(b"abc"), Ok(Step::Data(3)));
    assert_eq!(body.remaining(), None);
    for size in [
        "",
        "10000000000000000",
        "00000000000000001",
        "00000000000000000",
    ] {
        assert_malformed(format!("{size}\r\n").as_bytes());
    }
}

#[test]
fn nothing_stands_before_a_size() {
    for size in [
        " 1", "\t1", "+1", "-1", "0x1", "x1", "\r\n1", "\n1", ";1", "_1", "\"1\"",
    ] {
        assert_malformed(format!("{size}\r\na\r\n0\r\n\r\n").as_bytes());
    }
}

#[test]
fn only_whitespace_and_extensions_stand_behind_a_size() {
    for padding in [" ", "\t", "   \t ", " ;a", "\t; a=b "] {
        assert_eq!(
            data(&format!("1{padding}\r\na\r\n0{padding}\r\n\r\n")),
            b"a"
        );
    }
    for rest in [
        "_0", "g", " 1", ".", ",", "\0", "\x0b", "\u{e9}", "h", " a=b",
    ] {
        assert_malformed(format!("1{rest}\r\na\r\n0\r\n\r\n").as_bytes());
    }
}

#[test]
fn extensions_are_read_over() {
    for extension in [
        ";",
        ";a",
        ";a=b",
        ";a=b;c=\"d\"",
        ";a=\"\"",
        ";a=\"x;y,\\\"z\\\\\"",
        ";a=\"\t\"",
        ";\u{e9}",
    ] {
        let input = format!("1{extension}\r\na\r\n0{extension}\r\n\r\n");
        assert_eq!(data(&input), b"a", "{extension:?}");
    }
}

#[test]
fn a_line_break_inside_a_quoted_extension_is_none() {
    for extension in [
        "a=\"\r\n\"",
        "a=\"\n\"",
        "a=\"\\\r\n\"",
        "a=\"\\\n",
        "a=\"\\\"\r\n",
    ] {
        assert_malformed(format!("1;{extension}\r\na\r\n0\r\n\r\n").as_bytes());
    }
}

#[test]
fn an_extension_has_no_control_bytes() {
    for byte in (0..=0x1f).filter(|byte| *byte != b'\t').chain([0x7f]) {
        for before in ["1;a", "1;a=\"", "1;a=\"\\"] {
            assert_malformed(&[before.as_bytes(), &[byte], b"b\r\na\r\n0\r\n\r\n"].concat());
        }
    }
}

#[test]
fn framing_wants_a_whole_crlf() {
    for input in [
        "1\na\r\n0\r\n\r\n",
        "1\r\r\na\r\n0\r\n\r\n",
        "1\ra\r\n0\r\n\r\n",
        "1;x\na\r\n0\r\n\r\n",
        "1 \na\r\n0\r\n\r\n",
        "1\r\na\n0\r\n\r\n",
        "1\r\na\r0\r\n\r\n",
        "1\r\na0\r\n\r\n",
        "1\r\nab\r\n0\r\n\r\n",
        "1\r\na \r\n0\r\n\r\n",
        "0\n\r\n",
        "0\r\r\n\r\n",
    ] {
        assert_malformed(input.as_bytes());
    }
}

#[test]
fn trailers_are_headers_after_the_last_chunk() {
    let body = read(b"1\r\na\r\n0\r\nX-Sum: 1\r\n 2\r\nY:\n\r\n").expect("a body");
    let expected = [("X-Sum", "1 2"), ("Y", "")];
    let expected = expected.map(|(name, value)| (name.into(), value.into()));
    assert_eq!(body.trailers, expected);
    assert_eq!(data("0\r\nA: b\n\n"), b"");
    for line in ["a b: c", "a : b", "nothing", " a: b", "a: b\rc", "a: \0"] {
        assert_malformed(format!("0\r\n{line}\r\n\r\n").as_bytes());
    }
}

#[test]
fn an_end_before_the_last_line_end_is_incomplete() {
    let whole = b"5;x=\"y\"\r\nhello\r\n0\r\nA: b\r\n\r\n";
    for length in 0..whole.len() {
        let error = read(&whole[..length]).expect_err("incomplete");
        assert_eq!(error, Error::Incomplete { expected: None }, "{length}");
    }
    assert!(read(whole).is_ok());
}

#[test]
fn a_trailer_line_may_have_65536_bytes_and_there_may_be_100() {
    let line = |length: usize| format!("0\r\na: {}\r\n\r\n", "x".repeat(length - 5));
    assert!(read(line(65_536).as_bytes()).is_ok());
    let error = read(line(65_537).as_bytes()).expect_err("too long");
    assert_eq!(
        error,
        Error::LineTooLong {
            line: Line::Trailer,
            limit: 65_536
        }
    );
    let lines = |count: usize| format!("0\r\n{}\r\n", "a: b\r\n".repeat(count));
    assert!(read(lines(100).as_bytes()).is_ok());
    let error = read(lines(101).as_bytes()).expect_err("too many");
    assert_eq!(
        error,
        Error::TooMany {
            what: Counted::Trailers,
            limit: 100
        }
    );
}

#[test]
fn a_trailer_section_has_the_limit_of_a_head() {
    let limits = Limits {
        head: 20,
        ..Limits::default()
    };
    let outcome = |line: &str| {
        let input = format!("0\r\n{line}\r\n\r\n");
        read_body_with(Framing::Chunked, input.as_bytes(), limits)
    };
    assert!(outcome("abcd: 0123456789").is_ok());
    assert!(matches!(
        outcome("abcd: 0123456789x"),
        Err(Error::TooMany { .. })
    ));
}

#[test]
fn a_size_line_may_have_65536_bytes() {
    let line = |length: usize| format!("0{}\r\n\r\n", " ".repeat(length - 3));
    assert!(read(line(65_536).as_bytes()).is_ok());
    let error = read(line(65_537).as_bytes()).expect_err("too long");
    assert_eq!(
        error,
        Error::LineTooLong {
            line: Line::ChunkSize,
            limit: 65_536
        }
    );
}

#[test]
fn extensions_of_a_body_may_have_16_kib_in_all() {
    let chunk = |length: usize| format!("1;{}\r\na\r\n", "x".repeat(length - 1));
    let body = |last: usize| format!("{}{}0\r\n\r\n", chunk(8192), chunk(last));
    assert!(read(body(8192).as_bytes()).is_ok());
    assert_malformed(body(8193).as_bytes());
}

#[test]
fn padding_is_no_extension() {
    let limits = Limits {
        chunk_extensions: 0,
        ..Limits::default()
    };
    let input = "1     \r\na\r\n".repeat(50) + "0    \r\n\r\n";
    let body = read_body_with(Framing::Chunked, input.as_bytes(), limits);
    assert_eq!(body.expect("a body").data.len(), 50);
}

#[test]
fn framing_is_told_in_as_few_steps_as_there_are_chunks() {
    let mut body = BodyReader::new(Framing::Chunked, Limits::default());
    assert_eq!(
        body.next(b"3\r\nabc\r\n0\r\n\r\nnext"),
        Ok(Step::Framing(3))
    );
    assert_eq!(body.next(b"abc\r\n0\r\n\r\nnext"), Ok(Step::Data(3)));
    body.took(1);
    assert_eq!(body.next(b"bc\r\n0\r\n\r\nnext"), Ok(Step::Data(2)));
    body.took(2);
    assert_eq!(body.next(b"\r\n0\r\n\r\nnext"), Ok(Step::Framing(7)));
    assert!(body.is_complete());
    assert_eq!(body.remaining(), Some(0));
    assert_eq!(body.next(b"next"), Ok(Step::Complete));
}

#[test]
fn what_is_sent_can_be_read() {
    for (len, line) in [
        (1, "1\r\n"),
        (16, "10\r\n"),
        (31, "1f\r\n"),
        (65_536, "10000\r\n"),
    ] {
        assert_eq!(chunk_head(len).as_ref(), line.as_bytes());
    }
    let longest = format!("{:x}\r\n", usize::MAX);
    assert_eq!(chunk_head(usize::MAX).as_ref(), longest.as_bytes());
    let block = [b'x'; 300];
    let sent = [
        chunk_head(300).as_ref(),
        &block,
        CHUNK_END,
        &last_chunk(b""),
    ]
    .concat();
    assert_eq!(read(&sent).expect("a body").data, block);
}

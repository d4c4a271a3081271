//! The headers of a message, or its trailers, as they were received.
//!
//! One allocation holds the block of lines byte for byte, one the ranges of names and values in it;
//! no header has an allocation of its own. Only when a line is folded (obs-fold, RFC 9112 §5.2) is
//! the block kept twice: as received, for [`Headers::raw_lines`], and unfolded behind that, where the
//! names and values then point. `httparse` decides what a name and a value are: a token directly
//! before the colon (RFC 9112 §5.1), and a value without control bytes (RFC 9110 §5.5).

use alloc::vec::Vec;
use core::ops::Range;

use super::grammar::{is_ows, line_end, list_members, strip_line_end, trim_ows, trim_ows_end};
use super::{Error, Malformed};

/// Headers in the order and spelling of the wire. Names match in any case.
#[derive(Clone, Debug, Default)]
pub struct Headers {
    bytes: Vec<u8>,
    fields: Vec<Field>,
}

#[derive(Clone, Debug)]
struct Field {
    name: Range<usize>,
    value: Range<usize>,
    /// The line as received, with its folds and line ends.
    line: Range<usize>,
}

impl Headers {
    /// The value of the first header with this name, without the whitespace around it.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name.as_bytes()))
            .map(|(_, value)| value)
    }

    /// The values of all headers with this name, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> + 'a {
        self.iter()
            .filter(|(other, _)| other.eq_ignore_ascii_case(name.as_bytes()))
            .map(|(_, value)| value)
    }

    /// The members of the comma-separated list (RFC 9110 §5.6.1) that all headers with this name are
    /// together, trimmed, empty ones left out. Commas in quoted strings separate too.
    pub fn elements<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> + 'a {
        self.all(name)
            .flat_map(list_members)
            .filter(|member| !member.is_empty())
    }

    /// Each header's name and value, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.fields.iter().map(|field| {
            let name = &self.bytes[field.name.clone()];
            (name, &self.bytes[field.value.clone()])
        })
    }

    /// Each header as it was received, with its folds and line ends.
    pub fn raw_lines(&self) -> impl Iterator<Item = &[u8]> {
        self.fields
            .iter()
            .map(|field| &self.bytes[field.line.clone()])
    }

    /// Whether there is a header with this name.
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// How many headers there are; a folded one counts once.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The headers of `block`: lines within the limits, up to and with an empty one.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] for a line that is no header.
    pub(super) fn parse(block: Vec<u8>) -> Result<Self, Error> {
        let (lines, folded) = field_lines(&block)?;
        let mut bytes = block;
        let mut text = 0;
        if folded {
            text = bytes.len();
            unfold_behind(&mut bytes);
        }
        let fields = fields(&bytes[text..], text, lines)?;
        Ok(Self { bytes, fields })
    }
}

/// The ranges of the headers' lines in `block`, each with the lines folded into it, and whether there
/// is such a fold.
fn field_lines(block: &[u8]) -> Result<(Vec<Range<usize>>, bool), Error> {
    let mut lines: Vec<Range<usize>> = Vec::with_capacity(block.len() / 32);
    let mut folded = false;
    let mut start = 0;
    for line in block.split_inclusive(|byte| *byte == b'\n') {
        let end = start + line.len();
        if line.first().copied().is_some_and(is_ows) {
            // There is no header that it could continue: RFC 9112 §2.2.
            let Some(header) = lines.last_mut() else {
                return Err(Malformed::FoldBeforeHeaders(beginning(line)).into());
            };
            header.end = end;
            folded = true;
        } else if !strip_line_end(line).is_empty() {
            lines.push(start..end);
        }
        start = end;
    }
    Ok((lines, folded))
}

/// Appends the lines of `bytes` to it, each fold replaced by one space.
fn unfold_behind(bytes: &mut Vec<u8>) {
    let block = bytes.len();
    let mut start = 0;
    while start < block {
        let end = match line_end(&bytes[start..block]) {
            Some(length) => start + length,
            None => block,
        };
        if is_ows(bytes[start]) {
            let before = trim_ows_end(strip_line_end(&bytes[block..])).len();
            bytes.truncate(block + before);
            bytes.push(b' ');
            while start < end && is_ows(bytes[start]) {
                start += 1;
            }
        }
        bytes.extend_from_within(start..end);
        start = end;
    }
}

/// The headers of `text`, which stands at `offset` in its block and has these lines.
fn fields(text: &[u8], offset: usize, lines: Vec<Range<usize>>) -> Result<Vec<Field>, Error> {
    let mut slots = vec![httparse::EMPTY_HEADER; lines.len()];
    let parsed = match httparse::parse_headers(text, &mut slots) {
        Ok(httparse::Status::Complete((end, parsed)))
            if end == text.len() && parsed.len() == lines.len() =>
        {
            parsed
        }
        _ => return Err(Malformed::HeaderLine(beginning(offender(text))).into()),
    };
    let place = |part: &[u8]| {
        let start = offset + (part.as_ptr().addr() - text.as_ptr().addr());
        start..start + part.len()
    };
    let fields = parsed.iter().zip(lines).map(|(header, line)| Field {
        name: place(header.name.as_bytes()),
        // An empty value need not point into the text.
        value: match trim_ows(header.value) {
            [] => offset..offset,
            value => place(value),
        },
        line,
    });
    Ok(fields.collect())
}

/// The first line of `text` that is no header on its own.
fn offender(text: &[u8]) -> &[u8] {
    text.split_inclusive(|byte| *byte == b'\n')
        .find(|line| {
            let alone = [line, b"\n".as_slice()].concat();
            httparse::parse_headers(&alone, &mut [httparse::EMPTY_HEADER]).is_err()
        })
        .unwrap_or_default()
}

/// What an error shows of a line: in full it would make the error as long as the peer likes.
fn beginning(line: &[u8]) -> Vec<u8> {
    const SHOWN: usize = 80;
    let line = strip_line_end(line);
    line[..line.len().min(SHOWN)].to_vec()
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::string::ToString;

    use super::super::latin1;
    use super::*;

    fn parse(lines: &[u8]) -> Result<Headers, Error> {
        Headers::parse([lines, b"\r\n"].concat())
    }

    fn pairs(headers: &Headers) -> Vec<(String, String)> {
        let text = |(name, value)| (latin1(name), latin1(value));
        headers.iter().map(text).collect()
    }

    fn value(lines: &[u8]) -> String {
        let headers = parse(lines).expect("headers");
        assert_eq!(headers.len(), 1);
        latin1(headers.get("a").expect("a header"))
    }

    #[test]
    fn names_match_in_any_case_and_keep_their_own() {
        let headers = parse(b"X-One: 1\r\nx-two: 2\nX-ONE: 3\r\n").expect("headers");
        assert_eq!(headers.get("x-one"), Some(&b"1"[..]));
        assert_eq!(headers.all("x-oNe").collect::<Vec<_>>(), [b"1", b"3"]);
        assert!(headers.contains("X-TWO") && !headers.contains("x-three"));
        assert_eq!((headers.len(), headers.is_empty()), (3, false));
        let names: Vec<_> = headers.iter().map(|(name, _)| latin1(name)).collect();
        assert_eq!(names, ["X-One", "x-two", "X-ONE"]);
    }

    #[test]
    fn no_header_at_all_is_fine() {
        assert!(parse(b"").expect("headers").is_empty());
        assert!(Headers::default().is_empty());
    }

    #[test]
    fn whitespace_around_a_value_is_not_part_of_it() {
        for line in ["a:b", "a: b", "a:\t b \t", "a: b\t"] {
            assert_eq!(value(format!("{line}\r\n").as_bytes()), "b", "{line:?}");
        }
        for line in ["a:", "a: ", "a:\t \t"] {
            assert_eq!(value(format!("{line}\r\n").as_bytes()), "", "{line:?}");
        }
        assert_eq!(value(b"a: b  c:d\r\n"), "b  c:d");
    }

    #[test]
    fn a_value_has_any_byte_but_controls() {
        for byte in 0..=255u8 {
            let line = [b"a: x", &[byte][..], b"y\r\n"].concat();
            let expected = byte == b'\t' || !byte.is_ascii_control();
            match parse(&line) {
                Ok(headers) if byte == b'\n' => panic!("{headers:?}"),
                Ok(headers) => {
                    assert!(expected, "{byte:#x}");
                    assert_eq!(headers.get("a"), Some(&[b'x', byte, b'y'][..]));
                }
                Err(_) => assert!(!expected, "{byte:#x}"),
            }
        }
    }

    #[test]
    fn a_name_is_a_token_right_before_the_colon() {
        for byte in (0..=255u8).filter(|byte| !b":\n".contains(byte)) {
            let line = [b"x", &[byte][..], b"y: z\r\n"].concat();
            let token = super::super::is_token(&[byte]);
            assert_eq!(parse(&line).is_ok(), token, "{byte:#x}");
        }
        for line in ["a : b", "a\t: b", ": b", "a", "a b", "\ra: b", "(a): b"] {
            let outcome = parse(format!("x: y\r\n{line}\r\nz: 1\r\n").as_bytes());
            let error = Error::from(Malformed::HeaderLine(line.into()));
            assert_eq!(outcome.expect_err("malformed"), error);
        }
    }

    #[test]
    fn a_bare_cr_is_never_a_line_end() {
        for lines in [
            "a: b\rc: d\r\n",
            "a: b\r\r\n",
            "a: b\r\n\r\r\n",
            "a:\r b\r\n",
        ] {
            assert!(parse(lines.as_bytes()).is_err(), "{lines:?}");
        }
    }

    #[test]
    fn a_fold_becomes_one_space() {
        let table = [
            ("a: b\r\n c\r\n", "b c"),
            ("a: b \t\r\n \t c\r\n", "b c"),
            ("a: b\n\tc\n", "b c"),
            ("a:\r\n b\r\n", "b"),
            ("a: b\r\n \r\n", "b"),
            ("a: b\r\n \r\n\t\r\n c\r\n", "b c"),
            ("a: b\r\n c\r\n d: e\r\n", "b c d: e"),
        ];
        for (lines, expected) in table {
            assert_eq!(value(lines.as_bytes()), expected, "{lines:?}");
        }
    }

    #[test]
    fn folded_headers_leave_their_neighbours_alone() {
        let headers = parse(b"a: 1\r\nb: 2\r\n 3\r\nc:\r\nd: 4\n\t5\n").expect("headers");
        let expected = [("a", "1"), ("b", "2 3"), ("c", ""), ("d", "4 5")];
        let expected = expected.map(|(name, value)| (name.to_string(), value.to_string()));
        assert_eq!(pairs(&headers), expected);
    }

    #[test]
    fn raw_lines_are_as_received() {
        let lines = ["a: 1\r\n", "B:2 \n", "c: 3\r\n\t 4\r\n 5\r\n", "d:\r\n"];
        let headers = parse(lines.concat().as_bytes()).expect("headers");
        assert_eq!(headers.raw_lines().map(latin1).collect::<Vec<_>>(), lines);
        let empty = parse(b"").expect("headers");
        assert_eq!(empty.raw_lines().count(), 0);
    }

    #[test]
    fn a_fold_hides_no_bad_header() {
        for lines in [" a: b\r\n", "\ta: b\r\nc: d\r\n", " \r\na: b\r\n"] {
            let error = parse(lines.as_bytes()).expect_err("malformed").to_string();
            assert!(error.starts_with("whitespace before the first header"));
        }
        for lines in [
            "a\r\n : b\r\n",
            "a\r\n b\r\n",
            "a: b\r\n \0\r\n",
            "a: b\r\n\r\r\n c\r\n",
        ] {
            assert!(parse(lines.as_bytes()).is_err(), "{lines:?}");
        }
    }

    #[test]
    fn a_list_goes_over_all_lines() {
        let headers = parse(b"a: x, y\r\nb: n\r\nA: ,\t, z ,\r\na:\r\n").expect("headers");
        let elements: Vec<_> = headers.elements("a").map(latin1).collect();
        assert_eq!(elements, ["x", "y", "z"]);
        assert_eq!(headers.elements("c").count(), 0);
    }

    #[test]
    fn an_error_shows_a_part_of_a_long_line_only() {
        let error = parse(&[b'x'; 1000]).expect_err("malformed").to_string();
        assert!(error.len() < 120, "{error}");
    }
}

//! The small grammar that everything else is made of: RFC 9110 §5.6 and RFC 9112 §2.2.
//!
//! Functions of bytes to bytes; none of them knows which header it looks at.

use alloc::string::String;

/// The greatest length that a Content-Length may state: 2^63 − 1.
pub const MAX_LENGTH: u64 = i64::MAX.unsigned_abs();

/// Whether `bytes` is a token (RFC 9110 §5.6.2): a method or a header name. An empty one is none.
pub fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().copied().all(is_tchar)
}

/// Whether `bytes` may stand in a header value or a reason phrase (RFC 9110 §5.5): visible
/// characters, spaces, tabs and bytes from 0x80. May be empty.
pub fn is_field_text(bytes: &[u8]) -> bool {
    bytes.iter().copied().all(is_field_byte)
}

/// One byte of what [`is_field_text`] accepts.
pub fn is_field_byte(byte: u8) -> bool {
    byte == b'\t' || (byte >= b' ' && byte != 0x7f)
}

/// The text whose Latin-1 encoding is `bytes`.
pub fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// The length of the line at the front of `input`, its LF included; `None` while that hasn't come.
pub fn line_end(input: &[u8]) -> Option<usize> {
    let newline = input.iter().position(|byte| *byte == b'\n')?;
    Some(newline + 1)
}

/// Whether `byte` is optional whitespace (RFC 9110 §5.6.3): a space or a tab.
pub fn is_ows(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// `bytes` without optional whitespace around it.
pub fn trim_ows(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let [first, tail @ ..] = rest
        && is_ows(*first)
    {
        rest = tail;
    }
    trim_ows_end(rest)
}

/// `bytes` without optional whitespace behind it.
pub fn trim_ows_end(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let [front @ .., last] = rest
        && is_ows(*last)
    {
        rest = front;
    }
    rest
}

/// `line` without its line end: CRLF, or the bare LF that RFC 9112 §2.2 lets a recipient accept.
pub fn strip_line_end(line: &[u8]) -> &[u8] {
    match line {
        [rest @ .., b'\r', b'\n'] | [rest @ .., b'\n'] => rest,
        _ => line,
    }
}

/// The members of a comma-separated list (RFC 9110 §5.6.1), trimmed, empty ones too. A comma inside
/// a quoted string separates like any other.
pub fn list_members(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|byte| *byte == b',').map(trim_ows)
}

/// A Content-Length (RFC 9110 §8.6): `1*DIGIT`, at most [`MAX_LENGTH`].
pub fn parse_length(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    let length = digits.iter().try_fold(0u64, |length, byte| {
        let digit = char::from(*byte).to_digit(10)?;
        length.checked_mul(10)?.checked_add(u64::from(digit))
    })?;
    (length <= MAX_LENGTH).then_some(length)
}

fn is_tchar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_no_delimiter_control_or_high_byte() {
        assert!(is_token(b"!#$%&'*+-.^_`|~09azAZ"));
        assert!(!is_token(b""));
        for byte in b"\"(),/:;<=>?@[\\]{} \t\r\n\0\x7f\x80\xff" {
            assert!(!is_token(&[b'a', *byte]), "{byte:#x}");
        }
    }

    #[test]
    fn field_text_has_no_control_but_tab() {
        for byte in 0..=255u8 {
            let control = byte.is_ascii_control() && byte != b'\t';
            assert_eq!(is_field_text(&[byte]), !control, "{byte:#x}");
        }
    }

    #[test]
    fn trims_spaces_and_tabs_only() {
        assert_eq!(trim_ows(b" \ta b\t "), b"a b");
        assert_eq!(trim_ows(b"\x0ba\x0c"), b"\x0ba\x0c");
        assert_eq!(trim_ows(b" \t "), b"");
    }

    #[test]
    fn one_line_end_is_stripped() {
        assert_eq!(strip_line_end(b"a\r\n"), b"a");
        assert_eq!(strip_line_end(b"a\n"), b"a");
        assert_eq!(strip_line_end(b"a\r\r\n"), b"a\r");
        assert_eq!(strip_line_end(b"a\r"), b"a\r");
    }

    #[test]
    fn a_length_is_decimal_digits_up_to_2_to_the_63_minus_1() {
        let table: &[(&[u8], Option<u64>)] = &[
            (b"0", Some(0)),
            (b"0042", Some(42)),
            (b"9223372036854775807", Some(MAX_LENGTH)),
            (b"9223372036854775808", None),
            (b"18446744073709551616", None),
            (b"99999999999999999999999", None),
            (b"", None),
            (b"+1", None),
            (b"-1", None),
            (b"1_0", None),
            (b"0x10", None),
            (b"1 0", None),
            (b"1.0", None),
            (b"\xb2", None),
        ];
        for (digits, length) in table {
            assert_eq!(parse_length(digits), *length, "{}", latin1(digits));
        }
    }
}

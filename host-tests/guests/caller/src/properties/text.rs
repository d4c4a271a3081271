//! Strings that a caller may come up with, long and broken ones too.

use fastrand::Rng;

/// Characters that mean something to somebody.
const NASTY: &[char] = &[
    '\0',
    '\t',
    '\n',
    '\r',
    '\u{b}',
    '\u{1b}',
    ' ',
    '"',
    '#',
    '%',
    '(',
    ',',
    '/',
    ':',
    ';',
    '<',
    '=',
    '?',
    '@',
    '[',
    '\\',
    ']',
    '{',
    '\u{7f}',
    '\u{80}',
    '\u{85}',
    '\u{a0}',
    '\u{ad}',
    '\u{ff}',
    '\u{100}',
    '\u{130}',
    '\u{17f}',
    '\u{212a}',
    '\u{2028}',
    '\u{d7ff}',
    '\u{e000}',
    '\u{feff}',
    '\u{fffd}',
    '\u{ffff}',
    '\u{10ffff}',
    '\u{1f600}',
];

/// Pieces of the same kind.
const PIECES: &[&str] = &[
    "\r\n",
    "\r\n ",
    "\r\n\t",
    "\r\n\r\n",
    "\n ",
    "%00",
    "%0d%0a",
    "%",
    "%f",
    "%C3%A9",
    "//",
    "..",
    "://",
    "http://",
    "a.example",
    "127.0.0.1",
    "[::1]",
    ":80",
    "xn--",
    "chunked",
    "close",
    "100-continue",
    "GET / HTTP/1.1\r\n\r\n",
    "Transfer-Encoding: chunked\r\n",
    "18446744073709551615",
    "9223372036854775808",
    "-1",
    "0x10",
    "+1",
    "é",
];

/// Any string: empty, short, or rarely of more than 65,536 characters.
pub fn any(rng: &mut Rng) -> String {
    let mut text = String::new();
    if rng.u32(..2000) == 0 {
        text = some(rng).to_string().repeat(1 << 16);
    }
    while rng.u32(..100) < 80 {
        match rng.u32(..10) {
            0 => text.push_str(PIECES[rng.usize(..PIECES.len())]),
            _ => text.push(some(rng)),
        }
    }
    text
}

/// A string that may well be taken.
pub fn plain(rng: &mut Rng, of: &str) -> String {
    let of: Vec<char> = of.chars().collect();
    let length = rng.usize(..12);
    (0..length).map(|_| of[rng.usize(..of.len())]).collect()
}

fn some(rng: &mut Rng) -> char {
    match rng.u32(..10) {
        0..2 => NASTY[rng.usize(..NASTY.len())],
        2 => rng.char('\u{80}'..='\u{ff}'),
        3 => rng.char('\0'..),
        _ => rng.char('!'..='~'),
    }
}

/// Any number, those at the ends more often than others.
pub fn number(rng: &mut Rng) -> u64 {
    match rng.u32(..10) {
        0 => 0,
        1 => u64::MAX,
        2 => u64::from(u32::MAX) + rng.u64(..3) - 1,
        3 => i64::MAX as u64 + rng.u64(..2),
        4..7 => rng.u64(..100),
        _ => rng.u64(..) >> rng.u32(..64),
    }
}

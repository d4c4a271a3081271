//! The corpus under `tests/wire/`: Markdown that a person reads, as cases that a program runs.
//!
//! `tests/wire/README.md` describes the notation. A file holds sections; a section is one case, or
//! with a table one case for each row. Whatever the notation doesn't allow panics with its place: a
//! case that is misread would pass for nothing.

use std::fs;
use std::path::Path;

/// The names of blocks.
const BLOCKS: [&str; 5] = ["reply", "outcome", "calls", "sent", "refused"];

/// One case, with the values of its row put in.
#[derive(Clone, Debug)]
pub struct Case {
    /// `file: section`, and behind another colon what is special in the row.
    pub title: String,
    /// The words of the line that begins with `>`.
    options: Vec<String>,
    blocks: Vec<Block>,
}

/// A fenced block.
#[derive(Clone, Debug)]
struct Block {
    name: String,
    lines: Vec<String>,
}

/// A section while it is read.
#[derive(Default)]
struct Section {
    title: String,
    reason: bool,
    options: String,
    blocks: Vec<Block>,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// Every case of the files in `tests/wire/` whose names begin so.
///
/// # Panics
/// Where a file breaks the notation, and where two cases have one title.
#[must_use]
pub fn read(root: &str, kind: &str) -> Vec<Case> {
    let folder = Path::new(root).join("tests/wire");
    let entries = fs::read_dir(folder).expect("the corpus is a folder");
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("a folder's entry").path())
        .filter(|path| name(path).starts_with(kind))
        .collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a readable file");
        parse(&name(&file), &text, &mut cases);
    }
    let mut titles: Vec<_> = cases.iter().map(|case| &case.title).collect();
    titles.sort();
    for pair in titles.windows(2) {
        assert_ne!(pair[0], pair[1], "two cases have one title");
    }
    cases
}

impl Case {
    /// The block with this name, if there is one.
    #[must_use]
    pub fn block(&self, name: &str) -> Option<&[String]> {
        let block = self.blocks.iter().find(|block| block.name == name)?;
        Some(&block.lines)
    }

    /// The bytes that a block stands for: its lines without their own line ends.
    #[must_use]
    pub fn bytes(&self, name: &str) -> Option<Vec<u8>> {
        let lines = self.block(name)?;
        Some(lines.iter().flat_map(|line| bytes(line)).collect())
    }

    /// Whether this option is set.
    #[must_use]
    pub fn is(&self, option: &str) -> bool {
        self.options.iter().any(|other| other == option)
    }

    /// What follows this word among the options.
    #[must_use]
    pub fn option(&self, word: &str) -> Option<&str> {
        self.options
            .iter()
            .find_map(|option| option.strip_prefix(word)?.strip_prefix(' '))
    }

    /// # Panics
    /// For an option that is not one of these; one that ends with a space has a value.
    pub fn assert_options(&self, known: &[&str]) {
        for option in &self.options {
            let is_known = known.iter().any(|known| match known.ends_with(' ') {
                true => option.starts_with(known),
                false => option == known,
            });
            assert!(is_known, "{}: option {option:?}", self.title);
        }
    }
}

/// The bytes that `text` stands for.
#[must_use]
pub fn bytes(text: &str) -> Vec<u8> {
    let byte = |char| u8::try_from(char).expect("a byte, not a character");
    chars(text).into_iter().map(byte).collect()
}

/// The characters that `text` stands for.
#[must_use]
pub fn text(text: &str) -> String {
    match text {
        "\"\"" => String::new(),
        _ => chars(text).into_iter().collect(),
    }
}

/// Bytes in the notation of the corpus, long repetitions folded.
#[must_use]
pub fn show(bytes: &[u8]) -> String {
    /// Shorter runs are easier to read as they are.
    const LONG: usize = 24;
    let mut shown = String::new();
    let mut rest = bytes;
    while let [first, ..] = rest {
        let run = rest.iter().take_while(|byte| *byte == first).count();
        let one = match first {
            b'\r' => "\\r".to_string(),
            b'\n' => "\\n".to_string(),
            b'\t' => "\\t".to_string(),
            b'\\' => "\\\\".to_string(),
            b'{' => "\\{".to_string(),
            b' '..=b'~' => char::from(*first).to_string(),
            byte => format!("\\x{byte:02x}"),
        };
        if run > LONG {
            shown.push_str(&format!("{{{one}*{run}}}"));
        } else {
            shown.push_str(&one.repeat(run));
        }
        rest = &rest[run..];
    }
    shown
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn chars(text: &str) -> Vec<char> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        rest = &rest[char.len_utf8()..];
        match char {
            '\\' => rest = escape(rest, &mut found),
            '{' => {
                let (inner, behind) = repetition(rest).unwrap_or_else(|| bad(text));
                let (what, times) = inner.rsplit_once('*').unwrap_or_else(|| bad(text));
                let times = times.parse().unwrap_or_else(|_| bad(text));
                let once = chars(what);
                for _ in 0..times {
                    found.extend_from_slice(&once);
                }
                rest = behind;
            }
            _ => found.push(char),
        }
    }
    found
}

/// What stands in front of the brace that closes this repetition, and what behind it.
fn repetition(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0;
    let mut escaped = false;
    for (at, char) in text.char_indices() {
        match char {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' => depth += 1,
            '}' if depth == 0 => return Some((&text[..at], &text[at + 1..])),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Takes what stands behind a backslash, and gives the rest.
fn escape<'a>(text: &'a str, found: &mut Vec<char>) -> &'a str {
    let kind = text.chars().next().unwrap_or_else(|| bad(text));
    let rest = &text[kind.len_utf8()..];
    let (char, rest) = match kind {
        'r' => ('\r', rest),
        'n' => ('\n', rest),
        't' => ('\t', rest),
        '\\' | '{' | '}' => (kind, rest),
        'x' => (number(&rest[..2]), &rest[2..]),
        'u' => {
            let (digits, behind) = rest[1..].split_once('}').unwrap_or_else(|| bad(text));
            (number(digits), behind)
        }
        _ => bad(text),
    };
    found.push(char);
    rest
}

fn number(digits: &str) -> char {
    let code = u32::from_str_radix(digits, 16).unwrap_or_else(|_| bad(digits));
    char::from_u32(code).unwrap_or_else(|| bad(digits))
}

fn bad<T>(text: &str) -> T {
    panic!("not in the corpus's notation: {text:?}")
}

fn parse(file: &str, text: &str, cases: &mut Vec<Case>) {
    let mut section = Section::default();
    let mut block: Option<Block> = None;
    for line in text.lines() {
        if let Some(open) = &mut block {
            if line == "```" {
                section.blocks.extend(block.take());
            } else {
                open.lines.push(line.to_string());
            }
        } else if let Some(name) = line.strip_prefix("```") {
            let name = name.to_string();
            let lines = Vec::new();
            block = Some(Block { name, lines });
        } else if let Some(title) = line.strip_prefix("## ") {
            std::mem::take(&mut section).finish(file, cases);
            section.title = title.to_string();
        } else if let Some(options) = line.strip_prefix("> ") {
            section.options = options.to_string();
        } else if let Some(row) = line.strip_prefix('|') {
            section.row(row);
        } else if !line.is_empty() {
            section.reason = true;
        }
    }
    assert!(block.is_none(), "{file}: a block has no end");
    section.finish(file, cases);
}

impl Section {
    fn row(&mut self, row: &str) {
        let row = row.strip_suffix('|').unwrap_or_else(|| bad(row));
        let cells = row.split('|').map(|cell| {
            let cell = cell.trim();
            let quoted = cell.strip_prefix('`').and_then(|it| it.strip_suffix('`'));
            quoted.unwrap_or(cell).to_string()
        });
        let cells: Vec<String> = cells.collect();
        if self.columns.is_empty() {
            self.columns = cells;
        } else if !cells.iter().all(|cell| cell.starts_with("---")) {
            assert_eq!(cells.len(), self.columns.len(), "cells of {row:?}");
            self.rows.push(cells);
        }
    }

    fn finish(self, file: &str, cases: &mut Vec<Case>) {
        let Self { title, blocks, .. } = &self;
        // What stands before the first section is about the file.
        if title.is_empty() {
            return;
        }
        assert!(self.reason, "{file}: {title}: no reason is given");
        assert!(!blocks.is_empty(), "{file}: {title}: no block");
        for block in blocks {
            let name = &block.name;
            assert!(BLOCKS.contains(&name.as_str()), "{file}: block {name:?}");
        }
        let file = file.trim_end_matches(".md");
        if self.columns.is_empty() {
            cases.push(self.case(format!("{file}: {title}"), &[]));
        }
        for row in &self.rows {
            cases.push(self.case(format!("{file}: {title}: {}", row[0]), row));
        }
    }

    fn case(&self, title: String, row: &[String]) -> Case {
        let put_in = |text: &String| {
            let mut text = text.clone();
            for (column, cell) in self.columns.iter().zip(row) {
                text = text.replace(&format!("<{column}>"), cell);
            }
            text
        };
        let blocks = self.blocks.iter().map(|block| Block {
            name: block.name.clone(),
            lines: block
                .lines
                .iter()
                .flat_map(|line| {
                    let lines = put_in(line);
                    let lines: Vec<_> = lines.split("<br>").map(str::to_string).collect();
                    lines
                })
                .collect(),
        });
        let options = put_in(&self.options);
        Case {
            title,
            options: options
                .split(", ")
                .filter(|option| !option.is_empty())
                .map(str::to_string)
                .collect(),
            blocks: blocks.collect(),
        }
    }
}

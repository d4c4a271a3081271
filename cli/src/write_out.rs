//! `--write-out`: curl's variables, as far as httplib knows their values.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::report::Report;

/// A variable: its name, and its value as curl writes it.
struct Variable {
    name: &'static str,
    value: fn(&Report) -> Value,
}

const fn variable(name: &'static str, value: fn(&Report) -> Value) -> Variable {
    Variable { name, value }
}

/// All of them but those that stand for several or for none.
const VARIABLES: &[Variable] = &[
    variable("content_type", |it| {
        it.header("Content-Type").map_or(Value::Null, Value::from)
    }),
    variable("errormsg", |it| {
        it.failure
            .as_ref()
            .map_or(Value::Null, |it| it.text.as_str().into())
    }),
    variable("exitcode", |it| {
        it.failure.as_ref().map_or(0, |it| it.exit.code()).into()
    }),
    variable("filename_effective", |it| it.file_name.as_str().into()),
    variable("http_code", |it| it.status.into()),
    variable("http_version", |it| it.version.as_str().into()),
    variable("method", |it| it.method.as_str().into()),
    variable("num_certs", |it| it.certificates.into()),
    variable("num_headers", |it| it.headers.len().into()),
    variable("referer", |it| {
        it.referer.clone().map_or(Value::Null, Value::from)
    }),
    variable("response_code", |it| it.status.into()),
    variable("scheme", |it| it.scheme.into()),
    variable("size_download", |it| it.received.into()),
    variable("size_upload", |it| it.sent.into()),
    variable("speed_download", |it| speed(it.received, it).into()),
    variable("speed_upload", |it| speed(it.sent, it).into()),
    variable("ssl_verify_result", |it| {
        it.failure.as_ref().map_or(0, |it| it.verify_result).into()
    }),
    variable("time_appconnect", |it| seconds(it.times.appconnect)),
    variable("time_connect", |it| seconds(it.times.connect)),
    variable("time_pretransfer", |it| seconds(it.times.pretransfer)),
    variable("time_starttransfer", |it| seconds(it.times.starttransfer)),
    variable("time_total", |it| seconds(Some(it.times.total))),
    variable("url", |it| it.url.as_str().into()),
    variable("url_effective", |it| it.effective_url.as_str().into()),
    variable("urlnum", |it| it.number.into()),
];

/// What is to be printed.
#[derive(Default)]
pub struct Written {
    /// On standard output.
    pub stdout: String,
    /// On standard error.
    pub stderr: String,
}

/// Where text goes that comes next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum To {
    Stdout,
    Stderr,
    Nowhere,
}

/// Fills the format in. Text behind `%{stderr}` and `%{stdout}` goes there, and behind `%{onerror}`
/// only where the transfer failed.
pub fn write_out(format: &str, report: &Report) -> Written {
    let (mut written, mut to, mut rest) = (Written::default(), To::Stdout, format);
    while let Some(at) = rest.find(['%', '\\']) {
        put(&mut written, to, &rest[..at]);
        let token = Token::read(&rest[at..]);
        rest = &rest[at + token.length..];
        match token.meaning {
            Meaning::Text(text) => put(&mut written, to, text),
            Meaning::Header(name) => {
                put(&mut written, to, &report.header(name).unwrap_or_default())
            }
            Meaning::Variable("stdout") if to != To::Nowhere => to = To::Stdout,
            Meaning::Variable("stderr") if to != To::Nowhere => to = To::Stderr,
            Meaning::Variable("onerror") if report.failure.is_none() => to = To::Nowhere,
            Meaning::Variable("stdout" | "stderr" | "onerror") => {}
            Meaning::Variable(name) => match value(name, report) {
                Some(value) => put(&mut written, to, &value),
                None => {
                    let warning = format!("httplib: unknown --write-out variable: '{name}'\n");
                    written.stderr.push_str(&warning);
                }
            },
        }
    }
    put(&mut written, to, rest);
    written
}

fn put(written: &mut Written, to: To, text: &str) {
    match to {
        To::Stdout => written.stdout.push_str(text),
        To::Stderr => written.stderr.push_str(text),
        To::Nowhere => {}
    }
}

/// What stands at a `%` or a backslash.
struct Token<'a> {
    length: usize,
    meaning: Meaning<'a>,
}

enum Meaning<'a> {
    Text(&'a str),
    Variable(&'a str),
    Header(&'a str),
}

impl<'a> Token<'a> {
    fn read(text: &'a str) -> Self {
        let braced = |prefix: &str| {
            let rest = text.strip_prefix(prefix)?;
            let end = rest.find('}')?;
            Some((prefix.len() + end + 1, &rest[..end]))
        };
        let escape = [("%%", "%"), ("\\n", "\n"), ("\\r", "\r"), ("\\t", "\t")];
        let escape = escape
            .into_iter()
            .find(|(escaped, _)| text.starts_with(escaped));
        if let Some((_, meant)) = escape {
            return Self {
                length: 2,
                meaning: Meaning::Text(meant),
            };
        }
        if let Some((length, name)) = braced("%{") {
            return Self {
                length,
                meaning: Meaning::Variable(name),
            };
        }
        if let Some((length, name)) = braced("%header{") {
            return Self {
                length,
                meaning: Meaning::Header(name),
            };
        }
        Self {
            length: 1,
            meaning: Meaning::Text(&text[..1]),
        }
    }
}

/// A variable as text; none for one that does not exist.
fn value(name: &str, report: &Report) -> Option<String> {
    match name {
        "json" => return Some(json(report).to_string()),
        "header_json" => return Some(header_json(report).to_string()),
        // Always three digits.
        "http_code" | "response_code" => return Some(format!("{:03}", report.status)),
        _ => {}
    }
    let variable = VARIABLES.iter().find(|it| it.name == name)?;
    Some(match (variable.value)(report) {
        Value::Null => String::new(),
        Value::String(text) => text,
        Value::Number(number) if name.starts_with("time_") => {
            format!("{:.6}", number.as_f64().unwrap_or_default())
        }
        value => value.to_string(),
    })
}

fn json(report: &Report) -> Value {
    let pairs = VARIABLES
        .iter()
        .map(|it| (it.name.to_owned(), (it.value)(report)));
    Value::Object(pairs.collect())
}

/// Names in lower case, each with all of its values.
fn header_json(report: &Report) -> Value {
    let mut headers = Map::new();
    for (name, value) in &report.headers {
        let values = headers.entry(name.to_ascii_lowercase());
        let values = values.or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(values) = values {
            values.push(value.as_str().into());
        }
    }
    Value::Object(headers)
}

fn seconds(time: Option<Duration>) -> Value {
    // To the microsecond, as curl tells it.
    let micros = time.unwrap_or_default().as_micros();
    (micros as f64 / 1e6).into()
}

/// Bytes a second.
fn speed(bytes: u64, report: &Report) -> u64 {
    let seconds = report.times.total.as_secs_f64();
    if seconds > 0.0 {
        (bytes as f64 / seconds) as u64
    } else {
        0
    }
}

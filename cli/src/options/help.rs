//! `--help` and `--version`.

use std::fmt::Write;

use super::refused;
use super::table::{GROUPS, Opt, Sets};
use crate::exit::Exit;

/// Where the descriptions begin, in columns.
const COLUMN: usize = 36;

/// `--help`.
pub fn long() -> String {
    let mut text = String::from(
        "Usage: httplib [options...] <url>...\n\
         Transfers over HTTP/1.1 and HTTPS with httplib. The options are named as curl's and mean the same.\n",
    );
    for group in GROUPS {
        writeln!(text, "\n{}:", group.about).expect("a string takes text");
        for option in group.options {
            line(&mut text, &names(option), option.help);
        }
    }
    text.push_str("\nThis program:\n");
    line(&mut text, " -h, --help", "Show this");
    line(&mut text, " -V, --version", "Show the version");
    text.push_str("\nOptions of curl that do not exist here:\n");
    for option in refused::OPTIONS {
        let short = option
            .short
            .map_or("    ".to_owned(), |short| format!("-{short}, "));
        line(
            &mut text,
            &format!(" {short}--{}", option.long),
            option.reason,
        );
    }
    text.push_str("\nExit codes:\n");
    for exit in Exit::ALL {
        writeln!(text, " {:>3}  {}", exit.code(), exit.meaning()).expect("a string takes text");
    }
    text
}

/// `--version`.
pub fn version() -> String {
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "httplib {version}\nProtocols: http https\nFeatures: HTTP/1.1 TLS-1.2 TLS-1.3 HTTPS-proxy IDN IPv6\n"
    )
}

fn names(option: &Opt) -> String {
    let short = option
        .short
        .map_or("    ".to_owned(), |short| format!("-{short}, "));
    match option.sets {
        Sets::Flag(_) => format!(" {short}--{}", option.long),
        Sets::Value(value, _) => format!(" {short}--{} <{value}>", option.long),
    }
}

fn line(text: &mut String, names: &str, help: &str) {
    writeln!(text, "{names:<COLUMN$} {help}").expect("a string takes text");
}

//! Every option: its letter, its name, its help, and what it sets.

mod network;
mod output;
mod request;

use super::Options;
use crate::failure::Failure;

/// An option.
pub struct Opt {
    /// Its letter.
    pub short: Option<char>,
    /// Its name.
    pub long: &'static str,
    /// One line for `--help`.
    pub help: &'static str,
    /// What it sets.
    pub sets: Sets,
}

/// What an option sets.
#[derive(Clone, Copy)]
pub enum Sets {
    /// It has no value.
    Flag(fn(&mut Options)),
    /// It has a value, which `--help` calls so.
    Value(&'static str, fn(&mut Options, &str) -> Result<(), Failure>),
}

const fn flag(
    short: Option<char>,
    long: &'static str,
    help: &'static str,
    set: fn(&mut Options),
) -> Opt {
    let sets = Sets::Flag(set);
    Opt {
        short,
        long,
        help,
        sets,
    }
}

const fn value(
    short: Option<char>,
    long: &'static str,
    name: &'static str,
    help: &'static str,
    set: fn(&mut Options, &str) -> Result<(), Failure>,
) -> Opt {
    let sets = Sets::Value(name, set);
    Opt {
        short,
        long,
        help,
        sets,
    }
}

/// Options that belong together, with what they are about.
pub struct Group {
    /// The heading in `--help`.
    pub about: &'static str,
    /// The options, as `--help` lists them.
    pub options: &'static [Opt],
}

const fn group(about: &'static str, options: &'static [Opt]) -> Group {
    Group { about, options }
}

/// All of them, as `--help` lists them.
pub const GROUPS: &[Group] = &[
    group("The request", request::REQUEST),
    group("TLS", network::TLS),
    group("Proxies", network::PROXIES),
    group("Time", network::TIME),
    group("Output", output::OUTPUT),
];

/// The option that `is` holds for.
pub fn find(is: impl Fn(&Opt) -> bool) -> Option<&'static Opt> {
    GROUPS.iter().flat_map(|it| it.options).find(|it| is(it))
}

fn put(field: &mut Option<String>, value: &str) -> Result<(), Failure> {
    *field = Some(value.to_owned());
    Ok(())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn not_a(what: &str, value: &str) -> Failure {
    Failure::usage(format!("'{value}' is not a {what}"))
}

//! From arguments to [`Options`].

use lexopt::Arg::{Long, Short, Value};
use lexopt::{Parser, ValueExt};

use super::Options;
use super::refused;
use super::table::{self, Sets};
use crate::failure::Failure;

/// What the command line asks for.
pub enum Asked {
    /// To transfer.
    Transfer(Box<Options>),
    /// `--help`.
    Help,
    /// `--version`.
    Version,
}

/// An option as it was written.
enum Name {
    Short(char),
    Long(String),
}

impl Name {
    fn is(&self, short: Option<char>, long: &str) -> bool {
        match self {
            Self::Short(name) => Some(*name) == short,
            Self::Long(name) => name == long,
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Short(name) => format!("-{name}"),
            Self::Long(name) => format!("--{name}"),
        }
    }
}

/// Understands the arguments behind the program's name.
///
/// # Errors
/// An option is unknown, refused, without its value or with one that it can't have; a file that an
/// option names can't be read; there is no URL.
pub fn parse(mut arguments: Parser) -> Result<Asked, Failure> {
    // `-d=x` is the data `=x`, as in curl.
    arguments.set_short_equals(false);
    let mut options = Options::default();
    while let Some(argument) = arguments.next().map_err(failure)? {
        let name = match argument {
            Value(url) => {
                options.urls.push(url.string().map_err(failure)?);
                continue;
            }
            Short('h') | Long("help") => return Ok(Asked::Help),
            Short('V') | Long("version") => return Ok(Asked::Version),
            Short(name) => Name::Short(name),
            Long(name) => Name::Long(name.to_owned()),
        };
        set(&mut options, &name, &mut arguments)?;
    }
    if options.urls.is_empty() {
        return Err(Failure::usage("no URL specified; --help lists the options"));
    }
    options.check()?;
    Ok(Asked::Transfer(Box::new(options)))
}

fn set(options: &mut Options, name: &Name, arguments: &mut Parser) -> Result<(), Failure> {
    let Some(option) = table::find(|it| name.is(it.short, it.long)) else {
        let reason = refused::OPTIONS
            .iter()
            .find(|it| name.is(it.short, it.long));
        let reason = reason.map_or("is unknown", |it| it.reason);
        return Err(Failure::usage(format!("option {}: {reason}", name.shown())));
    };
    let result = match option.sets {
        Sets::Flag(set) => {
            set(options);
            Ok(())
        }
        Sets::Value(_, set) => {
            let value = arguments.value().and_then(|value| value.string());
            set(options, &value.map_err(failure)?)
        }
    };
    result.map_err(|failure| Failure {
        text: format!("option {}: {}", name.shown(), failure.text),
        ..failure
    })
}

fn failure(error: lexopt::Error) -> Failure {
    Failure::usage(error.to_string())
}

impl Options {
    /// Refuses what can't be had together.
    fn check(&self) -> Result<(), Failure> {
        let request = &self.request;
        let uploads = !request.uploads.is_empty();
        let data = request.data.is_some() && !request.get;
        if uploads && data {
            return Err(Failure::usage(
                "you can only select one of --upload-file and --data",
            ));
        }
        if request.head && (uploads || data) {
            return Err(Failure::usage(
                "you can only select one of --head and a body",
            ));
        }
        if request.resume.is_some() && uploads {
            return Err(Failure::usage("uploads can't be resumed"));
        }
        if request.resume.is_some() && request.range.is_some() {
            return Err(Failure::usage(
                "--continue-at and --range can't be combined",
            ));
        }
        if self.tls.key.is_some() && self.tls.certificate.is_none() {
            return Err(Failure::usage("--key needs a --cert"));
        }
        Ok(())
    }
}

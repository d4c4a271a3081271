//! What goes where.

use super::super::{Destination, Fail, Meter, Verbosity, data};
use super::{Opt, flag, put, text, value};

/// What goes where.
pub const OUTPUT: &[Opt] = &[
    value(
        Some('o'),
        "output",
        "file",
        "Write the body to this file; - is standard output",
        |it, value| {
            it.output.files.push(Destination::File(value.to_owned()));
            Ok(())
        },
    ),
    flag(
        Some('O'),
        "remote-name",
        "Write the body to a file named after the URL's last segment",
        |it| {
            it.output.files.push(Destination::RemoteName);
        },
    ),
    flag(
        Some('i'),
        "include",
        "Show the head before the body",
        |it| it.output.include = true,
    ),
    value(
        Some('D'),
        "dump-header",
        "file",
        "Write the head to this file; - is standard output",
        |it, value| put(&mut it.output.dump, value),
    ),
    value(
        Some('w'),
        "write-out",
        "format",
        "Print this after each transfer; @file reads it",
        |it, value| {
            it.output.write_out = Some(text(&data::binary(value)?));
            Ok(())
        },
    ),
    flag(
        Some('f'),
        "fail",
        "Fail with exit code 22 if the status is 400 or above, without the body",
        |it| {
            it.output.fail = Fail::WithoutBody;
        },
    ),
    flag(None, "fail-with-body", "The same with the body", |it| {
        it.output.fail = Fail::WithBody
    }),
    flag(
        None,
        "fail-early",
        "Stop at the first transfer that fails",
        |it| it.output.fail_early = true,
    ),
    flag(
        Some('v'),
        "verbose",
        "Show both heads and what TLS agreed on; twice: httplib's debug lines too",
        |it| {
            it.output.verbose = match it.output.verbose {
                Verbosity::Quiet => Verbosity::Heads,
                Verbosity::Heads | Verbosity::Debug => Verbosity::Debug,
            };
        },
    ),
    flag(
        None,
        "trace-time",
        "Begin each line of --verbose with the time, in UTC",
        |it| it.output.trace_time = true,
    ),
    flag(
        Some('s'),
        "silent",
        "Show no progress and no errors",
        |it| it.output.silent = true,
    ),
    flag(
        Some('S'),
        "show-error",
        "Show errors even with --silent",
        |it| it.output.show_error = true,
    ),
    flag(None, "no-progress-meter", "Show no progress", |it| {
        it.output.meter = Meter::Off
    }),
    flag(Some('#'), "progress-bar", "Show progress as a bar", |it| {
        it.output.meter = Meter::Bar
    }),
];

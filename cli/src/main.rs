//! `httplib`: a command line with curl's options, made of nothing but `httplib:http/client` and WASI.

mod bindings;
mod connections;
mod exit;
mod failure;
mod files;
mod head;
mod options;
mod output;
mod progress;
mod proxy;
mod report;
mod request;
mod resume;
mod talk;
mod times;
mod transfer;
mod trust;
mod upload;
mod url;
mod write_out;

use std::io::{Write, stderr, stdout};

use bindings::exit::exit_with_code;
use connections::Connections;
use exit::Exit;
use failure::Failure;
use files::Directories;
use options::{Asked, Options};
use report::Report;
use transfer::Transfer;

fn main() {
    let exit = match options::parse(lexopt::Parser::from_env()) {
        Ok(Asked::Help) => print(&options::long()),
        Ok(Asked::Version) => print(&options::version()),
        Ok(Asked::Transfer(options)) => transfer_all(&options),
        Err(failure) => {
            show(&failure);
            failure.exit
        }
    };
    exit_with_code(exit.code());
}

/// Each URL in turn. The last one's exit code is the command's, unless the first failure ends it.
fn transfer_all(options: &Options) -> Exit {
    let directories = Directories::default();
    let mut connections = Connections::new(options);
    let mut exit = Exit::Ok;
    for number in 0..options.urls.len() {
        let report = Transfer::new(options, &directories, number).run(&mut connections);
        exit = conclude(options, &report);
        if exit != Exit::Ok && options.output.fail_early {
            break;
        }
    }
    exit
}

/// Says how it went, and prints `--write-out`.
fn conclude(options: &Options, report: &Report) -> Exit {
    let is_loud = !options.output.silent || options.output.show_error;
    let mut exit = Exit::Ok;
    if let Some(failure) = &report.failure {
        exit = failure.exit;
        if is_loud {
            show(failure);
        }
    }
    if let Some(format) = &options.output.write_out {
        let written = write_out::write_out(format, report);
        // Nobody is left to tell that standard error is closed.
        let _ = stderr().write_all(written.stderr.as_bytes());
        if print(&written.stdout) != Exit::Ok && exit == Exit::Ok {
            exit = Exit::Write;
        }
    }
    exit
}

fn show(failure: &Failure) {
    let _ = writeln!(
        stderr(),
        "httplib: ({}) {}",
        failure.exit.code(),
        failure.text
    );
}

fn print(text: &str) -> Exit {
    let written = stdout()
        .write_all(text.as_bytes())
        .and_then(|()| stdout().flush());
    match written {
        Ok(()) => Exit::Ok,
        Err(_) => Exit::Write,
    }
}

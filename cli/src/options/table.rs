//! Every option: its letter, its name, its help, and what it sets.

use std::time::Duration;

use base64ct::{Base64, Encoding};

use super::{Data, Destination, Fail, Meter, Options, Resume, Verbosity, data};
use crate::failure::Failure;
use crate::files::read_whole;

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

/// All of them, as `--help` lists them.
pub const OPTIONS: &[Opt] = &[
    // The request.
    value(
        Some('X'),
        "request",
        "method",
        "Request method to use",
        |it, value| put(&mut it.request.method, value),
    ),
    value(
        Some('d'),
        "data",
        "data",
        "POST this, or @file without its line ends; several are joined by &",
        |it, value| {
            Data::join(&mut it.request.data, &data::text(value)?);
            Ok(())
        },
    ),
    value(
        None,
        "data-ascii",
        "data",
        "The same as --data",
        |it, value| {
            Data::join(&mut it.request.data, &data::text(value)?);
            Ok(())
        },
    ),
    value(
        None,
        "data-binary",
        "data",
        "POST this, or @file as it is",
        |it, value| {
            Data::join(&mut it.request.data, &data::binary(value)?);
            Ok(())
        },
    ),
    value(
        None,
        "data-raw",
        "data",
        "POST this; @ has no meaning",
        |it, value| {
            Data::join(&mut it.request.data, value.as_bytes());
            Ok(())
        },
    ),
    value(
        None,
        "data-urlencode",
        "data",
        "POST this percent-encoded: content, name=content, name@file",
        |it, value| {
            Data::join(&mut it.request.data, data::urlencoded(value)?.as_bytes());
            Ok(())
        },
    ),
    value(
        None,
        "json",
        "data",
        "POST this, or @file, as application/json",
        |it, value| {
            it.request.json = true;
            Data::append(&mut it.request.data, &data::binary(value)?);
            Ok(())
        },
    ),
    flag(
        Some('G'),
        "get",
        "Put the data into the URL's query and use GET",
        |it| it.request.get = true,
    ),
    value(
        None,
        "url-query",
        "data",
        "Add to the URL's query, encoded as by --data-urlencode",
        |it, value| {
            data::join_query(&mut it.request.query, &data::query(value)?);
            Ok(())
        },
    ),
    value(
        Some('T'),
        "upload-file",
        "file",
        "PUT this file; - is standard input",
        |it, value| {
            it.request.uploads.push(value.to_owned());
            Ok(())
        },
    ),
    flag(
        Some('I'),
        "head",
        "Ask for the head only, and show it",
        |it| it.request.head = true,
    ),
    value(
        Some('H'),
        "header",
        "header/@file",
        "Add or replace a header; 'Name:' removes one, 'Name;' is empty",
        headers,
    ),
    value(
        Some('A'),
        "user-agent",
        "name",
        "Send this User-Agent; '' sends none",
        |it, value| put(&mut it.request.user_agent, value),
    ),
    value(
        Some('e'),
        "referer",
        "URL",
        "Send this Referer",
        |it, value| put(&mut it.request.referer, value),
    ),
    value(
        Some('u'),
        "user",
        "user:password",
        "Basic authentication at the server",
        |it, value| put(&mut it.request.user, value),
    ),
    value(
        Some('r'),
        "range",
        "range",
        "Ask for these bytes only, such as 0-499",
        |it, value| put(&mut it.request.range, value),
    ),
    value(
        Some('C'),
        "continue-at",
        "offset",
        "Resume a download at this byte; - is the output file's end",
        resume,
    ),
    value(
        None,
        "url",
        "url",
        "A URL, as without the option",
        |it, value| {
            it.urls.push(value.to_owned());
            Ok(())
        },
    ),
    flag(None, "http1.1", "Speak HTTP/1.1, as always", |_| {}),
    flag(
        None,
        "http0.9",
        "Take a reply without a status line as HTTP/0.9",
        |it| it.request.http09 = true,
    ),
    value(
        None,
        "interface",
        "address",
        "Connect from this local address",
        |it, value| put(&mut it.request.interface, value),
    ),
    // TLS.
    flag(Some('k'), "insecure", "Accept any certificate", |it| {
        it.tls.insecure = true
    }),
    value(
        None,
        "cacert",
        "file",
        "Trust the authorities in this file and no others",
        |it, value| {
            it.tls.authorities.push(value.to_owned());
            Ok(())
        },
    ),
    value(
        None,
        "capath",
        "dir",
        "Trust the authorities in this directory's files and no others",
        |it, value| {
            it.tls.authorities.push(value.to_owned());
            Ok(())
        },
    ),
    value(
        None,
        "crlfile",
        "file",
        "Refuse the certificates on this revocation list",
        |it, value| put(&mut it.tls.crl, value),
    ),
    value(
        Some('E'),
        "cert",
        "file",
        "Client certificate, with its chain and perhaps its key",
        certificate,
    ),
    value(
        None,
        "key",
        "file",
        "The client certificate's private key",
        |it, value| put(&mut it.tls.key, value),
    ),
    value(
        None,
        "pinnedpubkey",
        "hashes",
        "Accept only chains with one of these keys: sha256//base64;...",
        pins,
    ),
    flag(
        None,
        "tlsv1.2",
        "Speak TLS 1.2 or newer, as without the option",
        |it| it.tls.only_tls13 = false,
    ),
    flag(None, "tlsv1.3", "Speak TLS 1.3 or newer", |it| {
        it.tls.only_tls13 = true
    }),
    // Proxies.
    value(
        Some('x'),
        "proxy",
        "url",
        "Use this proxy, [http[s]://]host[:port]; '' none",
        |it, value| put(&mut it.proxy.url, value),
    ),
    value(
        Some('U'),
        "proxy-user",
        "user:password",
        "Basic authentication at the proxy",
        |it, value| put(&mut it.proxy.user, value),
    ),
    flag(
        Some('p'),
        "proxytunnel",
        "Open a tunnel through the proxy for http too",
        |it| it.proxy.tunnel = true,
    ),
    value(
        None,
        "noproxy",
        "list",
        "Hosts for which no proxy is used; * is all",
        |it, value| put(&mut it.proxy.except, value),
    ),
    value(
        None,
        "proxy-cacert",
        "file",
        "Trust only these authorities for an https proxy",
        |it, value| put(&mut it.proxy.authority, value),
    ),
    flag(
        None,
        "proxy-insecure",
        "Accept any certificate of an https proxy",
        |it| it.proxy.insecure = true,
    ),
    // Time.
    value(
        None,
        "connect-timeout",
        "seconds",
        "How long connecting may take",
        |it, value| seconds(&mut it.limits.connect, value),
    ),
    value(
        Some('m'),
        "max-time",
        "seconds",
        "How long the whole transfer may take",
        |it, value| seconds(&mut it.limits.total, value),
    ),
    value(
        None,
        "expect100-timeout",
        "seconds",
        "How long to wait for 100 Continue",
        |it, value| seconds(&mut it.limits.expect, value),
    ),
    // Output.
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
        "Write the body to a file called as the URL's last segment",
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
        "Fail with 22 from status 400 on, without the body",
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

fn put(field: &mut Option<String>, value: &str) -> Result<(), Failure> {
    *field = Some(value.to_owned());
    Ok(())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn headers(it: &mut Options, value: &str) -> Result<(), Failure> {
    let Some(path) = value.strip_prefix('@') else {
        it.request.headers.push(value.to_owned());
        return Ok(());
    };
    let lines = text(&read_whole(path)?);
    let lines = lines.lines().filter(|line| !line.is_empty());
    it.request.headers.extend(lines.map(str::to_owned));
    Ok(())
}

fn resume(it: &mut Options, value: &str) -> Result<(), Failure> {
    it.request.resume = Some(match value {
        "-" => Resume::AtEnd,
        offset => Resume::At(offset.parse().map_err(|_| not_a("byte offset", value))?),
    });
    Ok(())
}

/// curl takes a password behind a colon; encrypted keys can't be used here.
fn certificate(it: &mut Options, value: &str) -> Result<(), Failure> {
    if value.replace("\\:", "").contains(':') {
        return Err(Failure::usage(
            "encrypted keys can't be used, so there is no password; write : as \\:",
        ));
    }
    put(&mut it.tls.certificate, &value.replace("\\:", ":"))
}

fn pins(it: &mut Options, value: &str) -> Result<(), Failure> {
    for pin in value.split(';') {
        let hash = pin
            .strip_prefix("sha256//")
            .and_then(|it| Base64::decode_vec(it).ok());
        let hash = hash.filter(|hash| hash.len() == 32);
        it.tls
            .pins
            .push(hash.ok_or_else(|| not_a("hash like sha256//base64", pin))?);
    }
    Ok(())
}

/// 0 is no limit, as in curl.
fn seconds(field: &mut Option<Duration>, value: &str) -> Result<(), Failure> {
    let seconds: f64 = value
        .parse()
        .map_err(|_| not_a("number of seconds", value))?;
    let duration =
        Duration::try_from_secs_f64(seconds).map_err(|_| not_a("number of seconds", value))?;
    *field = Some(duration).filter(|duration| !duration.is_zero());
    Ok(())
}

fn not_a(what: &str, value: &str) -> Failure {
    Failure::usage(format!("'{value}' is no {what}"))
}

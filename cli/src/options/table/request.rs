//! The request: its method, its data, its headers.

use super::super::{Data, Options, Resume, data};
use super::{Opt, flag, not_a, put, text, value};
use crate::failure::Failure;
use crate::files::{is_null_device, read_whole};

/// What is sent.
pub const REQUEST: &[Opt] = &[
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
    value(
        Some('K'),
        "config",
        "file",
        "/dev/null only: there are no configuration files",
        |_, value| match is_null_device(value) {
            true => Ok(()),
            false => Err(Failure::usage("there are no configuration files")),
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
];

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

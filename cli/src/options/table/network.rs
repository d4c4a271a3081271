//! The way to the server: TLS, proxies, and how long it may take.

use std::time::Duration;

use base64ct::{Base64, Encoding};

use super::super::Options;
use super::{Opt, flag, not_a, put, value};
use crate::failure::Failure;
use crate::files::is_null_device;

/// Whom to trust, and who we are.
pub const TLS: &[Opt] = &[
    flag(Some('k'), "insecure", "Accept any certificate", |it| {
        it.tls.insecure = true
    }),
    value(
        None,
        "cacert",
        "file",
        "Trust the authorities in this file and no others",
        |it, value| {
            let authorities = it.tls.authorities.get_or_insert_default();
            authorities.push(value.to_owned());
            Ok(())
        },
    ),
    value(
        None,
        "capath",
        "dir",
        "Trust the authorities in this directory's files and no others",
        |it, value| {
            let authorities = it.tls.authorities.get_or_insert_default();
            // No directory, so that --cacert is all there is.
            if !is_null_device(value) {
                authorities.push(value.to_owned());
            }
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
];

/// By way of which proxy.
pub const PROXIES: &[Opt] = &[
    value(
        Some('x'),
        "proxy",
        "url",
        "Use this proxy, [http[s]://]host[:port]; '' means none",
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
];

/// How long things may take.
pub const TIME: &[Opt] = &[
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
];

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

//! One request to a URL.

use std::time::Instant;

use anyhow::{Context, anyhow, bail};
use harness::component::{
    Connection, ConnectionOptions, Error, Guest, Response, Result, TlsContext, TlsOptions,
    TlsSession,
};
use hyper::Uri;

use crate::Arguments;

/// Fetches the URL and prints what came.
pub fn fetch(url: &Uri, arguments: &Arguments) -> anyhow::Result<()> {
    let guest = Guest::builder().allow_all().build();
    let said = |error: Error| anyhow!(guest.describe(&error));
    let secure = match url.scheme_str() {
        Some("http") => false,
        Some("https") => true,
        _ => bail!("{url} is no http: or https: URL"),
    };
    let context = context(&guest, arguments)?;
    let tls = secure.then_some(&context);
    let connection = connect(&guest, url, arguments.proxy.as_ref(), tls).map_err(said)?;
    let target = match (&arguments.proxy, secure) {
        (Some(_), false) => url.to_string(),
        _ => url
            .path_and_query()
            .map_or("/", |target| target.as_str())
            .to_owned(),
    };
    exchange(&connection, &arguments.method, &target).map_err(said)
}

/// Whom to trust.
fn context(guest: &Guest, arguments: &Arguments) -> anyhow::Result<TlsContext> {
    let said = |error: Error| anyhow!(guest.describe(&error));
    let Some(path) = &arguments.ca else {
        return guest.create_default_context().map_err(said);
    };
    let pem = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    guest.context_trusting(&pem).map_err(said)
}

/// A connection to the URL's server: directly, to a proxy, or through the tunnel of one.
fn connect(
    guest: &Guest,
    url: &Uri,
    proxy: Option<&Uri>,
    context: Option<&TlsContext>,
) -> Result<Connection> {
    let (host, port) = address(proxy.unwrap_or(url));
    let connection = match context {
        None => {
            let options = ConnectionOptions {
                strict: Some(true),
                ..ConnectionOptions::default()
            };
            guest.http(host, port, Some(&options))?
        }
        Some(context) => {
            // The port of a tunnel's proxy is that of HTTP.
            let port = port.or(proxy.map(|_| guest.http_port()));
            let options = ConnectionOptions {
                strict: Some(true),
                ..ConnectionOptions::default()
            };
            guest.https(host, port, Some(&options), Some(TlsOptions::with(context)))?
        }
    };
    if proxy.is_some() && context.is_some() {
        let (host, port) = address(url);
        connection.set_tunnel(host, port.unwrap_or(guest.https_port()), &[])?;
    }
    Ok(connection)
}

fn address(url: &Uri) -> (&str, Option<u16>) {
    (url.host().unwrap_or_default(), url.port_u16())
}

fn exchange(connection: &Connection, method: &str, target: &str) -> Result<()> {
    let start = Instant::now();
    let response = connection.fetch(method, target)?;
    let (head, tls) = (start.elapsed(), connection.tls_session());
    print_head(&response);
    let body = response.read(None)?;
    println!("body  {} bytes", body.len());
    println!("TLS   {}", tls.map_or("none".to_owned(), tls_line));
    println!(
        "time  {head:.1?} to the head, {:.1?} in all",
        start.elapsed()
    );
    Ok(())
}

fn print_head(response: &Response) {
    let version = match response.version() {
        10 => "HTTP/1.0",
        _ => "HTTP/1.1",
    };
    println!("{version} {} {}", response.status(), response.reason());
    for (name, value) in response.get_headers() {
        println!("{name}: {value}");
    }
    println!();
}

fn tls_line(session: TlsSession) -> String {
    let group = session
        .group
        .map_or(String::new(), |group| format!(", {group}"));
    format!("{}, {}{group}", session.version, session.cipher_suite)
}

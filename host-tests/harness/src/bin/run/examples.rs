//! The four sessions of the reference's section 20.7.3, over HTTP and over HTTPS.

use anyhow::{anyhow, bail};
use harness::component::{Guest, Result, TlsContext};
use harness::server::Server;
use harness::tls::{Authority, ServerTls};

use crate::site::{FILE, FORM, REDIRECTING, site};
use crate::transcript::{Session, show};

/// One session; each begins with a fresh connection.
type Example = fn(&mut Session) -> Result<()>;

const EXAMPLES: &[(&str, Example)] = &[
    ("GET, twice", get),
    ("HEAD", head),
    ("POST", post),
    ("PUT", put),
];

/// Shows them all. An error where one failed, or where an answer is not the reference's.
pub fn run_all() -> anyhow::Result<()> {
    let guest = Guest::new();
    match run_over_both(&guest).map_err(|error| anyhow!(guest.describe(&error)))? {
        0 => println!("All answers are those of the reference."),
        count => bail!("{count} answers are not those of the reference"),
    }
    Ok(())
}

fn run_over_both(guest: &Guest) -> Result<usize> {
    let authority = Authority::new();
    let tls = ServerTls::new(&authority.issue(&["localhost"])).build();
    let (http, https) = (Server::start(site, None), Server::start(site, Some(tls)));
    let context = guest.context_trusting(&authority.pem())?;
    let mut differences = 0;
    for (server, context) in [(&http, None), (&https, Some(&context))] {
        for (title, example) in EXAMPLES {
            differences += run(guest, (title, *example), server, context)?;
        }
    }
    Ok(differences)
}

/// Shows one over one scheme.
fn run(
    guest: &Guest,
    (title, example): (&str, Example),
    server: &Server,
    context: Option<&TlsContext>,
) -> Result<usize> {
    let scheme = if context.is_some() { "HTTPS" } else { "HTTP" };
    println!("{title}, over {scheme}\n");
    let mut session = Session::open(guest, server.port(), context)?;
    example(&mut session)?;
    println!();
    Ok(session.differences())
}

fn get(session: &mut Session) -> Result<()> {
    session.request("GET", "/")?;
    let first = session.get_response("r1", "200 OK")?;
    session.read("data1", ("r1", &first))?;
    session.request("GET", "/")?;
    let second = session.get_response("r2", "404 Not Found")?;
    session.read("data2", ("r2", &second))?;
    session.close();
    Ok(())
}

fn head(session: &mut Session) -> Result<()> {
    session.request("HEAD", "/")?;
    let response = session.get_response("res", "200 OK")?;
    let data = session.read("data", ("res", &response))?;
    session.evaluate("print len(data)", &data.len().to_string(), "0");
    session.evaluate("data == ''", python_bool(data.is_empty()), "True");
    Ok(())
}

fn post(session: &mut Session) -> Result<()> {
    let headers = [
        ("Content-type", "application/x-www-form-urlencoded"),
        ("Accept", "text/plain"),
    ];
    show("params = urllib.urlencode({'@number': 12524, '@type': 'issue', '@action': 'show'})");
    show(r#"headers = {"Content-type": "application/x-www-form-urlencoded","#);
    println!(r#"    ...            "Accept": "text/plain"}}"#);
    session.request_with(("POST", ""), ("params", FORM), &headers)?;
    let response = session.get_response("response", "302 Found")?;
    let data = session.read("data", ("response", &response))?;
    let shown = format!("'{}'", String::from_utf8_lossy(&data));
    session.evaluate("data", &shown, &format!("'{REDIRECTING}'"));
    session.close();
    Ok(())
}

fn put(session: &mut Session) -> Result<()> {
    show(&format!(r#"BODY = "{FILE}""#));
    session.request_with(("PUT", "/file"), ("BODY", FILE), &[])?;
    session.get_response("response", "200 OK")?;
    Ok(())
}

/// As Python prints it.
fn python_bool(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

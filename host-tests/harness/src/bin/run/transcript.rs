//! A session as Python's prompt shows it: each call is printed and made in one step.

use harness::component::{Connection, Guest, Response, Result, TlsContext, TlsOptions, bytes};

/// A connection whose calls are shown.
pub struct Session {
    connection: Connection,
    differences: usize,
}

impl Session {
    /// `HTTPConnection(host, port)`, or `HTTPSConnection` where there is a context.
    pub fn open(guest: &Guest, port: u16, context: Option<&TlsContext>) -> Result<Self> {
        let connection = match context {
            None => {
                show(&format!(
                    r#"conn = httplib.HTTPConnection("localhost", {port})"#
                ));
                guest.http("localhost", port, None)?
            }
            Some(context) => {
                show("import httplib, ssl");
                show("context = ssl.create_default_context(cadata=authority)");
                let arguments = format!(r#""localhost", {port}, context=context"#);
                show(&format!("conn = httplib.HTTPSConnection({arguments})"));
                guest.https("localhost", port, None, Some(TlsOptions::with(context)))?
            }
        };
        Ok(Self {
            connection,
            differences: 0,
        })
    }

    /// `conn.request(method, url)`.
    pub fn request(&self, method: &str, url: &str) -> Result<()> {
        show(&format!(r#"conn.request("{method}", "{url}")"#));
        self.connection.request(method, url, None, &[])
    }

    /// `conn.request(method, url, name)` or with `headers` too, where there are some; `name` is the
    /// variable that holds `body`.
    pub fn request_with(
        &self,
        (method, url): (&str, &str),
        (name, body): (&str, &str),
        headers: &[(&str, &str)],
    ) -> Result<()> {
        let headers_shown = if headers.is_empty() { "" } else { ", headers" };
        show(&format!(
            r#"conn.request("{method}", "{url}", {name}{headers_shown})"#
        ));
        self.connection.request(method, url, bytes(body), headers)
    }

    /// `name = conn.getresponse()`, then its status and reason.
    pub fn get_response(&mut self, name: &str, expected: &str) -> Result<Response> {
        show(&format!("{name} = conn.getresponse()"));
        let response = self.connection.get_response()?;
        show(&format!("print {name}.status, {name}.reason"));
        self.answer(
            &format!("{} {}", response.status(), response.reason()),
            expected,
        );
        Ok(response)
    }

    /// `name = response.read()`.
    pub fn read(&self, name: &str, response: (&str, &Response)) -> Result<Vec<u8>> {
        show(&format!("{name} = {}.read()", response.0));
        response.1.read(None)
    }

    /// An expression, its value, and the value that the reference shows.
    pub fn evaluate(&mut self, expression: &str, value: &str, expected: &str) {
        show(expression);
        self.answer(value, expected);
    }

    /// `conn.close()`.
    pub fn close(&self) {
        show("conn.close()");
        self.connection.close();
    }

    /// How many answers were not the reference's.
    pub fn differences(&self) -> usize {
        self.differences
    }

    fn answer(&mut self, value: &str, expected: &str) {
        println!("    {value}");
        if value != expected {
            println!("    ^ the reference shows: {expected}");
            self.differences += 1;
        }
    }
}

/// Prints a line of input.
pub fn show(line: &str) {
    println!("    >>> {line}");
}

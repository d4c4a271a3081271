//! Requests.

use std::borrow::Cow;
use std::fmt;

use super::body::{self, Body};
use super::connection::{Connection, ConnectionBuilder};
use super::response::Response;
use crate::Fields;
use crate::error::{Error, Result};
use crate::url::Url;

/// A request that is put together and then sent.
#[must_use = "nothing is sent until `send` is called"]
pub struct RequestBuilder<'a> {
    way: Way<'a>,
    method: &'a str,
    headers: Fields,
    body: Option<Body<'a>>,
    trailers: Fields,
    /// Why the body that was given can't be sent.
    flaw: Option<Error>,
}

/// Where the request goes.
enum Way<'a> {
    Over(&'a Connection, &'a str),
    Url(ConnectionBuilder<'a>, &'a str),
}

impl<'a> RequestBuilder<'a> {
    pub(super) fn over(connection: &'a Connection, method: &'a str, target: &'a str) -> Self {
        Self::new(Way::Over(connection, target), method)
    }

    pub(super) fn to_url(builder: ConnectionBuilder<'a>, method: &'a str, url: &'a str) -> Self {
        Self::new(Way::Url(builder, url), method)
    }

    fn new(way: Way<'a>, method: &'a str) -> Self {
        Self {
            way,
            method,
            headers: Fields::new(),
            body: None,
            trailers: Fields::new(),
            flaw: None,
        }
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// What the request carries: bytes, text, or a [`Body`] of another kind.
    pub fn body(mut self, body: impl Into<Body<'a>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// What the request carries, as JSON, with a `Content-Type` that says so.
    #[cfg(feature = "json")]
    pub fn json<T: serde::Serialize + ?Sized>(mut self, value: &T) -> Self {
        match serde_json::to_vec(value) {
            Ok(json) => self.body = Some(json.into()),
            Err(error) => self.flaw = Some(Error::Json(error)),
        }
        self.header("Content-Type", "application/json")
    }

    /// Adds a trailer, which is sent behind the body of a stream.
    pub fn trailer(mut self, name: &str, value: &str) -> Self {
        self.trailers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends the request, connecting first if needed, and waits for the head of the response.
    ///
    /// # Errors
    /// As for [`RequestBuilder::send`](crate::RequestBuilder::send).
    pub async fn send(mut self) -> Result<Response> {
        if let Some(flaw) = self.flaw.take() {
            return Err(flaw);
        }
        match self.way {
            Way::Over(connection, target) => self.exchange(connection, target.into()).await,
            Way::Url(ref mut builder, url) => {
                let url = Url::parse(url)?;
                let builder = std::mem::take(builder);
                let connection = match url.is_https {
                    true => builder.https(url.authority).await?,
                    false => builder.http(url.authority)?,
                };
                self.exchange(&connection, url.target).await
            }
        }
    }

    async fn exchange(self, connection: &Connection, target: Cow<'_, str>) -> Result<Response> {
        let (method, target) = (self.method.to_owned(), target.into_owned());
        let sending = body::send(self.body, self.trailers, async |body| {
            let wit = connection.wit();
            wit.request(method, target, body, self.headers).await
        });
        sending.await?;
        Ok(connection.wit().get_response().await?.into())
    }
}

impl fmt::Debug for RequestBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBuilder")
            .field("method", &self.method)
            .field("headers", &self.headers)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

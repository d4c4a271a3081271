//! Responses.

use std::fmt;

use super::bindings::client as wit;
use super::upgraded::Upgraded;
use crate::Fields;
use crate::error::{Error, Result};
use crate::response::{InterimResponse, Version};

/// How much is received at a time at most.
const BLOCK: usize = 64 << 10;

/// A response: its head, and its body as it arrives.
///
/// Dropping the response with unread body closes the connection.
pub struct Response {
    wit: wit::HttpResponse,
}

impl Response {
    /// The status, 100 to 999.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.wit.status()
    }

    /// The reason phrase; empty if the server sent none.
    #[must_use]
    pub fn reason(&self) -> String {
        self.wit.reason()
    }

    /// The version of HTTP that the server speaks.
    #[must_use]
    pub fn version(&self) -> Version {
        Version::from_number(self.wit.version())
    }

    /// The header's value, several joined with `, `. Names match regardless of case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        self.wit.get_header(name, None)
    }

    /// Every header, in order and case as received.
    #[must_use]
    pub fn headers(&self) -> Fields {
        self.wit.get_headers()
    }

    /// The interim responses that came before this one.
    #[must_use]
    pub fn interim_responses(&self) -> Vec<InterimResponse> {
        self.wit.interim_responses()
    }

    /// The trailers after a body in chunks; none before the body is received to its end.
    #[must_use]
    pub fn trailers(&self) -> Option<Fields> {
        self.wit.trailers()
    }

    /// How many bytes of the body are left; none if that is not known.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.wit.length()
    }

    /// Whether the connection ends with this response.
    #[must_use]
    pub fn will_close(&self) -> bool {
        self.wit.will_close()
    }

    /// The next bytes of the body, as they come, up to 64 KiB; none at its end.
    ///
    /// # Errors
    /// As for [`Response::body`](crate::Response::body).
    pub async fn chunk(&mut self) -> Result<Option<Vec<u8>>> {
        let block = self.wit.read1(Some(BLOCK as u64)).await?;
        Ok((!block.is_empty()).then_some(block))
    }

    /// The rest of the body.
    ///
    /// # Errors
    /// As for [`Response::body`](crate::Response::body).
    pub async fn body(&mut self) -> Result<Vec<u8>> {
        Ok(self.wit.read(None).await?)
    }

    /// The rest of the body as text in UTF-8.
    ///
    /// # Errors
    /// As for [`body`](Self::body); [`Error::Utf8`]: it is none.
    pub async fn text(&mut self) -> Result<String> {
        String::from_utf8(self.body().await?).map_err(Error::Utf8)
    }

    /// The rest of the body, which is JSON.
    ///
    /// # Errors
    /// As for [`body`](Self::body); [`Error::Json`]: it is other JSON, or none.
    #[cfg(feature = "json")]
    pub async fn json<T: serde::de::DeserializeOwned>(&mut self) -> Result<T> {
        serde_json::from_slice(&self.body().await?).map_err(Error::Json)
    }

    /// Receives the whole body in the fastest way there is, and gives each piece of it to `each` as it comes; then the
    /// trailers.
    ///
    /// # Errors
    /// As for [`body`](Self::body), after what had come was given.
    pub async fn consume(self, mut each: impl FnMut(&[u8])) -> Result<Fields> {
        let (mut body, ending) = wit::HttpResponse::consume_body(self.wit).await;
        let mut block = Vec::with_capacity(BLOCK);
        loop {
            let (result, mut read) = body.read(block).await;
            each(&read);
            read.clear();
            block = read;
            if result == wit_bindgen::StreamResult::Dropped {
                break;
            }
        }
        Ok(ending.await?)
    }

    /// Receives the rest of the body without keeping any of it, and returns how many bytes that was.
    ///
    /// # Errors
    /// As for [`body`](Self::body).
    pub async fn discard(&mut self) -> Result<u64> {
        Ok(self.wit.discard(None).await?)
    }

    /// Gives up the rest of the body. The connection is closed too, unless that rest has already arrived.
    pub fn close(&mut self) {
        self.wit.close();
    }

    /// The raw stream after `101 Switching Protocols` or a 2xx reply to `CONNECT`.
    ///
    /// # Errors
    /// [`HttpException::NotConnected`](crate::HttpException::NotConnected): this response did not switch protocols.
    pub async fn upgrade(self) -> Result<Upgraded> {
        Upgraded::of(&self.wit).await
    }
}

impl From<wit::HttpResponse> for Response {
    fn from(wit: wit::HttpResponse) -> Self {
        Self { wit }
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status())
            .field("reason", &self.reason())
            .field("headers", &self.headers())
            .finish_non_exhaustive()
    }
}

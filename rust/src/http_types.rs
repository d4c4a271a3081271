//! Requests and responses of the crate `http`.

use http::{HeaderName, HeaderValue};

use crate::body::Body;
use crate::connection::Connection;
use crate::error::{Error, Result};
use crate::response::{Response, Version};

/// Sends this request to its URI, on a connection of its own.
///
/// # Errors
/// As for [`RequestBuilder::send`](crate::RequestBuilder::send).
pub fn send<'a, B: Into<Body<'a>>>(request: http::Request<B>) -> Result<http::Response<Response>> {
    let (head, body) = request.into_parts();
    let body: Body<'_> = body.into();
    let url = head.uri.to_string();
    let builder = crate::request(head.method.as_str(), &url);
    let builder = builder.headers(headers(&head.headers));
    builder.body(body).send()?.try_into()
}

impl Connection {
    /// Sends this request for the path and the query of its URI, whose host is not looked at: it goes over this
    /// connection, and its `Host` is that of the connection, unless the request has one.
    ///
    /// # Errors
    /// As for [`RequestBuilder::send`](crate::RequestBuilder::send).
    pub fn send<'a, B: Into<Body<'a>>>(
        &self,
        request: http::Request<B>,
    ) -> Result<http::Response<Response>> {
        let (head, body) = request.into_parts();
        let body: Body<'_> = body.into();
        let target = head.uri.path_and_query().map_or("/", |it| it.as_str());
        let builder = self.request(head.method.as_str(), target);
        let builder = builder.headers(headers(&head.headers));
        builder.body(body).send()?.try_into()
    }
}

/// Values are bytes, and text here is Latin-1.
fn headers(headers: &http::HeaderMap) -> impl Iterator<Item = (String, String)> {
    headers.iter().map(|(name, value)| {
        let value = value.as_bytes().iter().copied().map(char::from).collect();
        (name.as_str().to_owned(), value)
    })
}

impl TryFrom<Response> for http::Response<Response> {
    type Error = Error;

    /// The head of the response, with the response itself as its body.
    ///
    /// # Errors
    /// [`Error::HttpTypes`]: a header that the crate `http` does not take.
    fn try_from(response: Response) -> Result<Self> {
        let unfit = |error: http::Error| Error::HttpTypes(error);
        let mut head = http::Response::builder()
            .status(response.status())
            .version(match response.version() {
                Version::Http09 => http::Version::HTTP_09,
                Version::Http10 => http::Version::HTTP_10,
                Version::Http11 => http::Version::HTTP_11,
            });
        for (name, value) in response.headers() {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|it| unfit(it.into()))?;
            // Each character is a byte.
            let value: Vec<u8> = value.chars().map(|character| character as u8).collect();
            let value = HeaderValue::from_bytes(&value).map_err(|it| unfit(it.into()))?;
            head = head.header(name, value);
        }
        head.body(response).map_err(unfit)
    }
}

//! What a request carries after its head.

use std::borrow::Cow;
use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::task::Poll;

use futures_core::Stream;

use super::bindings::{client as wit, wit_future, wit_stream};
use crate::Fields;

/// What a request carries after its head.
pub struct Body<'a>(pub(super) Kind<'a>);

pub(super) enum Kind<'a> {
    Bytes(Cow<'a, [u8]>),
    Pieces(Pieces<'a>),
}

type Pieces<'a> = Pin<Box<dyn Stream<Item = io::Result<Vec<u8>>> + 'a>>;

impl<'a> Body<'a> {
    /// The pieces that this stream gives, up to its end. Its length is unknown, so they are sent in chunks, unless the
    /// request has a `Content-Length`.
    ///
    /// An error of the stream is an [`Error::Other`](crate::Error::Other), and the request is given up.
    pub fn stream(pieces: impl Stream<Item = io::Result<Vec<u8>>> + 'a) -> Self {
        Self(Kind::Pieces(Box::pin(pieces)))
    }
}

impl<'a> From<&'a [u8]> for Body<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self(Kind::Bytes(bytes.into()))
    }
}

impl From<Vec<u8>> for Body<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Kind::Bytes(bytes.into()))
    }
}

impl<'a> From<&'a str> for Body<'a> {
    fn from(text: &'a str) -> Self {
        text.as_bytes().into()
    }
}

impl From<String> for Body<'_> {
    fn from(text: String) -> Self {
        text.into_bytes().into()
    }
}

impl fmt::Debug for Body<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Bytes(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            Kind::Pieces(_) => f.write_str("Body(stream)"),
        }
    }
}

/// Makes the call that sends this body, and gives it the pieces of the body meanwhile.
pub(super) async fn send<'a, T>(
    body: Option<Body<'a>>,
    trailers: Fields,
    call: impl AsyncFnOnce(Option<wit::Body<'a>>) -> T,
) -> T {
    let mut pieces = match body.map(|body| body.0) {
        None => return call(None).await,
        Some(Kind::Bytes(bytes)) => return call(Some(wit::Body::Bytes(bytes.into_owned()))).await,
        Some(Kind::Pieces(pieces)) => pieces,
    };
    let (mut writer, reader) = wit_stream::new::<u8>();
    let (ended, ending) = wit_future::new(|| Ok(Fields::new()));
    let writing = async move {
        let mut end = Ok(trailers);
        while let Some(piece) = poll_fn(|context| pieces.as_mut().poll_next(context)).await {
            let piece = match piece {
                Ok(piece) => piece,
                Err(error) => {
                    end = Err(wit::Error::Other(format!(
                        "the body's stream failed: {error}"
                    )));
                    break;
                }
            };
            if !writer.write_all(piece).await.is_empty() {
                // The call takes no more: the server has answered.
                return;
            }
        }
        drop(writer);
        // Nobody may care any more.
        let _ = ended.write(end).await;
    };
    let calling = call(Some(wit::Body::StreamWithTrailers((reader, ending))));
    while_writing(calling, writing).await
}

/// What `calling` gives; `writing` goes on meanwhile.
async fn while_writing<T>(
    calling: impl Future<Output = T>,
    writing: impl Future<Output = ()>,
) -> T {
    let (mut calling, mut writing) = (pin!(calling), pin!(writing));
    let mut is_writing = true;
    poll_fn(|context| {
        if is_writing {
            is_writing = writing.as_mut().poll(context).is_pending();
        }
        match calling.as_mut().poll(context) {
            Poll::Ready(given) => Poll::Ready(given),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

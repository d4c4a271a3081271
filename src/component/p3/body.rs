//! A `body`, read as it is sent.

use alloc::boxed::Box;
use alloc::rc::Rc;
use core::cell::RefCell;

use crate::client::{Body, Error};
use crate::component::{convert, wit};
use crate::transport;
use crate::wasi::Input;

/// A body, and what it may have to wait for.
pub struct Given {
    pub body: Option<Body<'static>>,
    pub input: Option<Input>,
    /// What the caller gave in the place of trailers.
    failure: Rc<RefCell<Option<wit::Error>>>,
}

impl Given {
    /// # Errors
    /// `file` where the host does not tell what the body's file is.
    pub async fn from_wit(body: Option<wit::Body<'_>>) -> Result<Self, wit::Error> {
        let failure = Rc::default();
        let input = match body {
            None => return Ok(Self::of(None, None, failure)),
            Some(wit::Body::Bytes(bytes)) => {
                return Ok(Self::of(Some(Body::Bytes(bytes)), None, failure));
            }
            Some(wit::Body::File(file)) => {
                let file = Input::file(file).await;
                file.map_err(|error| convert::error(Error::from(error)))?
            }
            Some(wit::Body::Stream(stream)) => Input::stream(stream),
            Some(wit::Body::StreamWithTrailers((stream, trailers))) => {
                let failure = Rc::clone(&failure);
                Input::with_trailers(stream, async move {
                    trailers.await.map_err(|error| {
                        *failure.borrow_mut() = Some(error);
                        transport::Error::Other("the body failed".into())
                    })
                })
            }
        };
        let body = Body::Source(Box::new(input.clone()));
        Ok(Self::of(Some(body), Some(input), failure))
    }

    fn of(
        body: Option<Body<'static>>,
        input: Option<Input>,
        failure: Rc<RefCell<Option<wit::Error>>>,
    ) -> Self {
        Self {
            body,
            input,
            failure,
        }
    }

    /// The error of a request with this body.
    pub fn failed(&self, error: Error) -> wit::Error {
        let own = self.failure.borrow_mut().take();
        own.unwrap_or_else(|| convert::error(error))
    }
}

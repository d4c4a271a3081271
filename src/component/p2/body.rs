//! A `body`, read as it is sent.

use alloc::boxed::Box;

use crate::blocking::Given;
use crate::client::Body;
use crate::component::wit;
use crate::wasi::{FileBody, Input};

/// The body, and what it may have to wait for.
pub fn from_wit(body: Option<wit::Body<'_>>) -> (Option<Body<'_>>, Given<'_>) {
    match body {
        None => (None, Given::Nothing),
        Some(wit::Body::Bytes(bytes)) => (Some(Body::Bytes(bytes)), Given::Nothing),
        Some(wit::Body::File(descriptor)) => {
            let file = Body::Source(Box::new(FileBody(descriptor)));
            (Some(file), Given::Nothing)
        }
        Some(wit::Body::Stream(stream)) => {
            let input = Body::Source(Box::new(Input(stream)));
            (Some(input), Given::Input(stream))
        }
    }
}

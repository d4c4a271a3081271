//! The `http-response` resource.

use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;

use super::upgrade::UpgradedStream;
use crate::bindings::wasi::io::poll::Pollable;
use crate::bindings::wasi::io::streams::OutputStream;
use crate::blocking::{Given, block_on, subscribe};
use crate::client::{Response, Waits};
use crate::component::message::HttpMessage;
use crate::component::{convert, wit};
use crate::http1::latin1;
use crate::wasi::{Output, WasiNetwork};

/// `http-response`.
pub struct HttpResponse(RefCell<Response<WasiNetwork>>);

impl HttpResponse {
    pub(super) fn new(response: Response<WasiNetwork>) -> Self {
        Self(RefCell::new(response))
    }

    /// `msg`.
    pub fn message(&self) -> HttpMessage {
        HttpMessage::new(self.0.borrow().message())
    }

    /// `upgrade`.
    pub fn upgraded(&self) -> Result<UpgradedStream, wit::Error> {
        let upgraded = self.0.borrow_mut().upgrade().map_err(convert::error)?;
        Ok(UpgradedStream::new(upgraded))
    }
}

impl wit::GuestHttpResponse for HttpResponse {
    fn status(&self) -> u16 {
        self.0.borrow().head().status
    }

    fn reason(&self) -> String {
        latin1(&self.0.borrow().head().reason)
    }

    fn version(&self) -> u16 {
        self.0.borrow().head().version.number()
    }

    fn msg(&self) -> wit::HttpMessage {
        wit::HttpMessage::new(self.message())
    }

    fn get_header(&self, name: String, default: Option<String>) -> Option<String> {
        self.0.borrow().header(&name).or(default)
    }

    fn get_headers(&self) -> Vec<(String, String)> {
        self.0.borrow().headers()
    }

    fn read(&self, amt: Option<u64>) -> Result<Vec<u8>, wit::Error> {
        block_on(&self.0, Given::Nothing, |response| response.poll_read(amt))
    }

    fn splice(&self, output: &OutputStream, amt: Option<u64>) -> Result<u64, wit::Error> {
        block_on(&self.0, Given::Output(output), |response| {
            response.poll_splice(&mut Output(output), amt)
        })
    }

    fn discard(&self, amt: Option<u64>) -> Result<u64, wit::Error> {
        block_on(&self.0, Given::Nothing, |response| {
            response.poll_discard(amt)
        })
    }

    fn interim_responses(&self) -> Vec<wit::InterimResponse> {
        let interim = self.0.borrow().interim_responses();
        interim.into_iter().map(convert::interim).collect()
    }

    fn trailers(&self) -> Option<Vec<(String, String)>> {
        self.0.borrow().trailers()
    }

    fn upgrade(&self) -> Result<wit::UpgradedStream, wit::Error> {
        self.upgraded().map(wit::UpgradedStream::new)
    }

    fn read1(&self, n: Option<u64>) -> Result<Vec<u8>, wit::Error> {
        block_on(&self.0, Given::Nothing, |response| response.poll_read1(n))
    }

    fn peek(&self, n: u64) -> Result<Vec<u8>, wit::Error> {
        block_on(&self.0, Given::Nothing, |response| response.poll_peek(n))
    }

    fn readline(&self, limit: Option<u64>) -> Result<Vec<u8>, wit::Error> {
        block_on(&self.0, Given::Nothing, |response| {
            response.poll_read_line(limit)
        })
    }

    fn fileno(&self) -> Option<u32> {
        self.0.borrow().fileno()
    }

    fn is_closed(&self) -> bool {
        self.0.borrow().is_closed()
    }

    fn close(&self) {
        self.0.borrow_mut().close();
    }

    fn will_close(&self) -> bool {
        self.0.borrow().will_close()
    }

    fn length(&self) -> Option<u64> {
        self.0.borrow().length()
    }

    fn subscribe(&self) -> Vec<Pollable> {
        subscribe(self.0.borrow_mut().waiting())
    }
}

//! The `http-response` resource.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::task::Poll;

use wit_bindgen::{FutureReader, FutureWriter, StreamReader, StreamWriter, spawn_local};

use super::upgrade;
use crate::bindings::{wit_future, wit_stream};
use crate::client::{Error, HttpException, Response};
use crate::component::{convert, message, wit};
use crate::http1::latin1;
use crate::tasks::{Calls, End, Held, Outlet, in_task};
use crate::wasi::WasiNetwork;

/// `http-response`.
pub struct HttpResponse(Held<Calls<Response<WasiNetwork>>>);

impl HttpResponse {
    pub(super) fn new(response: Response<WasiNetwork>) -> Self {
        Self(Held::new(Calls::new(response)))
    }

    async fn make<T>(
        &self,
        call: impl FnMut(&mut Response<WasiNetwork>) -> Poll<Result<T, Error>>,
    ) -> Result<T, wit::Error> {
        self.0.make_last(None, call).await.map_err(convert::error)
    }
}

type TrailersWriter = FutureWriter<Result<Vec<(String, String)>, wit::Error>>;

/// Brings a body to whoever reads it, and then the trailers.
async fn carry(
    calls: Rc<Calls<Response<WasiNetwork>>>,
    body: StreamWriter<u8>,
    trailers: TrailersWriter,
) {
    let mut outlet = Outlet::new(body);
    let end = outlet.carry(async || calls.make(None, Response::poll_arrived).await);
    let end = match end.await {
        End::Whole => Ok(calls
            .with(|response| response.trailers())
            .unwrap_or_default()),
        End::Unwanted => Err(HttpException::NotConnected.into()),
        End::Failed(error) => Err(error),
    };
    drop(calls);
    drop(outlet);
    // Nobody has to want them.
    let _ = trailers.write(end.map_err(convert::error)).await;
}

impl wit::GuestHttpResponse for HttpResponse {
    fn status(&self) -> u16 {
        self.0.with(|response| response.head().status)
    }

    fn reason(&self) -> String {
        self.0.with(|response| latin1(&response.head().reason))
    }

    fn version(&self) -> u16 {
        self.0.with(|response| response.head().version.number())
    }

    fn msg(&self) -> wit::HttpMessage {
        let message = self.0.with(|response| response.message());
        wit::HttpMessage::new(message::HttpMessage::new(message))
    }

    fn get_header(&self, name: String, default: Option<String>) -> Option<String> {
        self.0.with(|response| response.header(&name)).or(default)
    }

    fn get_headers(&self) -> Vec<(String, String)> {
        self.0.with(|response| response.headers())
    }

    async fn read(&self, amt: Option<u64>) -> Result<Vec<u8>, wit::Error> {
        self.make(|response| response.poll_read(amt)).await
    }

    async fn consume_body(
        response: wit::HttpResponse,
    ) -> (
        StreamReader<u8>,
        FutureReader<Result<Vec<(String, String)>, wit::Error>>,
    ) {
        let calls = response.into_inner::<Self>().0.into_inner();
        let (body, reader) = wit_stream::new();
        let (trailers, end) =
            wit_future::new(|| Err(convert::error(HttpException::NotConnected.into())));
        spawn_local(carry(calls, body, trailers));
        (reader, end)
    }

    async fn discard(&self, amt: Option<u64>) -> Result<u64, wit::Error> {
        self.make(|response| response.poll_discard(amt)).await
    }

    fn interim_responses(&self) -> Vec<wit::InterimResponse> {
        let interim = self.0.with(|response| response.interim_responses());
        interim.into_iter().map(convert::interim).collect()
    }

    fn trailers(&self) -> Option<Vec<(String, String)>> {
        self.0.with(|response| response.trailers())
    }

    async fn upgrade(&self, sent: StreamReader<u8>) -> Result<wit::UpgradedStream, wit::Error> {
        let upgraded = self.0.with(Response::upgrade).map_err(convert::error)?;
        Ok(upgrade::carry(upgraded, sent))
    }

    async fn read1(&self, n: Option<u64>) -> Result<Vec<u8>, wit::Error> {
        self.make(|response| response.poll_read1(n)).await
    }

    async fn peek(&self, n: u64) -> Result<Vec<u8>, wit::Error> {
        self.make(|response| response.poll_peek(n)).await
    }

    async fn readline(&self, limit: Option<u64>) -> Result<Vec<u8>, wit::Error> {
        self.make(|response| response.poll_read_line(limit)).await
    }

    fn fileno(&self) -> Option<u32> {
        self.0.with(|response| response.fileno())
    }

    fn is_closed(&self) -> bool {
        self.0.with(|response| response.is_closed())
    }

    fn close(&self) {
        let calls = Rc::clone(&self.0);
        in_task(move || {
            calls.cut_off();
            calls.with(Response::close);
        });
    }

    fn will_close(&self) -> bool {
        self.0.with(|response| response.will_close())
    }

    fn length(&self) -> Option<u64> {
        self.0.with(|response| response.length())
    }
}

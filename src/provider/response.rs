//! A response of the host's, made of one of ours.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use wit_bindgen::{FutureWriter, StreamWriter, spawn_local};

use super::error::error_code;
use super::pool::Lease;
use super::timeouts::{Timeouts, after, within};
use crate::bindings::wasi::http::types::{self, ErrorCode, Fields};
use crate::bindings::{wit_future, wit_stream};
use crate::client::Response;
use crate::http1::{ResponseHead, latin1, list_members};
use crate::tasks::{Calls, End, Outlet};
use crate::wasi::WasiNetwork;

/// Fields that speak of the connection, which is not the caller's (RFC 9110 §7.6.1).
const HOP_BY_HOP: [&str; 7] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-connection",
    "te",
    "transfer-encoding",
    "upgrade",
];

/// The host's response. What is left of the body is brought by a task, which holds the connection until
/// then.
///
/// # Errors
/// `HTTP-upgrade-failed`: there is no way to give an upgraded connection to anyone.
pub fn make(
    lease: Rc<Lease>,
    response: Response<WasiNetwork>,
    timeouts: Timeouts,
) -> Result<types::Response, ErrorCode> {
    let status = response.head().status;
    if status == 101 {
        return Err(ErrorCode::HttpUpgradeFailed);
    }
    let fields = fields(response.head());
    let (trailers, trailers_reader) = wit_future::new(|| Ok(None));
    let (contents, body) = match response.is_closed() {
        true => (None, None),
        false => {
            let (writer, reader) = wit_stream::new();
            (Some(reader), Some(writer))
        }
    };
    let (made, _sent) = types::Response::new(fields, contents, trailers_reader);
    made.set_status_code(status)
        .map_err(|()| ErrorCode::HttpProtocolError)?;
    if let Some(body) = body {
        spawn_local(carry(lease, response, body, trailers, timeouts));
    }
    Ok(made)
}

/// The fields that are the caller's.
fn fields(head: &ResponseHead) -> Fields {
    let named: Vec<_> = head
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case(b"Connection"))
        .flat_map(|(_, value)| list_members(value))
        .map(<[u8]>::trim_ascii)
        .collect();
    let is_hop_by_hop = |name: &[u8]| {
        let mut known = HOP_BY_HOP.iter().map(|known| known.as_bytes());
        let mut named = named.iter().copied();
        known.any(|it| it.eq_ignore_ascii_case(name))
            || named.any(|it| it.eq_ignore_ascii_case(name))
    };
    let callers = head.headers.iter().filter(|(name, _)| !is_hop_by_hop(name));
    made(
        callers
            .map(|(name, value)| (latin1(name), value.to_vec()))
            .collect(),
    )
}

/// The host's fields. A host may forbid more: those that it does not want are left out.
fn made(entries: Vec<(String, Vec<u8>)>) -> Fields {
    Fields::from_list(&entries).unwrap_or_else(|_| {
        let fields = Fields::new();
        for (name, value) in &entries {
            let _ = fields.append(name, value);
        }
        fields
    })
}

type TrailersWriter = FutureWriter<Result<Option<Fields>, ErrorCode>>;

async fn carry(
    lease: Rc<Lease>,
    response: Response<WasiNetwork>,
    body: StreamWriter<u8>,
    trailers: TrailersWriter,
    timeouts: Timeouts,
) {
    let calls = Calls::new(response);
    let mut outlet = Outlet::new(body);
    let next = async || {
        let deadline = after(timeouts.between_bytes);
        let block = async {
            let block = calls.make(None, Response::poll_arrived).await;
            block.map_err(error_code)
        };
        within(|| deadline, ErrorCode::ConnectionReadTimeout, block).await
    };
    let end = match outlet.carry(next).await {
        End::Whole => {
            let found = calls.with(|response| response.trailers());
            Ok(found.and_then(trailer_fields))
        }
        End::Unwanted => Err(ErrorCode::ConnectionTerminated),
        End::Failed(code) => Err(code),
    };
    // The connection is free with the last byte, whoever reads that when.
    drop(calls);
    drop(lease);
    drop(outlet);
    // Nobody has to want them.
    let _ = trailers.write(end).await;
}

fn trailer_fields(trailers: Vec<(String, String)>) -> Option<Fields> {
    let bytes = |value: &str| value.chars().map(|c| c as u8).collect();
    let entries = trailers
        .iter()
        .map(|(name, value)| (name.clone(), bytes(value)));
    (!trailers.is_empty()).then(|| made(entries.collect()))
}

//! A connection that is no longer HTTP, as two streams.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::Poll;

use wit_bindgen::{StreamReader, StreamResult, StreamWriter, spawn_local};

use crate::bindings::{wit_future, wit_stream};
use crate::client::{Error, HttpException, Upgraded};
use crate::component::{convert, wit};
use crate::tasks::drive;
use crate::transport::BLOCK;
use crate::wasi::WasiNetwork;

type Connection = RefCell<Upgraded<WasiNetwork>>;

/// Carries what comes from `sent` to the peer, and what comes from there to whoever has what this gives.
pub fn carry(upgraded: Upgraded<WasiNetwork>, sent: StreamReader<u8>) -> wit::UpgradedStream {
    let (writer, received) = wit_stream::new();
    let closed = || Err(convert::error(HttpException::NotConnected.into()));
    let (receiving, received_all) = wit_future::new(closed);
    let (sending, sent_all) = wit_future::new(closed);
    spawn_local(async move {
        let (one, other) = both(upgraded, writer, sent).await;
        let told = join(receiving.write(one), sending.write(other));
        // Nobody has to want to know.
        told.await;
    });
    wit::UpgradedStream {
        received,
        receiving: received_all,
        sending: sent_all,
    }
}

type Ended = Result<(), wit::Error>;

/// How receiving and sending ended; the connection is closed then.
async fn both(
    upgraded: Upgraded<WasiNetwork>,
    writer: StreamWriter<u8>,
    sent: StreamReader<u8>,
) -> (Ended, Ended) {
    let connection = Rc::new(RefCell::new(upgraded));
    let mut receiving = pin!(receive(&connection, writer));
    let mut sending = pin!(send(&connection, sent));
    let (mut received, mut sent) = (None, None);
    poll_fn(|context| {
        if received.is_none()
            && let Poll::Ready(end) = receiving.as_mut().poll(context)
        {
            received = Some(end);
        }
        if sent.is_none()
            && let Poll::Ready(end) = sending.as_mut().poll(context)
        {
            sent = Some(end);
        }
        match (&received, &sent) {
            (Some(Ok(Received::Unwanted)), _) | (Some(_), Some(_)) => Poll::Ready(()),
            _ => Poll::Pending,
        }
    })
    .await;
    let received = received.unwrap_or(Ok(Received::Unwanted)).map(drop);
    let sent = sent.unwrap_or_else(|| Err(HttpException::NotConnected.into()));
    (
        received.map_err(convert::error),
        sent.map_err(convert::error),
    )
}

/// Until both are ready.
async fn join(one: impl Future, other: impl Future) {
    let (mut one, mut other) = (pin!(one), pin!(other));
    let (mut is_one_over, mut is_other_over) = (false, false);
    poll_fn(|context| {
        is_one_over = is_one_over || one.as_mut().poll(context).is_ready();
        is_other_over = is_other_over || other.as_mut().poll(context).is_ready();
        match is_one_over && is_other_over {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    })
    .await;
}

/// Why receiving ended in order.
enum Received {
    /// The peer has ended its side.
    All,
    /// Nobody reads any more.
    Unwanted,
}

async fn receive(connection: &Connection, mut to: StreamWriter<u8>) -> Result<Received, Error> {
    loop {
        let block = drive(connection, Upgraded::waiting_to_read, None, |upgraded| {
            upgraded.poll_read(BLOCK as u64)
        });
        let block = block.await?;
        if block.is_empty() {
            return Ok(Received::All);
        }
        if !to.write_all(block).await.is_empty() {
            return Ok(Received::Unwanted);
        }
    }
}

async fn send(connection: &Connection, mut from: StreamReader<u8>) -> Result<(), Error> {
    loop {
        let (result, block) = from.read(Vec::with_capacity(BLOCK)).await;
        let mut left = &block[..];
        while !left.is_empty() {
            let taken = drive(connection, Upgraded::waiting_to_write, None, |upgraded| {
                upgraded.poll_write(left)
            });
            left = &left[usize::try_from(taken.await?).unwrap_or(left.len())..];
        }
        drive(
            connection,
            Upgraded::waiting_to_write,
            None,
            Upgraded::poll_flush,
        )
        .await?;
        if result == StreamResult::Dropped {
            break;
        }
    }
    drive(
        connection,
        Upgraded::waiting_to_write,
        None,
        Upgraded::poll_shutdown,
    )
    .await
}

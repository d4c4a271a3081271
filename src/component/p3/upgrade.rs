//! A connection that is no longer HTTP, as two streams.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::Poll;

use wit_bindgen::{FutureWriter, StreamReader, StreamResult, StreamWriter, spawn_local};

use crate::bindings::{wit_future, wit_stream};
use crate::client::{Error, HttpException, Upgraded};
use crate::component::{convert, wit};
use crate::tasks::{End, Outlet, drive};
use crate::transport::BLOCK;
use crate::wasi::{WasiNetwork, drop_retired};

type Connection = RefCell<Upgraded<WasiNetwork>>;

type Ended = Result<(), Error>;

/// Carries what comes from `sent` to the peer, and what comes from there to whoever has what this gives.
pub fn carry(upgraded: Upgraded<WasiNetwork>, sent: StreamReader<u8>) -> wit::UpgradedStream {
    let (writer, received) = wit_stream::new();
    let closed = || Err(convert::error(HttpException::NotConnected.into()));
    let (receiving, received_all) = wit_future::new(closed);
    let (sending, sent_all) = wit_future::new(closed);
    spawn_local(async move {
        let connection = Rc::new(RefCell::new(upgraded));
        let is_closed = Cell::new(false);
        let receives = {
            let connection = Rc::clone(&connection);
            async {
                let end = receive(&connection, writer).await;
                is_closed.set(matches!(end, Ok(Received::Unwanted)));
                leave(connection);
                tell(receiving, end.map(drop)).await;
            }
        };
        let sends = async {
            let end = unless(&is_closed, send(&connection, sent)).await;
            leave(connection);
            tell(sending, end).await;
        };
        join(receives, sends).await;
    });
    wit::UpgradedStream {
        received,
        receiving: received_all,
        sending: sent_all,
    }
}

/// With the last direction, the connection closes: in this task, to which its reads and writes belong.
fn leave(connection: Rc<Connection>) {
    drop(connection);
    drop_retired();
}

async fn tell(whom: FutureWriter<Result<(), wit::Error>>, end: Ended) {
    // Nobody has to want to know.
    let _ = whom.write(end.map_err(convert::error)).await;
}

/// Sends, unless nobody wants what comes back.
async fn unless(is_closed: &Cell<bool>, sent: impl Future<Output = Ended>) -> Ended {
    let mut sent = pin!(sent);
    poll_fn(|context| match is_closed.get() {
        true => Poll::Ready(Err(HttpException::NotConnected.into())),
        false => sent.as_mut().poll(context),
    })
    .await
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

async fn receive(connection: &Connection, to: StreamWriter<u8>) -> Result<Received, Error> {
    let next = async || {
        let block = drive(connection, Upgraded::waiting_to_read, None, |upgraded| {
            upgraded.poll_read(BLOCK as u64)
        });
        block.await
    };
    match Outlet::new(to).carry(next).await {
        End::Whole => Ok(Received::All),
        End::Unwanted => Ok(Received::Unwanted),
        End::Failed(error) => Err(error),
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

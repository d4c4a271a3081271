//! The component over WASI 0.3, behind the same methods as the one over 0.2.
//!
//! Its functions are asynchronous. What the guest does beside them, such as filling a stream, goes on
//! only while one of them runs, or while the harness waits for a stream.

use tokio::task::yield_now;
use wasmtime::Store;
use wasmtime::component::Accessor;
use wasmtime_wasi::runtime::in_tokio;

use super::{Exports, Guest, Host};
use crate::bindings::P3;

mod arguments;
mod body;
mod consumed;
mod convert;
mod outcome;
mod pipe;
mod received;
mod results;
mod streams;
mod upgrade;

pub use consumed::Consumed;

pub(super) use arguments::ToP3;
pub(super) use results::ToP2;
pub(super) use upgrade::Upgraded;

/// How often the store's tasks get their turn after what nobody waits for. Closing a socket takes a
/// few turns.
const TURNS: usize = 32;

/// Runs the work, and the store's tasks beside it.
pub(super) fn run<R>(
    store: &mut Store<Host>,
    work: impl AsyncFnOnce(&Accessor<Host>) -> wasmtime::Result<R>,
) -> wasmtime::Result<R> {
    in_tokio(store.run_concurrent(work))?
}

/// Lets the store's tasks do what they can do at once.
pub(super) fn settle(store: &mut Store<Host>) -> wasmtime::Result<()> {
    run(store, async |_| {
        for _ in 0..TURNS {
            yield_now().await;
        }
        Ok(())
    })
}

impl Guest {
    /// Works with the exports of a component over WASI 0.3 as they are: many calls at once, and calls
    /// that are dropped before they end.
    ///
    /// # Panics
    /// Where the component is over WASI 0.2.
    pub fn with_p3<R>(&self, work: impl AsyncFnOnce(&Accessor<Host>, &P3) -> R) -> R {
        self.work("with_p3", |exports, store| match exports {
            Exports::P3(exports) => run(store, async |store| Ok(work(store, exports).await)),
            Exports::P2(_) => panic!("the component is over WASI 0.2"),
        })
    }

    /// Waits for what the store's tasks bring about.
    fn wait<R>(&self, what: &'static str, work: impl AsyncFnOnce() -> R) -> R {
        self.work(what, |_, store| run(store, async |_| Ok(work().await)))
    }

    /// Lets the store's tasks see that a stream was left.
    fn settle(&self) {
        // After a trap the instance can't be entered, and the trap is what the test is about.
        if !std::thread::panicking() {
            self.work("the tasks of the instance", |_, store| settle(store));
        }
    }
}

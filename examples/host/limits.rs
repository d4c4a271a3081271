//! What ends a plugin that takes too much.
//!
//! - It grows: [`Limits::memory`] makes growing further a trap.
//! - It computes for ever: at each tick of the clock it gives way, so that others have their turn, and
//!   [`Limits::timed`] sees how long it has computed.
//! - It waits for ever: then it computes nothing, so [`Limits::timed`] bounds the whole as well.

use std::future::poll_fn;
use std::num::ParseIntError;
use std::pin::pin;
use std::task::Poll;
use std::thread;
use std::time::{Duration, Instant};

use wasmtime::{Engine, Result, StoreLimitsBuilder, bail, format_err};

use crate::memory::Memory;

/// What one call of a plugin may take.
#[derive(clap::Args)]
pub struct Limits {
    /// Mebibytes of memory for the plugin, and as many for httplib.
    #[arg(long, default_value_t = 64)]
    memory: usize,
    /// Sockets, streams and pollables at a time.
    #[arg(long, default_value_t = 100)]
    pub resources: usize,
    /// Milliseconds to compute: for which it may have a thread.
    #[arg(long, default_value = "3000", value_parser = milliseconds)]
    cpu_time: Duration,
    /// Milliseconds as a whole, waiting included.
    #[arg(long, default_value = "30000", value_parser = milliseconds)]
    time: Duration,
}

impl Limits {
    /// The bounds of an instance's memories: two, as the plugin and httplib share none.
    pub fn memory(&self) -> Memory {
        let limits = StoreLimitsBuilder::new().memory_size(self.memory << 20);
        let limits = limits.memories(2).table_elements(100_000);
        Memory::new(limits.trap_on_grow_failure(true).build())
    }

    /// The call, which is dropped and thereby ended when it exceeds either time.
    pub async fn timed<T>(&self, call: impl Future<Output = Result<T>>) -> Result<T> {
        let mut call = pin!(call);
        let mut computed = Duration::ZERO;
        let call = poll_fn(|context| {
            let begin = Instant::now();
            let polled = call.as_mut().poll(context);
            computed += begin.elapsed();
            if polled.is_pending() && computed > self.cpu_time {
                let limit = self.cpu_time;
                return Poll::Ready(Err(format_err!("it computed for more than {limit:?}")));
            }
            polled
        });
        match tokio::time::timeout(self.time, call).await {
            Ok(result) => result,
            Err(_) => bail!("it took more than {:?}", self.time),
        }
    }
}

/// Ticks 100 times a second, as long as the engine is there.
pub fn start_clock(engine: &Engine) {
    let engine = engine.weak();
    thread::spawn(move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            thread::sleep(Duration::from_millis(10));
        }
    });
}

fn milliseconds(text: &str) -> Result<Duration, ParseIntError> {
    text.parse().map(Duration::from_millis)
}

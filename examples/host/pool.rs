//! Instances that are kept, and a queue of calls that wait for one.
//!
//! An instance that has answered takes the next call. It keeps what the plugin left in its memory, so a
//! pool is for the calls of one tenant: what one call knows the next one can read. TLS sessions stay as
//! well, and spare later calls the full handshake.
//!
//! - Time is limited for each call, as without a pool, and so are the names that it has looked up.
//! - Memory and resources are limited for each instance, over all of its calls.
//! - An instance is replaced when a call trapped or exceeded a limit, when it has had as many calls as it
//!   may have, and when it has used half of what it may write to standard error.

use std::num::NonZeroUsize;
use std::sync::Arc;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::task::JoinSet;

use crate::plugin::{Instance, Outcome, Plugin};

/// How large a pool is.
#[derive(clap::Args)]
pub struct Size {
    /// Keep this many instances. Without it, each call has an instance of its own.
    #[arg(long)]
    pub instances: Option<NonZeroUsize>,
    /// Calls that may wait for an instance; one more is refused.
    #[arg(long, default_value_t = 100)]
    queue: usize,
    /// Calls after which an instance is replaced.
    #[arg(long, default_value_t = 1000)]
    calls: usize,
}

/// A call that has been accepted.
struct Call {
    url: String,
    answer: oneshot::Sender<Outcome>,
    /// Its place among those that are under way or wait.
    _place: OwnedSemaphorePermit,
}

/// What a call ends with, once it has.
pub type Answer = oneshot::Receiver<Outcome>;

pub struct Pool {
    calls: UnboundedSender<Call>,
    places: Arc<Semaphore>,
    workers: JoinSet<usize>,
}

impl Pool {
    /// Starts a task for each instance. The instances are made when there are calls for them.
    pub fn start(plugin: &Arc<Plugin>, instances: NonZeroUsize, size: &Size) -> Self {
        let (calls, queue) = unbounded_channel();
        let queue = Arc::new(Mutex::new(queue));
        let mut workers = JoinSet::new();
        for _ in 0..instances.get() {
            workers.spawn(work(plugin.clone(), queue.clone(), size.calls));
        }
        Self {
            calls,
            places: Arc::new(Semaphore::new(instances.get() + size.queue)),
            workers,
        }
    }

    /// Accepts a call, unless too many wait already. Calls are begun in the order of these.
    pub fn offer(&self, url: &str) -> Option<Answer> {
        let place = self.places.clone().try_acquire_owned().ok()?;
        Some(self.accept(url, place))
    }

    /// Accepts a call as soon as no more than may wait do.
    pub async fn submit(&self, url: &str) -> Answer {
        let place = self.places.clone().acquire_owned().await;
        self.accept(url, place.expect("nobody closes it"))
    }

    fn accept(&self, url: &str, place: OwnedSemaphorePermit) -> Answer {
        let (answer, receiver) = oneshot::channel();
        let sent = self.calls.send(Call {
            url: url.to_owned(),
            answer,
            _place: place,
        });
        assert!(sent.is_ok(), "the tasks end after the pool");
        receiver
    }

    /// Waits for the calls that were accepted; no others can come. It gives the bytes of linear memory that
    /// each instance had in the end.
    pub async fn shut_down(self) -> Vec<usize> {
        drop(self.calls);
        self.workers.join_all().await
    }
}

/// Takes call after call from the queue, until there will be no more.
async fn work(
    plugin: Arc<Plugin>,
    queue: Arc<Mutex<UnboundedReceiver<Call>>>,
    calls: usize,
) -> usize {
    let mut kept = None;
    loop {
        // The lock is fair: of the instances that are free, the one that has been so for longest is next.
        let next = queue.lock().await.recv().await;
        let Some(call) = next else {
            return kept.as_ref().map_or(0, Instance::memory);
        };
        let outcome = serve(&plugin, &mut kept, &call.url).await;
        kept = kept.filter(|instance| outcome.is_ok() && !instance.is_spent(calls));
        let _nobody_waits_any_more = call.answer.send(outcome);
    }
}

/// Has the instance that was kept answer, or a fresh one.
async fn serve(plugin: &Plugin, kept: &mut Option<Instance>, url: &str) -> Outcome {
    let instance = match kept {
        Some(instance) => instance,
        None => kept.insert(plugin.instance().await?),
    };
    instance.fetch(url).await
}

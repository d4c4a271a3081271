//! What a `future` of the guest comes to.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::watch;
use wasmtime::StoreContextMut;
use wasmtime::component::{Accessor, FutureConsumer, FutureReader, Lift, Source};

use super::ToP2;
use crate::bindings::p3;
use crate::component::{Host, Result};

type Answer<T> = std::result::Result<T, p3::Error>;

/// A value or an error that comes once and stays.
pub(super) struct Outcome<T>(watch::Receiver<Option<Answer<T>>>);

impl<T: Lift + Clone + Send + Sync + 'static> Outcome<T> {
    /// Takes the future.
    pub(super) fn of(future: FutureReader<Answer<T>>, store: &Accessor<Host>) -> Self {
        let (sender, receiver) = watch::channel(None);
        let piped = store.with(|access| future.pipe(access, Consumer(sender)));
        piped.expect("a future that was given is open");
        Self(receiver)
    }

    /// Waits for it.
    pub(super) async fn wait(&self) -> Result<T::P2>
    where
        T: ToP2,
    {
        let mut receiver = self.0.clone();
        let answer = receiver.wait_for(Option::is_some).await;
        let answer = answer.expect("the guest writes what it has promised");
        answer.clone().expect("it was waited for").to_p2()
    }
}

struct Consumer<T>(watch::Sender<Option<Answer<T>>>);

impl<T: Lift + Send + Sync + 'static> FutureConsumer<Host> for Consumer<T> {
    type Item = Answer<T>;

    fn poll_consume(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        store: StoreContextMut<'_, Host>,
        mut source: Source<'_, Answer<T>>,
        _: bool,
    ) -> Poll<wasmtime::Result<()>> {
        let mut answer = None;
        source.read(store, &mut answer)?;
        self.0.send_replace(answer);
        Poll::Ready(Ok(()))
    }
}

//! Calls that may be dropped, or made beside others.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;

use caller::calls::{Op, Outcome};
use caller::model::closes;

use super::client::{self, HttpResponse};
use super::{Waiting, keep, response};

/// What came of a call: a response is kept once nothing is under way.
pub enum Made {
    Outcome(Outcome),
    Response(usize, Result<HttpResponse, client::Error>),
}

impl Waiting {
    /// Makes a call that may be dropped, or made beside another one.
    pub async fn make(&self, op: &Op) -> Option<Made> {
        Some(match op {
            Op::Connection(slot, call) => Made::Outcome(self.connection(*slot, call).await?),
            Op::GetResponse(slot, into) => {
                let made = self.connections[*slot].as_ref()?.get_response().await;
                Made::Response(*into, made)
            }
            Op::OneCall(into, method, path) => {
                let url = format!("http://127.0.0.1:{}{path}", self.port);
                let made = client::request((*method).into(), url, None, Vec::new(), None, None);
                Made::Response(*into, made.await)
            }
            Op::Response(slot, call) => {
                Made::Outcome(response(self.responses[*slot].as_ref()?, call).await)
            }
            _ => return None,
        })
    }

    /// Keeps a response that came, in its slot.
    pub fn kept(&mut self, made: Made) -> Outcome {
        match made {
            Made::Outcome(outcome) => outcome,
            Made::Response(into, made) => keep(&mut self.responses[into], made),
        }
    }

    /// Makes a call, and drops it if it has to wait.
    pub async fn cancel(&mut self, op: &Op) -> Option<Outcome> {
        let begun = now(pin!(self.make(op))).await;
        match begun {
            Poll::Ready(made) => Some(self.kept(made?)),
            Poll::Pending => {
                self.close_connection_of(op);
                Some(Outcome::Cancelled)
            }
        }
    }

    /// Makes a call, and if it has to wait another one meanwhile. Then the first is waited for, or dropped.
    pub async fn beside(&mut self, first: &Op, second: &Op) -> Option<Outcome> {
        let (first, is_dropped) = match first {
            Op::Cancel(first) => (&**first, true),
            first => (first, false),
        };
        let (first, made_second) = {
            let mut call = pin!(self.make(first));
            match now(call.as_mut()).await {
                Poll::Ready(first) => (first?, None),
                Poll::Pending => {
                    let made = self.make(second).await?;
                    let first = match is_dropped {
                        true => Made::Outcome(Outcome::Cancelled),
                        false => call.await?,
                    };
                    (first, Some(made))
                }
            }
        };
        let first = self.kept(first);
        let Some(made) = made_second else {
            return Some(first);
        };
        if is_dropped || closes(second) {
            self.close_connection_of(second);
        }
        Some(Outcome::Both(Box::new(first), Box::new(self.kept(made))))
    }

    /// Has the model know of it again: whether a call had begun that did not come to its end, cannot be seen.
    fn close_connection_of(&self, op: &Op) {
        if let Op::Connection(slot, _) | Op::GetResponse(slot, _) = op
            && let Some(connection) = &self.connections[*slot]
        {
            connection.close();
        }
    }
}

/// What it gives without waiting.
async fn now<F: Future>(mut call: Pin<&mut F>) -> Poll<F::Output> {
    poll_fn(|context| Poll::Ready(call.as_mut().poll(context))).await
}

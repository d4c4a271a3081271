//! The sending half: sealed records on their way out, and the keys that seal them.
//!
//! Plaintext is gathered into one buffer, sealed in it, and leaves in one write; what the stream
//! below does not take stays, and goes before anything new.

use alloc::vec::Vec;
use core::task::{Poll, ready};

use rustls::client::ClientConnectionData;
use rustls::kernel::KernelConnection;
use rustls::{AlertDescription, ConnectionTrafficSecrets};

use super::alert;
use super::error::from_rustls;
use super::record::Sealer;
use super::records::{Content, MAX_PLAINTEXT};
use super::version::TlsVersion;
use crate::transport::{Error, GATHERED, Stream, TlsError};

/// How much of what is waiting to be sent may still be joined by new data. A flight or an alert is
/// smaller; a block of data is larger.
const JOINABLE: usize = 16 * 1024;
/// `key_update`, one byte long, `update_not_requested`.
const KEY_UPDATE: [u8; 5] = [24, 0, 0, 1, 0];

type Kernel = KernelConnection<ClientConnectionData>;

/// Whether anything more may be said.
#[derive(PartialEq, Eq)]
enum State {
    Open,
    /// `close_notify` or another last word was said.
    Closed,
}

/// Sealed records, and the keys for the next ones.
pub(super) struct Outgoing {
    version: TlsVersion,
    sealer: Sealer,
    state: State,
    /// The first `sent` bytes are gone.
    queue: Vec<u8>,
    sent: usize,
    /// The peer asked for new keys of ours, once or more often.
    owes_key_update: bool,
}

impl Outgoing {
    /// `queue` is what the handshake left to be sent.
    pub(super) fn new(
        version: TlsVersion,
        secrets: (u64, ConnectionTrafficSecrets),
        queue: Vec<u8>,
    ) -> Result<Self, TlsError> {
        Ok(Self {
            version,
            sealer: Sealer::new(version, secrets)?,
            state: State::Open,
            queue,
            sent: 0,
            owes_key_update: false,
        })
    }

    pub(super) fn is_closed(&self) -> bool {
        self.state == State::Closed
    }

    /// Says nothing more.
    pub(super) fn close(&mut self) {
        self.state = State::Closed;
    }

    /// Whether so much is waiting that it must go before more is taken.
    pub(super) fn is_full(&self) -> bool {
        self.queue.len() - self.sent > JOINABLE
    }

    /// Writes what is queued; ready once all of it is gone.
    pub(super) fn drain<S: Stream>(&mut self, stream: &mut S) -> Poll<Result<(), Error>> {
        while self.sent < self.queue.len() {
            self.sent += ready!(stream.poll_write(&[&self.queue[self.sent..]]))?;
        }
        self.queue.clear();
        self.sent = 0;
        Poll::Ready(Ok(()))
    }

    /// Seals up to [`GATHERED`] bytes of `parts` into the queue; returns how many.
    pub(super) fn gather(
        &mut self,
        parts: &[&[u8]],
        kernel: &mut Kernel,
    ) -> Result<usize, TlsError> {
        let total = parts.iter().map(|part| part.len()).sum::<usize>();
        let total = total.min(GATHERED);
        let records = total.div_ceil(MAX_PLAINTEXT);
        self.queue.reserve(total + records * Sealer::OVERHEAD);
        let mut parts = Parts { parts, position: 0 };
        let mut left = total;
        while left > 0 {
            // TLS 1.2 has no new keys to offer: there the sealer says when it is enough.
            let used_up = self.version == TlsVersion::Tls13 && self.sealer.wants_new_keys();
            if self.owes_key_update || used_up {
                self.update_keys(kernel)?;
            }
            let amount = left.min(MAX_PLAINTEXT);
            let fill = |out: &mut Vec<u8>| parts.take(amount, out);
            self.sealer
                .seal(Content::ApplicationData, &mut self.queue, fill)?;
            left -= amount;
        }
        Ok(total)
    }

    /// The peer wants new keys. It gets them now if nothing else is waiting, else with the next data:
    /// however often it asks, one answer is owed.
    pub(super) fn owe_key_update(&mut self, kernel: &mut Kernel) {
        self.owes_key_update = true;
        if self.queue.is_empty() && self.state == State::Open {
            // A failure comes again, and is reported, when data is sent.
            let _ = self.update_keys(kernel);
        }
    }

    /// The peer wants to negotiate anew. The answer is dropped rather than piled up.
    pub(super) fn decline_renegotiation(&mut self) {
        if self.queue.is_empty() && self.state == State::Open {
            self.seal_alert(AlertDescription::NoRenegotiation);
        }
    }

    /// Queues an alert after which nothing is sent.
    pub(super) fn last_word(&mut self, alert: AlertDescription) {
        if self.state == State::Open {
            self.seal_alert(alert);
            self.state = State::Closed;
        }
    }

    /// Queues a `key_update` under the old keys and takes new ones.
    fn update_keys(&mut self, kernel: &mut Kernel) -> Result<(), TlsError> {
        self.sealer
            .seal(Content::Handshake, &mut self.queue, |out| {
                out.extend_from_slice(&KEY_UPDATE);
            })?;
        let secrets = kernel.update_tx_secret().map_err(from_rustls)?;
        self.sealer = Sealer::new(TlsVersion::Tls13, secrets)?;
        self.owes_key_update = false;
        Ok(())
    }

    fn seal_alert(&mut self, alert: AlertDescription) {
        // A key that is used up can't even say so.
        let _ = self.sealer.seal(Content::Alert, &mut self.queue, |out| {
            out.extend_from_slice(&alert::encode(alert));
        });
    }
}

/// Reads on from where it was in a list of parts.
struct Parts<'a> {
    parts: &'a [&'a [u8]],
    /// In the first part.
    position: usize,
}

impl Parts<'_> {
    /// Moves `amount` bytes, which are there, to `out`.
    fn take(&mut self, mut amount: usize, out: &mut Vec<u8>) {
        while amount > 0 {
            let part = &self.parts[0][self.position..];
            let taken = amount.min(part.len());
            out.extend_from_slice(&part[..taken]);
            amount -= taken;
            self.position += taken;
            if self.position == self.parts[0].len() {
                self.parts = &self.parts[1..];
                self.position = 0;
            }
        }
    }
}

#[cfg(test)]
impl Outgoing {
    /// Pretends to have sealed so many records.
    pub(super) fn skip_to(&mut self, sequence: u64) {
        self.sealer.skip_to(sequence);
    }
}

//! `set_tunnel`: the exchange with the proxy before the connection belongs to the server.
//!
//! States: the `CONNECT` is being sent, its reply's head is awaited, or a refusal's body is read as
//! far as it comes.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::task::{Poll, ready};

use super::address::Authority;
use super::error::{Error, TunnelRefusal};
use super::inflow::poll_data;
use super::reply::poll_reply;
use super::text::{push, text_pairs};
use crate::http1::{
    Automatic, BodyLength, BodyReader, Limits, ReplyReader, RequestHead, ResponseHead, StatusLine,
    latin1, response_framing,
};
use crate::transport::{BLOCK, Interest, Stream};

/// Where `set_tunnel` leads, and the `CONNECT` that opens it.
#[derive(Clone, Debug)]
pub struct Tunnel {
    /// The server behind the proxy.
    pub server: Authority,
    /// Who asked for it.
    pub asked_by: AskedBy,
    connect: Vec<u8>,
}

/// The call that a tunnel comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedBy {
    /// `set_tunnel`.
    SetTunnel,
    /// `set_proxy`, for `https`.
    SetProxy,
}

impl Tunnel {
    /// Puts the `CONNECT` together; `Host` is the tunnel's end unless `headers` has one.
    pub fn new(
        server: Authority,
        headers: &[(String, String)],
        asked_by: AskedBy,
    ) -> Result<Self, Error> {
        let automatic = Automatic {
            host: Some(server.with_port().into_bytes()),
            accept_encoding: false,
        };
        let mut head = RequestHead::new("CONNECT", &server.with_port(), automatic)?;
        for (name, value) in headers {
            // The proxy would wait for a body, which a CONNECT has none of (RFC 9110, section 9.3.6).
            if name.eq_ignore_ascii_case("Transfer-Encoding") {
                let text = "a CONNECT has no body that a Transfer-Encoding could be for";
                return Err(Error::Value(text.into()));
            }
            push(&mut head, name, &[value])?;
        }
        let (connect, _) = head.finish(BodyLength::None, false)?;
        Ok(Self {
            server,
            asked_by,
            connect,
        })
    }
}

/// A `CONNECT` under way.
pub struct Tunnelling<S> {
    stream: S,
    connect: Vec<u8>,
    step: Step,
}

enum Step {
    Sending {
        sent: usize,
    },
    Awaiting(ReplyReader),
    Refused {
        refusal: TunnelRefusal,
        body: BodyReader,
    },
}

impl<S: Stream> Tunnelling<S> {
    /// Begins on a stream to the proxy.
    pub fn new(stream: S, tunnel: &Tunnel) -> Self {
        Self {
            stream,
            connect: tunnel.connect.clone(),
            step: Step::Sending { sent: 0 },
        }
    }

    /// The bytes of the `CONNECT`.
    pub fn request(&self) -> &[u8] {
        &self.connect
    }

    /// Goes on; the head of the proxy's 2xx reply once the tunnel is open.
    pub fn poll(&mut self, limits: Limits) -> Poll<Result<ResponseHead, Error>> {
        loop {
            match &mut self.step {
                Step::Sending { sent } if *sent < self.connect.len() => {
                    *sent += ready!(self.stream.poll_write(&[&self.connect[*sent..]]))?;
                }
                Step::Sending { .. } => {
                    ready!(self.stream.poll_flush())?;
                    let reader = ReplyReader::new(limits, StatusLine::Required);
                    self.step = Step::Awaiting(reader);
                }
                Step::Awaiting(reader) => {
                    let head = ready!(poll_reply(&mut self.stream, reader))?.head;
                    if (200..300).contains(&head.status) {
                        return Poll::Ready(Ok(head));
                    }
                    let framing = response_framing("CONNECT", &head)?;
                    self.step = Step::Refused {
                        body: BodyReader::new(framing, limits),
                        refusal: TunnelRefusal {
                            status: head.status,
                            reason: latin1(&head.reason),
                            headers: text_pairs(&head.headers),
                            body: Vec::new(),
                        },
                    };
                }
                Step::Refused { refusal, body } => {
                    ready!(poll_refusal_body(&mut self.stream, body, &mut refusal.body));
                    return Poll::Ready(Err(Error::Tunnel(Box::new(refusal.clone()))));
                }
            }
        }
    }

    /// What `poll` waits for.
    pub fn interest(&self) -> Interest {
        match self.step {
            Step::Sending { .. } => Interest::Writable,
            Step::Awaiting(_) | Step::Refused { .. } => Interest::Readable,
        }
    }

    /// The refusal, if one came: it is worth more than whatever cut its body short.
    pub fn into_refusal(self) -> Option<TunnelRefusal> {
        match self.step {
            Step::Refused { refusal, .. } => Some(refusal),
            Step::Sending { .. } | Step::Awaiting(_) => None,
        }
    }

    /// The stream, to wait on.
    pub fn stream(&mut self) -> &mut S {
        &mut self.stream
    }

    /// The stream, which now leads to the server.
    pub fn into_stream(self) -> S {
        self.stream
    }
}

/// Ready at the end of the body, whatever ends it: the status is what matters.
fn poll_refusal_body<S: Stream>(
    stream: &mut S,
    body: &mut BodyReader,
    received: &mut Vec<u8>,
) -> Poll<()> {
    while received.len() < BLOCK {
        let room = BLOCK - received.len();
        let taken = poll_data(stream, body, &mut |data| {
            let data = &data[..data.len().min(room)];
            received.extend_from_slice(data);
            data.len()
        });
        match ready!(taken) {
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => break,
        }
    }
    Poll::Ready(())
}

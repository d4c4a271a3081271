//! How a request begins: its head, and what is to be known of its body.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;

use super::Connection;
use crate::client::address::target_authority;
use crate::client::body::Body;
use crate::client::error::{Error, HttpException, ImproperConnectionState};
use crate::client::outbound::Keep;
use crate::client::state::State;
use crate::client::text;
use crate::client::upload::{Call, Part, Upload};
use crate::http1::{Automatic, BodyLength, RequestHead, Transfer};
use crate::transport::Network;

impl<N: Network> Connection<N> {
    pub(super) fn begin_head(
        &self,
        method: &str,
        target: &str,
        host: bool,
        accept_encoding: bool,
    ) -> Result<RequestHead, Error> {
        let authority = match method {
            "CONNECT" => target.to_owned(),
            _ => target_authority(target).unwrap_or_else(|| self.route.host_header()),
        };
        if authority.is_empty() {
            let text = format!("no host in '{target}'");
            return Err(HttpException::InvalidUrl(text).into());
        }
        // The target's own may have what no target may: that is said of the target.
        let automatic = Automatic {
            host: host.then(|| authority.into_bytes()),
            accept_encoding,
        };
        Ok(RequestHead::new(
            method,
            &self.route.target(target),
            automatic,
        )?)
    }

    pub(super) fn begin_request(
        &mut self,
        method: &str,
        url: &str,
        mut body: Option<&mut Body<'_>>,
        headers: &[(String, String)],
    ) -> Result<(), Error> {
        self.require_idle()?;
        let mut head = self.begin_head(method, url, true, true)?;
        for (name, value) in headers {
            text::push(&mut head, name, &[value])?;
        }
        let length = match &mut body {
            // The caller announces a body that `send` will bring.
            None if head.has("Content-Length") || head.has("Transfer-Encoding") => {
                BodyLength::Later
            }
            None => BodyLength::None,
            Some(body) => body.framing()?,
        };
        self.start(head, length, body, Part::Whole)
    }

    pub(super) fn begin_end_headers(
        &mut self,
        mut body: Option<&mut Body<'_>>,
    ) -> Result<(), Error> {
        let State::RequestStarted(head) = &self.state else {
            return Err(ImproperConnectionState::CannotSendHeader(self.state.name()).into());
        };
        let (length, part) = match &mut body {
            None => (BodyLength::Later, Part::Piece),
            // `send` may bring the rest of what the caller announced.
            Some(_) if head.has("Content-Length") => (BodyLength::Later, Part::Piece),
            Some(body) => (body.framing()?, Part::Whole),
        };
        let head = head.clone();
        self.start(head, length, body, part)
    }

    /// Leaves for `RequestSent`, with the head queued and a connection that is open or begins to be.
    fn start(
        &mut self,
        mut head: RequestHead,
        length: BodyLength,
        mut body: Option<&mut Body<'_>>,
        part: Part,
    ) -> Result<(), Error> {
        self.authorize_at_proxy(&mut head)?;
        let (bytes, transfer) = head.finish(length, self.encode_chunked)?;
        if !self.trailers.is_empty() && transfer != Transfer::Chunked {
            let text = "trailers need a body that is sent in chunks";
            return Err(Error::Value(text.into()));
        }
        let call = Call::of(body.as_deref(), part);
        let trailers = self.trailers.clone();
        let patience = self.continue_timeout;
        let mut upload = Upload::new(&head, transfer, trailers, patience, call);
        if let Some(body) = &mut body {
            upload.check_room(body)?;
        }
        self.trailers.clear();
        self.link.close_if_stale();
        self.begin_exchange();
        self.trace.send(&bytes);
        upload.queue_head(bytes, self.keep(head.method(), body.as_deref()));
        self.state = State::RequestSent(Box::new(upload));
        self.open();
        Ok(())
    }

    /// Who we are to a proxy that sees the requests themselves.
    fn authorize_at_proxy(&self, head: &mut RequestHead) -> Result<(), Error> {
        let authorization = self
            .route
            .forwarding_proxy()
            .and_then(|it| it.authorization.as_ref());
        if let Some(authorization) = authorization
            && !head.has("Proxy-Authorization")
        {
            text::push(head, "Proxy-Authorization", &[authorization])?;
        }
        Ok(())
    }

    /// A request may be sent again where that is safe (RFC 9110 §9.2.2) and its body is at hand; it
    /// may be needed only on a stream that was used before.
    fn keep(&self, method: &str, body: Option<&Body<'_>>) -> Keep {
        let idempotent = matches!(
            method,
            "GET" | "HEAD" | "PUT" | "DELETE" | "OPTIONS" | "TRACE"
        );
        let at_hand = !matches!(body, Some(Body::Source(_)));
        match self.link.is_reused() && idempotent && at_hand {
            true => Keep::Everything,
            false => Keep::Nothing,
        }
    }
}

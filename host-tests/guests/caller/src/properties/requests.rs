//! Requests, in one call or step by step.

use std::slice::from_ref;

use super::{Case, expect, text};
use crate::calls::{Body, ConnectionCall, FILE, Fields, Op, Options, Outcome, ResponseCall};
use crate::fault::Fault;
use crate::model::request::{Announced, Head, Transfer};
use crate::run::Api;

const TCHARS: &str = "!#$%&'*+-.^_`|~09azAZ";
const PATHS: &str = "/?#%&=.;:@!$'()*+,~[]{}|\\^`\"<>aZ09";

impl<A: Api> Case<'_, A> {
    /// A few requests over one connection.
    pub(super) async fn requests(&mut self) -> Result<(), String> {
        let timeout = (self.rng.bool()).then_some(20_000_000_000);
        let blocksize = text::number(&mut self.rng) as u32;
        let options = Options {
            timeout,
            blocksize: Some(blocksize),
            ..Options::default()
        };
        self.connect(options).await?;
        for _ in 0..self.rng.u32(1..5) {
            *self.tried.by_property.entry("requests").or_default() += 1;
            if self.request(blocksize as usize).await?.is_err() && self.rng.bool() {
                // Nothing of it may stand before the next one.
                let op = self.call(ConnectionCall::Close);
                self.perform(op).await;
            }
        }
        Ok(())
    }

    fn call(&self, call: ConnectionCall) -> Op {
        Op::Connection(0, call)
    }

    async fn request(&mut self, blocksize: usize) -> Result<Result<(), Vec<Fault>>, String> {
        let method = self.method();
        let selector = self.selector();
        let headers = self.headers();
        let body = self.body();
        let is_whole = self.rng.bool();
        let host = format!("127.0.0.1:{}", self.world.port);
        let built = build(&method, &selector, &host, &headers);
        let announced = built.and_then(|head| {
            let given = head.has("Content-Length") || head.has("Transfer-Encoding");
            let is_later = match (is_whole, &body) {
                (true, None) => given,
                (true, Some(_)) => false,
                (false, None) => true,
                (false, Some(_)) => head.has("Content-Length"),
            };
            let announced = head.announce(body.as_ref(), is_later, false);
            announced.map(|it| (head, it)).map_err(|it| vec![it])
        });
        let outcome = match is_whole {
            true => {
                let call = ConnectionCall::Request(method, selector, body.clone(), headers);
                let op = self.call(call);
                self.perform(op).await
            }
            false => {
                self.step_by_step(method, selector, headers, body.clone())
                    .await
            }
        };
        let (head, (announced, transfer)) = match announced {
            Ok(it) => it,
            Err(faults) => {
                let expected = Err(faults);
                expect(&outcome, &expected)?;
                self.count(&expected);
                return Ok(expected);
            }
        };
        if let (Some(Body::Stream), Transfer::Left(left)) = (&body, &transfer)
            && *left != FILE.len() as u64
        {
            // That a stream has another length than was said is known when it is read.
            return match (*left > FILE.len() as u64 && !is_whole, &outcome) {
                (false, Outcome::Failed(Fault::Value)) => Ok(Err(Vec::new())),
                (true, Outcome::Done) => {
                    let op = self.call(ConnectionCall::Close);
                    self.perform(op).await;
                    Ok(Err(Vec::new()))
                }
                _ => Err("the length of the stream was to be found wrong".into()),
            };
        }
        expect(&outcome, &Ok(()))?;
        let given = body.as_ref().map_or(&[][..], Body::contents);
        let sent = match transfer {
            Transfer::Chunks => chunks(given, blocksize),
            _ => given.to_vec(),
        };
        let missing = match transfer {
            Transfer::Left(left) => left - given.len() as u64,
            _ => 0,
        };
        self.arrives(&head, &announced, sent, missing).await?;
        self.count(&Ok(()));
        Ok(Ok(()))
    }

    async fn step_by_step(
        &mut self,
        method: String,
        selector: String,
        headers: Fields,
        body: Option<Body>,
    ) -> Outcome {
        let op = self.call(ConnectionCall::PutRequest(method, selector, false, false));
        let mut outcome = self.perform(op).await;
        for (name, value) in headers {
            if outcome == Outcome::Done {
                let op = self.call(ConnectionCall::PutHeader(name, vec![value]));
                outcome = self.perform(op).await;
            }
        }
        if outcome == Outcome::Done {
            let op = self.call(ConnectionCall::EndHeaders(body));
            outcome = self.perform(op).await;
        }
        if let Outcome::Failed(_) = outcome {
            let op = self.call(ConnectionCall::Close);
            self.perform(op).await;
        }
        outcome
    }

    /// The server has the message, as it was to be, and nothing else.
    async fn arrives(
        &mut self,
        head: &Head,
        announced: &Announced,
        mut sent: Vec<u8>,
        missing: u64,
    ) -> Result<(), String> {
        if missing > 0 {
            if missing > 1 << 20 {
                let op = self.call(ConnectionCall::Close);
                self.perform(op).await;
                return Ok(());
            }
            let rest = vec![b'r'; missing as usize];
            sent.extend_from_slice(&rest);
            let op = self.call(ConnectionCall::Send(Body::Bytes(rest)));
            let outcome = self.perform(op).await;
            expect(&outcome, &Ok(()))?;
        }
        let answered = self.perform(Op::GetResponse(0, 0)).await;
        expect(&answered, &Ok(()))?;
        let seen = self
            .perform(Op::Response(0, ResponseCall::Read(None)))
            .await;
        if ["HEAD", "CONNECT"].contains(&head.method.as_str()) {
            return Ok(());
        }
        let expected = [head.bytes(announced), sent].concat();
        match seen == Outcome::Bytes(expected.clone()) {
            true => Ok(()),
            false => Err(format!(
                "{:?} was to arrive",
                String::from_utf8_lossy(&expected)
            )),
        }
    }

    fn method(&mut self) -> String {
        match self.rng.u32(..10) {
            0 => text::any(&mut self.rng),
            1 => format!("X{}", text::plain(&mut self.rng, TCHARS)),
            2 => "HEAD".into(),
            3 => "CONNECT".into(),
            4..7 => "POST".into(),
            _ => "GET".into(),
        }
    }

    pub(super) fn selector(&mut self) -> String {
        match self.rng.u32(..10) {
            0..2 => text::any(&mut self.rng),
            2 => format!("http://{}", text::any(&mut self.rng)),
            3 => format!(
                "http://u:p@a.example:1/{}",
                text::plain(&mut self.rng, PATHS)
            ),
            4 => format!("/{}", text::any(&mut self.rng)),
            _ => format!("/{}", text::plain(&mut self.rng, PATHS)),
        }
    }

    pub(super) fn headers(&mut self) -> Fields {
        let count = self.rng.u32(..4);
        (0..count).map(|_| self.header()).collect()
    }

    fn header(&mut self) -> (String, String) {
        let name = match self.rng.u32(..20) {
            0 => text::any(&mut self.rng),
            1 => "Content-Length".into(),
            2 => "cOnnection".into(),
            3 => "Expect".into(),
            4 => "Host".into(),
            5 => "Accept-Encoding".into(),
            _ => format!("X{}", text::plain(&mut self.rng, TCHARS)),
        };
        // What the caller's own coding means to the server is not ours to say.
        if name.eq_ignore_ascii_case("Transfer-Encoding") {
            return self_made();
        }
        let value = match self.rng.u32(..10) {
            0 => text::number(&mut self.rng).to_string(),
            1 => "100-continue".into(),
            2 => "close".into(),
            3..6 => text::any(&mut self.rng),
            _ => text::plain(&mut self.rng, "abc \t,;=\"\u{e9}\u{ff}\u{1}\u{7f}"),
        };
        (name, value)
    }

    fn body(&mut self) -> Option<Body> {
        match self.rng.u32(..12) {
            0 => Some(Body::Bytes(Vec::new())),
            1 => Some(Body::Bytes(vec![b'l'; 70_000 + self.rng.usize(..9)])),
            2..5 => Some(Body::Bytes(text::any(&mut self.rng).into_bytes())),
            5 => Some(Body::File),
            6 => Some(Body::Stream),
            7 => Some(Body::Directory),
            _ => None,
        }
    }
}

fn self_made() -> (String, String) {
    ("X".into(), String::new())
}

/// The head, or all that may be said of it instead.
fn build(
    method: &str,
    selector: &str,
    host: &str,
    headers: &[(String, String)],
) -> Result<Head, Vec<Fault>> {
    let mut head = Head::new(method, selector, Some(host), true).map_err(|mut faults| {
        faults.push(Fault::Value);
        match headers.is_empty() {
            true => faults[..faults.len() - 1].to_vec(),
            false => faults,
        }
    })?;
    for (name, value) in headers {
        head.push(name, from_ref(value)).map_err(|it| vec![it])?;
    }
    Ok(head)
}

/// A stream goes out as it is read, in blocks.
fn chunks(body: &[u8], blocksize: usize) -> Vec<u8> {
    let blocks = body.chunks(blocksize.max(1));
    let chunk =
        |block: &[u8]| [format!("{:x}\r\n", block.len()).as_bytes(), block, b"\r\n"].concat();
    [
        &blocks.flat_map(chunk).collect::<Vec<u8>>()[..],
        b"0\r\n\r\n",
    ]
    .concat()
}

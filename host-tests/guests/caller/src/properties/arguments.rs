//! The other arguments: hosts, proxies, what a context takes, names that are asked for, and numbers.

use super::{Case, allow, expect, text};
use crate::calls::{
    ConnectionCall, ContextCall, MessageCall, Op, Options, Origin, Outcome, Pem, ResponseCall,
    StatusCall, Target,
};
use crate::fault::Fault;
use crate::files;
use crate::hosts;
use crate::model::request::{Announced, Head};
use crate::run::Api;

/// What a name of a host may be made of.
const NAME: &str = "abz09-._~!$&'()*+,;=";

impl<A: Api> Case<'_, A> {
    fn host(&mut self) -> String {
        match self.rng.u32(..6) {
            0 => text::any(&mut self.rng),
            1 => format!(
                "{}:{}",
                text::plain(&mut self.rng, NAME),
                text::number(&mut self.rng)
            ),
            2 => format!("[{}]", text::plain(&mut self.rng, "0123abcdef::::.%")),
            3 => crate::words::HOSTS[self.rng.usize(..crate::words::HOSTS.len())].to_owned(),
            _ => text::plain(&mut self.rng, NAME),
        }
    }

    fn port(&mut self) -> Option<u16> {
        self.rng.bool().then(|| text::number(&mut self.rng) as u16)
    }

    /// A host is taken or refused by its form alone.
    pub(super) async fn hosts(&mut self) -> Result<&'static str, String> {
        let (host, port) = (self.host(), self.port());
        let target = Target {
            host: host.clone(),
            port,
            options: Options::default(),
        };
        let made = self.perform(Op::Http(0, target)).await;
        if host.is_ascii() {
            let parsed = hosts::parse(&host, port, 80).map(|_| ());
            let expected = parsed.map_err(|it| vec![it]);
            expect(&made, &expected)?;
        } else {
            // Which characters a name may have, UTS 46 says.
            allow(&made, &[Fault::InvalidUrl])?;
        }
        Ok("hosts")
    }

    /// The proxy has one CONNECT, or nothing.
    pub(super) async fn tunnels(&mut self) -> Result<&'static str, String> {
        self.connect(Options::default()).await?;
        let host = match self.rng.u32(..3) {
            0 => self.host(),
            _ => format!("refused{}", text::plain(&mut self.rng, NAME)),
        };
        let (port, headers) = (self.port(), self.headers());
        let set = ConnectionCall::SetTunnel(host.clone(), port, headers.clone());
        let seen = self.perform(Op::Connection(0, set)).await;
        let refused = host.starts_with("refused") && host.is_ascii();
        let end = hosts::parse(&host, port, 80);
        let mut head = Head::new("CONNECT", "a:1", None, false).map_err(|it| format!("{it:?}"))?;
        let pushed = headers
            .iter()
            .try_for_each(|(name, value)| head.push(name, std::slice::from_ref(value)));
        match (end, pushed) {
            (Ok((host, port)), Ok(())) if refused => {
                expect(&seen, &Ok(()))?;
                let end = format!("{host}:{port}");
                let line = Head::new("CONNECT", &end, Some(&end), false);
                let mut line = line.map_err(|it| format!("{it:?}"))?;
                line.fields = head.fields;
                let sent = line.bytes(&Announced::Nothing);
                let connected = self
                    .perform(Op::Connection(0, ConnectionCall::Connect))
                    .await;
                expect(&connected, &Err(vec![Fault::Tunnel(407, sent)]))?;
                self.count(&Ok(()));
            }
            (Ok(_), Ok(())) => allow(&seen, &[Fault::InvalidUrl])?,
            _ if host.is_ascii() => {
                let expected = Err(vec![Fault::Value, Fault::InvalidUrl]);
                expect(&seen, &expected)?;
                self.count(&expected);
            }
            _ => allow(&seen, &[Fault::Value, Fault::InvalidUrl])?,
        }
        Ok("tunnels")
    }

    /// The proxy has a request in absolute form, with the credentials of its URL.
    pub(super) async fn proxies(&mut self) -> Result<&'static str, String> {
        let target = Target {
            host: "far.example".into(),
            port: None,
            options: Options::default(),
        };
        let made = self.perform(Op::Http(0, target)).await;
        expect(&made, &Ok(()))?;
        let (user, password) = (text::any(&mut self.rng), text::any(&mut self.rng));
        let port = self.world.port;
        let url = match self.rng.u32(..3) {
            0 => text::any(&mut self.rng),
            1 => format!("http://{}", self.host()),
            _ => format!("http://{user}:{password}@127.0.0.1:{port}"),
        };
        let set = ConnectionCall::SetProxy(Some(url.clone()), None);
        let seen = self.perform(Op::Connection(0, set)).await;
        let Some(credentials) = url.strip_suffix(&format!("@127.0.0.1:{port}")) else {
            if url.is_ascii() && !url.to_ascii_lowercase().starts_with("https://") {
                let expected = hosts::proxy(&url).map_err(|it| vec![it]);
                expect(&seen, &expected)?;
                self.count(&expected);
            } else {
                allow(&seen, &[Fault::InvalidUrl])?;
            }
            return Ok("proxies");
        };
        let Some(credentials) = credentials.strip_prefix("http://") else {
            return Ok("proxies");
        };
        expect(&seen, &Ok(()))?;
        let basic = format!("Basic {}", base64(&credentials_of(credentials)));
        let expected = format!(
            "GET http://far.example/ HTTP/1.1\r\nHost: far.example\r\nAccept-Encoding: identity\r\n\
            Proxy-Authorization: {basic}\r\n\r\n"
        );
        let request = ConnectionCall::Request("GET".into(), "/".into(), None, Vec::new());
        let sent = self.perform(Op::Connection(0, request)).await;
        expect(&sent, &Ok(()))?;
        self.echoes(expected.as_bytes()).await?;
        Ok("proxies")
    }

    async fn echoes(&mut self, expected: &[u8]) -> Result<(), String> {
        let answered = self.perform(Op::GetResponse(0, 0)).await;
        expect(&answered, &Ok(()))?;
        self.has(expected).await
    }

    async fn has(&mut self, expected: &[u8]) -> Result<(), String> {
        let seen = self
            .perform(Op::Response(0, ResponseCall::Read(None)))
            .await;
        self.count(&Ok(()));
        match seen == Outcome::Bytes(expected.to_vec()) {
            true => Ok(()),
            false => Err(format!(
                "{:?} was to arrive",
                String::from_utf8_lossy(expected)
            )),
        }
    }

    /// `request` in one call.
    pub(super) async fn urls(&mut self) -> Result<&'static str, String> {
        let begin = ["/", "?", "#"][self.rng.usize(..3)];
        let behind = format!("{begin}{}", text::any(&mut self.rng));
        let seen = self.perform(Op::OneCall(0, "GET", behind.clone())).await;
        let behind = behind.split('#').next().unwrap_or_default();
        let target = if behind.starts_with('/') {
            behind.to_owned()
        } else {
            format!("/{behind}")
        };
        let host = format!("127.0.0.1:{}", self.world.port);
        match Head::new("GET", &target, Some(&host), true) {
            Ok(head) => {
                expect(&seen, &Ok(()))?;
                self.has(&head.bytes(&Announced::Nothing)).await?;
            }
            Err(faults) => expect(&seen, &Err(faults))?,
        }
        Ok("urls")
    }

    /// What a context takes is refused by its form alone.
    pub(super) async fn trust(&mut self) -> Result<&'static str, String> {
        let made = self.perform(Op::MakeContext(0, Origin::Bare)).await;
        expect(&made, &Ok(()))?;
        let rng = &mut self.rng;
        let any = text::any(rng);
        let path = text::any(rng);
        let mut pem = format!("-----BEGIN {any}-----\nMIIB{any}\n-----END {any}-----\n");
        if rng.bool() {
            pem = pem.replace(
                &any,
                ["CERTIFICATE", "X509 CRL", "PRIVATE KEY"][rng.usize(..3)],
            );
        }
        let bytes: Vec<u8> = (0..rng.usize(..80)).map(|_| rng.u8(..)).collect();
        let source = match rng.u32(..4) {
            0 => Pem::Bytes(pem.into_bytes()),
            1 => Pem::Bytes([&[0x30, 0x82], &bytes[..]].concat()),
            2 => Pem::Bytes(bytes.clone()),
            _ => Pem::Path(path.clone()),
        };
        let is_file = ["no-entry", "access", "is-directory", "other"].map(Fault::File);
        let mut unusable = is_file.to_vec();
        unusable.push(Fault::TlsConfiguration);
        let (call, allowed) = match rng.u32(..7) {
            0 => (ContextCall::SetCipherSuites(vec![any]), vec![Fault::Value]),
            1 => (
                ContextCall::SetAlpnProtocols(vec![any, path]),
                vec![Fault::Value],
            ),
            2 => (ContextCall::AddPin(bytes), vec![Fault::Value]),
            3 => (ContextCall::LoadVerifyLocations(source), unusable),
            4 => (ContextCall::LoadCrls(source), unusable),
            5 => (
                ContextCall::LoadCertChain(source, Some(Pem::BytesOf(files::KEY))),
                unusable,
            ),
            _ => (ContextCall::SetKeyLog(Some(path)), is_file.to_vec()),
        };
        let seen = self.perform(Op::Context(0, call)).await;
        allow(&seen, &allowed)?;
        Ok("contexts")
    }

    /// Whatever is given as time or size, the exchange goes on or ends as it says.
    pub(super) async fn numbers(&mut self) -> Result<&'static str, String> {
        let rng = &mut self.rng;
        let timeout = Some(text::number(rng)).filter(|it| *it > 1_000_000_000);
        let options = Options {
            timeout,
            blocksize: Some(text::number(rng) as u32),
            max_response_headers: Some(text::number(rng) as u32),
            ..Options::default()
        };
        let (deadline, patience) = (text::number(rng), text::number(rng));
        let [first, second] = [text::number(rng), text::number(rng)];
        let is_limited = options.max_response_headers == Some(0);
        self.connect(options).await?;
        for call in [
            ConnectionCall::SetDeadline(Some(deadline)),
            ConnectionCall::SetContinueTimeout(patience),
            ConnectionCall::SetDebuglevel(0),
        ] {
            self.perform(Op::Connection(0, call)).await;
        }
        let fields = vec![("Expect".to_owned(), "100-continue".to_owned())];
        let request = ConnectionCall::Request(
            "PUT".into(),
            "/".into(),
            Some(crate::calls::Body::File),
            fields,
        );
        let sent = self.perform(Op::Connection(0, request)).await;
        // A deadline of less than a second may be too short.
        let is_hurried = deadline < 1_000_000_000;
        if is_hurried {
            allow(&sent, &[Fault::TimedOut])?;
            return Ok("numbers");
        }
        expect(&sent, &Ok(()))?;
        let answered = self.perform(Op::GetResponse(0, 0)).await;
        if is_limited {
            expect(&answered, &Err(vec![Fault::TooMany]))?;
            return Ok("numbers");
        }
        expect(&answered, &Ok(()))?;
        let expected = format!(
            "PUT / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAccept-Encoding: identity\r\nContent-Length: 8\r\n\
            Expect: 100-continue\r\n\r\ncontents",
            self.world.port
        );
        let mut all = Vec::new();
        for call in [
            ResponseCall::Read(Some(first)),
            ResponseCall::Readline(Some(second)),
            ResponseCall::Read1(Some(first)),
            ResponseCall::Read(None),
        ] {
            if let ResponseCall::Read1(_) = call {
                let peeked = self
                    .perform(Op::Response(0, ResponseCall::Peek(second)))
                    .await;
                match peeked {
                    Outcome::Bytes(_) => {}
                    _ => return Err("bytes were to come".into()),
                }
            }
            match self.perform(Op::Response(0, call)).await {
                Outcome::Bytes(bytes) => all.extend_from_slice(&bytes),
                _ => return Err("bytes were to come".into()),
            }
        }
        self.count(&Ok(()));
        match all == expected.as_bytes() {
            true => Ok("numbers"),
            false => Err(format!("{expected:?} was to arrive")),
        }
    }

    /// A source address is taken if it is one of this machine's.
    pub(super) async fn sources(&mut self) -> Result<&'static str, String> {
        let address = match self.rng.u32(..4) {
            0 => "127.0.0.1".to_owned(),
            1 => "::1".to_owned(),
            2 => "192.0.2.1".to_owned(),
            _ => text::any(&mut self.rng),
        };
        let is_ours = address == "127.0.0.1";
        // A name is looked up, and that is not what this is about.
        let is_address = is_ours || address.parse::<std::net::IpAddr>().is_ok();
        let address = if is_address {
            address
        } else {
            format!("{address}\0")
        };
        let options = Options {
            source_address: Some((address, 0)),
            ..Options::default()
        };
        self.connect(options).await?;
        let connected = self
            .perform(Op::Connection(0, ConnectionCall::Connect))
            .await;
        match (is_ours, connected) {
            (true, Outcome::Done) => Ok("source addresses"),
            (false, Outcome::Failed(Fault::Socket(..) | Fault::Value | Fault::InvalidUrl)) => {
                Ok("source addresses")
            }
            _ => Err("it was to be bound, or refused".into()),
        }
    }

    /// Names that nothing has.
    pub(super) async fn names(&mut self) -> Result<&'static str, String> {
        self.connect(Options::default()).await?;
        let request = ConnectionCall::Request("GET".into(), "/".into(), None, Vec::new());
        let sent = self.perform(Op::Connection(0, request)).await;
        expect(&sent, &Ok(()))?;
        let answered = self.perform(Op::GetResponse(0, 0)).await;
        expect(&answered, &Ok(()))?;
        self.perform(Op::Msg(0, 0)).await;
        let name = format!("-{}", text::any(&mut self.rng));
        let default = text::any(&mut self.rng);
        let trailers = vec![(name.clone(), default.clone())];
        let number = text::number(&mut self.rng) as u16;
        for (op, expected) in [
            (
                Op::Response(
                    0,
                    ResponseCall::GetHeader(name.clone(), Some(default.clone())),
                ),
                Outcome::Text(default.clone()),
            ),
            (
                Op::Message(0, MessageCall::Get(name.clone())),
                Outcome::Nothing,
            ),
            (
                Op::Message(0, MessageCall::GetAll(name.clone())),
                Outcome::Texts(Vec::new()),
            ),
            (
                Op::Message(0, MessageCall::Contains(name.clone())),
                Outcome::Flag(false),
            ),
            (
                Op::Message(0, MessageCall::Param(name.clone())),
                Outcome::Nothing,
            ),
            (
                Op::Status(StatusCall::Constant(name.clone())),
                Outcome::Nothing,
            ),
        ] {
            let seen = self.perform(op).await;
            if seen != expected {
                return Err(format!("{expected:?} was to come"));
            }
        }
        self.perform(Op::Status(StatusCall::ReasonPhrase(number)))
            .await;
        let set = self
            .perform(Op::Connection(0, ConnectionCall::SetTrailers(trailers)))
            .await;
        let is_good = crate::model::request::is_token(&name)
            && crate::model::request::value(&default).is_ok();
        let expected = if is_good {
            Ok(())
        } else {
            Err(vec![Fault::Value])
        };
        expect(&set, &expected)?;
        Ok("names")
    }
}

/// User and password behind their percent-encoding (RFC 7617).
fn credentials_of(text: &str) -> Vec<u8> {
    let (user, password) = text.split_once(':').unwrap_or((text, ""));
    [decoded(user), decoded(password)].join(&b':')
}

fn decoded(text: &str) -> Vec<u8> {
    let (mut bytes, mut all) = (text.as_bytes(), Vec::new());
    while let [first, rest @ ..] = bytes {
        let digit = |at: usize| rest.get(at).and_then(|it| char::from(*it).to_digit(16));
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                all.push((high * 16 + low) as u8);
                bytes = &rest[2..];
            }
            _ => {
                all.push(*first);
                bytes = rest;
            }
        }
    }
    all
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for block in bytes.chunks(3) {
        let at = |index: usize| u32::from(block.get(index).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place > block.len() {
                '='
            } else {
                char::from(digit)
            });
        }
    }
    text
}

//! [`Api`] over the bindings of WASI 0.3.

mod under_way;

use caller::calls::{
    Body, ConnectionCall, ContextCall, FILE, Kind, MessageCall, Op, Origin, Outcome, Pem,
    RESPONSES, ResponseCall, SLOTS, StatusCall, Target, UpgradedCall, Verify, Version,
};
use caller::files;
use caller::model::World;
use caller::run::Api;
use wit_bindgen::{FutureReader, StreamReader, StreamWriter, spawn_local};

use bindings::httplib::http::client::{
    self, HttpConnection, HttpMessage, HttpResponse, TlsContext,
};
use bindings::httplib::http::status;
use bindings::wasi::filesystem::preopens::get_directories;
use bindings::wasi::filesystem::types::{Descriptor, DescriptorFlags, OpenFlags, PathFlags};

mod bindings {
    wit_bindgen::generate!({
        path: "../../../wit/p3",
        inline: "
            package calls:caller;

            world caller {
                import httplib:http/client@0.3.0;
                import httplib:http/status@0.3.0;
                import wasi:filesystem/preopens@0.3.0;
            }
        ",
        generate_all,
    });
}

caller::faults!();
caller::outcomes!();

/// Where the folder is, as `host_tests::programs` has it.
const FOLDER: &str = "/files";

/// What was made so far.
pub struct Waiting {
    port: u16,
    connections: [Option<HttpConnection>; SLOTS],
    responses: [Option<HttpResponse>; RESPONSES],
    messages: [Option<HttpMessage>; SLOTS],
    upgraded: [Option<Upgraded>; SLOTS],
    contexts: [Option<TlsContext>; SLOTS],
}

/// An upgraded stream, with both of its directions.
struct Upgraded {
    received: StreamReader<u8>,
    sent: Option<StreamWriter<u8>>,
    sending: Option<FutureReader<Result<(), client::Error>>>,
    _receiving: FutureReader<Result<(), client::Error>>,
}

impl Api for Waiting {
    fn new(world: &World) -> Self {
        Self {
            port: world.port,
            connections: [const { None }; SLOTS],
            responses: [const { None }; RESPONSES],
            messages: [const { None }; SLOTS],
            upgraded: [const { None }; SLOTS],
            contexts: [const { None }; SLOTS],
        }
    }

    async fn perform(&mut self, op: &Op) -> Outcome {
        let outcome = match op {
            Op::Cancel(op) => self.cancel(op).await,
            Op::Beside(first, second) => self.beside(first, second).await,
            op => self.call(op).await,
        };
        outcome.unwrap_or(Outcome::Absent)
    }
}

impl Waiting {
    /// None where nothing is in the slot.
    async fn call(&mut self, op: &Op) -> Option<Outcome> {
        Some(match op {
            Op::Http(slot, target) => {
                let made = HttpConnection::http(&target.host, target.port, Some(&options(target)));
                keep(&mut self.connections[*slot], made)
            }
            Op::Https(slot, target, context) => {
                let tls = context.map(|it| client::TlsOptions {
                    context: self.contexts[it].as_ref(),
                    key_file: None,
                    cert_file: None,
                });
                let host = target.host.clone();
                let made = HttpConnection::https(host, target.port, Some(options(target)), tls);
                keep(&mut self.connections[*slot], made.await)
            }
            Op::Response(slot, ResponseCall::Splice(None)) => {
                consume(self.responses[*slot].take()?).await
            }
            Op::Msg(slot, into) => {
                self.messages[*into] = Some(self.responses[*slot].as_ref()?.msg());
                Outcome::Done
            }
            Op::Upgrade(slot, into) => self.upgrade(*slot, *into).await?,
            Op::Message(slot, call) => message(self.messages[*slot].as_ref()?, call),
            Op::Upgraded(slot, call) => upgraded(self.upgraded[*slot].as_mut()?, call).await,
            Op::MakeContext(slot, origin) => {
                let made = match origin {
                    Origin::Bare => Ok(TlsContext::create_bare()),
                    Origin::Default => TlsContext::create_default().await,
                    Origin::Unverified => Ok(TlsContext::create_unverified()),
                };
                keep(&mut self.contexts[*slot], made)
            }
            Op::Context(slot, call) => context(self.contexts[*slot].as_ref()?, call).await,
            Op::Drop(kind, slot) => {
                match kind {
                    Kind::Connection => self.connections[*slot] = None,
                    Kind::Response => self.responses[*slot] = None,
                    Kind::Message => self.messages[*slot] = None,
                    Kind::Upgraded => self.upgraded[*slot] = None,
                    Kind::Context => self.contexts[*slot] = None,
                }
                Outcome::Done
            }
            Op::Poll | Op::DropPollables => Outcome::Done,
            Op::Status(call) => constant(call),
            op => {
                let made = self.make(op).await?;
                self.kept(made)
            }
        })
    }

    async fn connection(&self, slot: usize, call: &ConnectionCall) -> Option<Outcome> {
        let it = self.connections[slot].as_ref()?;
        Some(match call {
            ConnectionCall::Request(method, url, body, headers) => {
                let held = Held::new(body.as_ref()).await;
                let (method, url, headers) = (method.clone(), url.clone(), headers.clone());
                result(it.request(method, url, held.lend(), headers).await)
            }
            ConnectionCall::SetDebuglevel(level) => {
                it.set_debuglevel(*level);
                done(())
            }
            ConnectionCall::SetTunnel(host, port, headers) => {
                result(it.set_tunnel(host, *port, headers))
            }
            ConnectionCall::SetProxy(url, context) => {
                let context = context.and_then(|it| self.contexts[it].as_ref());
                result(it.set_proxy(url.clone(), context).await)
            }
            ConnectionCall::ProxyFromEnvironment => it.proxy_from_environment().into(),
            ConnectionCall::GetProxyResponseHeaders => it.get_proxy_response_headers().into(),
            ConnectionCall::Connect => result(it.connect().await),
            ConnectionCall::Close => {
                it.close();
                done(())
            }
            ConnectionCall::PutRequest(method, selector, skip_host, skip_accept_encoding) => {
                result(it.put_request(method, selector, *skip_host, *skip_accept_encoding))
            }
            ConnectionCall::PutHeader(name, values) => result(it.put_header(name, values)),
            ConnectionCall::EndHeaders(body) => {
                let held = Held::new(body.as_ref()).await;
                result(it.end_headers(held.lend()).await)
            }
            ConnectionCall::Send(body) => {
                let held = Held::new(Some(body)).await;
                result(it.send(held.lend().expect("there is a body")).await)
            }
            ConnectionCall::SetDeadline(total) => {
                it.set_deadline(*total);
                done(())
            }
            ConnectionCall::SetContinueTimeout(time) => {
                it.set_continue_timeout(*time);
                done(())
            }
            ConnectionCall::SetTrailers(trailers) => result(it.set_trailers(trailers)),
            ConnectionCall::SetEncodeChunked(encode) => {
                it.set_encode_chunked(*encode);
                done(())
            }
            ConnectionCall::TlsSession => match it.tls_session() {
                Some(session) => Outcome::Text(session.version),
                None => Outcome::Nothing,
            },
            ConnectionCall::Subscribe => Outcome::Absent,
        })
    }

    async fn upgrade(&mut self, slot: usize, into: usize) -> Option<Outcome> {
        let (writer, reader) = bindings::wit_stream::new();
        let made = self.responses[slot].as_ref()?.upgrade(reader).await;
        let made = made.map(|made| Upgraded {
            received: made.received,
            sent: Some(writer),
            sending: Some(made.sending),
            _receiving: made.receiving,
        });
        Some(keep(&mut self.upgraded[into], made))
    }
}

async fn response(it: &HttpResponse, call: &ResponseCall) -> Outcome {
    match call {
        ResponseCall::Status => number(it.status()),
        ResponseCall::Reason => Outcome::Text(it.reason()),
        ResponseCall::Version => number(it.version()),
        ResponseCall::GetHeader(name, default) => it.get_header(name, default.as_deref()).into(),
        ResponseCall::GetHeaders => Outcome::Fields(it.get_headers()),
        ResponseCall::Read(amount) => bytes(it.read(*amount).await),
        ResponseCall::Splice(_) | ResponseCall::Subscribe => Outcome::Absent,
        ResponseCall::Discard(amount) => moved(it.discard(*amount).await),
        ResponseCall::InterimResponses => number(it.interim_responses().len() as u64),
        ResponseCall::Trailers => it.trailers().into(),
        ResponseCall::Read1(amount) => bytes(it.read1(*amount).await),
        ResponseCall::Peek(amount) => bytes(it.peek(*amount).await),
        ResponseCall::Readline(limit) => bytes(it.readline(*limit).await),
        ResponseCall::Fileno => it.fileno().map(u64::from).into(),
        ResponseCall::IsClosed => it.is_closed().into(),
        ResponseCall::Close => {
            it.close();
            done(())
        }
        ResponseCall::WillClose => it.will_close().into(),
        ResponseCall::Length => it.length().into(),
    }
}

/// The whole body as a stream: how much it was, or how it ended.
async fn consume(response: HttpResponse) -> Outcome {
    let (body, end) = HttpResponse::consume_body(response).await;
    let all = body.collect().await;
    match end.await {
        Ok(_) => number(all.len() as u64),
        Err(error) => failed(&error),
    }
}

async fn upgraded(it: &mut Upgraded, call: &UpgradedCall) -> Outcome {
    match call {
        UpgradedCall::Read(0) => Outcome::Bytes(Vec::new()),
        UpgradedCall::Read(amount) => {
            let room = Vec::with_capacity((*amount).min(1000) as usize);
            let (_, received) = it.received.read(room).await;
            Outcome::Bytes(received)
        }
        UpgradedCall::Write(data) if data.is_empty() => number(0_u64),
        UpgradedCall::Write(data) => match &mut it.sent {
            Some(sent) => {
                let left = sent.write_all(data.clone()).await;
                number((data.len() - left.len()) as u64)
            }
            None => Outcome::Absent,
        },
        UpgradedCall::Flush if it.sent.is_some() => Outcome::Done,
        UpgradedCall::Shutdown if it.sent.is_some() => {
            it.sent = None;
            match it.sending.take() {
                Some(sending) => result(sending.await),
                None => Outcome::Absent,
            }
        }
        UpgradedCall::Flush | UpgradedCall::Shutdown => Outcome::Absent,
        UpgradedCall::Subscribe | UpgradedCall::SubscribeWrite => Outcome::Absent,
    }
}

fn folder() -> Descriptor {
    let mut directories = get_directories();
    let at = directories.iter().position(|(_, path)| path == FOLDER);
    directories.swap_remove(at.expect("there is a folder")).0
}

/// A body, as long as it is needed.
enum Held {
    Nothing,
    Bytes(Vec<u8>),
    File(Descriptor),
    Stream,
}

impl Held {
    async fn new(body: Option<&Body>) -> Self {
        match body {
            None => Self::Nothing,
            Some(Body::Bytes(bytes)) => Self::Bytes(bytes.clone()),
            Some(Body::File) => {
                let (path, flags) = (files::BODY.into(), OpenFlags::empty());
                let folder = folder();
                let opened = folder.open_at(PathFlags::empty(), path, flags, DescriptorFlags::READ);
                Self::File(opened.await.expect("the file is there"))
            }
            Some(Body::Stream) => Self::Stream,
            Some(Body::Directory) => Self::File(folder()),
        }
    }

    fn lend(&self) -> Option<client::Body<'_>> {
        match self {
            Self::Nothing => None,
            Self::Bytes(bytes) => Some(client::Body::Bytes(bytes.clone())),
            Self::File(file) => Some(client::Body::File(file)),
            Self::Stream => {
                let (mut writer, reader) = bindings::wit_stream::new();
                spawn_local(async move {
                    // It may not want it.
                    writer.write_all(FILE.to_vec()).await;
                });
                Some(client::Body::Stream(reader))
            }
        }
    }
}
async fn context(it: &TlsContext, call: &ContextCall) -> Outcome {
    match call {
        ContextCall::LoadDefaultCerts => result(it.load_default_certs().await),
        ContextCall::LoadVerifyLocations(pem) => {
            result(it.load_verify_locations(source(pem)).await)
        }
        ContextCall::LoadCrls(pem) => result(it.load_crls(source(pem)).await),
        ContextCall::LoadCertChain(chain, key) => {
            let key = key.as_ref().map(source);
            result(it.load_cert_chain(source(chain), key).await)
        }
        ContextCall::SetKeyLog(path) => {
            let path = path.as_ref().map(|path| format!("{FOLDER}/{path}"));
            result(it.set_key_log(path).await)
        }
        call => context_at_once(it, call),
    }
}

//! [`Api`] over the bindings of WASI 0.2.

use caller::calls::{
    Body, ConnectionCall, ContextCall, Kind, MessageCall, Op, Origin, Outcome, Pem, RESPONSES,
    ResponseCall, SLOTS, StatusCall, Target, UpgradedCall, Verify, Version,
};
use caller::files;
use caller::model::World;
use caller::run::Api;

use bindings::httplib::http::client::{
    self, HttpConnection, HttpMessage, HttpResponse, TlsContext,
};
use bindings::httplib::http::status;
use bindings::wasi::filesystem::preopens::get_directories;
use bindings::wasi::filesystem::types::{Descriptor, DescriptorFlags, OpenFlags, PathFlags};
use bindings::wasi::io::poll::{Pollable, poll};
use bindings::wasi::io::streams::InputStream;

mod bindings {
    wit_bindgen::generate!({
        path: "../../../wit",
        inline: "
            package calls:caller;

            world caller {
                import httplib:http/client@0.2.0;
                import httplib:http/status@0.2.0;
                import wasi:filesystem/preopens@0.2.6;
            }
        ",
        generate_all,
    });
}

caller::faults!(Error::WouldBlock => Fault::WouldBlock);
caller::outcomes!();

/// Where the folder is, as `host_tests::commands` has it.
const FOLDER: &str = "/folder";

/// What was made so far.
pub struct Blocking {
    port: u16,
    connections: [Option<HttpConnection>; SLOTS],
    responses: [Option<HttpResponse>; RESPONSES],
    messages: [Option<HttpMessage>; SLOTS],
    upgraded: [Option<client::UpgradedStream>; SLOTS],
    contexts: [Option<TlsContext>; SLOTS],
    pollables: Vec<Pollable>,
}

/// Makes the call, and the same again for as long as it would block.
macro_rules! again {
    ($pollables:expr, $call:expr) => {
        loop {
            match $call {
                Err(client::Error::WouldBlock) => {
                    let pollables = $pollables;
                    poll(&pollables.iter().collect::<Vec<_>>());
                }
                result => break result,
            }
        }
    };
}

impl Api for Blocking {
    fn new(world: &World) -> Self {
        Self {
            port: world.port,
            connections: [const { None }; SLOTS],
            responses: [const { None }; RESPONSES],
            messages: [const { None }; SLOTS],
            upgraded: [const { None }; SLOTS],
            contexts: [const { None }; SLOTS],
            pollables: Vec::new(),
        }
    }

    async fn perform(&mut self, op: &Op) -> Outcome {
        self.call(op).unwrap_or(Outcome::Absent)
    }
}

impl Blocking {
    /// None where nothing is in the slot.
    fn call(&mut self, op: &Op) -> Option<Outcome> {
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
                let options = options(target);
                let made =
                    HttpConnection::https(&target.host, target.port, Some(&options), tls.as_ref());
                keep(&mut self.connections[*slot], made)
            }
            Op::Connection(slot, call) => self.connection(*slot, call)?,
            Op::GetResponse(slot, into) => {
                let connection = self.connections[*slot].as_ref()?;
                let made = again!(connection.subscribe(), connection.get_response());
                keep(&mut self.responses[*into], made)
            }
            Op::OneCall(into, method, path) => {
                let url = format!("http://127.0.0.1:{}{path}", self.port);
                let made = client::request(method, &url, None, &[], None, None);
                keep(&mut self.responses[*into], made)
            }
            Op::Response(slot, call) => self.response(*slot, call)?,
            Op::Msg(slot, into) => {
                self.messages[*into] = Some(self.responses[*slot].as_ref()?.msg());
                Outcome::Done
            }
            Op::Upgrade(slot, into) => {
                let made = self.responses[*slot].as_ref()?.upgrade();
                keep(&mut self.upgraded[*into], made)
            }
            Op::Message(slot, call) => message(self.messages[*slot].as_ref()?, call),
            Op::Upgraded(slot, call) => self.upgraded(*slot, call)?,
            Op::MakeContext(slot, origin) => {
                let made = match origin {
                    Origin::Bare => Ok(TlsContext::create_bare()),
                    Origin::Default => TlsContext::create_default(),
                    Origin::Unverified => Ok(TlsContext::create_unverified()),
                };
                keep(&mut self.contexts[*slot], made)
            }
            Op::Context(slot, call) => context(self.contexts[*slot].as_ref()?, call),
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
            Op::Poll => {
                for pollable in &self.pollables {
                    pollable.ready();
                }
                Outcome::Done
            }
            Op::DropPollables => {
                self.pollables.clear();
                Outcome::Done
            }
            Op::Status(call) => constant(call),
            Op::Cancel(_) | Op::Beside(..) => return None,
        })
    }

    fn connection(&mut self, slot: usize, call: &ConnectionCall) -> Option<Outcome> {
        let it = self.connections[slot].as_ref()?;
        Some(match call {
            ConnectionCall::Request(method, url, body, headers) => {
                let held = Held::new(body.as_ref());
                result(again!(
                    held.and_of(it),
                    it.request(method, url, held.lend().as_ref(), headers)
                ))
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
                result(it.set_proxy(url.as_deref(), context))
            }
            ConnectionCall::ProxyFromEnvironment => it.proxy_from_environment().into(),
            ConnectionCall::GetProxyResponseHeaders => it.get_proxy_response_headers().into(),
            ConnectionCall::Connect => result(again!(it.subscribe(), it.connect())),
            ConnectionCall::Close => {
                it.close();
                done(())
            }
            ConnectionCall::PutRequest(method, selector, skip_host, skip_accept_encoding) => {
                result(it.put_request(method, selector, *skip_host, *skip_accept_encoding))
            }
            ConnectionCall::PutHeader(name, values) => result(it.put_header(name, values)),
            ConnectionCall::EndHeaders(body) => {
                let held = Held::new(body.as_ref());
                result(again!(
                    held.and_of(it),
                    it.end_headers(held.lend().as_ref())
                ))
            }
            ConnectionCall::Send(body) => {
                let held = Held::new(Some(body));
                result(again!(
                    held.and_of(it),
                    it.send(&held.lend().expect("there is a body"))
                ))
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
            ConnectionCall::Subscribe => {
                let pollables = it.subscribe();
                self.lent(pollables)
            }
        })
    }

    fn response(&mut self, slot: usize, call: &ResponseCall) -> Option<Outcome> {
        let it = self.responses[slot].as_ref()?;
        Some(match call {
            ResponseCall::Status => number(it.status()),
            ResponseCall::Reason => Outcome::Text(it.reason()),
            ResponseCall::Version => number(it.version()),
            ResponseCall::GetHeader(name, default) => {
                it.get_header(name, default.as_deref()).into()
            }
            ResponseCall::GetHeaders => Outcome::Fields(it.get_headers()),
            ResponseCall::Read(amount) => bytes(whole(it, *amount, || it.read(*amount))),
            ResponseCall::Splice(amount) => moved(splice(it, *amount)),
            ResponseCall::Discard(amount) => moved(discard(it, *amount)),
            ResponseCall::InterimResponses => number(it.interim_responses().len() as u64),
            ResponseCall::Trailers => it.trailers().into(),
            ResponseCall::Read1(amount) => bytes(again!(it.subscribe(), it.read1(*amount))),
            ResponseCall::Peek(amount) => bytes(again!(it.subscribe(), it.peek(*amount))),
            ResponseCall::Readline(limit) => bytes(again!(it.subscribe(), it.readline(*limit))),
            ResponseCall::Fileno => it.fileno().map(u64::from).into(),
            ResponseCall::IsClosed => it.is_closed().into(),
            ResponseCall::Close => {
                it.close();
                done(())
            }
            ResponseCall::WillClose => it.will_close().into(),
            ResponseCall::Length => it.length().into(),
            ResponseCall::Subscribe => {
                let pollables = it.subscribe();
                self.lent(pollables)
            }
        })
    }

    fn upgraded(&mut self, slot: usize, call: &UpgradedCall) -> Option<Outcome> {
        let it = self.upgraded[slot].as_ref()?;
        Some(match call {
            UpgradedCall::Read(amount) => bytes(again!(it.subscribe(), it.read(*amount))),
            UpgradedCall::Write(data) => moved(again!(it.subscribe_write(), it.write(data))),
            UpgradedCall::Flush => result(again!(it.subscribe_write(), it.flush())),
            UpgradedCall::Shutdown => result(again!(it.subscribe_write(), it.shutdown())),
            UpgradedCall::Subscribe => {
                let pollables = it.subscribe();
                self.lent(pollables)
            }
            UpgradedCall::SubscribeWrite => {
                let pollables = it.subscribe_write();
                self.lent(pollables)
            }
        })
    }

    /// They are kept for longer than what they are of.
    fn lent(&mut self, pollables: Vec<Pollable>) -> Outcome {
        let count = pollables.len() as u64;
        self.pollables.extend(pollables);
        Outcome::Number(count)
    }
}

/// With a timeout of 0, a read may give a part.
fn whole(
    response: &HttpResponse,
    amount: Option<u64>,
    read: impl Fn() -> Result<Vec<u8>, client::Error>,
) -> Result<Vec<u8>, client::Error> {
    let mut all = again!(response.subscribe(), read())?;
    let Some(amount) = amount else { return Ok(all) };
    while (all.len() as u64) < amount && !response.is_closed() {
        let left = amount - all.len() as u64;
        match again!(response.subscribe(), response.read(Some(left))) {
            Ok(more) if more.is_empty() => break,
            Ok(more) => all.extend_from_slice(&more),
            Err(client::Error::Http(client::HttpException::IncompleteRead(mut read))) => {
                all.append(&mut read.partial);
                read.partial = all;
                return Err(client::Error::Http(client::HttpException::IncompleteRead(
                    read,
                )));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(all)
}

/// The same of what is thrown away.
fn discard(response: &HttpResponse, amount: Option<u64>) -> Result<u64, client::Error> {
    let mut all = 0;
    loop {
        let left = amount.map(|amount| amount - all);
        let moved = again!(response.subscribe(), response.discard(left))?;
        all += moved;
        if moved == 0 || Some(all) == amount || response.is_closed() {
            return Ok(all);
        }
    }
}

/// Into a file that nobody reads.
fn splice(response: &HttpResponse, amount: Option<u64>) -> Result<u64, client::Error> {
    let file = open("spliced", OpenFlags::CREATE, DescriptorFlags::WRITE);
    let output = file.write_via_stream(0).expect("the file may be written");
    let mut all = 0;
    loop {
        let left = amount.map(|amount| amount - all);
        let moved = loop {
            match response.splice(&output, left) {
                Err(client::Error::WouldBlock) => {
                    let _ = output.blocking_flush();
                    let pollables = response.subscribe();
                    poll(&pollables.iter().collect::<Vec<_>>());
                }
                result => break result?,
            }
        };
        all += moved;
        if moved == 0 || Some(all) == amount || response.is_closed() {
            return Ok(all);
        }
    }
}

fn folder() -> Descriptor {
    let mut directories = get_directories();
    let at = directories.iter().position(|(_, path)| path == FOLDER);
    directories.swap_remove(at.expect("there is a folder")).0
}

fn open(name: &str, flags: OpenFlags, access: DescriptorFlags) -> Descriptor {
    let opened = folder().open_at(PathFlags::empty(), name, flags, access);
    opened.expect("the folder is there to read and write")
}

/// A body, as long as it is needed.
enum Held {
    Nothing,
    Bytes(Vec<u8>),
    File(Descriptor),
    Stream(InputStream),
}

impl Held {
    fn new(body: Option<&Body>) -> Self {
        let file = || open(files::BODY, OpenFlags::empty(), DescriptorFlags::READ);
        match body {
            None => Self::Nothing,
            Some(Body::Bytes(bytes)) => Self::Bytes(bytes.clone()),
            Some(Body::File) => Self::File(file()),
            Some(Body::Stream) => {
                Self::Stream(file().read_via_stream(0).expect("the file may be read"))
            }
            Some(Body::Directory) => Self::File(folder()),
        }
    }

    /// What a call with this body waits for: the body, or the connection.
    fn and_of(&self, connection: &HttpConnection) -> Vec<Pollable> {
        let mut pollables = connection.subscribe();
        if let Self::Stream(stream) = self {
            pollables.push(stream.subscribe());
        }
        pollables
    }

    fn lend(&self) -> Option<client::Body<'_>> {
        match self {
            Self::Nothing => None,
            Self::Bytes(bytes) => Some(client::Body::Bytes(bytes.clone())),
            Self::File(file) => Some(client::Body::File(file)),
            Self::Stream(stream) => Some(client::Body::Stream(stream)),
        }
    }
}

fn context(it: &TlsContext, call: &ContextCall) -> Outcome {
    match call {
        ContextCall::LoadDefaultCerts => result(it.load_default_certs()),
        ContextCall::LoadVerifyLocations(pem) => result(it.load_verify_locations(&source(pem))),
        ContextCall::LoadCrls(pem) => result(it.load_crls(&source(pem))),
        ContextCall::LoadCertChain(chain, key) => {
            let key = key.as_ref().map(source);
            result(it.load_cert_chain(&source(chain), key.as_ref()))
        }
        ContextCall::SetKeyLog(path) => {
            let path = path.as_ref().map(|path| format!("{FOLDER}/{path}"));
            result(it.set_key_log(path.as_deref()))
        }
        call => context_at_once(it, call),
    }
}

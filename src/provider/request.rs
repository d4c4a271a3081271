//! A request of the host's, taken apart.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use core::future::poll_fn;
use core::task::Poll;

use wit_bindgen::{FutureReader, FutureWriter, StreamReader};

use super::pool::Origin;
use super::timeouts::{Timeouts, now};
use crate::bindings::wasi::http::types::{ErrorCode, Fields, Method, Request, Scheme};
use crate::bindings::wit_future;
use crate::client::Body;
use crate::http1::latin1;
use crate::transport::{self, BLOCK, Instant, Source, SourceStatus, Trailers};
use crate::wasi::Input;

/// What a request says before its body.
pub struct Head {
    pub method: String,
    pub target: String,
    pub origin: Origin,
    pub headers: Vec<(String, String)>,
    pub timeouts: Timeouts,
}

/// What follows it.
pub struct Upload {
    pub body: Option<Body<'static>>,
    pub input: Option<Input>,
    pub progress: Rc<Cell<Progress>>,
    /// What the caller gave in the place of the body's end.
    failure: Rc<RefCell<Option<ErrorCode>>>,
    /// Where the caller hears how sending ended.
    told: FutureWriter<Result<(), ErrorCode>>,
}

/// Whom an upload waits for.
#[derive(Clone, Copy)]
pub enum Progress {
    /// The caller, who takes their time.
    Caller,
    /// The server, since then.
    Server(Instant),
}

type BodyStream = StreamReader<u8>;
type TrailersReader = FutureReader<Result<Option<Fields>, ErrorCode>>;

impl Head {
    /// # Errors
    /// What can't be asked for.
    pub fn of(request: &Request) -> Result<Self, ErrorCode> {
        let is_https = match request.get_scheme() {
            Some(Scheme::Http) => false,
            Some(Scheme::Https) | None => true,
            Some(Scheme::Other(_)) => return Err(ErrorCode::HttpProtocolError),
        };
        let authority = request.get_authority();
        let authority = authority.ok_or(ErrorCode::HttpRequestUriInvalid)?;
        let target = request.get_path_with_query().unwrap_or_default();
        let headers = request.get_headers().copy_all().into_iter();
        Ok(Self {
            method: method_name(request.get_method())?,
            target: match target.starts_with('?') {
                true => format!("/{target}"),
                false => target,
            },
            origin: Origin {
                is_https,
                authority,
            },
            headers: headers
                .map(|(name, value)| (name, latin1(&value)))
                .collect(),
            timeouts: Timeouts::of(request.get_options().as_ref()),
        })
    }

    /// Whether it has such a field.
    pub fn has(&self, name: &str) -> bool {
        let mut names = self.headers.iter().map(|(name, _)| name);
        names.any(|it| it.eq_ignore_ascii_case(name))
    }

    /// Whether the method is one that mostly has a body (RFC 9110 §9.3).
    pub fn expects_body(&self) -> bool {
        matches!(self.method.as_str(), "POST" | "PUT" | "PATCH")
    }
}

fn method_name(method: Method) -> Result<String, ErrorCode> {
    Ok(match method {
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Delete => "DELETE",
        Method::Options => "OPTIONS",
        Method::Trace => "TRACE",
        Method::Patch => "PATCH",
        // There is no way to give the tunnel to anyone.
        Method::Connect => return Err(ErrorCode::HttpRequestMethodInvalid),
        Method::Other(name) => return Ok(name),
    }
    .to_owned())
}

impl Upload {
    /// Takes the body of `request`. Waits for its first bytes, or for its end, where `head` alone does
    /// not tell whether there is one.
    pub async fn of(request: Request, head: &Head) -> Self {
        let (told, sent) = wit_future::new(|| Err(ErrorCode::ConnectionTerminated));
        let (stream, trailers) = Request::consume_body(request, sent);
        let failure = Rc::default();
        let progress = Rc::new(Cell::new(Progress::Server(now())));
        let input = input(stream, trailers, Rc::clone(&failure));
        let mut begun = Begun::new(input.clone(), Rc::clone(&progress));
        let is_announced = head.has("Content-Length") || head.expects_body();
        let (body, input) = match begun.begin(!is_announced).await {
            Extent::Nothing => (None, None),
            Extent::Bytes(bytes) => (Some(Body::Bytes(bytes)), None),
            Extent::Unknown => (Some(Body::Source(Box::new(begun))), Some(input)),
        };
        Self {
            body,
            input,
            progress,
            failure,
            told,
        }
    }

    /// Tells the caller how sending ended.
    pub async fn tell(self, sent: Result<(), ErrorCode>) {
        // Nobody has to want to know.
        let _ = self.told.write(sent).await;
    }

    /// What the caller says went wrong with the body.
    pub fn failure(&self) -> Option<ErrorCode> {
        self.failure.borrow_mut().take()
    }
}

fn input(
    stream: BodyStream,
    trailers: TrailersReader,
    failure: Rc<RefCell<Option<ErrorCode>>>,
) -> Input {
    Input::with_trailers(stream, async move {
        match trailers.await {
            Ok(Some(fields)) => {
                let fields = fields.copy_all().into_iter();
                Ok(fields.map(|(name, value)| (name, latin1(&value))).collect())
            }
            Ok(None) => Ok(Trailers::new()),
            Err(code) => {
                let text = code.to_string();
                *failure.borrow_mut() = Some(code);
                Err(transport::Error::Other(text))
            }
        }
    })
}

/// What is known of a body before its head is sent.
enum Extent {
    /// There is none.
    Nothing,
    /// These are all of it.
    Bytes(Vec<u8>),
    /// There may be more.
    Unknown,
}

/// A body of which the beginning may have been read, and which notes whom it waits for.
struct Begun {
    input: Input,
    block: Option<Vec<u8>>,
    trailers: Option<Result<Trailers, transport::Error>>,
    progress: Rc<Cell<Progress>>,
}

impl Begun {
    fn new(input: Input, progress: Rc<Cell<Progress>>) -> Self {
        Self {
            input,
            block: None,
            trailers: None,
            progress,
        }
    }

    /// Looks at what is there; where there is nothing yet, `waits` says whether to wait for it.
    async fn begin(&mut self, waits: bool) -> Extent {
        let first = poll_fn(|context| {
            loop {
                match self.input.poll_read(0, BLOCK) {
                    // Only trailers fail.
                    Poll::Ready(block) => return Poll::Ready(block.ok()),
                    Poll::Pending if !waits => return Poll::Ready(None),
                    Poll::Pending => {}
                }
                if self.input.poll_ready(context).is_pending() {
                    return Poll::Pending;
                }
            }
        });
        let Some(block) = first.await else {
            return Extent::Unknown;
        };
        // Where there need not be a body, nobody wants trailers without one.
        if block.is_empty() && waits {
            return Extent::Nothing;
        }
        let is_all = match self.input.poll_read(0, BLOCK) {
            Poll::Ready(Ok(next)) if next.is_empty() => self.has_no_trailers(),
            Poll::Ready(Ok(next)) => {
                self.block = Some([block, next].concat());
                return Extent::Unknown;
            }
            Poll::Ready(Err(_)) | Poll::Pending => false,
        };
        match is_all {
            true if block.is_empty() => Extent::Nothing,
            true => Extent::Bytes(block),
            false => {
                self.block = Some(block);
                Extent::Unknown
            }
        }
    }

    /// Whether that is known.
    fn has_no_trailers(&mut self) -> bool {
        if let Poll::Ready(trailers) = self.input.poll_trailers() {
            self.trailers = Some(trailers);
        }
        matches!(&self.trailers, Some(Ok(trailers)) if trailers.is_empty())
    }

    fn note<T>(&self, poll: Poll<T>) -> Poll<T> {
        self.progress.set(match poll {
            Poll::Ready(_) => Progress::Server(now()),
            Poll::Pending => Progress::Caller,
        });
        poll
    }
}

impl Source for Begun {
    fn status(&mut self) -> Result<SourceStatus, transport::Error> {
        self.input.status()
    }

    fn poll_read(&mut self, offset: u64, max: usize) -> Poll<Result<Vec<u8>, transport::Error>> {
        match self.block.take() {
            Some(block) if !block.is_empty() => Poll::Ready(Ok(block)),
            _ => {
                let read = self.input.poll_read(offset, max);
                self.note(read)
            }
        }
    }

    fn poll_trailers(&mut self) -> Poll<Result<Trailers, transport::Error>> {
        match self.trailers.take() {
            Some(trailers) => Poll::Ready(trailers),
            None => {
                let trailers = self.input.poll_trailers();
                self.note(trailers)
            }
        }
    }
}

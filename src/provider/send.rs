//! From a request to its response.

use alloc::rc::Rc;
use core::cell::RefCell;
use core::task::Poll;

use wit_bindgen::spawn_local;

use super::error::error_code;
use super::pool::{Lease, Origin, Pool};
use super::request::{Head, Progress, Upload};
use super::response;
use super::settings::Settings;
use super::timeouts::{after, now, within};
use crate::bindings::wasi::http::types::{self, ErrorCode};
use crate::client::{
    AcceptEncoding, Connection, Error, Host, HttpException, Options, Proxy, Response, Scheme, Trace,
};
use crate::transport::Deadline;
use crate::wasi::{OneThread, WasiNetwork, variable};

/// What an instance keeps.
struct Instance {
    settings: Settings,
    pool: Rc<Pool>,
}

static INSTANCE: OneThread<RefCell<Option<Rc<Instance>>>> = OneThread(RefCell::new(None));

impl Instance {
    async fn get() -> Result<Rc<Self>, ErrorCode> {
        let known = INSTANCE.0.borrow().clone();
        if let Some(instance) = known {
            return Ok(instance);
        }
        let settings = Settings::read().await?;
        let pool = Pool::new(settings.limits);
        let made = Rc::new(Self { settings, pool });
        // Another request may have been faster.
        Ok(Rc::clone(INSTANCE.0.borrow_mut().get_or_insert(made)))
    }

    fn connect(&self, origin: &Origin) -> Result<Connection<WasiNetwork>, Error> {
        let scheme = match origin.is_https {
            true => Scheme::Https(self.settings.config()?),
            false => Scheme::Http,
        };
        let options = Options {
            strict: Some(true),
            ..Options::default()
        };
        let network = Rc::new(WasiNetwork);
        let trace = Trace::new(|_| {});
        let authority = &origin.authority;
        let mut connection = Connection::new(network, scheme, authority, None, options, trace)?;
        if let Some(url) = connection.proxy_from_environment(variable) {
            let proxy = Proxy::parse(&url, || self.settings.config())?;
            connection.set_proxy(Some(proxy))?;
        }
        Ok(connection)
    }
}

/// `send`.
pub async fn send(request: types::Request) -> Result<types::Response, ErrorCode> {
    let instance = Instance::get().await?;
    let head = Head::of(&request)?;
    let mut upload = Upload::of(request, &head).await;
    match exchange(&instance, &head, &mut upload).await {
        Ok(answer) => {
            let lease = Rc::clone(&answer.lease);
            match answer.sent {
                Sent::Whole => spawn_local(upload.tell(Ok(()))),
                Sent::InPart => spawn_local(finish(lease, upload)),
            }
            response::make(answer.lease, answer.response, head.timeouts)
        }
        Err(code) => {
            let code = upload.failure().unwrap_or(code);
            spawn_local(upload.tell(Err(code.clone())));
            Err(code)
        }
    }
}

/// What came of a request.
struct Answer {
    lease: Rc<Lease>,
    response: Response<WasiNetwork>,
    sent: Sent,
}

/// How much of a request was sent before its response came.
#[derive(Clone, Copy)]
enum Sent {
    Whole,
    InPart,
}

async fn exchange(
    instance: &Instance,
    head: &Head,
    upload: &mut Upload,
) -> Result<Answer, ErrorCode> {
    let connected_by = after(head.timeouts.connect);
    let lease = connected(instance, head.origin.clone());
    let lease = within(|| connected_by, ErrorCode::ConnectionTimeout, lease).await?;

    let progress = Rc::clone(&upload.progress);
    progress.set(Progress::Server(now()));
    let answered_by = || match (head.timeouts.first_byte, progress.get()) {
        (Some(limit), Progress::Server(since)) => Deadline::At(since.after(limit)),
        _ => Deadline::Never,
    };
    let replied = replied(&lease, head, upload);
    let replied = within(answered_by, ErrorCode::ConnectionReadTimeout, replied).await;
    let (response, sent) = replied?;
    Ok(Answer {
        lease: Rc::new(lease),
        response,
        sent,
    })
}

async fn connected(instance: &Instance, origin: Origin) -> Result<Lease, ErrorCode> {
    let connect = || instance.connect(&origin);
    let lease = instance.pool.lease(origin.clone(), connect).await;
    let lease = lease.map_err(error_code)?;
    let connected = lease.make_first(None, Connection::poll_connect).await;
    connected.map_err(error_code)?;
    Ok(lease)
}

/// Sends the request until it is sent, or answered.
async fn replied(
    lease: &Lease,
    head: &Head,
    upload: &mut Upload,
) -> Result<(Response<WasiNetwork>, Sent), ErrorCode> {
    let has_body = upload.body.is_some();
    let begun = lease.with(|connection| begin(connection, head, has_body));
    begun.map_err(error_code)?;
    let early = lease.make(upload.input.as_ref(), |connection| {
        let sent = connection.poll_end_headers(&mut upload.body);
        match sent.is_pending().then(|| connection.take_early_response()) {
            Some(Some(response)) => Poll::Ready(response.map(Some)),
            Some(None) | None => sent.map_ok(|()| None),
        }
    });
    if let Some(response) = early.await.map_err(upload_error)? {
        return Ok((response, Sent::InPart));
    }
    let response = lease.make(None, Connection::poll_response).await;
    Ok((response.map_err(upload_error)?, Sent::Whole))
}

/// Sends the rest of a request that is answered already.
async fn finish(lease: Rc<Lease>, mut upload: Upload) {
    let sent = lease.make(upload.input.as_ref(), |connection| {
        connection.poll_rest(&mut upload.body)
    });
    let sent = sent.await.map_err(upload_error);
    // Dropped before whoever is told looks for it.
    drop(lease);
    upload.tell(sent).await;
}

/// What went wrong with a request whose head is in order.
fn upload_error(error: Error) -> ErrorCode {
    match error {
        // The body is not as long as the head says.
        Error::Value(_) | Error::Http(HttpException::ImproperConnectionState(_)) => {
            ErrorCode::HttpRequestBodySize(None)
        }
        error => error_code(error),
    }
}

/// Puts the head together.
fn begin(
    connection: &mut Connection<WasiNetwork>,
    head: &Head,
    has_body: bool,
) -> Result<(), Error> {
    connection.put_request(
        &head.method,
        &head.target,
        Host::Automatic,
        AcceptEncoding::Skip,
    )?;
    for (name, value) in &head.headers {
        connection.put_header(name, core::slice::from_ref(value))?;
    }
    if !has_body && head.expects_body() && !head.has("Content-Length") {
        connection.put_header("Content-Length", &["0".into()])?;
    }
    Ok(())
}

//! From a request to its response.

use alloc::rc::Rc;
use core::cell::RefCell;

use wit_bindgen::spawn_local;

use super::error::error_code;
use super::one_thread::OneThread;
use super::pool::{Lease, Origin, Pool};
use super::request::{Head, Progress, Upload};
use super::response;
use super::settings::Settings;
use super::timeouts::{after, now, within};
use crate::bindings::wasi::http::types::{self, ErrorCode};
use crate::client::{
    AcceptEncoding, Connection, Error, Host, Options, Proxy, Response, Scheme, Trace,
};
use crate::transport::Deadline;
use crate::wasi::{WasiNetwork, variable};

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
    let exchanged = exchange(&instance, &head, &mut upload).await;
    let exchanged = exchanged.map_err(|code| upload.failure().unwrap_or(code));
    let told = exchanged.as_ref().map(|_| ()).map_err(Clone::clone);
    spawn_local(async move {
        // Nobody has to want to know.
        let _ = upload.told.write(told).await;
    });
    let (lease, response) = exchanged?;
    response::make(lease, response, head.timeouts)
}

async fn exchange(
    instance: &Instance,
    head: &Head,
    upload: &mut Upload,
) -> Result<(Lease, Response<WasiNetwork>), ErrorCode> {
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
    let response = within(answered_by, ErrorCode::ConnectionReadTimeout, replied).await?;
    Ok((lease, response))
}

async fn connected(instance: &Instance, origin: Origin) -> Result<Lease, ErrorCode> {
    let connect = || instance.connect(&origin);
    let lease = instance.pool.lease(origin.clone(), connect).await;
    let lease = lease.map_err(error_code)?;
    lease.with(Connection::close_if_stale);
    let connected = lease.make(None, Connection::poll_connect).await;
    connected.map_err(error_code)?;
    Ok(lease)
}

async fn replied(
    lease: &Lease,
    head: &Head,
    upload: &mut Upload,
) -> Result<Response<WasiNetwork>, ErrorCode> {
    let has_body = upload.body.is_some();
    let begun = lease.with(|connection| begin(connection, head, has_body));
    begun.map_err(error_code)?;
    let (input, body) = (upload.input.clone(), &mut upload.body);
    let sent = lease.make(input.as_ref(), |connection| {
        connection.poll_end_headers(body)
    });
    sent.await.map_err(|error| match error {
        // The body was not as long as its head said.
        Error::Value(_) => ErrorCode::HttpRequestBodySize(None),
        error => error_code(error),
    })?;
    let response = lease.make(None, Connection::poll_response).await;
    response.map_err(|error| match error {
        Error::Http(crate::client::HttpException::ImproperConnectionState(_)) => {
            ErrorCode::HttpRequestBodySize(None)
        }
        error => error_code(error),
    })
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

//! One transfer: a URL, a request, a response, and where its body goes.

use std::io::{IsTerminal, stdout};

use crate::bindings::client::{Body as Sent, Error, HttpConnection, HttpException, HttpResponse};
use crate::connections::{Connection, Connections, nanoseconds};
use crate::exit::Exit;
use crate::failure::{Failure, Stage};
use crate::files::Directories;
use crate::head;
use crate::options::{Destination, Fail, Options, Resume};
use crate::output::{Output, Target};
use crate::progress::Progress;
use crate::report::Report;
use crate::request::{Body, Host, Request, bytes_as_latin1};
use crate::resume::{self, Resumed};
use crate::talk::Talk;
use crate::times::Clock;
use crate::upload;
use crate::url::{Scheme, Url};

/// What a transfer needs to know.
pub struct Transfer<'a> {
    options: &'a Options,
    directories: &'a Directories,
    talk: Talk,
    clock: Clock,
    /// What is known so far.
    pub report: Report,
}

impl<'a> Transfer<'a> {
    /// The transfer of the URL with this number.
    pub fn new(options: &'a Options, directories: &'a Directories, number: usize) -> Self {
        let report = Report {
            url: options.urls[number].clone(),
            number,
            version: "0".to_owned(),
            ..Report::default()
        };
        Self {
            options,
            directories,
            talk: Talk::new(&options.output),
            clock: Clock::start(&options.limits),
            report,
        }
    }

    /// Does it. What came of it is in the report, which is complete then.
    pub fn run(mut self, connections: &mut Connections) -> Report {
        if let Err(failure) = self.exchange(connections) {
            self.report.failure = Some(failure);
        }
        self.report.times.total = self.clock.elapsed();
        self.report
    }

    fn exchange(&mut self, connections: &mut Connections) -> Result<(), Failure> {
        let mut url = Url::parse(&self.report.url)?;
        self.report.scheme = url.scheme.name();
        self.report.effective_url = url.shown();
        let target = self.destination(&url)?;
        let offset = self.offset(&target);
        let (settings, number) = (&self.options.request, self.report.number);
        let request = Request::new(settings, number, &mut url, offset, self.directories)?;
        self.report.effective_url = url.shown();
        self.report.method = request.method.clone();
        self.report.referer = settings.referer.clone();
        let connection = connections.to(&url)?;
        // A request that failed half-way must not be in the next one's way.
        let response = self
            .ask(connection, &url, &request)
            .inspect_err(|_| connection.http.close())?;
        let received = self.receive(&response, &target, offset);
        connection.is_kept = received.is_ok() && !response.will_close();
        let verb = if connection.is_kept {
            "left open"
        } else {
            "closed"
        };
        self.talk
            .note(&format!("The connection to {} is {verb}", url.authority));
        received
    }

    /// Up to the response's head. What can't be sent is found before anything is connected to.
    fn ask(
        &mut self,
        connection: &mut Connection,
        url: &Url,
        request: &Request,
    ) -> Result<HttpResponse, Failure> {
        put_head(&connection.http, url, request)?;
        self.connect(connection, url)?;
        self.send(connection, url, request)?;
        self.respond(&connection.http)
    }

    /// What the body goes to.
    fn destination(&mut self, url: &Url) -> Result<Target, Failure> {
        let target = match self.options.output.files.get(self.report.number) {
            None => Target::Stdout,
            Some(Destination::File(path)) => Target::named(path),
            Some(Destination::RemoteName) => Target::File(url.file_name().to_owned()),
        };
        let name = target.name();
        if let Some("" | "." | "..") = name {
            let text = format!("'{}' ends with no file name; use --output", self.report.url);
            return Err(Failure::new(Exit::Write, text));
        }
        self.report.file_name = name.unwrap_or_default().to_owned();
        Ok(target)
    }

    /// Where a resumed download goes on.
    fn offset(&self, target: &Target) -> u64 {
        match self.options.request.resume {
            None => 0,
            Some(Resume::At(offset)) => offset,
            Some(Resume::AtEnd) => target.size(self.directories),
        }
    }

    fn connect(&mut self, connection: &mut Connection, url: &Url) -> Result<(), Failure> {
        let by = connection
            .proxy
            .as_ref()
            .map(|proxy| format!(" by way of {}", proxy.shown()));
        let by = by.unwrap_or_default();
        let is_new = !std::mem::take(&mut connection.is_kept);
        let verb = if is_new {
            "Connecting"
        } else {
            "Connected already"
        };
        self.talk.note(&format!("{verb} to {}{by}", url.authority));
        let http = &connection.http;
        http.set_deadline(Some(nanoseconds(self.clock.left_to_connect()?)));
        http.connect()
            .map_err(|error| Failure::during(connection.connecting(), &error))?;
        let now = Some(self.clock.elapsed());
        if let Some(session) = http.tls_session() {
            self.report.certificates = session.peer_certificates.len();
            self.talk.session(&session);
        }
        let times = &mut self.report.times;
        times.pretransfer = now;
        if is_new && url.scheme == Scheme::Https {
            times.appconnect = now;
        } else if is_new && !self.options.proxy.tunnel {
            times.connect = now;
        }
        http.set_deadline(self.clock.left()?.map(nanoseconds));
        Ok(())
    }

    fn send(
        &mut self,
        connection: &Connection,
        url: &Url,
        request: &Request,
    ) -> Result<(), Failure> {
        let whole =
            connection.proxy.is_some() && url.scheme == Scheme::Http && !self.options.proxy.tunnel;
        let http = &connection.http;
        self.talk.request(request, url, whole);
        let sending = |error| Failure::during(Stage::Sending, &error);
        match &request.body {
            Body::Nothing => http.end_headers(None).map_err(sending),
            Body::Bytes(bytes) => {
                let body = Sent::Bytes(bytes.clone());
                http.end_headers(Some(&body)).map_err(sending)?;
                self.report.sent = bytes.len() as u64;
                Ok(())
            }
            Body::Upload(upload) => {
                http.end_headers(None).map_err(sending)?;
                let progress = self.progress(upload.length, false);
                upload::send(upload, http, &self.clock, progress, &mut self.report.sent)
            }
        }
    }

    /// Waits for the response's head.
    fn respond(&mut self, http: &HttpConnection) -> Result<HttpResponse, Failure> {
        let response = http.get_response().map_err(|error| match error {
            Error::Http(HttpException::ImproperConnectionState(_)) => {
                Failure::new(Exit::Read, "the body is shorter than its Content-Length")
            }
            error => Failure::during(Stage::Receiving, &error),
        })?;
        self.report.times.starttransfer = Some(self.clock.elapsed());
        self.report.status = response.status();
        self.report.version = head::version(&response);
        let headers = response.get_headers().into_iter();
        let headers = headers.map(|(name, value)| (head::text(&name), head::text(&value)));
        self.report.headers = headers.collect();
        Ok(response)
    }

    fn receive(
        &mut self,
        response: &HttpResponse,
        target: &Target,
        offset: u64,
    ) -> Result<(), Failure> {
        let options = &self.options.output;
        let head = head::bytes(response);
        self.talk.response(&head);
        if let Some(path) = &options.dump {
            self.dump(path, &head)?;
        }
        // To a download that is resumed, 416 may say that all is here.
        let is_error = response.status() >= 400 && (response.status() != 416 || offset == 0);
        let failed = || {
            let text = format!("the server answered {}", response.status());
            Failure::new(Exit::HttpError, text)
        };
        let shows_head = options.include || self.options.request.head;
        if is_error && options.fail == Fail::WithoutBody {
            if shows_head {
                Output::open(target, 0, self.directories)?.write(&head)?;
            }
            return Err(failed());
        }
        if offset > 0 && resume::check(response, offset)? == Resumed::IsComplete {
            self.talk.note("The file is complete already");
            response.close();
            return Ok(());
        }
        self.refuse_binary(response, target)?;
        let output = Output::open(target, offset, self.directories)?;
        if shows_head {
            output.write(&head)?;
        }
        self.copy(response, &output, target)?;
        match options.fail {
            Fail::WithBody if is_error => Err(failed()),
            _ => Ok(()),
        }
    }

    /// The first transfer makes the file, the others add to it.
    fn dump(&self, path: &str, head: &[u8]) -> Result<(), Failure> {
        let target = Target::named(path);
        let end = match self.report.number {
            0 => 0,
            _ => target.size(self.directories),
        };
        let output = Output::open(&target, end, self.directories)?;
        output.write(head)?;
        output.finish()
    }

    /// A terminal takes binary data for commands.
    fn refuse_binary(&self, response: &HttpResponse, target: &Target) -> Result<(), Failure> {
        let wanted = self.options.output.files.get(self.report.number).is_some();
        if wanted || *target != Target::Stdout || !stdout().is_terminal() {
            return Ok(());
        }
        let begin = response.peek(4096);
        let begin = begin.map_err(|error| Failure::during(Stage::Copying, &error))?;
        if begin.contains(&0) {
            let text = "binary output can mess up your terminal; use --output FILE, or --output - if you want it";
            return Err(Failure::new(Exit::Write, text));
        }
        Ok(())
    }

    fn copy(
        &mut self,
        response: &HttpResponse,
        output: &Output,
        target: &Target,
    ) -> Result<(), Failure> {
        let total = response.length();
        // One line for each transfer: an upload has had its own.
        let mut progress = match self.options.request.uploads.get(self.report.number) {
            None => self.progress(total, *target == Target::Stdout),
            Some(_) => Progress::none(),
        };
        let received = &mut self.report.received;
        loop {
            let step = progress.step();
            match output.copy(response, step) {
                Ok(copied) if copied < step => {
                    *received += copied;
                    break;
                }
                Ok(copied) => *received += copied,
                Err(error) => {
                    if let (Some(total), Some(left)) = (total, response.length()) {
                        *received = total.saturating_sub(left);
                    }
                    return Err(Failure::during(Stage::Copying, &error));
                }
            }
            progress.update(*received);
        }
        progress.finish(*received);
        output.finish()
    }

    fn progress(&self, total: Option<u64>, to_stdout: bool) -> Progress {
        let meter = match self.options.output.silent {
            true => crate::options::Meter::Off,
            false => self.options.output.meter,
        };
        Progress::new(meter, total, to_stdout)
    }
}

fn put_head(http: &HttpConnection, url: &Url, request: &Request) -> Result<(), Failure> {
    let failed = |error| Failure::during(Stage::Sending, &error);
    let skip_host = !matches!(request.host, Host::Automatic);
    http.put_request(&request.method, &url.target, skip_host, true)
        .map_err(failed)?;
    let put = |name: &str, value: &str| {
        let value = bytes_as_latin1(value);
        http.put_header(name, &[value]).map_err(failed)
    };
    if let Host::Given(value) = &request.host {
        put("Host", value)?;
    }
    request
        .headers
        .iter()
        .try_for_each(|(name, value)| put(name, value))
}

//! A request before it is sent: its method, its headers in their order, and its body.

use base64ct::{Base64, Encoding};

use crate::bindings::filesystem::{Descriptor, DescriptorType};
use crate::bindings::{stdin::get_stdin, streams::InputStream};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::{Directories, is_null_device};
use crate::options;
use crate::url::Url;

/// Larger bodies ask first whether they are wanted, as curl's do.
const EXPECT_ABOVE: u64 = 1 << 20;

/// What is sent.
pub struct Request {
    /// The method.
    pub method: String,
    /// Names and values in the order of the wire, `Host` not among them.
    pub headers: Vec<(String, String)>,
    /// `Host`.
    pub host: Host,
    /// The body.
    pub body: Body,
}

/// The `Host` header.
pub enum Host {
    /// httplib writes it.
    Automatic,
    /// `--header` gives it.
    Given(String),
    /// `--header Host:`.
    Removed,
}

/// The body.
pub enum Body {
    /// None.
    Nothing,
    /// `--data` and its kin.
    Bytes(Vec<u8>),
    /// `--upload-file`.
    Upload(Upload),
}

/// A file that is read while it is sent.
pub struct Upload {
    /// What to read; none: there is nothing in it.
    pub stream: Option<InputStream>,
    /// How much there is; none for what is no regular file.
    pub length: Option<u64>,
    // A stream may not outlive its file.
    _file: Option<Descriptor>,
}

impl Upload {
    fn open(path: &str, directories: &Directories) -> Result<Self, Failure> {
        if path == "-" {
            return Ok(Self {
                stream: Some(get_stdin()),
                length: None,
                _file: None,
            });
        }
        if is_null_device(path) {
            return Ok(Self {
                stream: None,
                length: None,
                _file: None,
            });
        }
        let failure =
            |reason: &str| Failure::new(Exit::Read, format!("can't read '{path}': {reason}"));
        let file = directories.read(path)?;
        let status = file.stat().map_err(|code| failure(code.message()))?;
        let length = match status.type_ {
            DescriptorType::Directory => return Err(failure("it is a directory")),
            DescriptorType::RegularFile => Some(status.size),
            _ => None,
        };
        let stream = file
            .read_via_stream(0)
            .map_err(|code| failure(code.message()))?;
        Ok(Self {
            stream: Some(stream),
            length,
            _file: Some(file),
        })
    }
}

impl Body {
    /// What `Content-Length` says; none where the body goes in chunks.
    fn length(&self) -> Option<u64> {
        match self {
            Self::Nothing => Some(0),
            Self::Bytes(bytes) => Some(bytes.len() as u64),
            Self::Upload(upload) => upload.length,
        }
    }
}

impl Request {
    /// The request that the options ask for, the upload with this number among them; `url` gets the
    /// query and the name of the file that they add.
    ///
    /// # Errors
    /// The file to upload can't be read; a header has no colon.
    pub fn new(
        options: &options::Request,
        number: usize,
        url: &mut Url,
        resume_at: u64,
        directories: &Directories,
    ) -> Result<Self, Failure> {
        url.add_query(options.query.as_deref().unwrap_or_default());
        let body = body(options, number, url, directories)?;
        let method = method(options, &body);
        let mut headers = Headers::new(&options.headers)?;
        if let Some(credentials) = options.user.as_ref().or(url.credentials.as_ref()) {
            headers.default("Authorization", &basic(credentials));
        }
        if let Some(range) = range(options, resume_at) {
            headers.default("Range", &range);
        }
        let agent = options
            .user_agent
            .as_deref()
            .unwrap_or(concat!("httplib/", env!("CARGO_PKG_VERSION")));
        headers.default_unless_empty("User-Agent", agent);
        headers.default(
            "Accept",
            if options.json {
                "application/json"
            } else {
                "*/*"
            },
        );
        headers.default_unless_empty("Referer", options.referer.as_deref().unwrap_or_default());
        headers.push_given();
        describe_body(&mut headers, options, &method, &body);
        Ok(Self {
            host: headers.host(),
            headers: headers.list,
            method,
            body,
        })
    }
}

fn body(
    options: &options::Request,
    number: usize,
    url: &mut Url,
    directories: &Directories,
) -> Result<Body, Failure> {
    if let Some(path) = options.uploads.get(number) {
        url.add_file_name(path.rsplit('/').next().unwrap_or_default());
        return Upload::open(path, directories).map(Body::Upload);
    }
    match &options.data {
        Some(data) if options.get => {
            url.add_query(&String::from_utf8_lossy(&data.0));
            Ok(Body::Nothing)
        }
        Some(data) => Ok(Body::Bytes(data.0.clone())),
        None => Ok(Body::Nothing),
    }
}

fn method(options: &options::Request, body: &Body) -> String {
    let usual = match body {
        _ if options.head => "HEAD",
        Body::Nothing => "GET",
        Body::Bytes(_) => "POST",
        Body::Upload(_) => "PUT",
    };
    options.method.clone().unwrap_or_else(|| usual.to_owned())
}

fn range(options: &options::Request, resume_at: u64) -> Option<String> {
    match &options.range {
        Some(range) => Some(format!("bytes={range}")),
        None if resume_at > 0 => Some(format!("bytes={resume_at}-")),
        None => None,
    }
}

/// What the body needs: its length or its chunks, its type, and the question whether it is wanted.
fn describe_body(headers: &mut Headers, options: &options::Request, method: &str, body: &Body) {
    let announced = headers.is_given("Transfer-Encoding") || headers.is_given("Content-Length");
    match body.length() {
        _ if announced => {}
        None => headers.default("Transfer-Encoding", "chunked"),
        Some(0) if matches!(body, Body::Nothing) && !matches!(method, "PUT" | "POST" | "PATCH") => {
        }
        Some(length) => headers.default("Content-Length", &length.to_string()),
    }
    if matches!(body, Body::Bytes(_)) {
        let form = "application/x-www-form-urlencoded";
        headers.default(
            "Content-Type",
            if options.json {
                "application/json"
            } else {
                form
            },
        );
    }
    if body.length().is_none_or(|length| length > EXPECT_ABOVE) {
        headers.default("Expect", "100-continue");
    }
}

/// RFC 7617.
pub fn basic(credentials: &str) -> String {
    let separator = if credentials.contains(':') { "" } else { ":" };
    let text = format!("{credentials}{separator}");
    format!("Basic {}", Base64::encode_string(text.as_bytes()))
}

/// A line of `--header`.
enum Given {
    /// `Name: value`, or `Name;` with an empty one.
    Line(String, String),
    /// `Name:`.
    Removed(String),
}

impl Given {
    fn parse(line: &str) -> Result<Self, Failure> {
        if let Some((name, value)) = line.split_once(':') {
            let value = value.trim();
            return Ok(match value.is_empty() {
                true => Self::Removed(name.to_owned()),
                false => Self::Line(name.to_owned(), value.to_owned()),
            });
        }
        match line.strip_suffix(';') {
            Some(name) => Ok(Self::Line(name.to_owned(), String::new())),
            None => Err(Failure::usage(format!(
                "header '{line}' is neither 'Name: value' nor 'Name;'"
            ))),
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Line(name, _) | Self::Removed(name) => name,
        }
    }
}

/// The headers that are there so far, and those of `--header`, which go before the automatic ones.
struct Headers {
    given: Vec<Given>,
    list: Vec<(String, String)>,
}

impl Headers {
    fn new(lines: &[String]) -> Result<Self, Failure> {
        let given = lines.iter().map(|line| Given::parse(line));
        Ok(Self {
            given: given.collect::<Result<_, _>>()?,
            list: Vec::new(),
        })
    }

    fn is_given(&self, name: &str) -> bool {
        self.given
            .iter()
            .any(|it| it.name().eq_ignore_ascii_case(name))
    }

    /// Unless `--header` says otherwise.
    fn default(&mut self, name: &str, value: &str) {
        if !self.is_given(name) {
            self.list.push((name.to_owned(), value.to_owned()));
        }
    }

    fn default_unless_empty(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.default(name, value);
        }
    }

    fn push_given(&mut self) {
        for given in &self.given {
            if let Given::Line(name, value) = given
                && !name.eq_ignore_ascii_case("Host")
            {
                self.list.push((name.clone(), value.clone()));
            }
        }
    }

    fn host(&self) -> Host {
        let given = self
            .given
            .iter()
            .find(|it| it.name().eq_ignore_ascii_case("Host"));
        match given {
            None => Host::Automatic,
            Some(Given::Line(_, value)) => Host::Given(value.clone()),
            Some(Given::Removed(_)) => Host::Removed,
        }
    }
}

/// Its bytes as httplib takes them: a character for each, whatever they mean.
pub fn bytes_as_latin1(text: &str) -> String {
    text.bytes().map(char::from).collect()
}

//! Calls, and what may come of them, in the terms of neither binding.
//!
//! Resources are named by the slots that they are kept in.

use crate::fault::Fault;

/// How many connections, contexts and so on there may be at once.
pub const SLOTS: usize = 2;

/// How many responses.
pub const RESPONSES: usize = 3;

/// A call, or a resource that is dropped.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// `http-connection.http`, into this slot.
    Http(usize, Target),
    /// `http-connection.https`, with the context in the second slot.
    Https(usize, Target, Option<usize>),
    /// A call of a connection.
    Connection(usize, ConnectionCall),
    /// `get-response` of a connection, into this slot.
    GetResponse(usize, usize),
    /// `request` of the interface, into this slot: the method and the path of the server.
    OneCall(usize, &'static str, String),
    /// A call of a response.
    Response(usize, ResponseCall),
    /// `msg` of a response, into this slot.
    Msg(usize, usize),
    /// `upgrade` of a response, into this slot.
    Upgrade(usize, usize),
    /// A call of a message.
    Message(usize, MessageCall),
    /// A call of an upgraded stream.
    Upgraded(usize, UpgradedCall),
    /// A context is made, into this slot.
    MakeContext(usize, Origin),
    /// A call of a context.
    Context(usize, ContextCall),
    /// A resource is dropped.
    Drop(Kind, usize),
    /// One of the pollables that were lent is waited for, if one of these is ready by now.
    Poll,
    /// All pollables that were lent are dropped.
    DropPollables,
    /// A function of `status`.
    Status(StatusCall),
    /// A call that is dropped where it has to wait.
    Cancel(Box<Op>),
    /// A call, which may be one that is dropped, and where it has to wait another one of the same resource beside it.
    Beside(Box<Op>, Box<Op>),
}

/// What is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Connection,
    Response,
    Message,
    Upgraded,
    Context,
}

/// The arguments of a constructor.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    pub host: String,
    pub port: Option<u16>,
    pub options: Options,
}

/// `connection-options`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    pub strict: Option<bool>,
    pub timeout: Option<u64>,
    pub source_address: Option<(String, u16)>,
    pub blocksize: Option<u32>,
    pub max_response_headers: Option<u32>,
}

/// `body`.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    Bytes(Vec<u8>),
    /// The file that both sides know, [`FILE`].
    File,
    /// The contents of that file as a stream.
    Stream,
    /// A descriptor that is a directory.
    Directory,
}

/// What is in the file.
pub const FILE: &[u8] = b"contents";

pub type Fields = Vec<(String, String)>;

#[derive(Clone, Debug, PartialEq)]
pub enum ConnectionCall {
    Request(String, String, Option<Body>, Fields),
    SetDebuglevel(u32),
    SetTunnel(String, Option<u16>, Fields),
    /// With the context in this slot.
    SetProxy(Option<String>, Option<usize>),
    ProxyFromEnvironment,
    GetProxyResponseHeaders,
    Connect,
    Close,
    PutRequest(String, String, bool, bool),
    PutHeader(String, Vec<String>),
    EndHeaders(Option<Body>),
    Send(Body),
    SetDeadline(Option<u64>),
    SetContinueTimeout(u64),
    SetTrailers(Fields),
    SetEncodeChunked(bool),
    TlsSession,
    Subscribe,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ResponseCall {
    Status,
    Reason,
    Version,
    GetHeader(String, Option<String>),
    GetHeaders,
    Read(Option<u64>),
    Splice(Option<u64>),
    Discard(Option<u64>),
    InterimResponses,
    Trailers,
    Read1(Option<u64>),
    Peek(u64),
    Readline(Option<u64>),
    Fileno,
    IsClosed,
    Close,
    WillClose,
    Length,
    Subscribe,
}

#[derive(Clone, Debug, PartialEq)]
pub enum MessageCall {
    Get(String),
    GetAll(String),
    Names,
    Items,
    Contains(String),
    Headers,
    ContentType,
    ContentMaintype,
    ContentSubtype,
    Params,
    Param(String),
    ContentCharset,
    Encoding,
    ContentEncoding,
}

#[derive(Clone, Debug, PartialEq)]
pub enum UpgradedCall {
    Read(u64),
    Write(Vec<u8>),
    Flush,
    Shutdown,
    Subscribe,
    SubscribeWrite,
}

/// How a context begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Bare,
    Default,
    Unverified,
}

/// `pem-source`, by what is in it.
#[derive(Clone, Debug, PartialEq)]
pub enum Pem {
    /// The bytes of this file of the folder, [`crate::files`].
    BytesOf(&'static str),
    /// The path of that file.
    PathOf(&'static str),
    /// Other bytes.
    Bytes(Vec<u8>),
    /// Another path.
    Path(String),
}

/// `verify-mode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verify {
    None,
    Optional,
    Required,
}

/// `tls-version`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    Tls12,
    Tls13,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ContextCall {
    SetCheckHostname(bool),
    SetVerifyMode(Verify),
    SetMinimumVersion(Version),
    SetCipherSuites(Vec<String>),
    SetAlpnProtocols(Vec<String>),
    LoadDefaultCerts,
    LoadVerifyLocations(Pem),
    LoadCrls(Pem),
    AddPin(Vec<u8>),
    LoadCertChain(Pem, Option<Pem>),
    SetKeyLog(Option<String>),
}

#[derive(Clone, Debug, PartialEq)]
pub enum StatusCall {
    HttpPort,
    HttpsPort,
    ReasonPhrase(u16),
    Responses,
    Constant(String),
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It succeeded and gives nothing, or a resource that is in its slot now.
    Done,
    Failed(Fault),
    Flag(bool),
    Number(u64),
    /// An `option` of none.
    Nothing,
    Bytes(Vec<u8>),
    Text(String),
    Texts(Vec<String>),
    Fields(Fields),
    Blocks(Vec<Vec<u8>>),
    /// There is no such call in this interface, or nothing in the slot.
    Absent,
    /// Nothing: the call was dropped.
    Cancelled,
    /// What came of each of two calls at once.
    Both(Box<Outcome>, Box<Outcome>),
}

impl From<Option<String>> for Outcome {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Nothing, Self::Text)
    }
}

impl From<Option<Fields>> for Outcome {
    fn from(fields: Option<Fields>) -> Self {
        fields.map_or(Self::Nothing, Self::Fields)
    }
}

impl From<Option<u64>> for Outcome {
    fn from(number: Option<u64>) -> Self {
        number.map_or(Self::Nothing, Self::Number)
    }
}

impl From<bool> for Outcome {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

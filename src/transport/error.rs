//! What can go wrong between this end and the peer, below HTTP.

use alloc::string::String;
use alloc::vec::Vec;

/// What a connection is doing when something happens to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Looking up the host's name.
    Resolve,
    /// Taking the source address.
    Bind,
    /// Opening the TCP connection.
    Connect,
    /// Opening the proxy's tunnel.
    Tunnel,
    /// The TLS handshake.
    Handshake,
    /// Sending the request.
    Send,
    /// Waiting for the response or for its body.
    Receive,
}

/// The network's failure; the codes of `wasi:sockets` that a client can meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketErrorCode {
    /// The host denies this component the network, this address or the look-up of names.
    AccessDenied,
    /// The name does not exist or has no address.
    NameUnresolvable,
    /// The resolver failed for now.
    TemporaryResolverFailure,
    /// The resolver failed for good.
    PermanentResolverFailure,
    /// Nobody listens there.
    ConnectionRefused,
    /// The peer reset the connection.
    ConnectionReset,
    /// The connection was aborted.
    ConnectionAborted,
    /// The peer no longer takes what is sent.
    BrokenPipe,
    /// There is no route to the address.
    RemoteUnreachable,
    /// The network gave up waiting for the peer.
    Timeout,
    /// The source address is in use.
    AddressInUse,
    /// The source address is not one of this machine's.
    AddressNotBindable,
    /// No more sockets can be opened.
    NewSocketLimit,
    /// The host offers no such operation.
    NotSupported,
    /// Anything else, in the host's words.
    Other(String),
}

/// Why a file could not be read; names as in `wasi:filesystem`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileErrorCode {
    /// There is no such file within reach.
    NoEntry,
    /// The file may not be read.
    Access,
    /// The path is a directory.
    IsDirectory,
    /// Anything else, in the host's words.
    Other(String),
}

/// TLS's failures by cause; each text names the certificates, names and dates concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsError {
    /// A certificate of the chain has expired.
    CertificateExpired(String),
    /// A certificate of the chain is not valid yet.
    CertificateNotYetValid(String),
    /// The chain leads to no trusted certificate authority.
    UnknownIssuer(String),
    /// The certificate is for other names or addresses.
    HostnameMismatch(String),
    /// A certificate of the chain was revoked.
    CertificateRevoked(String),
    /// The certificate is not for this use.
    WrongUsage(String),
    /// The certificate is malformed, badly signed or otherwise not acceptable.
    BadCertificate(String),
    /// The peer broke the handshake off; the alert's name.
    HandshakeAlert(String),
    /// The peer does not speak TLS as agreed; what came instead.
    Protocol(String),
    /// The connection was cut without `close_notify`.
    Truncated(String),
    /// A certificate or key that was given can't be used.
    Configuration(String),
    /// Anything else.
    Other(String),
}

/// A failed operation of this floor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The network failed.
    Socket {
        /// When.
        phase: Phase,
        /// How.
        code: SocketErrorCode,
    },
    /// None of a host's addresses could be connected to. There was at least one attempt.
    Unreachable(Vec<FailedAttempt>),
    /// TLS failed.
    Tls(TlsError),
    /// The source of a body could not be read.
    File(FileErrorCode),
    /// The output for a body failed; the host's words.
    Other(String),
}

/// An address that could not be connected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedAttempt {
    /// Address and port, such as `[::1]:80`.
    pub address: String,
    /// Whether its socket was still being bound.
    pub phase: Phase,
    /// What the network said.
    pub code: SocketErrorCode,
}

//! The names of the functions that are called, as the WIT has them.

use crate::calls::{
    ConnectionCall, ContextCall, MessageCall, Op, Origin, ResponseCall, StatusCall, UpgradedCall,
};

impl Op {
    /// The function; empty where none is called.
    pub fn function(&self) -> &'static str {
        match self {
            Self::Http(..) => "http-connection.http",
            Self::Https(..) => "http-connection.https",
            Self::Connection(_, call) => call.function(),
            Self::GetResponse(..) => "http-connection.get-response",
            Self::OneCall(..) => "request",
            Self::Response(_, call) => call.function(),
            Self::Msg(..) => "http-response.msg",
            Self::Upgrade(..) => "http-response.upgrade",
            Self::Message(_, call) => call.function(),
            Self::Upgraded(_, call) => call.function(),
            Self::MakeContext(_, Origin::Bare) => "tls-context.create-bare",
            Self::MakeContext(_, Origin::Default) => "tls-context.create-default",
            Self::MakeContext(_, Origin::Unverified) => "tls-context.create-unverified",
            Self::Context(_, call) => call.function(),
            Self::Status(call) => call.function(),
            Self::Cancel(op) | Self::Beside(op, _) => op.function(),
            Self::Drop(..) | Self::Poll | Self::DropPollables => "",
        }
    }
}

impl ConnectionCall {
    fn function(&self) -> &'static str {
        match self {
            Self::Request(..) => "http-connection.request",
            Self::SetDebuglevel(_) => "http-connection.set-debuglevel",
            Self::SetTunnel(..) => "http-connection.set-tunnel",
            Self::SetProxy(..) => "http-connection.set-proxy",
            Self::ProxyFromEnvironment => "http-connection.proxy-from-environment",
            Self::GetProxyResponseHeaders => "http-connection.get-proxy-response-headers",
            Self::Connect => "http-connection.connect",
            Self::Close => "http-connection.close",
            Self::PutRequest(..) => "http-connection.put-request",
            Self::PutHeader(..) => "http-connection.put-header",
            Self::EndHeaders(_) => "http-connection.end-headers",
            Self::Send(_) => "http-connection.send",
            Self::SetDeadline(_) => "http-connection.set-deadline",
            Self::SetContinueTimeout(_) => "http-connection.set-continue-timeout",
            Self::SetTrailers(_) => "http-connection.set-trailers",
            Self::SetEncodeChunked(_) => "http-connection.set-encode-chunked",
            Self::TlsSession => "http-connection.tls-session",
            Self::Subscribe => "http-connection.subscribe",
        }
    }
}

impl ResponseCall {
    fn function(&self) -> &'static str {
        match self {
            Self::Status => "http-response.status",
            Self::Reason => "http-response.reason",
            Self::Version => "http-response.version",
            Self::GetHeader(..) => "http-response.get-header",
            Self::GetHeaders => "http-response.get-headers",
            Self::Read(_) => "http-response.read",
            Self::Splice(_) => "http-response.splice",
            Self::Discard(_) => "http-response.discard",
            Self::InterimResponses => "http-response.interim-responses",
            Self::Trailers => "http-response.trailers",
            Self::Read1(_) => "http-response.read1",
            Self::Peek(_) => "http-response.peek",
            Self::Readline(_) => "http-response.readline",
            Self::Fileno => "http-response.fileno",
            Self::IsClosed => "http-response.is-closed",
            Self::Close => "http-response.close",
            Self::WillClose => "http-response.will-close",
            Self::Length => "http-response.length",
            Self::Subscribe => "http-response.subscribe",
        }
    }
}

impl MessageCall {
    fn function(&self) -> &'static str {
        match self {
            Self::Get(_) => "http-message.get",
            Self::GetAll(_) => "http-message.get-all",
            Self::Names => "http-message.names",
            Self::Items => "http-message.items",
            Self::Contains(_) => "http-message.contains",
            Self::Headers => "http-message.headers",
            Self::ContentType => "http-message.get-content-type",
            Self::ContentMaintype => "http-message.get-content-maintype",
            Self::ContentSubtype => "http-message.get-content-subtype",
            Self::Params => "http-message.get-params",
            Self::Param(_) => "http-message.get-param",
            Self::ContentCharset => "http-message.get-content-charset",
            Self::Encoding => "http-message.get-encoding",
            Self::ContentEncoding => "http-message.get-content-encoding",
        }
    }
}

impl UpgradedCall {
    fn function(&self) -> &'static str {
        match self {
            Self::Read(_) => "upgraded-stream.read",
            Self::Write(_) => "upgraded-stream.write",
            Self::Flush => "upgraded-stream.flush",
            Self::Shutdown => "upgraded-stream.shutdown",
            Self::Subscribe => "upgraded-stream.subscribe",
            Self::SubscribeWrite => "upgraded-stream.subscribe-write",
        }
    }
}

impl ContextCall {
    fn function(&self) -> &'static str {
        match self {
            Self::SetCheckHostname(_) => "tls-context.set-check-hostname",
            Self::SetVerifyMode(_) => "tls-context.set-verify-mode",
            Self::SetMinimumVersion(_) => "tls-context.set-minimum-version",
            Self::SetCipherSuites(_) => "tls-context.set-cipher-suites",
            Self::SetAlpnProtocols(_) => "tls-context.set-alpn-protocols",
            Self::LoadDefaultCerts => "tls-context.load-default-certs",
            Self::LoadVerifyLocations(_) => "tls-context.load-verify-locations",
            Self::LoadCrls(_) => "tls-context.load-crls",
            Self::AddPin(_) => "tls-context.add-pin",
            Self::LoadCertChain(..) => "tls-context.load-cert-chain",
            Self::SetKeyLog(_) => "tls-context.set-key-log",
        }
    }
}

impl StatusCall {
    fn function(&self) -> &'static str {
        match self {
            Self::HttpPort => "http-port",
            Self::HttpsPort => "https-port",
            Self::ReasonPhrase(_) => "reason-phrase",
            Self::Responses => "responses",
            Self::Constant(_) => "constant",
        }
    }
}

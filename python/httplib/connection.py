"""`HTTPConnection` and `HTTPSConnection`: one server, one request after another."""

import http.client
import socket
from collections.abc import Buffer, Callable, Mapping
from typing import Any, TypedDict, TypeVar, Unpack

from . import convert, ssl
from .bindings.imports import client as wit
from .bindings.imports.poll import Pollable
from .body import BinaryBody, Body, encoded, pieces
from .errors import call
from .handle import Handle, Resource
from .response import HTTPResponse, message
from .sock import Socket

# What a request is sent with: bytes, or nothing.
Sent = TypeVar("Sent", wit.Body, wit.Body | None)

# Not a name of Python's, but the only way to tell that no timeout was given.
_DEFAULT_TIMEOUT: Any = socket._GLOBAL_DEFAULT_TIMEOUT  # type: ignore[attr-defined]


class Options(TypedDict, total=False):
    """What a connection is made with."""

    timeout: float | None
    source_address: tuple[str, int] | None
    blocksize: int
    strict: bool
    max_response_headers: int | None


class ConnectionOptions(Options, total=False):
    """The keywords of `HTTPConnection`."""

    continue_timeout: float


class OneCallOptions(Options, total=False):
    """The keywords of `request`."""

    key_file: convert.Path | None
    cert_file: convert.Path | None
    context: ssl.SSLContext | None


class HTTPConnection(http.client.HTTPConnection):
    """`http.client.HTTPConnection`, with the component in place of the socket and the protocol.

    `strict`, from Python 2, makes a reply without a status line a `BadStatusLine` instead of HTTP/0.9.
    `max_response_headers` limits the header lines of a response, 100 by default. `continue_timeout` is
    how many seconds a body waits for `100 Continue` if the headers have `Expect: 100-continue`; it can
    be changed between requests.

    A timeout of 0 means never to wait: a call that would have to wait raises `BlockingIOError`. Nothing
    is lost then: make the same call again once one of the pollables that `subscribe` returns is ready.
    """

    response_class: type[HTTPResponse] = HTTPResponse

    source_address: tuple[str, int] | None
    # Of the base class. The method is None while no request is under way.
    _method: str | None
    _tunnel_host: str | None
    _tunnel_port: int | None

    def __init__(
        self,
        host: str,
        port: int | None = None,
        timeout: float | None = _DEFAULT_TIMEOUT,
        source_address: tuple[str, int] | None = None,
        blocksize: int = 8192,
        *,
        strict: bool = True,
        max_response_headers: int | None = None,
        continue_timeout: float = 1,
    ) -> None:
        self._wire: Handle[wit.HttpConnection] | None = None
        # Whether there is a `sock`: as in Python, until one of the calls here finds it closed.
        self._open = False
        # Whether `request` or `endheaders` is to go on where it would have had to wait.
        self._blocked = False
        self._codings: list[str] = []
        self._trailers: list[tuple[str, str]] = []
        self.strict = strict
        self.max_response_headers = max_response_headers
        self.continue_timeout = continue_timeout
        # `http.client` lets pass what names no server; the component judges by the reference.
        number = None if port is None else convert.port(port)
        call(wit.HttpConnection.http, convert.text(host), number, None)
        if convert.natural(blocksize, 32) == 0:
            raise ValueError("blocksize is 0")
        super().__init__(host, port, timeout, source_address, blocksize)

    @property
    def sock(self) -> Socket | None:
        """None while there is no connection; otherwise a `Socket`, which says what TLS agreed on."""
        return Socket(self) if self._open else None

    @sock.setter  # type: ignore[override]
    def sock(self, value: None) -> None:
        if value is not None:
            raise TypeError("the component opens the sockets of its connections itself")
        self._open = False

    def set_debuglevel(self, level: int) -> None:
        """Above 0, `send:`, `reply:` and `header:` lines go to standard error."""
        self.debuglevel = level
        if self._wire is not None:
            self._wire.call(wit.HttpConnection.set_debuglevel, int(level > 0))

    def set_tunnel(
        self, host: str, port: int | None = None, headers: convert.Headers | None = None
    ) -> None:
        """Makes the constructor's host a proxy, which opens a tunnel to `host` with `CONNECT`."""
        self._require_closed("tunnel")
        name, number = self._get_hostport(host, port)  # type: ignore[attr-defined]
        self._opened().call(
            wit.HttpConnection.set_tunnel,
            convert.bracketed(name),
            convert.port(number),
            convert.pairs(headers),
        )
        self._tunnel_host, self._tunnel_port = name, number

    def set_proxy(self, url: str | None, context: ssl.SSLContext | None = None) -> None:
        """Sends requests through the proxy at `url`, `http://[user:password@]host[:port]` or `https:`:
        HTTP in absolute form, HTTPS through a tunnel. A `url` of None means no proxy. `context` is for
        a proxy that is reached over TLS."""
        self._require_closed("proxy")
        url = None if url is None else convert.text(url)
        self._opened().call(wit.HttpConnection.set_proxy, url, ssl.resource(context))

    def proxy_from_environment(self) -> str | None:
        """The URL of the proxy that `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` name for
        this server, or None. Nothing but this call reads these variables."""
        return self._opened().call(wit.HttpConnection.proxy_from_environment)

    def get_proxy_response_headers(self) -> http.client.HTTPMessage | None:
        """The headers of the proxy's reply to `CONNECT`, an `HTTPMessage`, even if the proxy refused
        the tunnel; None before that."""
        if self._wire is None:
            return None
        headers = self._wire.call(wit.HttpConnection.get_proxy_response_headers)
        return None if headers is None else message(headers)

    def connect(self) -> None:
        """Opens the connection now, tunnel and TLS included."""
        self._opened().call(wit.HttpConnection.connect)
        self._open = True

    def close(self) -> None:
        """Closes the connection and forgets a request under way. It can be used again afterwards."""
        self._forget()
        if self._wire is not None and self._wire.alive:
            self._wire.call(wit.HttpConnection.close)

    def request(
        self,
        method: str,
        url: str,
        body: Body | None = None,
        headers: Mapping[str, convert.HeaderValue] = {},
        *,
        encode_chunked: bool = False,
    ) -> None:
        """Sends a whole request, connecting first if needed.

        `body` is bytes, a `str` (sent as Latin-1), a file, or an iterable of bytes. What has no known
        length is sent in chunks. After an error the connection is ready for another request.
        """
        if self._blocked:
            self.endheaders(encoded(body), encode_chunked=encode_chunked)
            return
        try:
            # Files of text are not in the base's type, but in its code.
            given: Any = body
            super().request(method, url, given, headers, encode_chunked=encode_chunked)
        except (http.client.CannotSendRequest, BlockingIOError):
            raise
        except BaseException:
            if self._method is not None:
                self.close()
            raise

    def putrequest(
        self,
        method: str,
        url: str,
        skip_host: bool = False,
        skip_accept_encoding: bool = False,
    ) -> None:
        """Begins a request that is put together step by step."""
        method, url = convert.text(method), convert.text(url or "/")
        own_default = self.port == self.default_port != self._scheme_port
        add_host = own_default and not skip_host and not url.startswith("http")
        skip_host = bool(skip_host or add_host)
        self._opened().call(
            wit.HttpConnection.put_request, method, url, skip_host, bool(skip_accept_encoding)
        )
        self._method = method
        self._codings = []
        if add_host:
            # The component leaves out the ports 80 and 443 alone, a class may have another one.
            self.putheader("Host", convert.bracketed(self._tunnel_host or self.host))

    def putheader(self, header: str | bytes, *values: convert.HeaderValue) -> None:
        """Adds a header; several values become continuation lines."""
        name, texts = convert.header_name(header), [convert.header_value(it) for it in values]
        self._opened().call(wit.HttpConnection.put_header, name, texts)
        if name.lower() == "transfer-encoding":
            self._codings.append(",".join(texts))

    def endheaders(
        self, message_body: BinaryBody | None = None, *, encode_chunked: bool = False
    ) -> None:
        """Sends the head, together with the body if that is bytes."""
        if self._method is None:
            raise http.client.CannotSendHeader("Idle")
        body = None if message_body is None else self._at_hand(message_body)
        trailers = self._chunks(encode_chunked)
        self._connect()
        if message_body is None or body is not None:
            self._end_headers(body, encode_chunked)
        else:
            self._end_headers(None, False)
            for piece in pieces(message_body, self.blocksize, trailers):
                self._send(piece)
        self._trailers = []

    def _chunks(self, encode_chunked: bool) -> list[tuple[str, str]] | None:
        """The trailers behind the last chunk; None where the body is sent as it is."""
        if not encode_chunked:
            return None
        codings = [it.strip().lower() for it in ",".join(self._codings).split(",")]
        codings = [it for it in codings if it]
        if self._codings and (codings.count("chunked"), codings[-1:]) != (1, ["chunked"]):
            raise ValueError("the transfer encoding of a body in chunks ends with chunked, once")
        return self._trailers

    def _end_headers(self, body: Buffer | None, encode_chunked: bool) -> None:
        wire = self._opened()
        wire.call(wit.HttpConnection.set_encode_chunked, bool(encode_chunked))
        wire.call(wit.HttpConnection.set_trailers, [] if body is None else self._trailers)
        wait = convert.nanoseconds(self.continue_timeout)
        wire.call(wit.HttpConnection.set_continue_timeout, wait)
        sent = None if body is None else wit.Body_Bytes(bytes(body))
        self._sending(wit.HttpConnection.end_headers, sent)

    def send(self, data: BinaryBody | str) -> None:
        """Sends more of the request's body, as it is: bytes, a file, or an iterable of bytes."""
        if isinstance(data, str):
            raise TypeError("data should be a bytes-like object or an iterable, got 'str'")
        if not self._open and not self.auto_open:
            raise http.client.NotConnected()
        body = self._at_hand(data)
        if body is not None:
            self._send(body)
        else:
            for piece in pieces(data, self.blocksize, None):
                self._send(piece)

    def _at_hand(self, body: BinaryBody) -> Buffer | None:
        """The body where it is bytes, as it has to be where a call may be made again."""
        if isinstance(body, (bytes, bytearray, memoryview)):
            return body
        if self.timeout == 0:
            raise ValueError("with a timeout of 0 a body has to be bytes")
        return None

    def _send(self, data: Buffer) -> None:
        self._sending(wit.HttpConnection.send, wit.Body_Bytes(bytes(data)))

    def _sending(self, method: Callable[[wit.HttpConnection, Sent], None], body: Sent) -> None:
        try:
            self._opened().call(method, body)
        except BlockingIOError:
            self._blocked = True
            raise
        except OSError:
            self._forget()
            raise
        self._blocked = False

    def _connect(self) -> None:
        if not self._open:
            if not self.auto_open:
                raise http.client.NotConnected()
            try:
                self.connect()
            except BlockingIOError:
                self._blocked = True
                raise
            except OSError:
                self.close()
                raise

    def getresponse(self) -> HTTPResponse:
        """Waits for the head of the response."""
        try:
            wire = self._opened().call(wit.HttpConnection.get_response)
        except (http.client.ResponseNotReady, BlockingIOError):
            raise
        except BaseException:
            self._forget()
            raise
        method, self._method = self._method, None
        response = self.response_class(self._held(wire), self.debuglevel, method=method)
        if response.will_close:
            # The rest of the connection is the response's.
            self._open = False
        return response

    def set_deadline(self, total: float | None) -> None:
        """How many seconds each exchange as a whole may take, from the look-up to the last byte of the
        body; None: no limit. `timeout` still applies to each step."""
        limit = None if total is None else convert.nanoseconds(total)
        self._opened().call(wit.HttpConnection.set_deadline, limit)

    def set_trailers(self, trailers: convert.Headers) -> None:
        """Trailers, a mapping or pairs, for the next request whose body is sent in chunks."""
        fields = convert.pairs(trailers)
        self._opened().call(wit.HttpConnection.set_trailers, fields)
        # They were checked. Where the chunks are the component's, they are set again.
        self._opened().call(wit.HttpConnection.set_trailers, [])
        self._trailers = fields

    def tls_session(self) -> wit.TlsSession | None:
        """What the handshake with the server agreed on: `version`, `cipher_suite`, `group`, `alpn`,
        `resumed`, `peer_certificates` (DER). None before that and without TLS; kept until the next
        connection is opened."""
        return None if self._wire is None else self._wire.call(wit.HttpConnection.tls_session)

    def subscribe(self) -> list[Pollable]:
        """What to wait for, with `poll` of `wasi:io/poll`, before repeating a call that raised
        `BlockingIOError`: until one of them is ready. Ask for them again before the next wait."""
        return self._opened().call(wit.HttpConnection.subscribe)

    _scheme_port = http.client.HTTP_PORT

    def _forget(self) -> None:
        """No request is under way, and there is no connection."""
        self._open = self._blocked = False
        self._method = None

    def _require_closed(self, what: str) -> None:
        if self._open:
            raise RuntimeError(f"Can't set up {what} for established connection")

    def _opened(self) -> Handle[wit.HttpConnection]:
        """The component's connection, made of what the attributes say when it is first used."""
        if self._wire is None:
            self._wire = self._held(self._make())
            debug = int(self.debuglevel > 0)
            self._wire.call(wit.HttpConnection.set_debuglevel, debug)
        return self._wire

    def _held(self, resource: Resource) -> Handle[Resource]:
        """What calls a resource of this connection."""
        return Handle(resource)

    def _make(self) -> wit.HttpConnection:
        host, port = convert.bracketed(self.host), convert.port(self.port)
        return call(wit.HttpConnection.http, host, port, self._options())

    def _options(self) -> wit.ConnectionOptions:
        timeout, source, most = self.timeout, self.source_address, self.max_response_headers
        if timeout is _DEFAULT_TIMEOUT:
            timeout = socket.getdefaulttimeout()
        return wit.ConnectionOptions(
            strict=bool(self.strict),
            timeout=None if timeout is None else convert.nanoseconds(timeout),
            source_address=None if source is None else convert.address(source),
            blocksize=self.blocksize,
            max_response_headers=None if most is None else convert.natural(most, 32),
        )


class HTTPSConnection(HTTPConnection):
    """An `HTTPConnection` over TLS.

    `context` is an `httplib.ssl.SSLContext`; without one, certificates and names are checked as by
    `ssl.create_default_context()`. `key_file` and `cert_file`, from Python 2, are PEM files with a
    client certificate and its key.
    """

    default_port = http.client.HTTPS_PORT
    _scheme_port = http.client.HTTPS_PORT

    def __init__(
        self,
        host: str,
        port: int | None = None,
        *,
        key_file: convert.Path | None = None,
        cert_file: convert.Path | None = None,
        context: ssl.SSLContext | None = None,
        **options: Unpack[ConnectionOptions],
    ) -> None:
        super().__init__(host, port, **options)
        hook = ssl._create_default_https_context
        if context is None and hook is not ssl.create_default_context:
            context = hook()
        self.key_file = key_file
        self.cert_file = cert_file
        ssl.resource(context)
        self._context = context
        if key_file is not None or cert_file is not None:
            # Python 2 reads them here.
            self._opened()

    def _make(self) -> wit.HttpConnection:
        host, port = convert.bracketed(self.host), convert.port(self.port)
        return call(wit.HttpConnection.https, host, port, self._options(), self._tls_options())

    def _tls_options(self) -> wit.TlsOptions:
        return wit.TlsOptions(
            context=ssl.resource(self._context),
            key_file=None if self.key_file is None else convert.path(self.key_file),
            cert_file=None if self.cert_file is None else convert.path(self.cert_file),
        )

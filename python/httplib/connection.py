"""`HTTPConnection` and `HTTPSConnection`: one server, one request after the other."""

import http.client
import socket

from . import convert, ssl
from .bindings.imports import client as wit
from .body import encoded, pieces
from .errors import call
from .handle import Handle
from .response import HTTPResponse, message
from .sock import Socket


class HTTPConnection(http.client.HTTPConnection):
    """`http.client.HTTPConnection`, with the component in the place of socket and protocol.

    `strict`, of Python 2, makes a reply without a status line a `BadStatusLine` instead of HTTP/0.9.
    `max_response_headers` limits the header lines of a response, 100 by default. `continue_timeout` is
    how many seconds a body waits for `100 Continue` where the headers have `Expect: 100-continue`.

    A timeout of 0 means never to wait: a call that would raises `BlockingIOError`. Nothing is lost
    then: make the same call again once the pollable of `subscribe` is ready.
    """

    response_class = HTTPResponse

    def __init__(
        self,
        host,
        port=None,
        timeout=socket._GLOBAL_DEFAULT_TIMEOUT,
        source_address=None,
        blocksize=8192,
        *,
        strict=True,
        max_response_headers=None,
        continue_timeout=None,
    ):
        self._wire = None
        self._open = False
        self._begun = False
        self._blocked = False
        self._trailers = ()
        self.strict = strict
        self.max_response_headers = max_response_headers
        self.continue_timeout = continue_timeout
        # `http.client` lets pass what names no server; the component judges by the reference.
        number = convert.optional(convert.port, port)
        call(wit.HttpConnection.http, convert.text(host), number, None)
        if convert.natural(blocksize, 32) == 0:
            raise ValueError("blocksize is 0")
        super().__init__(host, port, timeout, source_address, blocksize)

    @property
    def sock(self):
        """None while there is no connection; else a `Socket`, which tells what TLS agreed on."""
        return Socket(self) if self._open else None

    @sock.setter
    def sock(self, value):
        if value is not None:
            raise TypeError("the component opens the sockets of its connections itself")
        self._open = False

    def set_debuglevel(self, level):
        """Above 0, `send:`, `reply:` and `header:` lines go to standard error."""
        self.debuglevel = level
        if self._wire is not None:
            self._wire.set_debuglevel(int(level > 0))

    def set_tunnel(self, host, port=None, headers=None):
        """Makes the constructor's host a proxy, which opens a tunnel to `host` by `CONNECT`."""
        self._require_closed("tunnel")
        host, port = self._get_hostport(host, port)
        self._opened().set_tunnel(convert.bracketed(host), convert.port(port), convert.pairs(headers))
        self._tunnel_host, self._tunnel_port = host, port

    def set_proxy(self, url, context=None):
        """Sends requests through the proxy at `url`, `http://[user:password@]host[:port]` or `https:`,
        None for none: in absolute form, HTTPS through a tunnel. `context` is for a proxy over TLS."""
        self._require_closed("proxy")
        url = convert.optional(convert.text, url)
        self._opened().set_proxy(url, ssl.resource(context))

    def proxy_from_environment(self):
        """The URL of the proxy that `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` name for
        this server, or None. Nothing reads these variables but this call."""
        return self._opened().proxy_from_environment()

    def get_proxy_response_headers(self):
        """The headers of the proxy's reply to `CONNECT`, an `HTTPMessage`, also where that refused the
        tunnel; None before that."""
        headers = None if self._wire is None else self._wire.get_proxy_response_headers()
        return None if headers is None else message(headers)

    def connect(self):
        """Opens the connection now, tunnel and TLS included."""
        self._opened().connect()
        self._open = True

    def close(self):
        """Closes the connection and forgets a request under way. Usable again afterwards."""
        self._forget()
        if self._wire is not None and self._wire.alive:
            self._wire.close()

    def request(self, method, url, body=None, headers={}, *, encode_chunked=False):
        """Sends a whole request, connecting first where that is needed.

        `body` is bytes, a `str` (sent as Latin-1), a file, or an iterable of bytes. What has no known
        length is sent in chunks. After an error the connection is ready for another request.
        """
        if self._blocked:
            self.endheaders(encoded(body), encode_chunked=encode_chunked)
            return
        try:
            super().request(method, url, body, headers, encode_chunked=encode_chunked)
        except (http.client.CannotSendRequest, BlockingIOError):
            raise
        except BaseException:
            if self._begun:
                self.close()
            raise

    def putrequest(self, method, url, skip_host=False, skip_accept_encoding=False):
        """Begins a request that is put together step by step."""
        method, url = convert.text(method), convert.text(url or "/")
        own_default = self.port == self.default_port != self._scheme_port
        add_host = own_default and not skip_host and not url.startswith("http")
        skip_host = bool(skip_host or add_host)
        self._opened().put_request(method, url, skip_host, bool(skip_accept_encoding))
        self._begun = True
        self._method = method
        self._codings = []
        if add_host:
            # The component leaves out the ports 80 and 443 alone, a class may have another one.
            self.putheader("Host", convert.bracketed(self._tunnel_host or self.host))

    def putheader(self, header, *values):
        """Adds a header; several values become continuation lines."""
        name, values = convert.header_name(header), [convert.header_value(it) for it in values]
        self._opened().put_header(name, values)
        if name.lower() == "transfer-encoding":
            self._codings.append(",".join(values))

    def endheaders(self, message_body=None, *, encode_chunked=False):
        """Sends the head, together with the body where that is bytes."""
        if not self._begun:
            raise http.client.CannotSendHeader("Idle")
        at_hand = message_body is None or self._is_at_hand(message_body)
        trailers = self._chunks(encode_chunked)
        self._connect()
        if at_hand:
            self._end_headers(message_body, encode_chunked)
        else:
            self._end_headers(None, False)
            for piece in pieces(message_body, self.blocksize, trailers):
                self._send(piece)
        self._trailers = ()

    def _chunks(self, encode_chunked):
        """The trailers behind the last chunk; None where the body is sent as it is."""
        if not encode_chunked:
            return None
        codings = [it.strip().lower() for it in ",".join(self._codings).split(",")]
        codings = [it for it in codings if it]
        if self._codings and (codings.count("chunked"), codings[-1:]) != (1, ["chunked"]):
            raise ValueError("the transfer encoding of a body in chunks ends with chunked, once")
        return self._trailers

    def _end_headers(self, body, encode_chunked):
        body = None if body is None else wit.Body_Bytes(bytes(body))
        self._wire.set_encode_chunked(bool(encode_chunked))
        self._wire.set_trailers([] if body is None else list(self._trailers))
        self._sending(self._wire.end_headers, body)

    def send(self, data):
        """Sends more of the request's body, as it is: bytes, a file, or an iterable of bytes."""
        if isinstance(data, str):
            raise TypeError("data should be a bytes-like object or an iterable, got 'str'")
        if not self._open and not self.auto_open:
            raise http.client.NotConnected()
        if self._is_at_hand(data):
            self._send(data)
        else:
            for piece in pieces(data, self.blocksize, None):
                self._send(piece)

    def _is_at_hand(self, body):
        """Whether the body is bytes, as it has to be where a call may be made again."""
        if isinstance(body, (bytes, bytearray, memoryview)):
            return True
        if self.timeout == 0:
            raise ValueError("with a timeout of 0 a body has to be bytes")
        return False

    def _send(self, data):
        self._sending(self._opened().send, wit.Body_Bytes(bytes(data)))

    def _sending(self, function, body):
        try:
            function(body)
        except BlockingIOError:
            self._blocked = True
            raise
        except OSError:
            self._forget()
            raise
        self._blocked = False

    def _connect(self):
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

    def getresponse(self):
        """Waits for the head of the response."""
        try:
            wire = self._opened().get_response()
        except (http.client.ResponseNotReady, BlockingIOError):
            raise
        except BaseException:
            self._forget()
            raise
        self._begun = False
        response = self.response_class(wire, self.debuglevel, method=self._method)
        if response.will_close:
            # The rest of the connection is the response's.
            self._open = False
        return response

    def set_deadline(self, total):
        """What the whole of each exchange may take, in seconds, from the look-up to the last byte of
        the body; None: no limit. `timeout`, of each step, holds beside it."""
        self._opened().set_deadline(convert.optional(convert.nanoseconds, total))

    def set_trailers(self, trailers):
        """Trailers, a mapping or pairs, for the next request whose body goes out in chunks."""
        trailers = convert.pairs(trailers)
        self._opened().set_trailers(trailers)
        # They were checked. Where the chunks are the component's, they are set again.
        self._opened().set_trailers([])
        self._trailers = trailers

    def tls_session(self):
        """What the handshake with the server agreed on: `version`, `cipher_suite`, `group`, `alpn`,
        `resumed`, `peer_certificates` (DER). None before that and without TLS; told until the next
        connection is opened."""
        return None if self._wire is None else self._wire.tls_session()

    def subscribe(self):
        """A `wasi:io/poll` pollable: ready when a call that raised `BlockingIOError` is worth
        repeating."""
        return self._opened().subscribe()

    _scheme_port = http.client.HTTP_PORT

    def _forget(self):
        """No request is under way, and there is no connection."""
        self._open = self._begun = self._blocked = False

    def _require_closed(self, what):
        if self._open:
            raise RuntimeError(f"Can't set up {what} for established connection")

    def _opened(self):
        """The component's connection, made of what the attributes say when it is first used."""
        if self._wire is None:
            self._wire = Handle(self._make())
            self._wire.set_debuglevel(int(self.debuglevel > 0))
        return self._wire

    def _make(self):
        options = wit.ConnectionOptions(**self._options())
        return call(
            wit.HttpConnection.http, convert.bracketed(self.host), convert.port(self.port), options
        )

    def _options(self):
        timeout = self.timeout
        if timeout is socket._GLOBAL_DEFAULT_TIMEOUT:
            timeout = socket.getdefaulttimeout()
        return {
            "strict": bool(self.strict),
            "timeout": convert.optional(convert.nanoseconds, timeout),
            "source_address": convert.optional(convert.address, self.source_address),
            "max_response_headers": convert.optional(convert.natural, self.max_response_headers, 32),
            "blocksize": self.blocksize,
            "continue_timeout": convert.optional(convert.nanoseconds, self.continue_timeout),
        }


class HTTPSConnection(HTTPConnection):
    """An `HTTPConnection` over TLS.

    `context` is an `httplib.ssl.SSLContext`; without one, certificates and names are checked as by
    `ssl.create_default_context()`. `key_file` and `cert_file`, of Python 2, are PEM files with a client
    certificate and its key.
    """

    default_port = http.client.HTTPS_PORT
    _scheme_port = http.client.HTTPS_PORT

    def __init__(self, host, port=None, *, key_file=None, cert_file=None, context=None, **options):
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

    def _make(self):
        options = self._https_options()
        return call(
            wit.HttpConnection.https, convert.bracketed(self.host), convert.port(self.port), options
        )

    def _https_options(self):
        return wit.HttpsOptions(
            key_file=convert.optional(convert.path, self.key_file),
            cert_file=convert.optional(convert.path, self.cert_file),
            context=ssl.resource(self._context),
            **self._options(),
        )

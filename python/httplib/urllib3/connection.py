"""Connections for urllib3's pools.

Each class is urllib3's own with this package's in the place of `http.client`'s: headers, bodies and
what pools ask for are urllib3's, and sockets, tunnels, TLS and the protocol are the component's.
"""

import base64
import http.client
import os
import socket
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, NoReturn, cast
from urllib.parse import quote

import urllib3.connection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.ssl_ import assert_fingerprint, resolve_cert_reqs
from urllib3.util.timeout import Timeout

from .. import connection, convert, ssl
from ..bindings.imports import client as wit
from ..errors import TunnelError, call
from ..sock import Socket
from .response import HTTPResponse, WireResponse
from .trust import Settings
from .waiting import Patience, PatientHandle, Resource

# What is set on each socket by default, and on the component's in any case.
_NODELAY = (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class TimedSocket(Socket):
    """What urllib3 tells a new timeout to."""

    def __init__(self, connection: connection.HTTPConnection, patience: Patience) -> None:
        super().__init__(connection)
        self._patience = patience

    def settimeout(self, seconds: float | None) -> None:
        """How long each wait for the network takes from now on."""
        self._patience.seconds = seconds


class HTTPConnection(  # type: ignore[misc]
    urllib3.connection.HTTPConnection, connection.HTTPConnection
):
    """urllib3's `HTTPConnection`."""

    response_class = WireResponse

    timeout: float | None

    def __init__(
        self, host: str, port: int | None = None, *, socket_options: Any = [_NODELAY], **options: Any
    ) -> None:
        for option in socket_options or []:
            if option != _NODELAY:
                raise ValueError(f"socket_options are not supported: {option!r}")
        self._patience = Patience(None)
        self._failure: OSError | None = None
        # What goes to the proxy, without what Python adds.
        self._proxy_headers: Mapping[str, str] = {}
        super().__init__(host, port, socket_options=socket_options, **options)

    @property
    def sock(self) -> TimedSocket | None:
        """None while there is no connection."""
        return TimedSocket(self, self._patience) if self._open else None

    @sock.setter  # type: ignore[override]
    def sock(self, value: None) -> None:
        self._open = False

    def set_tunnel(  # type: ignore[override]
        self,
        host: str,
        port: int | None = None,
        headers: Mapping[str, str] | None = None,
        scheme: str = "http",
    ) -> None:
        """Has the next `connect` open a tunnel to `host`."""
        if scheme not in ("http", "https"):
            raise ValueError(f"a proxy is reached by http or https, not by {scheme!r}")
        http.client.HTTPConnection.set_tunnel(self, host, port, headers)
        self._tunnel_scheme = scheme
        self._proxy_headers = headers or {}

    def connect(self) -> None:
        """Opens the connection: tunnel and TLS included."""
        self._failure = None
        self.timeout = Timeout.resolve_default_timeout(self.timeout)
        self._patience.seconds = self.timeout
        # The component does it all in one call, and urllib3 has a timeout for all of it.
        self._patience.limit_all()
        try:
            connection.HTTPConnection.connect(self)
        except OSError as error:
            self._fail_to_connect(error)
        finally:
            self._patience.limit_each()
        self._has_connected_to_proxy = bool(self.proxy)
        if self._has_connected_to_proxy:
            self.proxy_is_verified = False

    def _fail_to_connect(self, error: OSError) -> NoReturn:
        """Raises what urllib3 raises for an error of `connect`."""
        # Otherwise the proxy is to blame.
        answered = self.get_proxy_response_headers() is not None
        self._has_connected_to_proxy = answered and not isinstance(error, TunnelError)
        phase = getattr(error, "phase", None)
        if isinstance(error, socket.gaierror):
            raise NameResolutionError(self.host, self, error) from error
        if isinstance(error, TimeoutError):
            text = f"Connection to {self.host} timed out. (connect timeout={self.timeout})"
            raise ConnectTimeoutError(self, text) from error
        if phase in ("resolve", "bind", "connect"):
            text = f"Failed to establish a new connection: {error}"
            raise NewConnectionError(self, text) from error
        raise error

    @property
    def is_connected(self) -> bool:
        """Whether a request can go over what is open. One that the server has closed meanwhile is
        replaced by the component."""
        return self._open

    def close(self) -> None:
        wire = self._wire
        super().close()
        self._wire = None
        if wire is not None:
            wire.drop()

    def send(self, data: Any) -> None:
        try:
            super().send(data)
        except OSError as error:
            # urllib3 passes over some errors, to see whether there is a response.
            self._failure = error
            raise

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        """Waits for the head of the response."""
        if self._failure is not None:
            raise self._failure
        try:
            response = super().getresponse()
        except ConnectionError:
            # As `http.client` does: urllib3 takes it for the proxy's fault then, if there is one.
            self.close()
            raise
        # urllib3 has no other place to choose the class.
        response.__class__ = HTTPResponse
        return cast(HTTPResponse, response)

    def _held(self, resource: Resource) -> PatientHandle[Resource]:  # type: ignore[override]
        return PatientHandle(resource, self._patience)

    def _options(self) -> wit.ConnectionOptions:
        options = connection.HTTPConnection._options(self)
        return replace(options, timeout=0)

    def _make(self) -> wit.HttpConnection:
        host, port = convert.bracketed(self._dns_host), convert.port(self.port)
        return self._tunnelled(call(wit.HttpConnection.http, host, port, self._options()))

    def _tunnelled(self, wire: wit.HttpConnection) -> wit.HttpConnection:
        """The connection, with the tunnel that is asked for."""
        if self._tunnel_host is not None:
            host, port = convert.bracketed(self._tunnel_host), convert.port(self._tunnel_port or 0)
            call(wire.set_tunnel, host, port, convert.pairs(self._proxy_headers))
        return wire


class HTTPSConnection(HTTPConnection):
    """urllib3's `HTTPSConnection`."""

    default_port = http.client.HTTPS_PORT  # type: ignore[misc]
    _scheme_port = http.client.HTTPS_PORT

    def __init__(
        self,
        host: str,
        port: int | None = None,
        *,
        cert_reqs: int | str | None = None,
        assert_hostname: str | Literal[False] | None = None,
        assert_fingerprint: str | None = None,
        server_hostname: str | None = None,
        ssl_context: ssl.SSLContext | None = None,
        ca_certs: str | None = None,
        ca_cert_dir: str | None = None,
        ca_cert_data: str | bytes | None = None,
        ssl_minimum_version: int | None = None,
        ssl_maximum_version: int | None = None,
        ssl_version: int | str | None = None,
        cert_file: str | None = None,
        key_file: str | None = None,
        key_password: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(host, port, **options)
        if cert_reqs is None and ssl_context is not None:
            cert_reqs = ssl_context.verify_mode
        self.cert_reqs = resolve_cert_reqs(cert_reqs)
        self.assert_hostname = assert_hostname
        self.assert_fingerprint = assert_fingerprint
        self.server_hostname = server_hostname
        self.ssl_context = ssl_context
        self.ca_certs = ca_certs and os.path.expanduser(ca_certs)
        self.ca_cert_dir = ca_cert_dir and os.path.expanduser(ca_cert_dir)
        self.ca_cert_data = ca_cert_data
        self.ssl_minimum_version = ssl_minimum_version
        self.ssl_maximum_version = ssl_maximum_version
        self.ssl_version = ssl_version
        self.cert_file = cert_file
        self.key_file = key_file
        self.key_password = key_password

    def connect(self) -> None:
        super().connect()
        forwarding = self.proxy_is_forwarding
        settings = self._proxy_settings() if forwarding else self._settings()
        if settings.assert_fingerprint:
            try:
                self._assert_fingerprint(settings.assert_fingerprint)
            except BaseException:
                self.close()
                raise
        verified = settings.verifies
        # A proxy that is sent the request instead of a tunnel's has seen it, whoever that proxy is.
        self.is_verified = verified and not forwarding
        if self.proxy and self._tunnel_scheme != "http":
            self.proxy_is_verified = self._proxy_settings().verifies

    def _assert_fingerprint(self, fingerprint: str) -> None:
        session = self.tls_session()
        certificates = session.peer_certificates if session else []
        assert_fingerprint(certificates[0] if certificates else None, fingerprint)

    @property
    def is_connected(self) -> bool:
        # Of a connection that the component replaces by itself nobody sees the fingerprint.
        of_proxy = self.proxy_config is not None and self.proxy_config.assert_fingerprint
        return self._open and not self.assert_fingerprint and not of_proxy

    def _settings(self) -> Settings:
        """How the server is checked."""
        return Settings(
            ssl_context=self.ssl_context,
            cert_reqs=self.cert_reqs,
            assert_hostname=self.assert_hostname,
            assert_fingerprint=self.assert_fingerprint,
            ca_certs=self.ca_certs,
            ca_cert_dir=self.ca_cert_dir,
            ca_cert_data=self.ca_cert_data,
            ssl_version=self.ssl_version,
            ssl_minimum_version=self.ssl_minimum_version,
            ssl_maximum_version=self.ssl_maximum_version,
            cert_file=self.cert_file,
            key_file=self.key_file,
            key_password=self.key_password,
        )

    def _proxy_settings(self) -> Settings:
        """How a proxy is checked: by its own context, or else by what the server is checked by."""
        config = self.proxy_config
        if config is None:
            return self._settings()
        if config.ssl_context is not None:
            own = cast(ssl.SSLContext, config.ssl_context)
            settings = Settings(ssl_context=own, cert_reqs=own.verify_mode)
        else:
            inherited = self.ssl_context if self.proxy_is_forwarding else None
            settings = replace(self._settings(), ssl_context=inherited, cert_file=None)
        return replace(
            settings,
            assert_hostname=config.assert_hostname,
            assert_fingerprint=config.assert_fingerprint,
        )

    def _make(self) -> wit.HttpConnection:
        name = self._tunnel_host or self.host
        if self.server_hostname is not None and self.server_hostname.strip("[]") != name.strip("[]"):
            raise ValueError(
                f"server_hostname={self.server_hostname!r} is not supported:"
                f" TLS asks for the host of the URL, {name!r}"
            )
        settings = self._proxy_settings() if self.proxy_is_forwarding else self._settings()
        tls = wit.TlsOptions(ssl.resource(settings.context(name)), None, None)
        if self._tunnel_host is not None and self._tunnel_scheme == "https":
            return self._behind_tls(self._tunnel_host, tls)
        host, port = convert.bracketed(self._dns_host), convert.port(self.port)
        return self._tunnelled(call(wit.HttpConnection.https, host, port, self._options(), tls))

    def _behind_tls(self, server: str, tls: wit.TlsOptions) -> wit.HttpConnection:
        """A connection through the tunnel of a proxy that is itself reached over TLS."""
        settings = self._proxy_settings()
        if settings.assert_fingerprint:
            raise ValueError("proxy_assert_fingerprint is not supported for tunnels")
        host, port = convert.bracketed(server), convert.port(self._tunnel_port or 0)
        wire = call(wit.HttpConnection.https, host, port, self._options(), tls)
        proxy = f"https://{_user(self._proxy_headers)}{convert.bracketed(self.host)}:{self.port}"
        call(wire.set_proxy, proxy, ssl.resource(settings.context(self.host)))
        return wire


def _user(headers: Mapping[str, str]) -> str:
    """The user and password for a proxy's URL, from the headers for the proxy: the component takes no
    other way, and no other headers, where the proxy is reached over TLS."""
    user = ""
    for header, value in headers.items():
        scheme, _, token = convert.header_value(value).partition(" ")
        if header.lower() != "proxy-authorization" or scheme.lower() != "basic":
            raise ValueError(f"an https proxy that tunnels is sent no {header} header")
        name, _, password = base64.b64decode(token).decode("latin-1").partition(":")
        user = f"{quote(name, safe='')}:{quote(password, safe='')}@"
    return user

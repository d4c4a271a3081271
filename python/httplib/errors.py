"""The WIT's errors as Python's exceptions.

Each has the class that `http.client`, `socket` or `ssl` would raise. An `OSError` of the network also
says in `phase` what the connection was doing: `resolve`, `bind`, `connect`, `tunnel`, `handshake`,
`send` or `receive`.
"""

import errno
import http.client
import socket
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from componentize_py_types import Err

from .bindings.imports import client as wit

P = ParamSpec("P")
Result = TypeVar("Result")
Failed = TypeVar("Failed", bound=OSError)


class MalformedResponse(http.client.HTTPException):
    """The reply breaks RFC 9112 in a way that `http.client` has no class for."""


class TunnelError(OSError):
    """The proxy refused to open the tunnel.

    `status`, `reason`, `headers` (a list of pairs) and `body` (at most 64 KiB) are its reply.
    """

    phase: str

    def __init__(self, status: int, reason: str, headers: list[tuple[str, str]], body: bytes) -> None:
        super().__init__(f"Tunnel connection failed: {status} {reason}")
        self.status = status
        self.reason = reason
        self.headers = headers
        self.body = body


class SSLError(OSError):
    """TLS failed."""

    phase: str


class SSLEOFError(SSLError):
    """The connection was cut without TLS's goodbye."""


class SSLCertVerificationError(SSLError, ValueError):
    """The server's certificate was refused.

    `verify_code` is OpenSSL's number for the reason: 10 expired, 9 not yet valid, 20 of an unknown
    authority, 62 for another name, 23 revoked, 26 not for servers, 1 anything else. `verify_message`
    gives the reason in words.
    """

    def __init__(self, verify_code: int, verify_message: str) -> None:
        super().__init__(1, f"certificate verify failed: {verify_message}")
        self.reason = "CERTIFICATE_VERIFY_FAILED"
        self.verify_code = verify_code
        self.verify_message = verify_message


def call(function: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
    """Calls a function of the component; raises its error as a Python exception."""
    try:
        return function(*args, **kwargs)
    except Err as error:
        found = exception(error.value)
    # Out of the handler: as a context, an `Err` can't be cleaned of its traceback, as `unittest` does.
    try:
        raise found
    finally:
        # It would hold this frame, which holds it, and the arguments: bodies are large.
        del found


def exception(error: wit.Error) -> Exception:
    """The exception that stands for `error` of the WIT."""
    match error:
        case wit.Error_Http(value):
            return _http(value)
        case wit.Error_Value(text):
            return ValueError(text)
        case wit.Error_Socket(value):
            return _socket(value, wit.describe(error))
        case wit.Error_TimedOut(phase):
            return _in_phase(TimeoutError("timed out"), phase)
        case wit.Error_WouldBlock():
            return BlockingIOError(errno.EAGAIN, "the operation would block")
        case wit.Error_File(value):
            return _file(value)
        case wit.Error_Tls(value):
            return _in_phase(_tls(value), wit.Phase.HANDSHAKE)
        case wit.Error_Tunnel(wit.TunnelRefusal(status, reason, headers, body)):
            return _in_phase(TunnelError(status, reason, headers, body), wit.Phase.TUNNEL)
        case wit.Error_Other(text):
            return OSError(text)


def _http(error: wit.HttpException) -> http.client.HTTPException:
    match error:
        case wit.HttpException_NotConnected():
            return http.client.NotConnected("the connection was closed")
        case wit.HttpException_InvalidUrl(text):
            return http.client.InvalidURL(text)
        case wit.HttpException_UnknownProtocol(line):
            return http.client.UnknownProtocol(line)
        case wit.HttpException_UnknownTransferEncoding(coding):
            return http.client.UnknownTransferEncoding(coding)
        case wit.HttpException_UnimplementedFileMode(text):
            return http.client.UnimplementedFileMode(text)
        case wit.HttpException_IncompleteRead(wit.IncompleteRead(partial, expected)):
            return http.client.IncompleteRead(partial, expected)
        case wit.HttpException_ImproperConnectionState(state):
            return _improper_state(state)
        case wit.HttpException_BadStatusLine(line):
            return http.client.BadStatusLine(line)
        case wit.HttpException_LineTooLong(kind):
            return http.client.LineTooLong(kind)
        case wit.HttpException_RemoteDisconnected():
            text = "Remote end closed connection without response"
            return http.client.RemoteDisconnected(text)
        case wit.HttpException_Malformed(text):
            return MalformedResponse(text)
        case wit.HttpException_TooMany(text) | wit.HttpException_Other(text):
            return http.client.HTTPException(text)


def _improper_state(error: wit.ImproperConnectionState) -> http.client.ImproperConnectionState:
    kind: type[http.client.ImproperConnectionState]
    match error:
        case wit.ImproperConnectionState_CannotSendRequest(state):
            kind = http.client.CannotSendRequest
        case wit.ImproperConnectionState_CannotSendHeader(state):
            kind = http.client.CannotSendHeader
        case wit.ImproperConnectionState_ResponseNotReady(state):
            kind = http.client.ResponseNotReady
    # "Request-sent", as `http.client` says it.
    return kind(state.name.replace("_", "-").capitalize())


# `OSError` makes a `ConnectionRefusedError` of ECONNREFUSED by itself, and so on.
_NUMBERS = {
    wit.SocketErrorCode_AccessDenied: errno.EACCES,
    wit.SocketErrorCode_ConnectionRefused: errno.ECONNREFUSED,
    wit.SocketErrorCode_ConnectionReset: errno.ECONNRESET,
    wit.SocketErrorCode_ConnectionAborted: errno.ECONNABORTED,
    wit.SocketErrorCode_BrokenPipe: errno.EPIPE,
    wit.SocketErrorCode_RemoteUnreachable: errno.EHOSTUNREACH,
    wit.SocketErrorCode_Timeout: errno.ETIMEDOUT,
    wit.SocketErrorCode_AddressInUse: errno.EADDRINUSE,
    wit.SocketErrorCode_AddressNotBindable: errno.EADDRNOTAVAIL,
    wit.SocketErrorCode_NewSocketLimit: errno.EMFILE,
    wit.SocketErrorCode_NotSupported: errno.ENOTSUP,
}

_RESOLVER = {
    wit.SocketErrorCode_NameUnresolvable: socket.EAI_NONAME,
    wit.SocketErrorCode_TemporaryResolverFailure: socket.EAI_AGAIN,
    wit.SocketErrorCode_PermanentResolverFailure: socket.EAI_FAIL,
}


def _socket(error: wit.SocketError, text: str) -> OSError:
    kind = type(error.code)
    found: OSError
    if kind in _RESOLVER:
        found = socket.gaierror(_RESOLVER[kind], text)
    elif kind in _NUMBERS:
        found = OSError(_NUMBERS[kind], text)
    else:
        found = OSError(text)
    return _in_phase(found, error.phase)


def _file(error: wit.FileError) -> OSError:
    match error.code:
        case wit.FileErrorCode_NoEntry():
            return FileNotFoundError(errno.ENOENT, "No such file or directory", error.path)
        case wit.FileErrorCode_Access():
            return PermissionError(errno.EACCES, "Permission denied", error.path)
        case wit.FileErrorCode_IsDirectory():
            return IsADirectoryError(errno.EISDIR, "Is a directory", error.path)
        case wit.FileErrorCode_Other(text):
            return OSError(text if error.path is None else f"{text}: {error.path!r}")


# OpenSSL's numbers, as `verify_code` has them.
_VERIFY_CODES = {
    wit.TlsError_CertificateNotYetValid: 9,
    wit.TlsError_CertificateExpired: 10,
    wit.TlsError_UnknownIssuer: 20,
    wit.TlsError_CertificateRevoked: 23,
    wit.TlsError_WrongUsage: 26,
    wit.TlsError_HostnameMismatch: 62,
    wit.TlsError_BadCertificate: 1,
}


def _tls(error: wit.TlsError) -> SSLError:
    code = _VERIFY_CODES.get(type(error))
    if code is not None:
        return SSLCertVerificationError(code, error.value)
    kind = SSLEOFError if isinstance(error, wit.TlsError_Truncated) else SSLError
    return kind(error.value)


def _in_phase(error: Failed, phase: wit.Phase) -> Failed:
    # Python's own classes have no such attribute, but take it.
    error.phase = phase.name.lower()  # type: ignore[attr-defined]
    return error

"""Python's `http.client` for WebAssembly, HTTPS included.

    import httplib

    conn = httplib.HTTPSConnection("www.python.org")
    conn.request("GET", "/")
    response = conn.getresponse()
    print(response.status, response.reason)
    body = response.read()

The classes derive from those of `http.client`, and the exceptions, status codes and `HTTPMessage` are
those of `http.client`: code that catches `http.client.IncompleteRead` goes on catching it. Sockets, TLS
and the protocol come from the component that implements `httplib:http/client`.
"""

# A codec is imported when it is first used, and then nothing can be any more: these are common.
import encodings.ascii
import encodings.idna
import encodings.latin_1
import encodings.utf_8
from http import HTTPStatus
from http.client import (
    HTTP_PORT,
    HTTPS_PORT,
    BadStatusLine,
    CannotSendHeader,
    CannotSendRequest,
    HTTPException,
    HTTPMessage,
    ImproperConnectionState,
    IncompleteRead,
    InvalidURL,
    LineTooLong,
    NotConnected,
    RemoteDisconnected,
    ResponseNotReady,
    UnimplementedFileMode,
    UnknownProtocol,
    UnknownTransferEncoding,
    error,
    parse_headers,
    responses,
)

from . import ssl
from .connection import HTTPConnection, HTTPSConnection
from .errors import MalformedResponse, TunnelError
from .handlers import install
from .one_call import request
from .response import HTTPResponse
from .status import *
from .upgrade import UpgradedStream

__all__ = [
    "BadStatusLine",
    "CannotSendHeader",
    "CannotSendRequest",
    "HTTPConnection",
    "HTTPException",
    "HTTPMessage",
    "HTTPResponse",
    "HTTPSConnection",
    "HTTPS_PORT",
    "HTTPStatus",
    "HTTP_PORT",
    "ImproperConnectionState",
    "IncompleteRead",
    "InvalidURL",
    "LineTooLong",
    "MalformedResponse",
    "NotConnected",
    "RemoteDisconnected",
    "ResponseNotReady",
    "TunnelError",
    "UnimplementedFileMode",
    "UnknownProtocol",
    "UnknownTransferEncoding",
    "UpgradedStream",
    "error",
    "install",
    "parse_headers",
    "request",
    "responses",
    "ssl",
]
# As `http.client` has them; not in its own `__all__`.
__all__.extend(HTTPStatus.__members__)

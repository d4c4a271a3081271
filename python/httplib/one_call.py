"""One request in one call."""

from typing import Unpack

from . import convert
from .bindings.imports import client as wit
from .body import Body, encoded, pieces
from .connection import HTTPSConnection, OneCallOptions
from .errors import call
from .handle import Handle
from .response import HTTPResponse


def request(
    method: str,
    url: str,
    body: Body | None = None,
    headers: convert.Headers = {},
    **options: Unpack[OneCallOptions],
) -> HTTPResponse:
    """Sends one request to an absolute URL, `http:` or `https:`, on a connection of its own, and
    returns the `HTTPResponse`. No redirect is followed.

    `options` are those of `HTTPSConnection`, such as `timeout` and `context`, but not
    `continue_timeout`.
    """
    if "continue_timeout" in options:
        raise TypeError("continue_timeout is for connections, not for a request in one call")
    connection = HTTPSConnection("unused", **options)
    wire = call(
        wit.request,
        convert.text(method),
        convert.text(url),
        None if body is None else _whole(body),
        convert.pairs(headers),
        connection._options(),
        connection._tls_options(),
    )
    return HTTPResponse(Handle(wire), method=method, url=url)


def _whole(body: Body) -> wit.Body:
    return wit.Body_Bytes(b"".join(pieces(encoded(body), 65536, None)))

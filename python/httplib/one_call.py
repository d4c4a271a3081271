"""One request in one call."""

from . import convert
from .bindings.imports import client as wit
from .body import encoded, pieces
from .connection import HTTPSConnection
from .errors import call
from .response import HTTPResponse


def request(method, url, body=None, headers={}, **options):
    """Sends one request to an absolute URL, `http:` or `https:`, on a connection of its own, and gives
    the `HTTPResponse`. No redirect is followed.

    `options` are those of `HTTPSConnection`: `timeout`, `context` and so on.
    """
    options = HTTPSConnection("unused", **options)._https_options()
    if body is not None:
        body = wit.Body_Bytes(b"".join(pieces(encoded(body), 65536, None)))
    method, url, headers = convert.text(method), convert.text(url), convert.pairs(headers)
    wire = call(wit.request, method, url, body, headers, options)
    return HTTPResponse(wire, method=method, url=url)

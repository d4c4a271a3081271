"""`urllib.request`, and whatever else uses `http.client`, on top of this package."""

import http.client
import sys
import urllib.request

from . import ssl
from .connection import HTTPConnection, HTTPSConnection


class HTTPSHandler(urllib.request.AbstractHTTPHandler):
    """Opens `https:` URLs."""

    def __init__(
        self,
        debuglevel: int | None = None,
        context: ssl.SSLContext | None = None,
        check_hostname: bool | None = None,
    ) -> None:
        super().__init__(debuglevel)
        if check_hostname is not None:
            context = context or ssl._create_default_https_context()
            context.check_hostname = check_hostname
        self._context = context

    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(HTTPSConnection, request, context=self._context)

    https_request = urllib.request.AbstractHTTPHandler.do_request_


def install() -> None:
    """Puts this package in place of what WebAssembly lacks, for the whole program:
    `urllib.request.urlopen("https://…")`, `http.client.HTTPSConnection` and `import ssl` work, and
    `http.client.HTTPConnection` is this package's.

    Import this package before what is to use it: what was already imported by name from `http.client`,
    or guarded by `try: import ssl`, stays as it is.
    """
    http.client.HTTPConnection = HTTPConnection  # type: ignore[misc]
    http.client.HTTPSConnection = HTTPSConnection  # type: ignore[misc,assignment]
    urllib.request.HTTPSHandler = HTTPSHandler  # type: ignore[misc,assignment]
    urllib.request.install_opener(None)
    sys.modules.setdefault("ssl", ssl)

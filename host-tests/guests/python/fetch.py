"""`fetch HOST PORT CA`: fetches `/` over HTTPS, trusting the certificate authorities in the PEM file
`CA` as well, and prints the status and the body.

It ends with 1 and a line on standard error when that failed.
"""

import sys

from componentize_py_types import Err
from wit_world import exports
from wit_world.imports.client import (
    Error_Tls,
    HttpConnection,
    HttpsOptions,
    PemSource_Path,
    TlsContext,
    TlsError_HostnameMismatch,
    describe,
)

# Nanoseconds that each step of a request may take.
TIMEOUT = 10_000_000_000


def fetch_page(host: str, port: int, ca: str) -> None:
    context = TlsContext.create_default()
    context.load_verify_locations(PemSource_Path(ca))
    options = HttpsOptions(
        key_file=None,
        cert_file=None,
        strict=None,
        timeout=TIMEOUT,
        source_address=None,
        context=context,
        max_response_headers=None,
        blocksize=None,
        continue_timeout=None,
    )
    connection = HttpConnection.https(host, port, options)
    connection.request("GET", "/", None, [])
    response = connection.get_response()
    print(response.status(), response.reason())
    print(response.read(None).decode(), end="")


class Run(exports.Run):
    """The component's `wasi:cli/run`."""

    def run(self) -> None:
        match sys.argv[1:]:
            case [host, port, ca]:
                pass
            case _:
                sys.exit("usage: fetch HOST PORT CA")
        try:
            fetch_page(host, int(port), ca)
        except Err as error:
            match error.value:
                case Error_Tls(TlsError_HostnameMismatch(text)):
                    sys.exit(f"hostname-mismatch: {text}")
                case other:
                    sys.exit(describe(other))

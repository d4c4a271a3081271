"""`fetch HOST PORT CA`: fetches `/` over HTTPS, trusting the certificate authorities in the PEM file
`CA` alone, and prints the status and the body.

It ends with 1 and a line on standard error when that failed.
"""

import sys

import httplib
from httplib import ssl

# Seconds that each step of a request may take.
TIMEOUT = 10

# OpenSSL's number of a certificate for another name.
HOSTNAME_MISMATCH = 62


def fetch_page(host: str, port: int, ca: str) -> None:
    context = ssl.create_default_context(cafile=ca)
    connection = httplib.HTTPSConnection(host, port, timeout=TIMEOUT, context=context)
    connection.request("GET", "/")
    with connection.getresponse() as response:
        print(response.status, response.reason)
        print(response.read().decode(), end="")


class Run:
    """The component's `wasi:cli/run`."""

    def run(self) -> None:
        match sys.argv[1:]:
            case [host, port, ca]:
                pass
            case _:
                sys.exit("usage: fetch HOST PORT CA")
        try:
            fetch_page(host, int(port), ca)
        except ssl.SSLCertVerificationError as error:
            if error.verify_code == HOSTNAME_MISMATCH:
                sys.exit(f"hostname-mismatch: {error.verify_message}")
            sys.exit(str(error))
        except (OSError, httplib.HTTPException) as error:
            sys.exit(str(error))

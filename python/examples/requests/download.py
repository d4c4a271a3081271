"""`download URL CA [FILE]`: fetches a URL with requests, trusting the certificate authorities in the
PEM file `CA`, and writes the body to `FILE`, or to standard output.

It tries again where a server is busy or a connection breaks. It ends with 1 and a line on standard
error when that failed.
"""

import sys
from typing import BinaryIO

# Before anything imports what stands on urllib3.
import httplib.urllib3

httplib.urllib3.inject()

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

# Seconds to connect, and between two pieces of the response.
TIMEOUT = (5, 30)

RETRIES = Retry(total=3, backoff_factor=0.2, status_forcelist=[429, 502, 503, 504])

# How much is in memory at a time.
BLOCK = 1 << 16


def download(url: str, ca: str, output: BinaryIO) -> None:
    with requests.Session() as session:
        session.mount("https://", HTTPAdapter(max_retries=RETRIES))
        with session.get(url, verify=ca, timeout=TIMEOUT, stream=True) as response:
            response.raise_for_status()
            for block in response.iter_content(BLOCK):
                output.write(block)


class Run:
    """The component's `wasi:cli/run`."""

    def run(self) -> None:
        try:
            match sys.argv[1:]:
                case [url, ca]:
                    download(url, ca, sys.stdout.buffer)
                    sys.stdout.flush()
                case [url, ca, path]:
                    with open(path, "wb") as file:
                        download(url, ca, file)
                case _:
                    sys.exit("usage: download URL CA [FILE]")
        except (OSError, requests.RequestException) as error:
            sys.exit(str(error))

"""urllib3, and what stands on it, such as requests and boto3, on top of this package.

import httplib.urllib3

httplib.urllib3.inject()

import requests

print(requests.get("https://www.python.org/").status_code)
"""

import sys
import warnings

from .. import ssl

with warnings.catch_warnings():
    # It says which version of OpenSSL it wants.
    warnings.filterwarnings("ignore", message="urllib3 v2 only supports OpenSSL")
    sys.modules.setdefault("ssl", ssl)
    import urllib3  # noqa: F401

from .connection import HTTPConnection, HTTPSConnection
from .inject import inject
from .response import HTTPResponse

__all__ = ["HTTPConnection", "HTTPResponse", "HTTPSConnection", "inject"]

"""Puts the connections into urllib3, as urllib3 itself does for Emscripten."""

import importlib
import sys
from types import ModuleType
from typing import Any

import urllib3
import urllib3.connection
import urllib3.connectionpool
import urllib3.response
import urllib3.util
import urllib3.util.ssl_

from .. import ssl
from . import trust
from .connection import HTTPConnection, HTTPSConnection

# What urllib3 and requests import only when they need it, which is too late in a component.
_LATE = ["idna", "netrc", "encodings.utf_8_sig", "encodings.utf_16", "encodings.utf_32"]


def inject() -> None:
    """Has urllib3 make its connections by this package, for the whole program, and with it requests,
    boto3 and whatever else uses urllib3. `import ssl` works from then on.

    Call it when the program is imported, and before botocore is.
    """
    pools: Any = urllib3.connectionpool
    pools.HTTPConnectionPool.ConnectionCls = HTTPConnection
    pools.HTTPSConnectionPool.ConnectionCls = HTTPSConnection
    names: Any = urllib3.connection
    names.HTTPConnection = HTTPConnection
    names.HTTPSConnection = names.VerifiedHTTPSConnection = HTTPSConnection
    sys.modules.setdefault("ssl", ssl)
    _put_ssl_into_urllib3()
    for name in _LATE:
        _imported(name)
    if adapters := _imported("requests.adapters"):
        _trust_without_certifi(adapters)


def _put_ssl_into_urllib3() -> None:
    """What urllib3 takes from `ssl` when it is imported: it may have been before there was one."""
    modules: list[Any] = [urllib3.connection, urllib3.connectionpool, urllib3.response]
    for module in modules:
        module.BaseSSLError = ssl.SSLError
    modules[0].ssl = ssl
    util: Any = urllib3.util
    util.SSLContext = ssl.SSLContext
    of_ssl = util.ssl_
    of_ssl.ssl = ssl
    for name in vars(of_ssl).keys() | {"CERT_REQUIRED", "TLSVersion"}:
        if name.startswith(("CERT_", "OP_NO_", "VERIFY_")) or name in ("SSLContext", "TLSVersion"):
            setattr(of_ssl, name, getattr(ssl, name))


def _trust_without_certifi(adapters: ModuleType) -> None:
    """By default requests trusts the file that certifi brings, and fails where that is not there, as
    at run time: then the component's default is trusted instead."""
    adapter = adapters.HTTPAdapter
    cert_verify = adapter.cert_verify

    def cert_verify_without_file(self: object, conn: Any, url: str, verify: Any, cert: Any) -> None:
        default = verify is True and url.lower().startswith("https")
        default = default and trust.is_left_behind(adapters.DEFAULT_CA_BUNDLE_PATH)
        cert_verify(self, conn, url, False if default else verify, cert)
        if default:
            conn.cert_reqs = "CERT_REQUIRED"

    if cert_verify.__name__ != cert_verify_without_file.__name__:
        adapter.cert_verify = cert_verify_without_file


def _imported(name: str) -> ModuleType | None:
    """The module, if it is there."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None

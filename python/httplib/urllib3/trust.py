"""TLS as urllib3's settings ask for it."""

import os
import sys
import weakref
from dataclasses import dataclass
from typing import Literal

from urllib3.exceptions import SSLError
from urllib3.util.ssl_ import create_urllib3_context, resolve_cert_reqs, resolve_ssl_version

from .. import ssl

# What contexts that are not made here have loaded already: urllib3 loads it for each connection.
_loaded: "weakref.WeakKeyDictionary[ssl.SSLContext, set[object]]" = weakref.WeakKeyDictionary()


@dataclass
class Settings:
    """How a server, or a proxy, is checked: the keywords of urllib3's `HTTPSConnection`."""

    ssl_context: ssl.SSLContext | None = None
    cert_reqs: int | str | None = None
    assert_hostname: str | Literal[False] | None = None
    assert_fingerprint: str | None = None
    ca_certs: str | None = None
    ca_cert_dir: str | None = None
    ca_cert_data: str | bytes | None = None
    ssl_version: int | str | None = None
    ssl_minimum_version: int | None = None
    ssl_maximum_version: int | None = None
    cert_file: str | None = None
    key_file: str | None = None
    key_password: str | None = None

    @property
    def verifies(self) -> bool:
        """Whether a connection with these is a verified one."""
        return self._mode() == ssl.CERT_REQUIRED or bool(self.assert_fingerprint)

    def context(self, host: str) -> ssl.SSLContext:
        """The context for a connection to `host`: `ssl_context` with the rest loaded into it, as
        urllib3 does it, or a new one."""
        context = self.ssl_context
        mode = self._mode()
        if context is None:
            made = create_urllib3_context(
                ssl_version=resolve_ssl_version(self.ssl_version),
                ssl_minimum_version=self.ssl_minimum_version,
                ssl_maximum_version=self.ssl_maximum_version,
                cert_reqs=mode,
            )
            context = _ours(made)
        _ours(context)
        self._set_checks(context, mode, host)
        loaded = _loaded.setdefault(context, set())
        authorities = (self.ca_certs, self.ca_cert_dir, self.ca_cert_data)
        if authorities not in loaded:
            self._load_authorities(context)
            loaded.add(authorities)
        identity = (self.cert_file, self.key_file)
        if self.cert_file and identity not in loaded:
            context.load_cert_chain(self.cert_file, self.key_file, self.key_password)
            loaded.add(identity)
        return context

    def _mode(self) -> ssl.VerifyMode:
        return ssl.VerifyMode(int(resolve_cert_reqs(self.cert_reqs)))

    def _set_checks(self, context: ssl.SSLContext, mode: ssl.VerifyMode, host: str) -> None:
        if self.assert_hostname and self.assert_hostname != host:
            raise ValueError(
                f"assert_hostname={self.assert_hostname!r} is not supported:"
                f" a certificate is checked for the host of the URL, {host!r}, or for none"
            )
        # Whatever is set forgets the context's sessions, even if it was so before.
        if context.verify_mode != mode:
            context.verify_mode = mode
        # urllib3 compares names itself where a context does not.
        names_count = self.assert_hostname is not False and not self.assert_fingerprint
        check = names_count and context.verify_mode != ssl.CERT_NONE
        if context.check_hostname != check:
            context.check_hostname = check

    def _load_authorities(self, context: ssl.SSLContext) -> None:
        file = self.ca_certs or None
        nothing_given = not (file or self.ca_cert_dir or self.ca_cert_data)
        if nothing_given and self.ssl_context is not None:
            return
        if nothing_given or (file and is_left_behind(file)):
            context.load_default_certs()
            file = None
        if file or self.ca_cert_dir or self.ca_cert_data:
            try:
                context.load_verify_locations(file, self.ca_cert_dir or None, self.ca_cert_data or None)
            except OSError as error:
                raise SSLError(error) from error


def is_left_behind(path: str) -> bool:
    """Whether this is the file with authorities of certifi, or botocore's own, and is not there: a
    component has no files of its packages. Then the component's default takes its place."""
    return path in _bundles() and not os.path.exists(path)


def _bundles() -> list[str]:
    found = []
    if certifi := sys.modules.get("certifi"):
        found.append(certifi.where())
    if session := sys.modules.get("botocore.httpsession"):
        found.append(session.DEFAULT_CA_BUNDLE)
    return found


def _ours(context: object) -> ssl.SSLContext:
    ssl.resource(context)  # type: ignore[arg-type]
    assert isinstance(context, ssl.SSLContext)
    return context

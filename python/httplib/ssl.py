"""What a client needs of Python's `ssl`, which WebAssembly does not have.

    context = ssl.create_default_context(cafile="/certificates/ca.pem")
    conn = httplib.HTTPSConnection("internal.example", context=context)

TLS 1.2 and 1.3. There are no sockets to wrap: `HTTPSConnection` takes the context.
"""

import base64
import enum
from collections.abc import Buffer, Callable, Iterable

from . import convert
from .bindings.imports import client as wit
from .errors import SSLCertVerificationError as SSLCertVerificationError
from .errors import SSLEOFError as SSLEOFError
from .errors import SSLError as SSLError
from .errors import call


class SSLZeroReturnError(SSLError):
    """An error of sockets. Never raised here: libraries such as `asyncio` want its name."""


class SSLWantReadError(SSLError):
    """As `SSLZeroReturnError`."""


class SSLWantWriteError(SSLError):
    """As `SSLZeroReturnError`."""


class SSLSyscallError(SSLError):
    """As `SSLZeroReturnError`."""


class Purpose(enum.Enum):
    """What certificates are for; a client's context is for `SERVER_AUTH`."""

    SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
    CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"


class VerifyMode(enum.IntEnum):
    """Whether the server's certificates are checked."""

    CERT_NONE = 0
    CERT_OPTIONAL = 1
    CERT_REQUIRED = 2


class TLSVersion(enum.IntEnum):
    """The versions that are spoken, and names for the older and the newer one."""

    MINIMUM_SUPPORTED = -2
    MAXIMUM_SUPPORTED = -1
    TLSv1_2 = 771
    TLSv1_3 = 772


CERT_NONE = VerifyMode.CERT_NONE
CERT_OPTIONAL = VerifyMode.CERT_OPTIONAL
CERT_REQUIRED = VerifyMode.CERT_REQUIRED


class Options(enum.IntFlag):
    """What is left out of TLS, by OpenSSL's numbers."""

    OP_NO_TICKET = 0x4000
    OP_NO_COMPRESSION = 0x20000
    OP_NO_SSLv2 = 0
    OP_NO_SSLv3 = 0x2000000
    OP_NO_TLSv1 = 0x4000000
    OP_NO_TLSv1_1 = 0x10000000


class VerifyFlags(enum.IntFlag):
    """How certificates are checked, by OpenSSL's numbers."""

    VERIFY_DEFAULT = 0
    VERIFY_X509_STRICT = 0x20
    VERIFY_X509_TRUSTED_FIRST = 0x8000
    VERIFY_X509_PARTIAL_CHAIN = 0x80000


OP_NO_TICKET = Options.OP_NO_TICKET
OP_NO_COMPRESSION = Options.OP_NO_COMPRESSION
OP_NO_SSLv2 = Options.OP_NO_SSLv2
OP_NO_SSLv3 = Options.OP_NO_SSLv3
OP_NO_TLSv1 = Options.OP_NO_TLSv1
OP_NO_TLSv1_1 = Options.OP_NO_TLSv1_1

VERIFY_DEFAULT = VerifyFlags.VERIFY_DEFAULT
VERIFY_X509_STRICT = VerifyFlags.VERIFY_X509_STRICT
VERIFY_X509_TRUSTED_FIRST = VerifyFlags.VERIFY_X509_TRUSTED_FIRST
VERIFY_X509_PARTIAL_CHAIN = VerifyFlags.VERIFY_X509_PARTIAL_CHAIN

PROTOCOL_TLS = 2
PROTOCOL_TLS_CLIENT = 16

# There is no OpenSSL here: whoever asks for its version sees that.
OPENSSL_VERSION = "rustls"

HAS_ALPN = True
HAS_NEVER_CHECK_COMMON_NAME = True
HAS_SNI = True
HAS_TLSv1_2 = True
HAS_TLSv1_3 = True


CertificateError = SSLCertVerificationError

# The cipher suites of TLS 1.3, and those of TLS 1.2 by OpenSSL's names, as they are offered.
_TLS13 = ("TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384")
_TLS12 = {
    "ECDHE-ECDSA-CHACHA20-POLY1305": "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "ECDHE-RSA-CHACHA20-POLY1305": "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "ECDHE-ECDSA-AES128-GCM-SHA256": "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256": "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384": "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384": "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
}


class SSLContext:
    """Whom to trust, and which certificate to present.

    A new one checks certificates and names, and trusts nobody yet: see `load_verify_locations` and
    `load_default_certs`. Connections that share a context resume each other's TLS sessions.
    """

    def __init__(self, protocol: int = PROTOCOL_TLS_CLIENT) -> None:
        if protocol != PROTOCOL_TLS_CLIENT:
            raise ValueError("only PROTOCOL_TLS_CLIENT is supported")
        self._wit = wit.TlsContext.create_bare()
        self._check_hostname = True
        self._verify_mode = CERT_REQUIRED
        self._minimum_version = TLSVersion.MINIMUM_SUPPORTED
        self._keylog_filename: convert.Path | None = None
        self._maximum_version = TLSVersion.MAXIMUM_SUPPORTED
        self._tls13 = list(_TLS13)
        self._tls12 = list(_TLS12.values())

    def load_default_certs(self, purpose: Purpose = Purpose.SERVER_AUTH) -> None:
        """Also trusts the authorities of `SSL_CERT_FILE` and `SSL_CERT_DIR`, or Mozilla's."""
        call(self._wit.load_default_certs)

    @property
    def check_hostname(self) -> bool:
        """Whether the certificate must be for the server's name or address. Turning it on turns
        `CERT_NONE` into `CERT_REQUIRED`."""
        return self._check_hostname

    @check_hostname.setter
    def check_hostname(self, check: bool) -> None:
        call(self._wit.set_check_hostname, bool(check))
        self._check_hostname = bool(check)
        if check and self._verify_mode == CERT_NONE:
            self._verify_mode = CERT_REQUIRED

    @property
    def verify_mode(self) -> VerifyMode:
        """`CERT_NONE`, or `CERT_REQUIRED`; `CERT_OPTIONAL` is the same as that."""
        return self._verify_mode

    @verify_mode.setter
    def verify_mode(self, mode: int) -> None:
        mode = VerifyMode(mode)
        call(self._wit.set_verify_mode, wit.VerifyMode[mode.name])
        self._verify_mode = mode

    @property
    def minimum_version(self) -> TLSVersion:
        """The oldest version that is offered, a `TLSVersion`."""
        return self._minimum_version

    @minimum_version.setter
    def minimum_version(self, version: int) -> None:
        version = TLSVersion(version)
        newest = version == TLSVersion.TLSv1_3
        call(self._wit.set_minimum_version, wit.TlsVersion.TLS13 if newest else wit.TlsVersion.TLS12)
        self._minimum_version = version

    @property
    def maximum_version(self) -> TLSVersion:
        """The newest version that is offered, a `TLSVersion`."""
        return self._maximum_version

    @maximum_version.setter
    def maximum_version(self, version: int) -> None:
        version = TLSVersion(version)
        if version == TLSVersion.MINIMUM_SUPPORTED:
            version = TLSVersion.TLSv1_2
        self._maximum_version = version
        self._offer(self._tls13, self._tls12, self._tls12)

    @property
    def options(self) -> Options:
        """`OP_NO_SSLv3` and the like: all of these always hold, and no others can be set. Of
        `OP_NO_TICKET` that is true of tickets that nobody uses: connections that do not share a
        context never resume a session."""
        return Options(sum(Options))

    @options.setter
    def options(self, options: int) -> None:
        _require_among(options, self.options, "options")

    @property
    def verify_flags(self) -> VerifyFlags:
        """`VERIFY_X509_STRICT` and the like: all of these always hold, and no others can be set;
        for revoked certificates see `load_crls`."""
        return VerifyFlags(sum(VerifyFlags))

    @verify_flags.setter
    def verify_flags(self, flags: int) -> None:
        _require_among(flags, self.verify_flags, "verify_flags")

    @property
    def hostname_checks_common_name(self) -> bool:
        """False: a certificate's common name is no name of a server."""
        return False

    @hostname_checks_common_name.setter
    def hostname_checks_common_name(self, check: bool) -> None:
        if check:
            raise ValueError("the common name of a certificate is never checked")

    @property
    def keylog_filename(self) -> convert.Path | None:
        """The file that each connection's secrets are appended to, in the format of NSS; or None."""
        return self._keylog_filename

    @keylog_filename.setter
    def keylog_filename(self, path: convert.Path | None) -> None:
        call(self._wit.set_key_log, None if path is None else convert.path(path))
        self._keylog_filename = path

    def set_ciphers(self, ciphers: str) -> None:
        """Offers these cipher suites of TLS 1.2, the most wanted first: OpenSSL's names, with colons
        between. Suites that are not there are passed over, and so are words such as `HIGH`."""
        chosen = [_TLS12[name] for name in convert.text(ciphers).split(":") if name in _TLS12]
        self._offer(self._tls13, chosen, chosen)

    def set_ciphersuites(self, ciphersuites: str) -> None:
        """The same for TLS 1.3, with IANA's names. Python has it from 3.15 on."""
        chosen = [name for name in convert.text(ciphersuites).split(":") if name in _TLS13]
        self._offer(chosen, self._tls12, chosen)

    def _offer(self, tls13: list[str], tls12: list[str], chosen: list[str]) -> None:
        if not chosen:
            raise SSLError("No cipher can be selected.")
        newest = [] if self._maximum_version == TLSVersion.TLSv1_2 else tls13
        call(self._wit.set_cipher_suites, newest + tls12)
        self._tls13, self._tls12 = tls13, tls12

    def set_alpn_protocols(self, alpn_protocols: Iterable[str]) -> None:
        """Offers these protocols, in order of preference. Whatever is agreed on, HTTP/1.1 is spoken."""
        call(self._wit.set_alpn_protocols, [convert.text(name) for name in alpn_protocols])

    def load_verify_locations(
        self,
        cafile: convert.Path | None = None,
        capath: convert.Path | None = None,
        cadata: str | Buffer | None = None,
    ) -> None:
        """Also trusts these certificate authorities: a PEM file, a folder of them, or the data
        itself, PEM as `str` and DER as bytes."""
        if cafile is None and capath is None and cadata is None:
            raise TypeError("cafile, capath and cadata cannot be all omitted")
        for path in (cafile, capath):
            if path is not None:
                call(self._wit.load_verify_locations, wit.PemSource_Path(convert.path(path)))
        if cadata is not None:
            call(self._wit.load_verify_locations, wit.PemSource_Bytes(_data(cadata)))

    def load_cert_chain(
        self,
        certfile: convert.Path,
        keyfile: convert.Path | None = None,
        password: object = None,
    ) -> None:
        """Loads the certificate, with its chain, that proves this client to servers that ask. PEM
        files; the key may be in the same one. Encrypted keys are not supported."""
        if password is not None:
            raise ValueError("encrypted private keys are not supported")
        key = None if keyfile is None else wit.PemSource_Path(convert.path(keyfile))
        call(self._wit.load_cert_chain, wit.PemSource_Path(convert.path(certfile)), key)

    def load_crls(self, path: convert.Path | None = None, data: str | Buffer | None = None) -> None:
        """Refuses the certificates on these revocation lists: a PEM file, or data as for `cadata`."""
        if (path is None) == (data is None):
            raise TypeError("give either path or data")
        if data is not None:
            call(self._wit.load_crls, wit.PemSource_Bytes(_data(data)))
        elif path is not None:
            call(self._wit.load_crls, wit.PemSource_Path(convert.path(path)))

    def add_pin(self, sha256: Buffer) -> None:
        """Accepts only chains with this key, or another one that was added: the SHA-256, 32 bytes, of
        a certificate's `SubjectPublicKeyInfo`."""
        call(self._wit.add_pin, bytes(memoryview(sha256)))


def create_default_context(
    purpose: Purpose = Purpose.SERVER_AUTH,
    *,
    cafile: convert.Path | None = None,
    capath: convert.Path | None = None,
    cadata: str | Buffer | None = None,
) -> SSLContext:
    """A context that checks certificates and names. With `cafile`, `capath` or `cadata`, only
    these authorities are trusted; without them, those of `load_default_certs`."""
    if purpose is not Purpose.SERVER_AUTH:
        raise ValueError("only Purpose.SERVER_AUTH is supported: there are no servers here")
    context = SSLContext(PROTOCOL_TLS_CLIENT)
    if cafile or capath or cadata:
        context.load_verify_locations(cafile, capath, cadata)
    else:
        context.load_default_certs(purpose)
    return context


def _create_unverified_context() -> SSLContext:
    """A context that accepts any certificate for any name. Anyone who sits between the two ends can
    then read and change everything."""
    context = SSLContext(PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = CERT_NONE
    return context


def PEM_cert_to_DER_cert(pem_cert_string: str) -> bytes:
    """The bytes of a certificate in PEM."""
    lines = pem_cert_string.strip().splitlines()
    if lines[:1] != ["-----BEGIN CERTIFICATE-----"] or lines[-1] != "-----END CERTIFICATE-----":
        raise ValueError("this is not a certificate in PEM")
    return base64.b64decode("".join(lines[1:-1]))


def DER_cert_to_PEM_cert(der_cert_bytes: Buffer) -> str:
    """A certificate's bytes as PEM."""
    text = base64.b64encode(der_cert_bytes).decode("ascii")
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])


# As in Python, a program may replace it for connections without a context of their own.
_create_default_https_context: Callable[[], SSLContext] = create_default_context


def resource(context: SSLContext | None) -> wit.TlsContext | None:
    """What the component has of a context, or None."""
    if context is None:
        return None
    if not isinstance(context, SSLContext):
        raise TypeError(f"expected httplib.ssl.SSLContext, got {type(context).__name__}")
    return context._wit


def _require_among(chosen: int, known: int, what: str) -> None:
    if unknown := chosen & ~known:
        raise ValueError(f"{what} that are not supported: {unknown:#x}")


def _data(data: str | Buffer) -> bytes:
    return data.encode("ascii") if isinstance(data, str) else bytes(memoryview(data))

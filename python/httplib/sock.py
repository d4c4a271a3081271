"""What takes the place of a connection's socket."""

from typing import TYPE_CHECKING

from .bindings.imports import client as wit

if TYPE_CHECKING:
    from .connection import HTTPConnection


class Socket:
    """A connection's `sock`, for the methods of `ssl.SSLSocket` that ask what TLS agreed on."""

    def __init__(self, connection: "HTTPConnection") -> None:
        self._connection = connection

    def _session(self) -> wit.TlsSession | None:
        return self._connection.tls_session()

    def version(self) -> str | None:
        """The version of TLS, such as `TLSv1.3`; None without TLS."""
        session = self._session()
        return None if session is None else session.version

    def cipher(self) -> tuple[str, str, None] | None:
        """The cipher suite's IANA name, the protocol's version, and None for the number of bits."""
        session = self._session()
        return None if session is None else (session.cipher_suite, session.version, None)

    def selected_alpn_protocol(self) -> str | None:
        """The protocol that was agreed on by ALPN, or None."""
        session = self._session()
        return None if session is None else session.alpn

    @property
    def session_reused(self) -> bool | None:
        """Whether an earlier TLS session was resumed."""
        session = self._session()
        return None if session is None else session.resumed

    def getpeercert(self, binary_form: bool = False) -> bytes | None:
        """The server's certificate in DER."""
        if not binary_form:
            raise NotImplementedError("only getpeercert(True): certificates are not decoded here")
        session = self._session()
        return session.peer_certificates[0] if session and session.peer_certificates else None

    def close(self) -> None:
        """Lets go of the connection; a response that is being read keeps it."""
        self._connection.sock = None

"""`HTTPResponse`: status, headers and the body as it arrives."""

import http.client
import io
from collections.abc import Buffer, Callable, Iterable
from typing import SupportsIndex

from . import convert
from .bindings.imports import client as wit
from .bindings.imports import streams
from .bindings.imports.poll import Pollable
from .handle import Handle
from .upgrade import UpgradedStream


class HTTPResponse(http.client.HTTPResponse):
    """`http.client.HTTPResponse`, read through the component. `getresponse` makes it.

    `status` and `code`, `reason`, `version` (9, 10 or 11), `headers` and `msg` (an `HTTPMessage`) are
    there from the beginning; `length` is what is left of the body, None if that is not known.
    """

    def __init__(
        self,
        wire: Handle[wit.HttpResponse],
        debuglevel: int = 0,
        method: str | None = None,
        url: str | None = None,
    ) -> None:
        # Not the base class's: that reads from a socket.
        io.BufferedIOBase.__init__(self)
        self._wire = wire
        self._method = method
        self.debuglevel = debuglevel
        # Python's is not told here, either, but by `urllib`.
        self.url = url  # type: ignore[assignment]
        self.status = self.code = self._wire.call(wit.HttpResponse.status)
        self.reason = self._wire.call(wit.HttpResponse.reason)
        self.version = self._wire.call(wit.HttpResponse.version)
        self.headers = self.msg = message(self._wire.call(wit.HttpResponse.get_headers))
        codings = ", ".join(self.headers.get_all("Transfer-Encoding", []))
        self.chunked = "chunked" in codings.lower()
        self.will_close = self._wire.call(wit.HttpResponse.will_close)

    def begin(self) -> None:
        """Nothing: the head was read before."""

    @property
    def fp(self) -> "HTTPResponse | None":  # type: ignore[override]
        """What the body is read from: this response; None once the body is complete."""
        return None if self.isclosed() else self

    @property
    def length(self) -> int | None:  # type: ignore[override]
        """How many bytes of the body are left; None if that is not known."""
        return self._wire.call(wit.HttpResponse.length)

    def read(self, amt: SupportsIndex | None = None) -> bytes:
        """The rest of the body, or its next `amt` bytes: fewer only at the end. A body that is cut
        short raises `IncompleteRead`, whose `partial` has as much of it as arrived."""
        return self._wire.call(wit.HttpResponse.read, convert.limit(amt))

    def read1(self, n: SupportsIndex | None = -1) -> bytes:
        """What is there after at most one wait for the network, up to `n` bytes."""
        return self._wire.call(wit.HttpResponse.read1, convert.limit(n))

    def readinto(self, b: Buffer) -> int:
        """Reads into `b` until it is full or the body ends, and returns how many bytes that was."""
        return _fill(b, self.read)

    def readinto1(self, b: Buffer) -> int:
        """`read1` into `b`; returns how many bytes that was."""
        return _fill(b, self.read1)

    def peek(self, n: SupportsIndex | None = -1) -> bytes:
        """Bytes that the next read will return, not consumed yet: perhaps fewer or more than `n`."""
        return self._wire.call(wit.HttpResponse.peek, convert.limit(n) or 0)

    def readline(self, limit: SupportsIndex | None = -1) -> bytes:
        """Up to and including the next line feed, at most `limit` bytes."""
        return self._wire.call(wit.HttpResponse.readline, convert.limit(limit))

    def fileno(self) -> int:
        """The socket's number in the component's table: good for telling connections apart only."""
        number = self._wire.call(wit.HttpResponse.fileno)
        if number is None:
            raise io.UnsupportedOperation("fileno")
        return number

    def isclosed(self) -> bool:
        """Whether the body is complete or `close` was called."""
        return self.closed or self._wire.call(wit.HttpResponse.is_closed)

    def flush(self) -> None:
        io.BufferedIOBase.flush(self)

    def close(self) -> None:
        """Gives up the rest of the body, and the connection with it unless the rest has arrived."""
        if not self.closed:
            io.BufferedIOBase.close(self)
            if self._wire.alive:
                self._wire.call(wit.HttpResponse.close)

    def trailers(self) -> list[tuple[str, str]] | None:
        """The trailers after a chunked body, as pairs in order; None before the body is read."""
        return self._wire.call(wit.HttpResponse.trailers)

    def interim_responses(self) -> list[wit.InterimResponse]:
        """The interim responses that came before, each with `status`, `reason` and `headers`."""
        return self._wire.call(wit.HttpResponse.interim_responses)

    def upgrade(self) -> UpgradedStream:
        """The raw `UpgradedStream` after 101 or a 2xx reply to `CONNECT`; it can be taken once."""
        return UpgradedStream(self._wire.call(wit.HttpResponse.upgrade))

    def splice(self, output: streams.OutputStream, amt: SupportsIndex | None = None) -> int:
        """Copies the rest of the body, or its next `amt` bytes, into a `wasi:io/streams`
        output stream, and returns how many bytes that was."""
        if not isinstance(output, streams.OutputStream):
            raise TypeError("output has to be an OutputStream of wasi:io/streams")
        return self._wire.call(wit.HttpResponse.splice, output, convert.limit(amt))

    def discard(self, amt: SupportsIndex | None = None) -> int:
        """Receives the rest of the body, or its next `amt` bytes, without keeping any of it, and
        returns how many bytes that was. The connection stays open, as after reading them."""
        return self._wire.call(wit.HttpResponse.discard, convert.limit(amt))

    def subscribe(self) -> list[Pollable]:
        """What to wait for, with `poll` of `wasi:io/poll`, before repeating a read that raised
        `BlockingIOError`."""
        return self._wire.call(wit.HttpResponse.subscribe)


def message(pairs: Iterable[tuple[str, str]]) -> http.client.HTTPMessage:
    """Headers as `http.client` has them."""
    headers = http.client.HTTPMessage()
    for name, value in pairs:
        headers[name] = value
    return headers


def _fill(buffer: Buffer, read: Callable[[int], bytes]) -> int:
    with memoryview(buffer).cast("B") as view:
        data = read(len(view))
        view[: len(data)] = data
    return len(data)

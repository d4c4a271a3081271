"""`HTTPResponse`: status, headers and the body as it arrives."""

import http.client
import io

from . import convert
from .bindings.imports import streams
from .handle import Handle
from .upgrade import UpgradedStream


class HTTPResponse(http.client.HTTPResponse):
    """`http.client.HTTPResponse`, read through the component. `getresponse` makes it.

    `status` and `code`, `reason`, `version` (9, 10 or 11), `headers` and `msg` (an `HTTPMessage`) are
    there from the beginning; `length` is what is left of the body, None where that is not known.
    """

    def __init__(self, wire, debuglevel=0, method=None, url=None):
        # Not the base class's: that reads from a socket.
        io.BufferedIOBase.__init__(self)
        self._wire = wire = Handle(wire)
        self._method = method
        self.debuglevel = debuglevel
        self.url = url
        self.status = self.code = wire.status()
        self.reason = wire.reason()
        self.version = wire.version()
        self.headers = self.msg = message(wire.get_headers())
        codings = ", ".join(self.headers.get_all("Transfer-Encoding", []))
        self.chunked = "chunked" in codings.lower()
        self.will_close = wire.will_close()

    def begin(self):
        """Nothing: the head was read before."""

    @property
    def fp(self):
        """What the body is read from: this response; None once the body is complete."""
        return None if self.isclosed() else self

    @property
    def length(self):
        """How many bytes of the body are left; None where that is not known."""
        return self._wire.length()

    def read(self, amt=None):
        """The rest of the body, or its next `amt` bytes: fewer only at the end. A body that is cut
        short raises `IncompleteRead`, whose `partial` has what came of it."""
        return self._wire.read(convert.limit(amt))

    def read1(self, n=-1):
        """What can be had with at most one wait for the network, up to `n` bytes."""
        return self._wire.read1(convert.limit(n))

    def readinto(self, b):
        """Reads into `b` until it is full or the body ends; how many bytes that were."""
        return _fill(b, self.read)

    def readinto1(self, b):
        """`read1` into `b`; how many bytes that were."""
        return _fill(b, self.read1)

    def peek(self, n=-1):
        """Bytes that the next read will give, without taking them: perhaps fewer or more than `n`."""
        return self._wire.peek(convert.limit(n) or 0)

    def readline(self, limit=-1):
        """Up to and with the next line feed, at most `limit` bytes."""
        return self._wire.readline(convert.limit(limit))

    def fileno(self):
        """The socket's number in the component's table: good for telling connections apart only."""
        number = self._wire.fileno()
        if number is None:
            raise io.UnsupportedOperation("fileno")
        return number

    def isclosed(self):
        """Whether the body is complete or `close` was called."""
        return self.closed or self._wire.is_closed()

    def flush(self):
        io.BufferedIOBase.flush(self)

    def close(self):
        """Gives up the rest of the body, and the connection with it unless the rest has arrived."""
        if not self.closed:
            io.BufferedIOBase.close(self)
            if self._wire.alive:
                self._wire.close()

    def trailers(self):
        """The trailers behind a chunked body, pairs in order; None before the body is read."""
        return self._wire.trailers()

    def interim_responses(self):
        """The interim responses that came before, each with `status`, `reason` and `headers`."""
        return self._wire.interim_responses()

    def upgrade(self):
        """The raw `UpgradedStream` behind 101 or a 2xx reply to `CONNECT`, once."""
        return UpgradedStream(self._wire.upgrade())

    def splice(self, output, amt=None):
        """Copies the rest of the body, or its next `amt` bytes, into a `wasi:io/streams`
        output stream; how many it were."""
        if not isinstance(output, streams.OutputStream):
            raise TypeError("output has to be an OutputStream of wasi:io/streams")
        return self._wire.splice(output, convert.limit(amt))

    def discard(self, amt=None):
        """Receives the rest of the body, or its next `amt` bytes, and keeps nothing of it; how many
        bytes that were. The connection stays, as after reading them."""
        return self._wire.discard(convert.limit(amt))

    def subscribe(self):
        """A `wasi:io/poll` pollable: ready when a read that raised `BlockingIOError` is worth
        repeating."""
        return self._wire.subscribe()


def message(pairs):
    """Headers as `http.client` has them."""
    headers = http.client.HTTPMessage()
    for name, value in pairs:
        headers[name] = value
    return headers


def _fill(buffer, read):
    with memoryview(buffer).cast("B") as view:
        data = read(len(view))
        view[: len(data)] = data
    return len(data)

"""The raw stream of a connection that is no longer HTTP."""

import io
from collections.abc import Buffer

from .bindings.imports import client as wit
from .bindings.imports.poll import Pollable
from .handle import Handle


class UpgradedStream(io.RawIOBase):
    """The two-way stream after `101 Switching Protocols` or a 2xx reply to `CONNECT`.

    Closing it closes the connection. Wrap it in `io.BufferedReader` or `io.BufferedWriter` if
    there are many small reads or writes.
    """

    def __init__(self, wire: wit.UpgradedStream) -> None:
        self._wire = Handle(wire)

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        """Waits for at least one byte; returns 0 once the peer has ended its side."""
        self._require_open()
        with memoryview(buffer).cast("B") as view:
            data = self._wire.call(wit.UpgradedStream.read, len(view))
            view[: len(data)] = data
        return len(data)

    def write(self, data: Buffer) -> int:
        """Sends from the front of `data`; returns how many bytes. `flush` sends what is buffered."""
        self._require_open()
        return self._wire.call(wit.UpgradedStream.write, bytes(data))

    def flush(self) -> None:
        super().flush()
        if self._wire.alive:
            self._wire.call(wit.UpgradedStream.flush)

    def shutdown(self) -> None:
        """Ends this side, with `close_notify` over TLS; reading goes on."""
        self._require_open()
        self._wire.call(wit.UpgradedStream.shutdown)

    def subscribe(self) -> list[Pollable]:
        """What to wait for, with `poll` of `wasi:io/poll`, until there may be something to read."""
        self._require_open()
        return self._wire.call(wit.UpgradedStream.subscribe)

    def subscribe_write(self) -> list[Pollable]:
        """What to wait for, with `poll` of `wasi:io/poll`, until something may be written."""
        self._require_open()
        return self._wire.call(wit.UpgradedStream.subscribe_write)

    def close(self) -> None:
        if not self.closed:
            try:
                super().close()
            finally:
                self._wire.drop()

    def _require_open(self) -> None:
        if self.closed:
            raise ValueError("I/O operation on closed file.")

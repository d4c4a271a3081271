"""The raw stream of a connection that is no longer HTTP."""

import io

from .handle import Handle


class UpgradedStream(io.RawIOBase):
    """The two-way stream behind `101 Switching Protocols` or a 2xx reply to `CONNECT`.

    Closing it closes the connection. Wrap it in `io.BufferedReader` or `io.BufferedWriter` where small
    reads or writes are many.
    """

    def __init__(self, wire):
        self._wire = Handle(wire)

    def readable(self):
        return True

    def writable(self):
        return True

    def readinto(self, buffer):
        """Waits for at least one byte; 0 once the peer has ended its side."""
        self._require_open()
        data = self._wire.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def write(self, data):
        """Sends from the front of `data`; how many bytes that were. `flush` sends what is buffered."""
        self._require_open()
        return self._wire.write(bytes(data))

    def flush(self):
        super().flush()
        if self._wire.alive:
            self._wire.flush()

    def shutdown(self):
        """Ends this side, with `close_notify` over TLS; reading goes on."""
        self._require_open()
        self._wire.shutdown()

    def subscribe(self):
        """A `wasi:io/poll` pollable: ready when there is something to read."""
        self._require_open()
        return self._wire.subscribe()

    def subscribe_write(self):
        """A `wasi:io/poll` pollable: ready when something can be written."""
        self._require_open()
        return self._wire.subscribe_write()

    def close(self):
        if not self.closed:
            try:
                super().close()
            finally:
                self._wire.drop()

    def _require_open(self):
        if self.closed:
            raise ValueError("I/O operation on closed file.")

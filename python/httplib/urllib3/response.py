"""urllib3's responses, for bodies that the component has read."""

from collections.abc import Generator
from typing import SupportsIndex

import urllib3.response
from urllib3.exceptions import ResponseNotChunked

from .. import response


class WireResponse(response.HTTPResponse):
    """What urllib3's responses read from."""

    _was_read = False

    def isclosed(self) -> bool:
        """As in Python, an empty body is over once it was read: then urllib3 frees the connection."""
        return self.closed or (self._was_read and super().isclosed())

    def read(self, amt: SupportsIndex | None = None) -> bytes:
        self._was_read = True
        return super().read(amt)

    def read1(self, n: SupportsIndex | None = -1) -> bytes:
        self._was_read = True
        return super().read1(n)


class HTTPResponse(urllib3.response.HTTPResponse):
    """urllib3's response. The chunks of its body were joined before urllib3 could read them."""

    def read_chunked(
        self, amt: int | None = None, decode_content: bool | None = None
    ) -> Generator[bytes]:
        """The body piece by piece, each as soon as it arrives, of `amt` bytes at most. Pieces need not
        be the chunks that were sent."""
        if not self.chunked:
            raise ResponseNotChunked("Response is not chunked.")
        if amt == 0:
            return
        while piece := self.read1(amt, decode_content):
            yield piece

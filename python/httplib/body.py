"""Bodies that are read as they are sent: files and iterables of bytes."""

import io
from collections.abc import Buffer, Iterable, Iterator, Sequence
from typing import TypeVar

Other = TypeVar("Other")

# What `http.client` sends. Its `request` takes a `str` as well.
BinaryBody = Buffer | io.Reader[bytes] | io.Reader[str] | Iterable[Buffer]
Body = str | BinaryBody


def pieces(
    body: BinaryBody, blocksize: int, trailers: Sequence[tuple[str, str]] | None
) -> Iterator[Buffer]:
    """The pieces of `body` to send: as they are if `trailers` is None, and otherwise each as a chunk,
    with these trailers after the last one."""
    for piece in _blocks(body, blocksize):
        length = memoryview(piece).nbytes
        if length == 0:
            # As a chunk it would be the last one.
            continue
        yield piece if trailers is None else b"%X\r\n%b\r\n" % (length, bytes(piece))
    if trailers is not None:
        lines = (f"{name}: {value}\r\n" for name, value in trailers)
        yield b"0\r\n" + "".join(lines).encode("latin-1") + b"\r\n"


def _blocks(body: BinaryBody, blocksize: int) -> Iterator[Buffer]:
    # Not by `io.Reader`: that asks the class, and some files pass `read` on.
    if hasattr(body, "read"):
        while block := body.read(blocksize):
            yield encoded(block)
        return
    if isinstance(body, Buffer):
        yield memoryview(body).cast("B")
        return
    if not isinstance(body, Iterable):
        kind = type(body)
        raise TypeError(f"message_body should be a bytes-like object or an iterable, got {kind!r}")
    yield from body


def encoded(body: str | Other) -> bytes | Other:
    """A `str` as the bytes that are sent for it."""
    return body.encode("latin-1") if isinstance(body, str) else body

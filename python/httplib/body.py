"""Bodies that are read as they are sent: files and iterables of bytes."""

import io
from collections.abc import Iterable


def pieces(body, blocksize, trailers):
    """What is to be sent of `body`, piece by piece: as it is where `trailers` is None, and else each
    piece as a chunk, with these trailers behind the last one."""
    for piece in _blocks(body, blocksize):
        if len(piece) == 0:
            # As a chunk it would be the last one.
            continue
        yield piece if trailers is None else b"%X\r\n%b\r\n" % (len(piece), bytes(piece))
    if trailers is not None:
        lines = (f"{name}: {value}\r\n" for name, value in trailers)
        yield b"0\r\n" + "".join(lines).encode("latin-1") + b"\r\n"


def _blocks(body, blocksize):
    if hasattr(body, "read"):
        while block := body.read(blocksize):
            yield block.encode("latin-1") if isinstance(body, io.TextIOBase) else block
        return
    try:
        yield memoryview(body).cast("B")
        return
    except TypeError:
        pass
    if not isinstance(body, Iterable):
        kind = type(body)
        raise TypeError(f"message_body should be a bytes-like object or an iterable, got {kind!r}")
    yield from body


def encoded(body):
    """A `str` as the bytes that are sent of it."""
    return body.encode("latin-1") if isinstance(body, str) else body

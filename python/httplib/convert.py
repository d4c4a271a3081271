"""Arguments as the WIT has them.

Values of another type, or out of range, have to be found here: the bindings would end the program.
"""

import http.client
import operator
import os
from collections.abc import Buffer, Iterable, Mapping
from email.message import Message
from typing import SupportsIndex

HeaderValue = str | int | Buffer
# Or a message, which is no mapping.
Headers = Mapping[str, HeaderValue] | Message | Iterable[tuple[str | bytes, HeaderValue]]
Path = str | bytes | os.PathLike[str] | os.PathLike[bytes]


def text(value: object) -> str:
    """A `str` that is Unicode throughout."""
    if not isinstance(value, str):
        raise TypeError(f"expected str, got {type(value).__name__}")
    value.encode()
    return value


def path(value: Path) -> str:
    """The path of a file, a `str`."""
    return text(os.fsdecode(value))


def natural(value: SupportsIndex, bits: int) -> int:
    """An integer that fits into so many bits."""
    number = operator.index(value)
    if not 0 <= number < 1 << bits:
        raise OverflowError(f"{number} is not in the range of 0 to {(1 << bits) - 1}")
    return number


def limit(amount: SupportsIndex | None) -> int | None:
    """How many bytes to read at most; None and negative numbers mean all."""
    if amount is None or (number := operator.index(amount)) < 0:
        return None
    return min(number, (1 << 64) - 1)


def nanoseconds(seconds: float) -> int:
    """A time in seconds, as `socket` takes it."""
    if seconds < 0:
        raise ValueError("Timeout value out of range")
    return natural(round(seconds * 1_000_000_000), 64)


def port(number: SupportsIndex) -> int:
    """A server's port, which the component checks further."""
    try:
        return natural(number, 16)
    except OverflowError:
        raise http.client.InvalidURL(f"port out of range: {number}") from None


def address(value: tuple[str, int]) -> tuple[str, int]:
    """A local host and port."""
    host, number = value
    return text(host), natural(number, 16)


def bracketed(host: str) -> str:
    """A host with the brackets of IPv6."""
    return f"[{text(host)}]" if ":" in host else text(host)


def header_name(value: str | bytes) -> str:
    """A header's name, a `str` or ASCII."""
    return value.decode("ascii") if isinstance(value, bytes) else text(value)


def header_value(value: HeaderValue) -> str:
    """A header's value, from a `str`, a number or bytes, as characters that each stand for a byte."""
    match value:
        case str():
            return text(value)
        case int():
            return str(value)
    return bytes(memoryview(value)).decode("latin-1")


def pairs(headers: Headers | None) -> list[tuple[str, str]]:
    """Headers, a mapping or pairs."""
    if headers is None:
        return []
    items: Iterable[tuple[str | bytes, HeaderValue]]
    items = headers.items() if hasattr(headers, "items") else headers
    return [(header_name(name), header_value(value)) for name, value in items]

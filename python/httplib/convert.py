"""Arguments as the WIT has them.

What is of another type or does not fit has to be found here: the bindings end the program over it.
"""

import http.client
import operator
import os


def text(value):
    """A `str` that is Unicode throughout."""
    if not isinstance(value, str):
        raise TypeError(f"expected str, got {type(value).__name__}")
    value.encode()
    return value


def path(value):
    """The path of a file, a `str`."""
    return text(os.fsdecode(value))


def natural(value, bits):
    """An integer that fits into so many bits."""
    number = operator.index(value)
    if not 0 <= number < 1 << bits:
        raise OverflowError(f"{number} is not in the range of 0 to {(1 << bits) - 1}")
    return number


def optional(convert, value, *arguments):
    """None as it is, anything else converted."""
    return None if value is None else convert(value, *arguments)


def limit(amount):
    """How many bytes to read at most; None and negative numbers mean all."""
    if amount is None or (amount := operator.index(amount)) < 0:
        return None
    return min(amount, (1 << 64) - 1)


def nanoseconds(seconds):
    """A time in seconds, as `socket` takes it."""
    if seconds < 0:
        raise ValueError("Timeout value out of range")
    return natural(round(seconds * 1_000_000_000), 64)


def port(number):
    """A server's port, which the component checks further."""
    try:
        return natural(number, 16)
    except OverflowError:
        raise http.client.InvalidURL(f"port out of range: {number}") from None


def address(value):
    """A local host and port."""
    host, number = value
    return text(host), natural(number, 16)


def bracketed(host):
    """A host with the brackets of IPv6."""
    return f"[{text(host)}]" if ":" in host else text(host)


def header_name(value):
    """A header's name, a `str` or ASCII."""
    return value.decode("ascii") if isinstance(value, bytes) else text(value)


def header_value(value):
    """A header's value, a `str`, Latin-1 or a number: as characters that each stand for a byte."""
    match value:
        case bytes():
            return value.decode("latin-1")
        case int():
            return str(value)
    return text(value)


def pairs(headers):
    """Headers, a mapping or pairs."""
    items = headers.items() if hasattr(headers, "items") else headers or ()
    return [(header_name(name), header_value(value)) for name, value in items]

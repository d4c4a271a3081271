"""Waits as long as urllib3 says.

urllib3 has one timeout to connect and another one to read, and changes them from request to request, as
a socket's can be changed. A connection of the component has one timeout, for as long as it lives. Here
that is 0: the component never waits, and this module does.
"""

import math
import time
from collections.abc import Callable
from typing import Concatenate, Generic, ParamSpec, Protocol, TypeVar

from ..bindings.imports import monotonic_clock, poll
from ..handle import Handle

Result = TypeVar("Result")
P = ParamSpec("P")


class Waitable(Protocol):
    """A resource that says what a call waits for."""

    def __enter__(self) -> object: ...
    def __exit__(self, kind: object, error: object, trace: object, /) -> bool | None: ...
    def subscribe(self) -> list[poll.Pollable]: ...


Resource = TypeVar("Resource", bound=Waitable)


class Patience:
    """How many seconds a call waits for the network each time; None: for ever."""

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds
        # When all waiting ends, by `time.monotonic`.
        self.until = math.inf

    def limit_all(self) -> None:
        """Limits all waits from now on together."""
        self.until = math.inf if self.seconds is None else time.monotonic() + self.seconds

    def limit_each(self) -> None:
        """Limits each wait."""
        self.until = math.inf

    def wait(self, events: list[poll.Pollable]) -> None:
        """Waits for one of these."""
        left = math.inf if self.seconds is None else self.seconds
        left = min(left, self.until - time.monotonic())
        if left <= 0:
            raise TimeoutError("timed out")
        if left == math.inf:
            poll.poll(events)
            return
        with monotonic_clock.subscribe_duration(round(left * 1_000_000_000)) as clock:
            ready = poll.poll([*events, clock])
        if ready == [len(events)]:
            raise TimeoutError("timed out")


class PatientHandle(Handle[Resource], Generic[Resource]):
    """A handle whose calls wait."""

    def __init__(self, resource: Resource, patience: Patience) -> None:
        super().__init__(resource)
        self._patience = patience

    def call(
        self,
        method: Callable[Concatenate[Resource, P], Result],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Result:
        while True:
            try:
                return super().call(method, *args, **kwargs)
            except BlockingIOError:
                pass
            events = self._resource.subscribe()
            try:
                if events:
                    self._patience.wait(events)
            finally:
                for event in events:
                    event.__exit__(None, None, None)

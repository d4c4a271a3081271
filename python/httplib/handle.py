"""The component's resources."""

import weakref
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from .errors import call

Resource = TypeVar("Resource", bound=AbstractContextManager[Any, Any])
Result = TypeVar("Result")
P = ParamSpec("P")


class Handle(Generic[Resource]):
    """A resource of the component: its methods, with Python's exceptions.

    It is dropped with the last reference to it, and at the end of the program. A finalizer may run
    later, such as a program's `__del__` or the `close` of a file object that was forgotten; the
    resource is gone by then, and calling it would end the program.
    """

    def __init__(self, resource: Resource) -> None:
        self._resource = resource
        # Of several finalizers of an object the last is called first: before the one that drops it.
        self._held = weakref.finalize(resource, lambda: None)

    @property
    def alive(self) -> bool:
        """Whether the resource is still there."""
        return self._held.alive

    def drop(self) -> None:
        """Drops the resource now."""
        if self.alive:
            self._held.detach()
            self._resource.__exit__(None, None, None)

    def call(
        self,
        method: Callable[Concatenate[Resource, P], Result],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Result:
        """Calls a method of the resource's class."""
        if not self.alive:
            raise ValueError("the program has ended, or let go of this")
        return call(method, self._resource, *args, **kwargs)

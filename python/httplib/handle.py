"""The component's resources."""

import weakref
from functools import partial

from .errors import call


class Handle:
    """A resource of the component: its methods, with Python's exceptions.

    It is dropped with the last reference to it, and at the end of the program. A finalizer may come
    later, `__del__` of a program or `close` of a file object that was forgotten; the resource is gone
    then, and to call it would end the program.
    """

    def __init__(self, resource):
        self.resource = resource
        # Of several finalizers of an object the last is called first: before the one that drops it.
        self._held = weakref.finalize(resource, lambda: None)

    @property
    def alive(self):
        """Whether it is still there."""
        return self._held.alive

    def drop(self):
        """Drops it now."""
        if self.alive:
            self._held.detach()
            self.resource.__exit__(None, None, None)

    def __getattr__(self, name):
        if not self.alive:
            raise ValueError("the program has ended, or let go of this")
        return partial(call, getattr(self.resource, name))

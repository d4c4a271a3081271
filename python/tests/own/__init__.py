"""Tests of what `http.client` has not, or does otherwise."""

from . import differences, extras, nonblocking

owning = [differences, extras, nonblocking]

"""Tests of what `http.client` has not, or does otherwise."""

from . import arguments, differences, extras, lifetimes, nonblocking

owning = [arguments, differences, extras, lifetimes, nonblocking]

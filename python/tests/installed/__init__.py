"""Tests of `httplib.install()`, which changes the whole program: they run alone."""

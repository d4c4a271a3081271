"""Tests that this package and `http.client` of CPython both pass."""

from . import connections, errors, read, requests, responses, tls

agreeing = [connections, errors, read, requests, responses, tls]

"""Tests of requests and urllib3 over this package. Natively they run over sockets and OpenSSL."""

from . import bodies, exchange, failures, pools, proxies, tls

injecting = [bodies, exchange, failures, pools, proxies, tls]

"""Where this package differs from urllib3 over sockets."""

import os
import sys
from unittest import mock

import certifi
import requests
import urllib3
from httplib.urllib3 import HTTPConnection, HTTPSConnection, inject

from support import CLOSE, HEAD, LIMIT, OK, World, send

from .exchange import GREETING, Pages


class Injected(Pages):
    def test_urllib3_has_these_connections(self):
        self.assertIs(urllib3.HTTPConnectionPool.ConnectionCls, HTTPConnection)
        self.assertIs(urllib3.HTTPSConnectionPool.ConnectionCls, HTTPSConnection)
        self.assertIs(urllib3.connection.VerifiedHTTPSConnection, HTTPSConnection)
        self.assertTrue(issubclass(HTTPSConnection, sys.modules["http.client"].HTTPConnection))

    def test_twice_is_the_same_as_once(self):
        before = requests.adapters.HTTPAdapter.cert_verify
        inject()
        self.assertIs(requests.adapters.HTTPAdapter.cert_verify, before)

    def test_a_connection_that_was_closed_is_replaced(self):
        peer = self.peer([HEAD, send(OK), CLOSE], [HEAD, send(OK)])
        session = self.session()
        for _ in range(2):
            self.assertEqual(session.get(f"http://127.0.0.1:{peer.port}/").text, "ok")
        self.assertEqual(peer.connections(), 2)


class WithoutCertifi(Pages):
    def test_its_file_is_not_there(self):
        self.assertFalse(os.path.exists(certifi.where()))

    def test_the_components_default_takes_its_place(self):
        with self.assertRaises(requests.exceptions.SSLError):
            requests.get(self.url("https"), timeout=LIMIT)
        with mock.patch.dict(os.environ, {"REQUESTS_CA_BUNDLE": World.file("ca.pem")}):
            self.assertEqual(requests.get(self.url("https"), timeout=LIMIT).content, GREETING)

    def test_a_client_still_shows_its_certificate(self):
        pair = World.file("client.pem"), World.file("client.key")
        with self.assertRaises(requests.exceptions.SSLError):
            requests.get(self.url("https"), cert=pair, timeout=LIMIT)
        with self.assertRaises(OSError):
            requests.get(self.url("https"), cert=World.file("none.pem"), timeout=LIMIT)

    def test_other_files_are_missed(self):
        for path in [World.file("none.pem"), certifi.where() + "x"]:
            with self.assertRaises(OSError):
                requests.get(self.url("https"), verify=path, timeout=LIMIT)


class Refusals(Pages):
    def assert_refused(self, text, **options):
        pools = urllib3.PoolManager(timeout=LIMIT, **options)
        with self.assertRaisesRegex(ValueError, text):
            pools.request("GET", self.url("https"))

    def test_what_is_not_supported_says_so(self):
        self.assert_refused("assert_hostname", assert_hostname="other.example")
        self.assert_refused("server_hostname", server_hostname="other.example")
        self.assert_refused("socket_options", socket_options=[(1, 9, 1)])
        files = {"cert_file": World.file("client.pem"), "key_file": World.file("client.key")}
        self.assert_refused("encrypted", key_password="secret", **files)

    def test_a_server_hostname_that_is_the_host_changes_nothing(self):
        options = {"ca_certs": World.file("ca.pem"), "server_hostname": "localhost"}
        with urllib3.PoolManager(timeout=LIMIT, **options) as pools:
            self.assertEqual(pools.request("GET", self.url("https")).data, GREETING)

    def test_a_proxy_over_tls_takes_no_other_headers(self):
        proxy = f"https://localhost:{World.ports['relay-tls']}"
        options = {"ca_certs": World.file("ca.pem"), "proxy_headers": {"A": "b"}}
        pools = urllib3.ProxyManager(proxy, **options)
        with self.assertRaisesRegex(ValueError, "A header"):
            pools.request("GET", self.url("https"))

"""What goes wrong, and as which exceptions."""

import time

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.util import Retry, Timeout

from support import CLOSE, HEAD, HOLD, LIMIT, OK, RESET, World, send

from .exchange import Pages, reply

CUT = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nonly"
CUT_CHUNKS = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nonly\r\n"
BUSY = reply("", status="503 Service Unavailable")


class Failures(Pages):
    def assert_raises(self, expected, peer, **options):
        port = peer if isinstance(peer, int) else peer.port
        options.setdefault("timeout", LIMIT)
        with self.assertRaises(expected) as caught:
            requests.get(f"http://127.0.0.1:{port}/", **options)
        return caught.exception

    def test_connecting_takes_too_long(self):
        for timeout in [0.2, (0.2, None), (0.2, LIMIT)]:
            begin = time.monotonic()
            silent = World.ports["silent"]
            self.assert_raises(requests.exceptions.ConnectTimeout, silent, timeout=timeout)
            self.assertLess(0.1, time.monotonic() - begin)
            self.assertLess(time.monotonic() - begin, LIMIT / 2)

    def test_a_handshake_takes_too_long(self):
        peer = self.peer([HOLD])
        with self.assertRaises(requests.exceptions.Timeout):
            requests.get(f"https://127.0.0.1:{peer.port}/", timeout=(0.2, LIMIT))

    def test_a_reply_takes_too_long(self):
        for timeout in [0.2, (LIMIT, 0.2), (None, 0.2)]:
            begin = time.monotonic()
            peer = self.peer([HEAD, HOLD])
            self.assert_raises(requests.exceptions.ReadTimeout, peer, timeout=timeout)
            self.assertLess(0.1, time.monotonic() - begin)
            self.assertLess(time.monotonic() - begin, LIMIT / 2)

    def test_a_body_takes_too_long(self):
        error = self.assert_raises(
            requests.exceptions.ConnectionError, self.peer([HEAD, send(CUT), HOLD]), timeout=0.2
        )
        self.assertIsInstance(error.args[0], urllib3.exceptions.ReadTimeoutError)

    def test_each_request_has_its_own_timeout(self):
        peer = self.peer([HEAD, send(OK), HEAD, send(OK), HEAD, HOLD])
        url = f"http://127.0.0.1:{peer.port}/"
        with requests.Session() as session:
            session.get(url)
            session.get(url, timeout=(0.1, 5))
            with self.assertRaises(requests.exceptions.ReadTimeout):
                session.get(url, timeout=(5, 0.1))
        self.assertEqual(peer.connections(), 1)

    def test_a_timeout_for_all_of_it(self):
        url = f"http://127.0.0.1:{self.peer([HEAD, HOLD]).port}/"
        with self.assertRaises(urllib3.exceptions.ReadTimeoutError):
            urllib3.request("GET", url, retries=False, timeout=Timeout(total=0.3))

    def test_a_refused_connection(self):
        error = self.assert_raises(requests.exceptions.ConnectionError, World.ports["closed"])
        reason = error.args[0].reason
        self.assertIsInstance(reason, urllib3.exceptions.NewConnectionError)
        self.assertIsInstance(reason.__cause__, ConnectionRefusedError)

    def test_a_cut_body(self):
        for text in [CUT, CUT_CHUNKS]:
            peer = self.peer([HEAD, send(text), CLOSE])
            error = self.assert_raises(requests.exceptions.ChunkedEncodingError, peer)
            self.assertIsInstance(error.args[0], urllib3.exceptions.ProtocolError)
            peer = self.peer([HEAD, send(text), CLOSE])
            url = f"http://127.0.0.1:{peer.port}/"
            with requests.get(url, stream=True, timeout=LIMIT) as response:
                pieces = response.iter_content(2)
                self.assertEqual(next(pieces), b"on")
                with self.assertRaises(requests.exceptions.ChunkedEncodingError):
                    list(pieces)

    def test_a_connection_that_is_reset(self):
        for after in [[RESET], [HEAD, RESET]]:
            self.assert_raises(requests.exceptions.ConnectionError, self.peer(after))

    def test_no_reply_at_all(self):
        error = self.assert_raises(requests.exceptions.ConnectionError, self.peer([HEAD, CLOSE]))
        self.assertIsInstance(error.args[0], urllib3.exceptions.ProtocolError)

    def test_nonsense(self):
        peer = self.peer([HEAD, send("nonsense\r\n\r\n"), CLOSE])
        self.assert_raises(requests.exceptions.ConnectionError, peer)

    def test_tls_where_there_is_none(self):
        with self.assertRaises(requests.exceptions.SSLError):
            requests.get(f"https://localhost:{World.ports['http']}/", timeout=LIMIT)

    def test_urls_that_are_none(self):
        for url in ["http://", "http://a b/", "http://*example.com/"]:
            with self.assertRaises(requests.exceptions.InvalidURL):
                requests.get(url)
        with self.assertRaises(requests.exceptions.InvalidSchema):
            requests.get("ftp://localhost/")
        with self.assertRaises(requests.exceptions.InvalidHeader):
            requests.get(self.url("http"), headers={"A": "b\r\nc"})


class Retries(Pages):
    def session_with(self, **options):
        session = self.session()
        retries = Retry(backoff_factor=0.001, **options)
        for scheme in ["http://", "https://"]:
            session.mount(scheme, HTTPAdapter(max_retries=retries))
        return session

    def test_after_a_status(self):
        peer = self.peer([HEAD, BUSY, HEAD, BUSY, HEAD, send(OK)])
        session = self.session_with(total=3, status_forcelist=[503])
        self.assertEqual(session.get(f"http://127.0.0.1:{peer.port}/", timeout=LIMIT).text, "ok")
        self.assertEqual(peer.received().count(b"GET / "), 3)

    def test_come_to_an_end(self):
        peer = self.peer([HEAD, BUSY] * 3)
        session = self.session_with(total=2, status_forcelist=[503])
        with self.assertRaises(requests.exceptions.RetryError):
            session.get(f"http://127.0.0.1:{peer.port}/", timeout=LIMIT)

    def test_after_a_broken_connection(self):
        for first in [[RESET], [HEAD, RESET], [HEAD, CLOSE]]:
            for tls in [False, True]:
                peer = self.peer(first, [HEAD, send(OK)], tls=tls)
                scheme = "https" if tls else "http"
                url = f"{scheme}://localhost:{peer.port}/"
                session = self.session_with(total=2, read=2)
                self.assertEqual(session.get(url, timeout=LIMIT).text, "ok")
                self.assertEqual(peer.connections(), 2)

    def test_wait_as_long_as_the_server_says(self):
        busy = reply("", "Retry-After: 1", status="503 Service Unavailable")
        peer = self.peer([HEAD, busy, HEAD, send(OK)])
        begin = time.monotonic()
        session = self.session_with(total=1, status_forcelist=[503])
        self.assertEqual(session.get(f"http://127.0.0.1:{peer.port}/", timeout=LIMIT).text, "ok")
        self.assertGreaterEqual(time.monotonic() - begin, 0.9)

    def test_rewind_the_body(self):
        body = World.file("ca.pem")
        ok, end = send(OK), ["await", "-----END CERTIFICATE-----\n"]
        peer = self.peer([HEAD, end, BUSY, HEAD, end, ok])
        session = self.session_with(total=1, status_forcelist=[503], allowed_methods=None)
        with open(body, "rb") as file:
            url = f"http://127.0.0.1:{peer.port}/"
            self.assertEqual(session.put(url, data=file, timeout=LIMIT).text, "ok")

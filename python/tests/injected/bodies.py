"""Bodies as they come and go, and large ones."""

import io
import os
import sys

import requests
import urllib3

from support import HEAD, HOLD, LIMIT, OK, SIGNAL, World, send, until

from .exchange import Pages

PERIOD = bytes(range(251))
# In the component, more than fits into the memory that the harness grants.
LARGE = (64 if sys.platform == "wasi" else 4) << 20
# Smaller: componentize-py keeps what was sent.
SENT = 8 << 20


def pattern(length, offset=0):
    """What the server sends from this offset on."""
    start = offset % len(PERIOD)
    return (PERIOD * (length // len(PERIOD) + 2))[start : start + length]


class Pattern(io.RawIOBase):
    """A file with the pattern, which is nowhere whole."""

    def __init__(self, length):
        super().__init__()
        self.left = self.length = length

    def __len__(self):
        return self.length

    def readable(self):
        return True

    def tell(self):
        return self.length - self.left

    def read(self, amt=-1):
        amt = self.left if amt is None or amt < 0 else min(amt, self.left)
        block = pattern(amt, self.length - self.left)
        self.left -= amt
        return block


class Downloads(Pages):
    def assert_large(self, pieces):
        length = 0
        for piece in pieces:
            self.assertTrue(piece == pattern(len(piece), length), length)
            length += len(piece)
        self.assertEqual(length, LARGE)

    def test_large_ones_take_little_memory(self):
        for server, path in [("http", "chunked"), ("https", "bytes")]:
            url = self.url(server, f"/{path}/{LARGE}")
            with self.session().get(url, stream=True, timeout=LIMIT) as response:
                self.assert_large(response.iter_content(1 << 16))

    def test_raw(self):
        with self.session().get(self.url("https", "/bytes/100000"), stream=True) as response:
            self.assertEqual(response.raw.read(10), pattern(10))
            self.assertEqual(response.raw.tell(), 10)
            self.assertEqual(response.raw.read(), pattern(99_990, 10))
            self.assertEqual(response.raw.read(), b"")

    def test_pieces_come_as_they_arrive(self):
        head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        first, second = send(head + "6\r\nfirst\n\r\n"), send("7\r\nsecond\n\r\n0\r\n\r\n")
        peer = self.peer([HEAD, first, SIGNAL, second, HOLD])
        url = f"http://127.0.0.1:{peer.port}/"
        with requests.get(url, stream=True, timeout=LIMIT) as response:
            lines = response.iter_lines()
            self.assertEqual(next(lines), b"first")
            peer.signal()
            self.assertEqual(list(lines), [b"second"])

    def test_lines(self):
        with self.session().get(self.url("http", "/echo"), stream=True) as response:
            lines = list(response.iter_lines(decode_unicode=True))
        self.assertEqual(lines[0], "GET /echo")

    def test_an_unread_one_is_given_up(self):
        with self.session() as session:
            for _ in range(2):
                url = self.url("https", f"/bytes/{LARGE}")
                with session.get(url, stream=True, timeout=LIMIT) as response:
                    self.assertEqual(response.raw.read(1), b"\0")

    def test_a_connection_is_free_after_the_last_byte(self):
        reply = send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst")
        peer = self.peer([HEAD, reply, HEAD, reply])
        with requests.Session() as session:
            for _ in range(2):
                response = session.get(f"http://127.0.0.1:{peer.port}/", stream=True, timeout=LIMIT)
                self.assertEqual(b"".join(response.iter_content(2)), b"first")
        self.assertEqual(peer.connections(), 1)


class Uploads(Pages):
    def assert_counted(self, server, body, length):
        response = self.session().put(self.url(server, "/count"), data=body, timeout=LIMIT)
        self.assertEqual(response.text, f"{length} bytes of the pattern")

    def test_of_a_generator_go_in_chunks(self):
        block = 251 << 8

        def blocks():
            for _ in range(SENT // block):
                yield PERIOD * (1 << 8)

        self.assert_counted("http", blocks(), SENT // block * block)

    def test_of_a_file_have_a_length(self):
        self.assert_counted("https", Pattern(SENT), SENT)

    def test_of_a_file_in_a_folder(self):
        path = World.file("upload.bin")
        with open(path, "wb") as file:
            file.write(pattern(1 << 20))
        self.addCleanup(os.remove, path)
        with open(path, "rb") as file:
            self.assert_counted("https", file, 1 << 20)

    def test_of_bytes(self):
        self.assert_counted("https", pattern(1 << 20), 1 << 20)

    def test_say_how_they_are_framed(self):
        ok = send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        peer = self.peer([HEAD, until("0\r\n\r\n"), ok, HEAD, until("abc"), ok])
        url = f"http://127.0.0.1:{peer.port}/"
        with requests.Session() as session:
            session.post(url, data=iter([b"ab", b"", b"c"]))
            session.post(url, data=io.BytesIO(b"abc"))
        received = peer.received()
        self.assertIn(b"Transfer-Encoding: chunked", received)
        self.assertIn(b"\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n", received)
        self.assertIn(b"Content-Length: 3", received)

    def test_of_a_file_that_is_nowhere_whole_have_a_length(self):
        peer = self.peer([HEAD, ["await", "\x02\x03"], send(OK)])
        requests.put(f"http://127.0.0.1:{peer.port}/", data=Pattern(4), timeout=LIMIT)
        self.assertIn(b"Content-Length: 4", peer.received())

    def test_stop_when_the_server_has_refused(self):
        refusal = send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 8\r\n\r\ntoo much")
        peer = self.peer([HEAD, refusal, HOLD])
        response = requests.put(f"http://127.0.0.1:{peer.port}/", data=Pattern(SENT), timeout=LIMIT)
        self.assertEqual((response.status_code, response.text), (413, "too much"))


class Pools(Pages):
    def test_stream_without_preloading(self):
        with urllib3.PoolManager(ca_certs=World.file("ca.pem")) as pools:
            response = pools.request("GET", self.url("https", "/bytes/9"), preload_content=False)
            self.assertEqual([*response.stream(4)], [pattern(4), pattern(4, 4), pattern(1, 8)])
            response.release_conn()
            response = pools.request("GET", self.url("https", "/chunked/200000"), preload_content=False)
            self.assertEqual(b"".join(response.read_chunked()), pattern(200_000))
            response = pools.request("GET", self.url("https", "/echo"), preload_content=False)
            self.assertEqual(next(iter(io.TextIOWrapper(response))), "GET /echo\n")

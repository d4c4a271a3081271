"""Bodies, by each way of reading them."""

import io
import json

from support import HOLD, TestCase, World

BODY = b"one\ntwo\r\n\nlast"

KNOWN = "HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\none\ntwo\r\n\nlast"
CHUNKED = (
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    "2\r\non\r\n7\r\ne\ntwo\r\n\r\n5\r\n\nlast\r\n0\r\n\r\n"
)
TO_THE_END = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\none\ntwo\r\n\nlast"


class Known(TestCase):
    """A body with a Content-Length."""

    reply = KNOWN
    # The peer keeps the connection open: reading past the end would wait.
    after = [HOLD]

    def response(self):
        return self.answer(self.reply, after=self.after)

    def test_read_gives_all(self):
        response = self.response()
        self.assertEqual(response.read(), BODY)
        self.assertTrue(response.isclosed())
        self.assertEqual((response.read(), response.read(1), response.readline()), (b"", b"", b""))

    def test_read_gives_as_much_as_asked_for(self):
        response = self.response()
        self.assertEqual(response.read(0), b"")
        self.assertEqual(
            [response.read(6), response.read(6), response.read(6)], [BODY[:6], BODY[6:12], BODY[12:]]
        )
        self.assertEqual(response.read(6), b"")

    def test_none_means_all(self):
        self.assertEqual(self.response().read(None), BODY)

    def test_read1_gives_what_is_there(self):
        response = self.response()
        pieces = []
        while piece := response.read1(5):
            self.assertLessEqual(len(piece), 5)
            pieces.append(piece)
        self.assertEqual(b"".join(pieces), BODY)

    def test_read1_without_a_limit(self):
        response = self.response()
        pieces = []
        while piece := response.read1():
            pieces.append(piece)
        self.assertEqual(b"".join(pieces), BODY)

    def test_peek_takes_nothing(self):
        response = self.response()
        peeked = response.peek(3)
        self.assertTrue(peeked and BODY.startswith(peeked))
        self.assertEqual(response.read(), BODY)
        self.assertEqual(response.peek(3), b"")

    def test_readinto_fills_buffers(self):
        response = self.response()
        buffer = bytearray(10)
        self.assertEqual(response.readinto(buffer), 10)
        self.assertEqual(bytes(buffer), BODY[:10])
        self.assertEqual(response.readinto(memoryview(buffer)), 4)
        self.assertEqual(bytes(buffer[:4]), BODY[10:])
        self.assertEqual(response.readinto(buffer), 0)

    def test_readinto1_gives_what_is_there(self):
        response = self.response()
        buffer = bytearray(4)
        length = response.readinto1(buffer)
        self.assertEqual(bytes(buffer[:length]), BODY[:length])
        self.assertGreater(length, 0)

    def test_readline_gives_lines(self):
        response = self.response()
        lines = [response.readline() for _ in range(5)]
        self.assertEqual(lines, [b"one\n", b"two\r\n", b"\n", b"last", b""])

    def test_readline_has_a_limit(self):
        response = self.response()
        lines = [response.readline(2) for _ in range(3)]
        self.assertEqual(lines, [b"on", b"e\n", b"tw"])

    def test_iteration_is_by_line(self):
        self.assertEqual(list(self.response()), [b"one\n", b"two\r\n", b"\n", b"last"])

    def test_readlines_gives_all_lines(self):
        self.assertEqual(self.response().readlines(), [b"one\n", b"two\r\n", b"\n", b"last"])
        self.assertEqual(self.response().readlines(3), [b"one\n"])

    def test_text_can_be_read_from_it(self):
        with io.TextIOWrapper(self.response(), "ascii") as lines:
            self.assertEqual(list(lines), ["one\n", "two\n", "\n", "last"])

    def test_ways_of_reading_can_be_mixed(self):
        response = self.response()
        self.assertEqual(response.readline(), b"one\n")
        self.assertEqual(response.read(2), b"tw")
        self.assertEqual(response.readline(), b"o\r\n")
        self.assertEqual(response.read(), b"\nlast")

    def test_reading_ends_with_close(self):
        response = self.response()
        response.read(1)
        response.close()
        self.assertEqual((response.read(), response.read(1), response.read1()), (b"", b"", b""))
        self.assertEqual(response.readinto(bytearray(1)), 0)


class Chunked(Known):
    reply = CHUNKED

    def test_it_says_so(self):
        self.assertTrue(self.response().chunked)
        self.assertIsNone(self.response().length)


class ToTheEnd(Known):
    reply = TO_THE_END
    after = []


class Length(TestCase):
    def test_counts_down(self):
        response = self.answer(KNOWN, after=[HOLD])
        self.assertEqual(response.length, 14)
        response.read(4)
        self.assertEqual(response.length, 10)
        response.read()
        self.assertEqual(response.length, 0)


class Large(TestCase):
    def test_bodies_arrive_whole(self):
        connection = self.connect(World.ports["http"])
        pattern = (bytes(range(251)) * 4000)[:1_000_000]
        for url in ["/bytes/1000000", "/chunked/1000000"]:
            connection.request("GET", url)
            self.assertEqual(connection.getresponse().read(), pattern)

    def test_a_file_object_is_what_others_read_from(self):
        body = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n[1, 2]\n"
        self.assertEqual(json.load(self.answer(body)), [1, 2])

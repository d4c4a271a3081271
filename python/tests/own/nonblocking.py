"""A timeout of 0: calls that would wait are made again."""

from httplib.bindings.imports import poll

from support import HEAD, HOLD, OK, TestCase, World, httplib, send


class Nonblocking(TestCase):
    def ready(self, source, call, *arguments):
        """Makes a call until it succeeds; its result."""
        while True:
            try:
                return call(*arguments)
            except BlockingIOError:
                poll.poll(source.subscribe())

    def test_a_request_is_repeated_until_it_is_done(self):
        for body in [None, b"x" * 100_000, "text"]:
            connection = httplib.HTTPConnection("127.0.0.1", World.ports["http"], timeout=0)
            self.ready(connection, connection.request, "POST", "/echo", body)
            response = self.ready(connection, connection.getresponse)
            self.assertEqual(response.status, 200)
            received = self.ready(response, self.whole, response)
            self.assertEqual(len(received.split(b"\n\n", 1)[1]), len(body or ""))
            self.ready(connection, connection.request, "GET", "/")
            self.assertEqual(self.ready(connection, connection.getresponse).status, 200)

    def whole(self, response):
        self.body = getattr(self, "body", b"")
        while piece := response.read1():
            self.body += piece
        body, self.body = self.body, b""
        return body

    def test_a_response_that_is_not_there_yet(self):
        connection = httplib.HTTPConnection("127.0.0.1", self.peer([HEAD, HOLD]).port, timeout=0)
        self.ready(connection, connection.request, "GET", "/")
        with self.assertRaises(BlockingIOError):
            connection.getresponse()

    def test_a_body_has_to_be_bytes(self):
        peer = self.peer([HEAD, send(OK)])
        connection = httplib.HTTPConnection("127.0.0.1", peer.port, timeout=0)
        with self.assertRaises(ValueError):
            connection.request("POST", "/", [b"a"])
        self.ready(connection, connection.request, "GET", "/")
        self.assertEqual(self.ready(connection, connection.getresponse).status, 200)

"""Failures, by their class."""

from support import CLOSE, HEAD, HOLD, OK, RESET, TestCase, World, httplib, send


class Network(TestCase):
    def test_nobody_listens(self):
        with self.assertRaises(ConnectionRefusedError):
            self.connect(World.ports["closed"]).request("GET", "/")

    def test_nobody_answers_the_connect(self):
        with self.assertRaises(TimeoutError):
            self.connect(World.ports["silent"], timeout=0.1).connect()

    def test_nobody_answers_the_request(self):
        connection = self.connect(self.peer([HEAD, HOLD]), timeout=0.1)
        connection.request("GET", "/")
        with self.assertRaises(TimeoutError):
            connection.getresponse()

    def test_the_body_does_not_come(self):
        reply = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"
        response = self.answer(reply, after=[HOLD], timeout=0.3)
        with self.assertRaises(TimeoutError):
            response.read()

    def test_a_reset_before_the_reply(self):
        connection = self.connect(self.peer([HEAD, RESET]))
        with self.assertRaises(ConnectionResetError):
            connection.request("GET", "/")
            connection.getresponse()

    def test_a_source_address_of_others(self):
        connection = self.connect(World.ports["http"], source_address=("192.0.2.1", 0))
        with self.assertRaises(OSError):
            connection.request("GET", "/")


class Replies(TestCase):
    def test_the_server_says_nothing(self):
        connection = self.connect(self.peer([HEAD, CLOSE], [HEAD, send(OK)]))
        connection.request("GET", "/")
        with self.assertRaises(httplib.RemoteDisconnected) as caught:
            connection.getresponse()
        self.assertEqual(str(caught.exception), "Remote end closed connection without response")
        self.assert_goes_on(connection)

    def test_a_status_that_is_no_number(self):
        with self.assertRaises(httplib.BadStatusLine) as caught:
            self.answer("HTTP/1.1 two OK\r\n\r\n")
        self.assertEqual(caught.exception.line.rstrip("\r\n"), "HTTP/1.1 two OK")

    def test_the_banner_of_another_protocol(self):
        for banner in ["SSH-2.0-OpenSSH_9.2", "ICY 200 OK", "http/1.1 200 OK", "220 mail ESMTP"]:
            with self.subTest(banner=banner), self.assertRaises(httplib.BadStatusLine) as caught:
                self.answer(banner + "\r\n")
            self.assertEqual(caught.exception.line.rstrip("\r\n"), banner)

    def test_another_version(self):
        with self.assertRaises(httplib.UnknownProtocol):
            self.answer("HTTP/2.0 200 OK\r\n\r\n")

    def test_a_line_that_does_not_end(self):
        with self.assertRaises(httplib.LineTooLong) as caught:
            self.answer("HTTP/1.1 200 OK\r\nA: " + 70_000 * "b" + "\r\n\r\n")
        text = "got more than 65536 bytes when reading header line"
        self.assertEqual(str(caught.exception), text)

    def test_headers_that_do_not_end(self):
        with self.assertRaises(httplib.HTTPException) as caught:
            self.answer("HTTP/1.1 200 OK\r\n" + 200 * "A: b\r\n" + "\r\n")
        self.assertIn("100 headers", str(caught.exception))

    def test_a_body_that_is_cut_short(self):
        response = self.answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nonly")
        with self.assertRaises(httplib.IncompleteRead) as caught:
            response.read()
        error = caught.exception
        self.assertEqual((error.partial, error.expected, error.args), (b"only", 6, (b"only",)))
        self.assertEqual(repr(error), "IncompleteRead(4 bytes read, 6 more expected)")

    def test_a_chunked_body_that_is_cut_short(self):
        reply = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
        with self.assertRaises(httplib.IncompleteRead) as caught:
            self.answer(reply).read()
        self.assertEqual((caught.exception.partial, caught.exception.expected), (b"abc", None))

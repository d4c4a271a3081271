"""Heads of responses."""

import email.message
import http
import http.client
import io

from support import HOLD, OK, TestCase, httplib

HEADERS = (
    "HTTP/1.1 200 Fine\r\nContent-Type: text/html; charset=UTF-8\r\nSet-Cookie: a=1\r\n"
    "set-cookie: b=2\r\nX-Latin: \xe9\r\nContent-Length: 2\r\n\r\nok"
)


class Head(TestCase):
    def test_has_status_reason_and_version(self):
        response = self.answer("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        self.assertEqual((response.status, response.reason), (404, "Not Found"))
        self.assertEqual((response.code, response.getcode(), response.version), (404, 404, 11))
        self.assertIs(http.HTTPStatus(response.status), httplib.NOT_FOUND)

    def test_http_1_0_closes(self):
        response = self.answer("HTTP/1.0 200\r\n\r\nall")
        self.assertEqual((response.version, response.reason), (10, ""))
        self.assertTrue(response.will_close)
        self.assertIsNone(response.length)
        self.assertEqual(response.read(), b"all")

    def test_getheader_joins_and_has_a_default(self):
        response = self.answer(HEADERS)
        self.assertEqual(response.getheader("SET-COOKIE"), "a=1, b=2")
        self.assertEqual(response.getheader("X-Latin"), "\xe9")
        self.assertIsNone(response.getheader("none"))
        self.assertEqual(response.getheader("none", "default"), "default")
        self.assertEqual(response.getheader("none", ["a", "b"]), "a, b")
        self.assertEqual(response.getheader("none", default=42), 42)

    def test_getheaders_keeps_order_and_case(self):
        names = [name for name, _ in self.answer(HEADERS).getheaders()]
        expected = ["Content-Type", "Set-Cookie", "set-cookie", "X-Latin", "Content-Length"]
        self.assertEqual(names, expected)

    def test_msg_is_a_message(self):
        response = self.answer(HEADERS)
        self.assertIsInstance(response.msg, email.message.Message)
        self.assertIsInstance(response.msg, httplib.HTTPMessage)
        self.assertIs(response.info(), response.headers)
        self.assertIs(response.msg, response.headers)
        self.assertEqual(response.msg.get_content_type(), "text/html")
        self.assertEqual(response.msg.get_content_charset(), "utf-8")
        self.assertEqual(response.msg.get_all("set-cookie"), ["a=1", "b=2"])
        self.assertIn("x-latin", response.msg)

    def test_100_continue_is_skipped(self):
        response = self.answer("HTTP/1.1 100 Continue\r\n\r\n" + OK)
        self.assertEqual((response.status, response.read()), (200, b"ok"))

    def test_is_an_http_client_response(self):
        response = self.answer(OK)
        self.assertIsInstance(response, http.client.HTTPResponse)
        self.assertIsInstance(response, io.BufferedIOBase)
        self.assertTrue(response.readable())
        self.assertFalse(response.writable())
        self.assertFalse(response.seekable())

    def test_head_has_no_body(self):
        response = self.answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HEAD", [HOLD])
        self.assertEqual((response.read(), response.getheader("content-length")), (b"", "5"))
        self.assertTrue(response.isclosed())

    def test_some_statuses_have_no_body(self):
        for status in [204, 304]:
            response = self.answer(f"HTTP/1.1 {status} -\r\n\r\n", after=[HOLD])
            self.assertEqual((response.length, response.read()), (0, b""))

    def test_a_context_closes_it(self):
        with self.answer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart", after=[HOLD]) as response:
            self.assertEqual(response.read(4), b"part")
            self.assertFalse(response.closed)
        self.assertTrue(response.closed)
        self.assertTrue(response.isclosed())
        self.assertEqual(response.read(), b"")

    def test_the_socket_has_a_number_while_there_is_body(self):
        response = self.answer(OK, after=[HOLD])
        self.assertIsInstance(response.fileno(), int)


class Constants(TestCase):
    def test_codes_have_names_and_phrases(self):
        self.assertEqual((httplib.HTTP_PORT, httplib.HTTPS_PORT), (80, 443))
        self.assertEqual(httplib.responses[httplib.NOT_FOUND], "Not Found")
        for name, code in [
            ("CONTINUE", 100),
            ("OK", 200),
            ("IM_USED", 226),
            ("TEMPORARY_REDIRECT", 307),
            ("REQUEST_ENTITY_TOO_LARGE", 413),
            ("REQUESTED_RANGE_NOT_SATISFIABLE", 416),
            ("NOT_EXTENDED", 510),
        ]:
            self.assertEqual(getattr(httplib, name), code)
            self.assertIn(code, httplib.responses)

    def test_everything_public_of_http_client_is_there(self):
        for name in [*http.client.__all__, *http.HTTPStatus.__members__]:
            self.assertTrue(hasattr(httplib, name), name)

    def test_exceptions_have_their_bases(self):
        for kind, base in [
            (httplib.HTTPException, Exception),
            (httplib.NotConnected, httplib.HTTPException),
            (httplib.InvalidURL, httplib.HTTPException),
            (httplib.UnknownProtocol, httplib.HTTPException),
            (httplib.UnknownTransferEncoding, httplib.HTTPException),
            (httplib.UnimplementedFileMode, httplib.HTTPException),
            (httplib.IncompleteRead, httplib.HTTPException),
            (httplib.ImproperConnectionState, httplib.HTTPException),
            (httplib.CannotSendRequest, httplib.ImproperConnectionState),
            (httplib.CannotSendHeader, httplib.ImproperConnectionState),
            (httplib.ResponseNotReady, httplib.ImproperConnectionState),
            (httplib.BadStatusLine, httplib.HTTPException),
            (httplib.LineTooLong, httplib.HTTPException),
            (httplib.RemoteDisconnected, ConnectionResetError),
            (httplib.RemoteDisconnected, httplib.BadStatusLine),
        ]:
            self.assertTrue(issubclass(kind, base))
            self.assertIs(kind, getattr(http.client, kind.__name__))

    def test_headers_are_parsed(self):
        headers = httplib.parse_headers(io.BytesIO(b"A: b\r\nC: d\r\n\r\nrest"))
        self.assertEqual(headers.items(), [("A", "b"), ("C", "d")])

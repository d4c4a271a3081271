"""Where this package follows the reference or RFC 9112, and CPython does not."""

import http.client

from support import CLOSE, HEAD, HOLD, OK, TestCase, World, httplib, send, ssl


class Hosts(TestCase):
    def test_an_empty_port_is_an_invalid_url(self):
        for host in ["www.cwi.nl:", "www.cwi.nl:0", "", "::1", "http://www.cwi.nl/", "a@b"]:
            with self.subTest(host=host), self.assertRaises(httplib.InvalidURL):
                httplib.HTTPConnection(host)


class Replies(TestCase):
    def test_a_reply_without_a_status_line_is_http_0_9_if_that_is_wanted(self):
        response = self.answer("hello", strict=False)
        self.assertEqual((response.version, response.status, response.read()), (9, 200, b"hello"))

    def test_empty_lines_before_a_status_line_are_skipped(self):
        self.assertEqual(self.answer("\r\n\n" + OK).read(), b"ok")

    def test_broken_framing_has_a_class_of_its_own(self):
        with self.assertRaises(httplib.MalformedResponse) as caught:
            self.answer("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n")
        self.assertIsInstance(caught.exception, http.client.HTTPException)

    def test_an_unknown_transfer_coding_is_refused(self):
        with self.assertRaises(httplib.UnknownTransferEncoding):
            self.answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: mine, chunked\r\n\r\n")

    def test_read_with_an_amount_notices_the_end(self):
        response = self.answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nonly")
        with self.assertRaises(httplib.IncompleteRead) as caught:
            response.read(8)
        self.assertEqual((caught.exception.partial, caught.exception.expected), (b"only", 6))

    def test_reading_on_after_the_connections_close_is_an_error(self):
        connection = self.connect(self.peer([HEAD, send(OK), HOLD]))
        connection.request("GET", "/")
        response = connection.getresponse()
        connection.close()
        with self.assertRaises(httplib.NotConnected):
            response.read()

    def test_max_response_headers_is_a_limit(self):
        reply = "HTTP/1.1 200 OK\r\n" + 5 * "A: b\r\n" + "Content-Length: 0\r\n\r\n"
        self.assertEqual(len(self.answer(reply, max_response_headers=6).getheaders()), 6)
        with self.assertRaises(httplib.HTTPException):
            self.answer(reply, max_response_headers=5)

    def test_tls_that_is_cut_is_no_end_of_a_body(self):
        reply = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\npart"
        peer = self.peer([HEAD, send(reply), CLOSE], tls=True)
        context = ssl.create_default_context(cafile=World.file("ca.pem"))
        connection = httplib.HTTPSConnection("localhost", peer.port, context=context)
        connection.request("GET", "/")
        with self.assertRaises(ssl.SSLEOFError):
            connection.getresponse().read()


class AfterAnError(TestCase):
    def test_the_next_request_works(self):
        def broken():
            yield b"a"
            raise KeyError("mine")

        bad = [
            {"headers": {"A": "b\r\n"}},
            {"headers": {"A": None}},
            {"body": "\u20ac"},
            {"body": 7},
            {"body": broken()},
        ]
        for arguments in bad:
            with self.subTest(arguments=arguments):
                connection = self.connect(World.ports["http"])
                kinds = (ValueError, TypeError, KeyError)
                with self.assertRaises(kinds):
                    connection.request("POST", "/", **arguments)
                connection.request("GET", "/")
                self.assertEqual(connection.getresponse().status, 200)

    def test_a_lost_connection_is_replaced(self):
        peer = self.peer([HEAD, send(OK), CLOSE], [HEAD, send(OK)])
        connection = self.connect(peer)
        self.assert_goes_on(connection)
        self.assert_goes_on(connection)
        self.assertEqual(peer.connections(), 2)


class Chunks(TestCase):
    def test_a_transfer_encoding_that_does_not_end_with_chunked_is_refused(self):
        def pieces():
            yield b"hello"

        connection = self.connect(World.ports["http"])
        for codings in ["gzip", "chunked, gzip", "chunked, chunked", ""]:
            for body in [b"hello", pieces()]:
                headers = {"Transfer-Encoding": codings}
                with self.subTest(codings=codings, body=body), self.assertRaises(ValueError):
                    connection.request("POST", "/", body, headers, encode_chunked=True)
        headers = {"Transfer-Encoding": "gzip, Chunked"}
        for body in [b"hello", pieces()]:
            connection.request("POST", "/echo", body, headers, encode_chunked=True)
            self.assertTrue(connection.getresponse().read().endswith(b"hello"))


class Errors(TestCase):
    def test_errors_say_what_the_connection_was_doing(self):
        with self.assertRaises(ConnectionRefusedError) as caught:
            self.connect(World.ports["closed"]).connect()
        self.assertEqual(caught.exception.phase, "connect")
        with self.assertRaises(TimeoutError) as caught:
            self.exchange(self.peer([HEAD, HOLD]), timeout=0.1)
        self.assertEqual(caught.exception.phase, "receive")

    def test_a_tunnels_refusal_can_be_read(self):
        refusal = "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\nContent-Length: 3\r\n\r\nwhy"
        connection = self.connect(self.peer([HEAD, send(refusal)]))
        connection.set_tunnel("server.example")
        with self.assertRaises(httplib.TunnelError) as caught:
            connection.request("GET", "/")
        error = caught.exception
        self.assertEqual((error.status, error.reason, error.body), (407, "No", b"why"))
        self.assertIn(("Proxy-Authenticate", "Basic"), error.headers)
        self.assertEqual(error.phase, "tunnel")
        told = connection.get_proxy_response_headers()
        self.assertEqual(told["Proxy-Authenticate"], "Basic")


class Contexts(TestCase):
    def test_what_is_not_supported_says_so(self):
        with self.assertRaises(ValueError):
            ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        with self.assertRaises(ValueError):
            ssl.SSLContext(2)
        with self.assertRaises(ValueError):
            ssl.SSLContext().load_cert_chain("a", password="b")
        with self.assertRaises(ValueError):
            ssl.SSLContext().minimum_version = 770

    def test_default_authorities_can_be_added(self):
        context = ssl.create_default_context(cafile=World.file("ca.pem"))
        context.load_default_certs()
        connection = self.https(context=context)
        connection.connect()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.load_default_certs()
        self.assertFalse(context.check_hostname)
        self.https("expired", "127.0.0.1", context=context).connect()

    def test_key_file_and_cert_file_are_those_of_python_2(self):
        files = {"key_file": World.file("client.key"), "cert_file": World.file("client.pem")}
        context = ssl.create_default_context(cafile=World.file("ca.pem"))
        connection = self.https("mutual", context=context, **files)
        connection.request("GET", "/")
        self.assertEqual(connection.getresponse().status, 200)
        with self.assertRaises(FileNotFoundError):
            self.https(cert_file=World.file("none.pem"))

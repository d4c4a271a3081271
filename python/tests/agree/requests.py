"""What is sent: heads, headers, bodies."""

import array
import io
import tempfile

from support import HEAD, OK, TestCase, World, httplib, send, until


class Request(TestCase):
    def sent(self, method="POST", url="/", body=None, headers={}, end="", **options):
        """The bytes of a request; `end` is what its body ends with."""
        peer = self.peer([HEAD, until(end), send(OK)] if end else [HEAD, send(OK)])
        connection = self.connect(peer)
        connection.request(method, url, body, headers, **options)
        self.assertEqual(connection.getresponse().read(), b"ok")
        head, body = peer.received().split(b"\r\n\r\n", 1)
        lines = head.split(b"\r\n")
        self.host = b"Host: 127.0.0.1:%d" % peer.port
        return lines, body

    def test_has_its_automatic_headers(self):
        lines, body = self.sent("GET", "/a?b")
        expected = [b"GET /a?b HTTP/1.1", self.host, b"Accept-Encoding: identity"]
        self.assertEqual((lines, body), (expected, b""))

    def test_its_own_headers_replace_the_automatic_ones(self):
        headers = {"host": "a", "accept-encoding": "gzip"}
        lines, _ = self.sent("GET", "", headers=headers)
        self.assertEqual(lines, [b"GET / HTTP/1.1", b"host: a", b"accept-encoding: gzip"])

    def test_values_are_text_bytes_or_numbers(self):
        lines, _ = self.sent("GET", headers={"A": "\xe9", "B": b"\xe9", "C": 7})
        self.assertEqual(lines[3:], [b"A: \xe9", b"B: \xe9", b"C: 7"])

    def test_methods_that_expect_a_body_say_that_there_is_none(self):
        for method in ["PUT", "POST", "PATCH"]:
            lines, _ = self.sent(method)
            self.assertIn(b"Content-Length: 0", lines)
        for method in ["GET", "DELETE", "OPTIONS"]:
            lines, _ = self.sent(method)
            self.assertFalse([line for line in lines if b"Content" in line])

    def test_bytes_like_bodies_have_their_length(self):
        numbers = array.array("H", [1, 2, 3])
        for body, expected in [
            (b"abc", b"abc"),
            (bytearray(b"abc"), b"abc"),
            (memoryview(b"abc"), b"abc"),
            ("\xe9", b"\xe9"),
            (numbers, numbers.tobytes()),
        ]:
            lines, sent = self.sent(body=body, end=expected.decode("latin-1"))
            self.assertIn(b"Content-Length: %d" % len(expected), lines)
            self.assertEqual(sent, expected)

    def test_text_beyond_latin_1_is_refused(self):
        connection = self.connect(World.ports["http"])
        with self.assertRaises(UnicodeEncodeError):
            connection.request("POST", "/", "\u20ac")

    def test_files_are_sent_in_chunks(self):
        with tempfile.TemporaryFile(dir=World.folder) as file:
            file.write(b"contents")
            file.seek(0)
            lines, body = self.sent(body=file, end="0\r\n\r\n")
        self.assertIn(b"Transfer-Encoding: chunked", lines)
        self.assertEqual(body, b"8\r\ncontents\r\n0\r\n\r\n")

    def test_text_files_are_sent_as_latin_1(self):
        _, body = self.sent(body=io.StringIO("\xe9"), end="0\r\n\r\n")
        self.assertEqual(body, b"1\r\n\xe9\r\n0\r\n\r\n")

    def test_files_with_a_length_are_sent_as_they_are(self):
        headers = {"Content-Length": "3"}
        _, body = self.sent(body=io.BytesIO(b"abc"), headers=headers, end="abc")
        self.assertEqual(body, b"abc")

    def test_iterables_are_sent_in_chunks(self):
        for body in [[b"a", b"", b"bc"], (b"a", b"bc"), iter([b"a", b"bc"])]:
            lines, sent = self.sent(body=body, end="0\r\n\r\n")
            self.assertIn(b"Transfer-Encoding: chunked", lines)
            self.assertEqual(sent, b"1\r\na\r\n2\r\nbc\r\n0\r\n\r\n")

    def test_generators_run_while_they_are_sent(self):
        _, body = self.sent(body=(b"%d" % n for n in range(3)), end="0\r\n\r\n")
        self.assertEqual(body, b"1\r\n0\r\n1\r\n1\r\n1\r\n2\r\n0\r\n\r\n")

    def test_chunks_are_encoded_where_that_is_asked_for(self):
        headers = {"Transfer-Encoding": "chunked"}
        _, body = self.sent(body=b"ab", headers=headers, end="0\r\n\r\n", encode_chunked=True)
        self.assertEqual(body, b"2\r\nab\r\n0\r\n\r\n")
        _, body = self.sent(body=b"1\r\na\r\n0\r\n\r\n", headers=headers, end="0\r\n\r\n")
        self.assertEqual(body, b"1\r\na\r\n0\r\n\r\n")

    def test_a_large_body_arrives_whole(self):
        connection = self.connect(World.ports["http"])
        pattern = bytes(range(251)) * 8000
        for body in [pattern, io.BytesIO(pattern), [pattern[:100_000], pattern[100_000:]]]:
            connection.request("POST", "/count", body)
            answer = connection.getresponse().read()
            self.assertEqual(answer, b"%d bytes of the pattern" % len(pattern))

    def test_a_body_of_another_kind_is_a_type_error(self):
        with self.assertRaises(TypeError):
            self.connect(World.ports["http"]).request("POST", "/", 7)

    def test_line_ends_do_not_get_into_the_head(self):
        for arguments in [
            ("GET\r\n", "/", None, {}),
            ("GET", "/", None, {"A": "b\r\nC: d"}),
            ("GET", "/", None, {"A\r\n": "b"}),
        ]:
            with self.subTest(arguments=arguments), self.assertRaises(ValueError):
                self.connect(World.ports["http"]).request(*arguments)
        for url in ["/\r\n", "/ a", "/\x7f"]:
            with self.subTest(url=url), self.assertRaises(httplib.InvalidURL):
                self.connect(World.ports["http"]).request("GET", url)


class StepByStep(TestCase):
    def test_a_request_is_put_together(self):
        peer = self.peer([HEAD, until("body"), send(OK)])
        connection = self.connect(peer)
        connection.putrequest("PUT", "/file", skip_host=True, skip_accept_encoding=True)
        connection.putheader("Content-Length", 4)
        connection.putheader("A", "one", b"two", 3)
        connection.endheaders()
        connection.send(b"bo")
        connection.send([b"d", b"y"])
        self.assertEqual(connection.getresponse().read(), b"ok")
        head = b"PUT /file HTTP/1.1\r\nContent-Length: 4\r\nA: one\r\n\ttwo\r\n\t3\r\n\r\n"
        self.assertEqual(peer.received(), head + b"body")

    def test_a_body_goes_with_the_head(self):
        peer = self.peer([HEAD, until("body"), send(OK)])
        connection = self.connect(peer)
        connection.putrequest("POST", "/")
        connection.putheader("Content-Length", "4")
        connection.endheaders(b"body")
        self.assertEqual(connection.getresponse().read(), b"ok")
        self.assertTrue(peer.received().endswith(b"\r\n\r\nbody"))

    def test_files_can_be_sent(self):
        peer = self.peer([HEAD, until("contents"), send(OK)])
        connection = self.connect(peer)
        connection.putrequest("POST", "/")
        connection.putheader("Content-Length", "8")
        connection.endheaders()
        connection.send(io.BytesIO(b"cont"))
        connection.send(io.StringIO("ents"))
        self.assertEqual(connection.getresponse().read(), b"ok")

    def test_a_subclass_may_change_the_steps(self):
        class Tagged(httplib.HTTPConnection):
            def putheader(self, header, *values):
                super().putheader(header, *values)
                if header == "A":
                    super().putheader("B", "also")

        peer = self.peer([HEAD, send(OK)])
        connection = Tagged("127.0.0.1", peer.port)
        connection.request("GET", "/", headers={"A": "b"})
        self.assertEqual(connection.getresponse().read(), b"ok")
        self.assertTrue(peer.received().endswith(b"\r\nA: b\r\nB: also\r\n\r\n"))

    def test_a_class_may_have_another_default_port(self):
        peer = self.peer([HEAD, send(OK)])

        class Elsewhere(httplib.HTTPConnection):
            default_port = peer.port

        connection = Elsewhere("127.0.0.1")
        self.assert_goes_on(connection)
        self.assertIn(b"\r\nHost: 127.0.0.1\r\n", peer.received())

"""What only the component has."""

import base64
import hashlib
import io

from support import HEAD, HOLD, OK, TestCase, World, httplib, send, ssl, until

CHUNKS = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n"


class Deadlines(TestCase):
    def test_the_whole_exchange_may_be_limited(self):
        connection = self.connect(self.peer([HEAD, HOLD]), timeout=None)
        connection.set_deadline(0.1)
        connection.request("GET", "/")
        with self.assertRaises(TimeoutError):
            connection.getresponse()


class Proxies(TestCase):
    def test_http_goes_in_absolute_form(self):
        peer = self.peer([HEAD, send(OK)])
        connection = httplib.HTTPConnection("server.example")
        connection.set_proxy(f"http://me:secret@127.0.0.1:{peer.port}")
        self.assert_goes_on(connection)
        received = peer.received().decode()
        self.assertTrue(received.startswith("GET http://server.example/ HTTP/1.1\r\n"))
        self.assertIn(base64.b64encode(b"me:secret").decode(), received)

    def test_https_goes_through_a_tunnel(self):
        connection = self.https()
        connection.set_proxy(f"http://127.0.0.1:{World.ports['relay']}")
        connection.request("GET", "/")
        self.assertEqual(connection.getresponse().status, 200)
        self.assertEqual(connection.get_proxy_response_headers()["Via"], "relay")
        with self.assertRaises(RuntimeError):
            connection.set_proxy(None)

    def test_without_a_tunnel_there_are_no_headers_of_it(self):
        self.assertIsNone(self.connect(World.ports["http"]).get_proxy_response_headers())

    def test_the_environment_names_none_here(self):
        self.assertIsNone(httplib.HTTPConnection("a").proxy_from_environment())


class CipherSuites(TestCase):
    def agreed(self, context):
        connection = self.https(context=context)
        connection.connect()
        return connection.sock.cipher()[0]

    def test_of_both_versions_can_be_chosen(self):
        context = ssl.create_default_context(cafile=World.file("ca.pem"))
        for suite in ("TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"):
            context.set_ciphersuites(f"NONE-SUCH:{suite}")
            self.assertEqual(self.agreed(context), suite)
        with self.assertRaises(ssl.SSLError):
            context.set_ciphersuites("ECDHE-RSA-AES128-GCM-SHA256")
        context.set_ciphers("ECDHE-ECDSA-AES128-GCM-SHA256")
        self.assertEqual(self.agreed(context), suite)


class Trailers(TestCase):
    def test_are_read_behind_the_body(self):
        response = self.answer(CHUNKS + "Digest: abc\r\n\r\n")
        self.assertIsNone(response.trailers())
        self.assertEqual(response.read(), b"ok")
        self.assertEqual(response.trailers(), [("Digest", "abc")])

    def test_are_sent_behind_the_body(self):
        for body, options in [
            ([b"ok"], {}),
            (b"ok", {"headers": {"Transfer-Encoding": "chunked"}, "encode_chunked": True}),
        ]:
            peer = self.peer([HEAD, until("\r\n\r\n"), send(OK), HEAD, send(OK)])
            connection = self.connect(peer)
            connection.set_trailers({"Digest": "abc"})
            connection.request("POST", "/", body, **options)
            self.assertEqual(connection.getresponse().read(), b"ok")
            self.assertTrue(peer.received().endswith(b"2\r\nok\r\n0\r\nDigest: abc\r\n\r\n"))

    def test_have_to_be_headers(self):
        with self.assertRaises(ValueError):
            self.connect(World.ports["http"]).set_trailers({"Content-Length": "1"})


class Discard(TestCase):
    def test_takes_what_it_is_asked_for(self):
        response = self.answer(OK)
        self.assertEqual([response.discard(1), response.discard(), response.discard()], [1, 1, 0])
        self.assertTrue(response.isclosed())


class Interim(TestCase):
    def test_responses_are_kept(self):
        hints = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
        response = self.answer(hints + OK)
        [interim] = response.interim_responses()
        self.assertEqual((interim.status, interim.headers), (103, [("Link", "</a>")]))

    def test_a_body_waits_for_100_continue(self):
        refusal = "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n"
        peer = self.peer([HEAD, send(refusal), HOLD])
        connection = self.connect(peer, continue_timeout=10)
        connection.request("POST", "/", b"body", {"Expect": "100-continue"})
        self.assertEqual(connection.getresponse().status, 417)
        self.assertNotIn(b"body", peer.received())

    def test_how_long_a_body_waits_can_be_changed_between_requests(self):
        connection = self.connect(self.peer([HEAD, send(OK), HEAD, until("body"), send(OK)]))
        self.assert_goes_on(connection)
        connection.continue_timeout = 0.01
        connection.request("POST", "/", b"body", {"Expect": "100-continue"})
        self.assertEqual(connection.getresponse().read(), b"ok")


class Upgrades(TestCase):
    def upgraded(self):
        switch = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\n\r\nfirst"
        peer = self.peer([HEAD, send(switch), until("ping"), send("pong")])
        connection = self.connect(peer)
        connection.request("GET", "/", headers={"Connection": "upgrade", "Upgrade": "echo"})
        response = connection.getresponse()
        self.assertEqual(response.status, 101)
        return response

    def test_give_the_raw_stream(self):
        stream = self.upgraded().upgrade()
        self.assertIsInstance(stream, io.RawIOBase)
        self.assertEqual(stream.read(5), b"first")
        self.assertEqual(stream.write(b"ping"), 4)
        stream.flush()
        self.assertEqual(io.BufferedReader(stream).read(4), b"pong")

    def test_can_be_had_once(self):
        response = self.upgraded()
        with response.upgrade() as stream:
            stream.shutdown()
        self.assertTrue(stream.closed)
        with self.assertRaises(ValueError):
            stream.read(1)
        with self.assertRaises(httplib.NotConnected):
            response.upgrade()


class Tls(TestCase):
    def test_a_session_tells_what_was_agreed_on(self):
        connection = self.https()
        self.assertIsNone(connection.tls_session())
        connection.connect()
        session = connection.tls_session()
        self.assertEqual((session.version, session.resumed), ("TLSv1.3", False))
        self.assertEqual(connection.sock.getpeercert(True), session.peer_certificates[0])
        self.assertFalse(connection.sock.session_reused)

    def test_a_context_resumes_sessions(self):
        context = ssl.create_default_context(cafile=World.file("ca.pem"))
        for resumed in [False, True]:
            connection = self.https(context=context)
            connection.request("GET", "/")
            connection.getresponse().read()
            self.assertEqual(connection.sock.session_reused, resumed)

    def test_keys_can_be_pinned(self):
        wrong = hashlib.sha256(b"another key").digest()
        context = ssl.create_default_context(cafile=World.file("ca.pem"))
        context.add_pin(wrong)
        with self.assertRaises(ssl.SSLCertVerificationError):
            self.https(context=context).connect()
        with self.assertRaises(ValueError):
            context.add_pin(b"short")

    def test_revocation_lists_have_to_be_some(self):
        context = ssl.create_default_context(cafile=World.file("ca.pem"))
        with self.assertRaises(ssl.SSLError):
            context.load_crls(data="none")
        with self.assertRaises(TypeError):
            context.load_crls()

    def test_a_revoked_certificate_is_refused(self):
        context = ssl.create_default_context(cafile=World.file("ca.pem"))
        context.load_crls(World.file("revoked.pem"))
        with self.assertRaises(ssl.SSLCertVerificationError) as caught:
            self.https("revoked", context=context).connect()
        self.assertEqual(caught.exception.verify_code, 23)
        self.https(context=context).connect()


class OneCall(TestCase):
    def test_fetches_a_url(self):
        context = ssl.create_default_context(cafile=World.file("ca.pem"))
        url = f"https://localhost:{World.ports['https']}/echo"
        response = httplib.request("POST", url, "text", {"A": "b"}, timeout=20, context=context)
        self.assertEqual((response.status, response.geturl()), (200, url))
        echo = response.read()
        self.assertIn(b"\na: b\n", echo)
        self.assertTrue(echo.endswith(b"\n\ntext"))

    def test_takes_any_body(self):
        url = f"http://localhost:{World.ports['http']}/echo"
        for body in [b"abc", io.BytesIO(b"abc"), [b"a", b"bc"]]:
            echo = httplib.request("PUT", url, body).read()
            self.assertTrue(echo.endswith(b"\n\nabc"), echo)
        with self.assertRaises(httplib.InvalidURL):
            httplib.request("GET", "ftp://localhost/")

    def test_a_query_without_a_path_asks_for_the_root(self):
        peer = self.peer([HEAD, send(OK)])
        response = httplib.request("GET", f"http://127.0.0.1:{peer.port}?a=b#c")
        self.assertEqual(response.read(), b"ok")
        self.assertTrue(peer.received().startswith(b"GET /?a=b HTTP/1.1\r\n"))

    def test_how_long_a_body_waits_is_for_connections(self):
        with self.assertRaises(TypeError):
            httplib.request("GET", "http://localhost/", continue_timeout=1)

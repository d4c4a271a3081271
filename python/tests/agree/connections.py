"""Connections: their arguments, their states, their reuse."""

from support import CLOSE, HEAD, HOLD, OK, RESET, TestCase, World, httplib, send

CREATED = "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"


class Arguments(TestCase):
    def test_host_and_port_are_split(self):
        for host, port, expected in [
            ("www.cwi.nl", None, ("www.cwi.nl", 80)),
            ("www.cwi.nl:80", None, ("www.cwi.nl", 80)),
            ("www.cwi.nl", 80, ("www.cwi.nl", 80)),
            ("www.cwi.nl:8080", None, ("www.cwi.nl", 8080)),
            ("[::1]:8080", None, ("::1", 8080)),
        ]:
            with self.subTest(host=host, port=port):
                connection = httplib.HTTPConnection(host, port)
                self.assertEqual((connection.host, connection.port), expected)

    def test_https_has_its_own_default_port(self):
        self.assertEqual(httplib.HTTPSConnection("www.cwi.nl").port, 443)

    def test_a_port_that_is_no_number_is_an_invalid_url(self):
        for host in ["www.cwi.nl:http", "www.cwi.nl:8a", "www.cwi.nl\r\n", "a b"]:
            with self.subTest(host=host), self.assertRaises(httplib.InvalidURL):
                httplib.HTTPConnection(host)

    def test_arguments_are_attributes(self):
        connection = httplib.HTTPConnection("a", 1, 2, ("127.0.0.1", 0), 3)
        self.assertEqual(connection.timeout, 2)
        self.assertEqual(connection.source_address, ("127.0.0.1", 0))
        self.assertEqual(connection.blocksize, 3)
        self.assertIsNone(connection.sock)

    def test_classes_have_their_attributes(self):
        for kind, port in [(httplib.HTTPConnection, 80), (httplib.HTTPSConnection, 443)]:
            self.assertEqual(kind.default_port, port)
            self.assertEqual(kind.debuglevel, 0)
            self.assertEqual(kind.auto_open, 1)
            self.assertTrue(issubclass(kind.response_class, httplib.HTTPResponse))

    def test_the_source_address_is_used(self):
        peer = self.peer([HEAD, send(OK)])
        response = self.exchange(peer, source_address=("127.0.0.1", 0))
        self.assertEqual(response.read(), b"ok")


class Reuse(TestCase):
    def test_one_socket_serves_several_requests(self):
        peer = self.peer([HEAD, send(OK), HEAD, send(CREATED), HEAD, send(OK)])
        connection = self.connect(peer)
        for status, body in [(200, b"ok"), (201, b""), (200, b"ok")]:
            connection.request("GET", "/")
            response = connection.getresponse()
            self.assertEqual((response.status, response.read()), (status, body))
        self.assertEqual(peer.connections(), 1)

    def test_a_request_that_fails_takes_nothing_from_the_response_before_it(self):
        reply = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhelloworld"
        connection = self.connect(self.peer([HEAD, send(reply), RESET]))
        connection.request("GET", "/")
        response = connection.getresponse()
        self.assertEqual(response.read(5), b"hello")
        with self.assertRaises(OSError):
            connection.request("POST", "/", body=bytes(16_000_000))
        self.assertEqual(response.read(), b"world")

    def test_connection_close_opens_another_socket(self):
        closing = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall"
        peer = self.peer([HEAD, send(closing)], [HEAD, send(OK)])
        connection = self.connect(peer)
        connection.request("GET", "/")
        response = connection.getresponse()
        self.assertTrue(response.will_close)
        self.assertIsNone(connection.sock)
        self.assertEqual(response.read(), b"all")
        self.assert_goes_on(connection)
        self.assertEqual(peer.connections(), 2)

    def test_sock_is_there_while_the_connection_is_open(self):
        connection = self.connect(self.peer([HEAD, send(OK)]))
        self.assertIsNone(connection.sock)
        connection.connect()
        self.assertIsNotNone(connection.sock)
        self.assert_goes_on(connection)
        self.assertIsNotNone(connection.sock)
        connection.close()
        self.assertIsNone(connection.sock)

    def test_a_closed_connection_can_be_used_again(self):
        peer = self.peer([HEAD, send(OK)], [HEAD, send(OK)])
        connection = self.connect(peer)
        self.assert_goes_on(connection)
        connection.close()
        self.assert_goes_on(connection)
        self.assertEqual(peer.connections(), 2)

    def test_without_auto_open_nothing_connects_by_itself(self):
        connection = self.connect(World.ports["closed"])
        connection.auto_open = 0
        with self.assertRaises(httplib.NotConnected):
            connection.request("GET", "/")


class States(TestCase):
    def test_a_second_request_waits_for_the_first_response(self):
        connection = self.connect(self.peer([HEAD, HOLD]))
        connection.request("GET", "/")
        with self.assertRaises(httplib.CannotSendRequest) as caught:
            connection.request("GET", "/")
        self.assertEqual(caught.exception.args, ("Request-sent",))

    def test_headers_need_a_request(self):
        connection = self.connect(World.ports["closed"])
        with self.assertRaises(httplib.CannotSendHeader):
            connection.putheader("A", "b")
        with self.assertRaises(httplib.CannotSendHeader):
            connection.endheaders()

    def test_a_response_needs_a_request(self):
        connection = self.connect(World.ports["closed"])
        with self.assertRaises(httplib.ResponseNotReady) as caught:
            connection.getresponse()
        self.assertEqual(caught.exception.args, ("Idle",))
        connection.putrequest("GET", "/")
        with self.assertRaises(httplib.ResponseNotReady) as caught:
            connection.getresponse()
        self.assertEqual(caught.exception.args, ("Request-started",))

    def test_a_response_has_to_be_read_before_the_next_one(self):
        connection = self.connect(self.peer([HEAD, send(OK), HEAD, send(OK)]))
        connection.request("GET", "/")
        first = connection.getresponse()
        connection.request("GET", "/")
        with self.assertRaises(httplib.ResponseNotReady):
            connection.getresponse()
        self.assertEqual(first.read(), b"ok")
        self.assertEqual(connection.getresponse().read(), b"ok")

    def test_close_leads_back_to_idle(self):
        connection = self.connect(self.peer([CLOSE], [HEAD, send(OK)]))
        connection.putrequest("GET", "/")
        connection.close()
        connection.connect()
        connection.close()
        self.assert_goes_on(connection)


class Tunnels(TestCase):
    def test_requests_go_through_the_proxy(self):
        connection = self.connect(World.ports["relay"])
        connection.set_tunnel("127.0.0.1", World.ports["http"])
        connection.request("GET", "/")
        self.assertEqual(connection.getresponse().read(), b"Hello from the test server.\n")

    def test_tls_goes_through_the_proxy(self):
        connection = self.https("relay", "127.0.0.1")
        connection.set_tunnel("localhost", World.ports["https"])
        connection.request("GET", "/")
        self.assertEqual(connection.getresponse().status, 200)

    def test_the_tunnels_headers_go_to_the_proxy_alone(self):
        peer = self.peer([HEAD, send("HTTP/1.1 200 OK\r\n\r\n"), HEAD, send(OK)])
        connection = self.connect(peer)
        connection.set_tunnel("server.example", 8080, {"X-Proxy": "yes"})
        self.assert_goes_on(connection)
        received = peer.received()
        self.assertTrue(received.startswith(b"CONNECT server.example:8080 HTTP/1."))
        self.assertEqual(received.count(b"X-Proxy: yes\r\n"), 1)
        self.assertIn(b"\r\n\r\nGET / HTTP/1.1\r\nHost: server.example:8080\r\n", received)

    def test_a_refusal_is_an_oserror(self):
        refusal = "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
        connection = self.connect(self.peer([HEAD, send(refusal)]))
        connection.set_tunnel("server.example", 80)
        with self.assertRaises(OSError) as caught:
            connection.request("GET", "/")
        text = "Tunnel connection failed: 407 Proxy Authentication Required"
        self.assertEqual(str(caught.exception), text)

    def test_a_tunnel_is_for_a_connection_to_come(self):
        connection = self.connect(self.peer([HEAD]))
        connection.connect()
        with self.assertRaises(RuntimeError):
            connection.set_tunnel("server.example")

"""Arguments of the wrong kind: exceptions. The bindings alone would end the program over them."""

import math

from support import TestCase, World, httplib, ssl


class Arguments(TestCase):
    def refused(self, expected, *calls):
        for number, call in enumerate(calls):
            with self.subTest(number), self.assertRaises(expected):
                call()

    def test_of_the_wrong_type(self):
        connect = httplib.HTTPConnection
        connection = connect("127.0.0.1", World.ports["closed"])
        context = ssl.create_default_context()
        self.refused(
            TypeError,
            lambda: connect(None),
            lambda: connect(b"a"),
            lambda: connect("a", "80"),
            lambda: connect("a", timeout="1").set_deadline(None),
            lambda: connect("a", source_address=(1, 2)).set_deadline(None),
            lambda: connect("a", blocksize=None),
            lambda: connect("a", max_response_headers="1").set_deadline(None),
            lambda: httplib.HTTPSConnection("a", context=7),
            lambda: httplib.HTTPSConnection("a", cert_file=[]),
            lambda: connection.putrequest(None, "/"),
            lambda: connection.putrequest("GET", b"/"),
            lambda: connection.request("GET", "/", headers={"A": None}),
            lambda: connection.request("GET", "/", headers={"A": 1.5}),
            lambda: connection.set_tunnel("a", "80"),
            lambda: connection.set_tunnel("a", 80, {7: "a"}),
            lambda: connection.set_proxy(7),
            lambda: connection.set_proxy("http://a", "context"),
            lambda: connection.set_deadline("1"),
            lambda: connection.set_debuglevel("1"),
            lambda: connection.set_trailers({"A": None}),
            lambda: connection.set_trailers([1]),
            lambda: connection.send("text"),
            lambda: httplib.request("GET", None),
            lambda: context.set_alpn_protocols([b"http/1.1"]),
            lambda: context.set_ciphers(7),
            lambda: context.load_verify_locations(7.5),
            lambda: context.load_verify_locations(cadata=7),
            lambda: context.add_pin(32),
            lambda: setattr(context, "keylog_filename", 7.5),
        )

    def test_that_do_not_fit(self):
        connect = httplib.HTTPConnection
        connection = connect("127.0.0.1", World.ports["closed"])
        self.refused(
            (ValueError, OverflowError, httplib.InvalidURL),
            lambda: connect("a", 65_536),
            lambda: connect("a", -1),
            lambda: connect("\udc80"),
            lambda: connect("a", timeout=-1).set_deadline(None),
            lambda: connect("a", timeout=math.nan).set_deadline(None),
            lambda: connect("a", timeout=math.inf).set_deadline(None),
            lambda: connect("a", timeout=1e12).set_deadline(None),
            lambda: connect("a", source_address=("127.0.0.1", -1)).set_deadline(None),
            lambda: connect("a", blocksize=0),
            lambda: connect("a", blocksize=1 << 32),
            lambda: connect("a", max_response_headers=-1).set_deadline(None),
            lambda: connection.set_tunnel("a", 65_536),
            lambda: connection.putrequest("GET", "/\udc80"),
            lambda: connection.request("GET", "/", headers={"A": "\udc80"}),
            lambda: connection.request("GET", "/", headers={"\udc80": "a"}),
            lambda: connection.set_deadline(-1),
            lambda: ssl.SSLContext().add_pin(b""),
            lambda: ssl.create_default_context(cadata="\xe9"),
        )

    def test_amounts_of_any_size_can_be_read(self):
        def response():
            return self.exchange(World.ports["http"])

        whole = response().read()
        for amount in [None, -1, 1 << 64, 1 << 100]:
            self.assertEqual(response().read(amount), whole)
            self.assertTrue(response().readline(amount))
        self.assertTrue(response().peek(1 << 100))
        self.refused(
            TypeError,
            lambda: response().read("1"),
            lambda: response().read1(1.5),
            lambda: response().readline("1"),
            lambda: response().splice("output"),
        )

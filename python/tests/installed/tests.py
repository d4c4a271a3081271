"""`urllib.request` and `import ssl`, once the package is installed."""

import http.client
import importlib
import urllib.error
import urllib.request

import httplib

from support import HEAD, HOLD, OK, TestCase, World, send

GREETING = b"Hello from the test server.\n"


class Installed(TestCase):
    @classmethod
    def setUpClass(cls):
        httplib.install()
        ssl = importlib.import_module("ssl")
        cls.context = ssl.create_default_context(cafile=World.file("ca.pem"))

    def url(self, server, path="/", host="localhost"):
        scheme = "http" if server == "http" else "https"
        return f"{scheme}://{host}:{World.ports[server]}{path}"

    def test_urlopen_opens_https(self):
        with urllib.request.urlopen(self.url("https"), context=self.context) as response:
            self.assertEqual((response.status, response.msg), (200, "OK"))
            self.assertEqual(response.geturl(), self.url("https"))
            self.assertEqual(response.headers["Content-Type"], "text/plain; charset=utf-8")
            self.assertEqual(response.read(), GREETING)

    def test_urlopen_opens_http_and_follows_redirects(self):
        with urllib.request.urlopen(self.url("http", "/redirect")) as response:
            self.assertEqual(response.geturl(), self.url("http"))
            self.assertEqual(response.read(), GREETING)

    def test_urlopen_verifies_by_default(self):
        with self.assertRaises(urllib.error.URLError) as caught:
            urllib.request.urlopen(self.url("https"))
        self.assertIsInstance(caught.exception.reason, httplib.ssl.SSLCertVerificationError)

    def test_urlopen_posts(self):
        request = urllib.request.Request(self.url("https", "/echo"), b"a=b", {"X-Own": "yes"})
        with urllib.request.urlopen(request, timeout=20, context=self.context) as response:
            echo = response.read()
        self.assertTrue(echo.startswith(b"POST /echo\n"))
        self.assertIn(b"\nx-own: yes\n", echo)
        self.assertTrue(echo.endswith(b"\n\na=b"))

    def test_urlopen_posts_iterables(self):
        request = urllib.request.Request(self.url("http", "/echo"), iter([b"a=", b"b"]))
        with urllib.request.urlopen(request) as response:
            self.assertTrue(response.read().endswith(b"\n\na=b"))

    def test_errors_have_the_response(self):
        with self.assertRaises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(self.url("http", "/status/404"))
        with caught.exception as error:
            self.assertEqual((error.code, error.read()), (404, b"Not Found"))

    def test_a_refused_connection_is_a_urlerror(self):
        with self.assertRaises(urllib.error.URLError) as caught:
            urllib.request.urlopen(f"http://127.0.0.1:{World.ports['closed']}/")
        self.assertIsInstance(caught.exception.reason, ConnectionRefusedError)

    def test_a_response_outlives_its_connection(self):
        peer = self.peer([HEAD, send(OK), HOLD])
        with urllib.request.urlopen(f"http://127.0.0.1:{peer.port}/") as response:
            self.assertEqual(response.read(), b"ok")

    def test_https_goes_through_a_proxy(self):
        proxy = urllib.request.ProxyHandler({"https": f"http://127.0.0.1:{World.ports['relay']}"})
        handler = urllib.request.HTTPSHandler(context=self.context)
        with urllib.request.build_opener(proxy, handler).open(self.url("https")) as response:
            self.assertEqual(response.read(), GREETING)

    def test_http_goes_through_a_proxy(self):
        peer = self.peer([HEAD, send(OK)])
        proxy = urllib.request.ProxyHandler({"http": f"http://127.0.0.1:{peer.port}"})
        with urllib.request.build_opener(proxy).open("http://server.example/a") as response:
            self.assertEqual(response.read(), b"ok")
        self.assertTrue(peer.received().startswith(b"GET http://server.example/a HTTP/1.1\r\n"))

    def test_names_need_not_be_checked(self):
        context = httplib.ssl.create_default_context(cafile=World.file("ca.pem"))
        handler = urllib.request.HTTPSHandler(context=context, check_hostname=False)
        opener = urllib.request.build_opener(handler)
        with opener.open(self.url("https", host="127.0.0.1")) as response:
            self.assertEqual(response.read(), GREETING)

    def test_http_client_has_https(self):
        connection = http.client.HTTPSConnection(
            "localhost", World.ports["https"], context=self.context
        )
        connection.request("GET", "/")
        self.assertEqual(connection.getresponse().read(), GREETING)

"""requests: one exchange after another."""

import gzip
import hashlib
import json

import requests
from requests.auth import HTTPDigestAuth

from support import CLOSE, HEAD, LIMIT, OK, TestCase, World, send, until

GREETING = b"Hello from the test server.\n"


class Pages(TestCase):
    def url(self, server, path="/"):
        return f"{server}://localhost:{World.ports[server]}{path}"

    def session(self):
        session = requests.Session()
        session.verify = World.file("ca.pem")
        self.addCleanup(session.close)
        return session


def reply(body, *headers, status="200 OK"):
    """A reply with this text and these header lines."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}"]
    return send("\r\n".join(lines) + "\r\n\r\n" + body)


class Exchanges(Pages):
    def test_get_over_both(self):
        for server in ["http", "https"]:
            response = self.session().get(self.url(server), timeout=LIMIT)
            self.assertEqual((response.status_code, response.reason), (200, "OK"))
            self.assertEqual((response.content, response.encoding), (GREETING, "utf-8"))
            self.assertEqual(response.headers["content-type"], "text/plain; charset=utf-8")
            self.assertEqual(response.text, GREETING.decode())
            self.assertEqual(response.url, self.url(server))
            self.assertTrue(response.ok)

    def test_without_a_timeout(self):
        self.assertEqual(self.session().get(self.url("https")).content, GREETING)

    def test_parameters_and_headers(self):
        url = self.url("https", "/echo")
        headers = {"X-Own": "yes", "User-Agent": "test/1"}
        params = {"a": "b c", "d": ["1", "2"], "\xe9": "\xfc"}
        echo = self.session().get(url, params=params, headers=headers).text
        line, *lines = echo.splitlines()
        self.assertEqual(line, "GET /echo?a=b+c&d=1&d=2&%C3%A9=%C3%BC")
        self.assertIn("x-own: yes", lines)
        self.assertIn("user-agent: test/1", lines)
        self.assertIn(f"host: localhost:{World.ports['https']}", lines)
        self.assertEqual(sum(line.startswith("accept-encoding") for line in lines), 1)

    def test_json_both_ways(self):
        peer = self.peer([HEAD, until('"\\u00e9"}'), reply('{"b": [1, null]}')])
        response = requests.post(f"http://127.0.0.1:{peer.port}/", json={"a": "\xe9"}, timeout=LIMIT)
        self.assertEqual(response.json(), {"b": [1, None]})
        head, body = peer.received().split(b"\r\n\r\n")
        self.assertIn(b"\r\nContent-Type: application/json\r\n", head + b"\r\n")
        self.assertEqual(json.loads(body), {"a": "\xe9"})

    def test_text_without_a_charset_is_guessed(self):
        text = "Die Katze fr\xe4\xdfe gern \xfcber\xfc\xdfte Fische, \xe4\xdfe sie sie.".encode()
        peer = self.peer([HEAD, reply(text.decode("latin-1"))])
        response = requests.get(f"http://127.0.0.1:{peer.port}/", timeout=LIMIT)
        self.assertIsNone(response.encoding)
        self.assertEqual(response.text, text.decode())

    def test_json_in_utf_16(self):
        body = json.dumps({"a": "\xe9"}, ensure_ascii=False).encode("utf-16")
        peer = self.peer([HEAD, reply(body.decode("latin-1"))])
        response = requests.get(f"http://127.0.0.1:{peer.port}/", timeout=LIMIT)
        self.assertEqual(response.json(), {"a": "\xe9"})

    def test_forms(self):
        form = {"a": "b c", "d": ["1", "2"]}
        echo = self.session().post(self.url("https", "/echo"), data=form).text
        self.assertIn("\ncontent-type: application/x-www-form-urlencoded\n", echo)
        self.assertTrue(echo.endswith("\n\na=b+c&d=1&d=2"))

    def test_multipart(self):
        files = {"file": ("name.txt", b"contents", "text/plain")}
        echo = self.session().post(self.url("https", "/echo"), data={"a": "b"}, files=files).text
        self.assertIn("\ncontent-type: multipart/form-data; boundary=", echo)
        self.assertIn('name="a"\r\n\r\nb\r\n', echo)
        self.assertIn('name="file"; filename="name.txt"\r\nContent-Type: text/plain\r\n\r\n', echo)
        self.assertIn("contents", echo)

    def test_other_methods(self):
        url = self.url("https", "/echo")
        session = self.session()
        for method in ["PUT", "PATCH", "DELETE", "OPTIONS"]:
            self.assertTrue(session.request(method, url, data=b"x").text.startswith(f"{method} /"))
        response = session.head(url)
        self.assertEqual((response.status_code, response.content), (200, b""))
        self.assertGreater(int(response.headers["Content-Length"]), 0)

    def test_statuses_are_errors_if_wanted(self):
        response = self.session().get(self.url("http", "/status/404"))
        self.assertEqual((response.status_code, response.text), (404, "Not Found"))
        with self.assertRaises(requests.HTTPError) as caught:
            response.raise_for_status()
        self.assertIs(caught.exception.response, response)

    def test_a_compressed_body_is_decoded(self):
        for body in [GREETING, bytes(200_000)]:
            text = gzip.compress(body).decode("latin-1")
            for stream in [False, True]:
                peer = self.peer([HEAD, reply(text, "Content-Encoding: gzip")])
                url = f"http://127.0.0.1:{peer.port}/"
                with requests.get(url, stream=stream, timeout=LIMIT) as response:
                    self.assertEqual(b"".join(response.iter_content(1000)), body)

    def test_a_body_up_to_the_end_of_the_connection(self):
        peer = self.peer([HEAD, send("HTTP/1.1 200 OK\r\n\r\nall of it"), CLOSE])
        response = requests.get(f"http://127.0.0.1:{peer.port}/", timeout=LIMIT)
        self.assertEqual(response.content, b"all of it")


class Redirects(Pages):
    def test_are_followed(self):
        response = self.session().get(self.url("https", "/redirect"))
        self.assertEqual((response.content, response.url), (GREETING, self.url("https")))
        self.assertEqual([it.status_code for it in response.history], [302])
        response = self.session().get(self.url("https", "/redirect"), allow_redirects=False)
        self.assertEqual((response.status_code, response.headers["Location"]), (302, "/"))

    def test_leave_the_password_behind(self):
        other = self.peer([HEAD, send(OK)])
        moved = f"Location: http://localhost:{other.port}/"
        peer = self.peer([HEAD, reply("", moved, status="307 Temporary Redirect")])
        url = f"http://127.0.0.1:{peer.port}/"
        response = requests.post(url, data=b"body", auth=("me", "secret"), timeout=LIMIT)
        self.assertEqual(response.text, "ok")
        self.assertIn(b"\r\nAuthorization: Basic bWU6c2VjcmV0\r\n", peer.received())
        self.assertNotIn(b"Authorization", other.received())
        self.assertTrue(other.received().endswith(b"body"))


class Sessions(Pages):
    def test_keep_cookies(self):
        cookies = ["Set-Cookie: a=1; Path=/", "Set-Cookie: b=2; Path=/; HttpOnly"]
        peer = self.peer([HEAD, reply("", *cookies), HEAD, send(OK)])
        session = self.session()
        url = f"http://localhost:{peer.port}/"
        self.assertEqual(session.get(url).cookies.get_dict(), {"a": "1", "b": "2"})
        session.get(url)
        self.assertEqual(session.cookies.get_dict(), {"a": "1", "b": "2"})
        self.assertIn(b"\r\nCookie: a=1; b=2\r\n", peer.received())

    def test_keep_connections(self):
        for tls in [False, True]:
            peer = self.peer([HEAD, send(OK)] * 5, [HEAD, send(OK)], tls=tls)
            session = self.session()
            scheme = "https" if tls else "http"
            for _ in range(5):
                response = session.get(f"{scheme}://localhost:{peer.port}/", timeout=LIMIT)
                self.assertEqual(response.text, "ok")
            self.assertEqual(peer.connections(), 1)

    def test_do_not_reuse_what_the_server_wants_closed(self):
        closing = reply("ok", "Connection: close")
        peer = self.peer([HEAD, closing, CLOSE], [HEAD, closing, CLOSE])
        session = self.session()
        for _ in range(2):
            self.assertEqual(session.get(f"http://127.0.0.1:{peer.port}/").text, "ok")
        self.assertEqual(peer.connections(), 2)

    def test_answer_a_digest_challenge(self):
        challenge = 'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256'
        refusal = reply("", challenge, status="401 Unauthorized")
        peer = self.peer([HEAD, refusal, HEAD, send(OK)])
        url = f"http://127.0.0.1:{peer.port}/"
        response = self.session().get(url, auth=HTTPDigestAuth("me", "secret"), timeout=LIMIT)
        self.assertEqual(response.text, "ok")
        fields = requests.utils.parse_dict_header(
            peer.received().decode().split("Authorization: Digest ")[1].split("\r\n")[0]
        )

        def digest(text):
            return hashlib.sha256(text.encode()).hexdigest()

        ends = digest("me:r:secret"), digest("GET:/")
        middle = f"n:{fields['nc']}:{fields['cnonce']}:auth"
        self.assertEqual(fields["response"], digest(f"{ends[0]}:{middle}:{ends[1]}"))

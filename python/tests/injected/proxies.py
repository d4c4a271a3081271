"""Proxies of requests and urllib3."""

import json

import requests
import urllib3

from support import CLOSE, HEAD, HOLD, LIMIT, OK, World, ask, send, ssl

from .exchange import GREETING, Pages

SECRET = "Proxy-Authorization: Basic bWU6c2UlY3JldDo="
REFUSAL = "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"


class Proxies(Pages):
    def relay(self, name="relay", user=""):
        scheme = "https" if name == "relay-tls" else "http"
        return f"{scheme}://{user}localhost:{World.ports[name]}"

    def last_head(self, name="relay"):
        return json.loads(ask("GET", f"/relays/{name}"))[-1]

    def through(self, proxy, url, **options):
        options.setdefault("verify", World.file("ca.pem"))
        proxies = {"http": proxy, "https": proxy}
        return requests.get(url, proxies=proxies, timeout=LIMIT, **options)

    def test_http_goes_in_absolute_form(self):
        peer = self.peer([HEAD, send(OK), HEAD, send(OK)])
        with requests.Session() as session:
            session.proxies = {"http": f"http://me:se%25cret%3A@127.0.0.1:{peer.port}"}
            for _ in range(2):
                self.assertEqual(session.get("http://server.example/a?b").text, "ok")
        received = peer.received().decode()
        self.assertTrue(received.startswith("GET http://server.example/a?b HTTP/1.1\r\n"))
        self.assertIn("\r\nHost: server.example\r\n", received)
        self.assertEqual(received.count(SECRET), 2)
        self.assertEqual(peer.connections(), 1)

    def test_https_goes_through_a_tunnel(self):
        proxy = self.relay(user="me:se%25cret%3A@")
        response = self.through(proxy, self.url("https", "/echo"))
        self.assertNotIn("proxy-authorization", response.text)
        head = self.last_head()
        self.assertTrue(head.startswith(f"CONNECT localhost:{World.ports['https']} HTTP/1."))
        self.assertIn(SECRET, head)

    def test_tunnels_are_kept(self):
        with requests.Session() as session:
            session.proxies, session.verify = {"https": self.relay()}, World.file("ca.pem")
            before = len(json.loads(ask("GET", "/relays/relay")))
            for _ in range(3):
                self.assertEqual(session.get(self.url("https"), timeout=LIMIT).content, GREETING)
            self.assertEqual(len(json.loads(ask("GET", "/relays/relay"))), before + 1)

    def test_a_proxy_over_tls_tunnels(self):
        proxy = self.relay("relay-tls", "me:se%25cret%3A@")
        options = {"ca_certs": World.file("ca.pem"), "timeout": LIMIT}
        self.assertEqual(self.through(proxy, self.url("https")).content, GREETING)
        self.assertIn(SECRET, self.last_head("relay-tls"))
        with urllib3.ProxyManager(self.relay("relay-tls"), **options) as pools:
            self.assertEqual(pools.request("GET", self.url("https")).data, GREETING)

    def test_a_proxy_over_tls_takes_absolute_forms(self):
        for url in ["http://server.example/", "https://server.example/"]:
            peer = self.peer([HEAD, send(OK)], tls=True)
            proxy = f"https://localhost:{peer.port}"
            options = {"ca_certs": World.file("ca.pem"), "use_forwarding_for_https": True}
            context = ssl.create_default_context(cafile=World.file("ca.pem"))
            with urllib3.ProxyManager(proxy, proxy_ssl_context=context, **options) as pools:
                self.assertEqual(pools.request("GET", url, timeout=LIMIT).data, b"ok")
            self.assertTrue(peer.received().startswith(f"GET {url} HTTP/1.1\r\n".encode()))

    def test_a_proxy_that_is_not_trusted_is_to_blame(self):
        for url in [self.url("http"), self.url("https")]:
            with self.assertRaises(requests.exceptions.ProxyError):
                self.through(self.relay("relay-tls"), url, verify=True)

    def test_a_server_that_is_not_trusted_is_to_blame(self):
        for relay in ["relay", "relay-tls"]:
            context = ssl.create_default_context(cafile=World.file("ca.pem"))
            options = {"retries": False, "timeout": LIMIT, "proxy_ssl_context": context}
            url = f"https://localhost:{World.ports['expired']}/"
            options |= {"ca_certs": World.file("ca.pem")}
            pools = urllib3.ProxyManager(self.relay(relay), **options)
            with self.assertRaises(urllib3.exceptions.SSLError):
                pools.request("GET", url)

    def test_a_refusal_is_a_proxy_error(self):
        peer = self.peer([HEAD, send(REFUSAL), CLOSE])
        with self.assertRaises(requests.exceptions.ProxyError) as caught:
            self.through(f"http://127.0.0.1:{peer.port}", self.url("https"))
        self.assertIn("407 Proxy Authentication Required", str(caught.exception))

    def test_a_refusal_of_a_plain_request_is_a_response(self):
        peer = self.peer([HEAD, send(REFUSAL)])
        response = self.through(f"http://127.0.0.1:{peer.port}", "http://server.example/")
        self.assertEqual(response.status_code, 407)

    def test_a_proxy_that_is_not_there(self):
        proxy = f"http://127.0.0.1:{World.ports['closed']}"
        for url in [self.url("http"), self.url("https")]:
            with self.assertRaises(requests.exceptions.ProxyError):
                self.through(proxy, url)

    def test_a_proxy_that_says_nothing(self):
        peer = self.peer([HEAD, HOLD])
        proxies = {"https": f"http://127.0.0.1:{peer.port}"}
        with self.assertRaises(requests.exceptions.RequestException) as caught:
            requests.get(self.url("https"), proxies=proxies, timeout=0.2)
        self.assertIn("timed out", str(caught.exception))

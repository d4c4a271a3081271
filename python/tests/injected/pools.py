"""urllib3 by itself."""

import urllib3
from urllib3.util import Retry

from support import HEAD, LIMIT, OK, World, send

from .exchange import GREETING, Pages, reply


class Managers(Pages):
    def pools(self, **options):
        pools = urllib3.PoolManager(ca_certs=World.file("ca.pem"), timeout=LIMIT, **options)
        self.addCleanup(pools.clear)
        return pools

    def test_request(self):
        response = self.pools().request("GET", self.url("https"))
        self.assertEqual((response.status, response.reason, response.data), (200, "OK", GREETING))
        self.assertEqual(response.headers["Content-Type"], "text/plain; charset=utf-8")
        self.assertEqual((response.version, response.geturl()), (11, "/"))

    def test_a_request_in_one_call(self):
        response = urllib3.request("GET", self.url("http"), timeout=LIMIT)
        self.assertEqual(response.data, GREETING)

    def test_json_both_ways(self):
        peer = self.peer([HEAD, ["await", "}"], reply('{"b": 2}')])
        url = f"http://127.0.0.1:{peer.port}/"
        self.assertEqual(self.pools().request("POST", url, json={"a": 1}).json(), {"b": 2})
        self.assertTrue(peer.received().endswith(b'\r\n\r\n{"a":1}'))

    def test_fields(self):
        url, pools = self.url("https", "/echo"), self.pools()
        echo = pools.request("GET", url, fields={"a": "b c"}).data
        self.assertTrue(echo.startswith(b"GET /echo?a=b+c\n"))
        echo = pools.request("POST", url, fields={"f": ("n.txt", "text")}).data
        self.assertIn(b'filename="n.txt"', echo)

    def test_redirects(self):
        response = self.pools().request("GET", self.url("https", "/redirect"))
        self.assertEqual((response.data, response.geturl()), (GREETING, "/"))
        response = self.pools().request("GET", self.url("https", "/redirect"), redirect=False)
        self.assertEqual(response.status, 302)

    def test_one_connection_for_many_requests(self):
        peer = self.peer([HEAD, send(OK)] * 3)
        pool = urllib3.HTTPConnectionPool("127.0.0.1", peer.port, timeout=LIMIT)
        for _ in range(3):
            self.assertEqual(pool.request("GET", "/").data, b"ok")
        self.assertEqual((pool.num_connections, pool.num_requests, peer.connections()), (1, 3, 1))

    def test_several_at_once(self):
        url, pools = self.url("https", "/bytes/100000"), self.pools(maxsize=3)
        responses = [pools.request("GET", url, preload_content=False) for _ in range(3)]
        pieces = [list(response.stream(10_000)) for response in responses]
        self.assertEqual([len(b"".join(it)) for it in pieces], [100_000] * 3)

    def test_headers_are_left_out_if_wanted(self):
        skip = {"User-Agent": urllib3.util.SKIP_HEADER, "Accept-Encoding": urllib3.util.SKIP_HEADER}
        echo = self.pools().request("GET", self.url("http", "/echo"), headers=skip).data
        self.assertEqual(echo.count(b"\n"), 3, echo)

    def test_retries_are_counted(self):
        peer = self.peer([HEAD, reply("", status="503 Service Unavailable"), HEAD, send(OK)])
        retries = Retry(2, status_forcelist=[503])
        response = self.pools().request("GET", f"http://127.0.0.1:{peer.port}/", retries=retries)
        self.assertEqual((response.data, response.retries.total), (b"ok", 1))

    def test_trailers_do_not_disturb(self):
        text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nA: b\r\n\r\n"
        peer = self.peer([HEAD, send(text), HEAD, send(OK)])
        url, pools = f"http://127.0.0.1:{peer.port}/", self.pools()
        response = pools.request("GET", url, preload_content=False)
        self.assertEqual(b"".join(response.read_chunked()), b"ok")
        self.assertEqual(pools.request("GET", url).data, b"ok")
        self.assertEqual(peer.connections(), 1)

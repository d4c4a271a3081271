"""What the tests share: the module under test, and the peers of the harness."""

import json
import sys
import unittest
from os import path

if sys.platform == "wasi":
    import httplib
    from httplib import ssl
else:
    import http.client as httplib
    import ssl

# Seconds that no test takes that works.
LIMIT = 20

# Steps of a peer's script.
HEAD = ["await-head"]
HOLD = ["hold"]
# Waits for `Peer.signal`.
SIGNAL = ["await-signal"]
CLOSE = ["close"]
RESET = ["reset"]

OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def send(text):
    """The step that sends `text`, a byte for each character."""
    return ["send", text]


def until(text):
    """The step that waits for `text`."""
    return ["await", text]


class World:
    """Where the harness listens, its servers' ports, and the certificates."""

    director = None
    ports = None
    folder = None

    @classmethod
    def file(cls, name):
        """The path of a certificate or key."""
        return path.join(cls.folder, name)


def begin(port, folder):
    """Finds the servers: the harness listens on `port`, the certificates are in `folder`."""
    World.director = httplib.HTTPConnection("127.0.0.1", port, timeout=LIMIT)
    World.folder = folder
    World.ports = json.loads(ask("GET", "/ports"))


def ask(method, url, body=None):
    """Asks the harness."""
    World.director.request(method, url, body)
    response = World.director.getresponse()
    answer = response.read()
    assert response.status == httplib.OK, (method, url, answer)
    return answer


class Peer:
    """A peer that follows a script, a list of steps, on each of its connections."""

    def __init__(self, connections, tls=False):
        script = json.dumps({"tls": tls, "connections": connections})
        self.port = int(ask("POST", "/peers", script))

    def connections(self):
        return int(ask("GET", f"/peers/{self.port}/connections"))

    def received(self, connection=0):
        """What the connection with this number has brought so far."""
        return ask("GET", f"/peers/{self.port}/received/{connection}")

    def signal(self):
        """Has it go on where it waits for this."""
        ask("POST", f"/peers/{self.port}/signal")

    def end(self):
        ask("DELETE", f"/peers/{self.port}")


class TestCase(unittest.TestCase):
    """A test with peers."""

    maxDiff = None

    def peer(self, *connections, tls=False):
        """A peer with a script for each connection."""
        peer = Peer(connections, tls)
        self.addCleanup(peer.end)
        return peer

    def connect(self, peer, **options):
        """A connection to a peer, or to a port."""
        port = peer.port if isinstance(peer, Peer) else peer
        options.setdefault("timeout", LIMIT)
        connection = httplib.HTTPConnection("127.0.0.1", port, **options)
        self.addCleanup(connection.close)
        return connection

    def answer(self, reply, method="GET", after=(), **options):
        """The response to a request that is answered with `reply`."""
        return self.exchange(self.peer([HEAD, send(reply), *after]), method, **options)

    def exchange(self, peer, method="GET", url="/", **options):
        connection = self.connect(peer, **options)
        connection.request(method, url)
        return connection.getresponse()

    def assert_goes_on(self, connection):
        """That a connection is ready for a request, which is answered with OK."""
        connection.request("GET", "/")
        self.assertEqual(connection.getresponse().read(), b"ok")

    def https(self, server="https", host="localhost", **options):
        """A connection to one of the harness's TLS servers, trusting its authority."""
        options.setdefault("timeout", LIMIT)
        if "context" not in options:
            options["context"] = ssl.create_default_context(cafile=World.file("ca.pem"))
        connection = httplib.HTTPSConnection(host, World.ports[server], **options)
        self.addCleanup(connection.close)
        return connection

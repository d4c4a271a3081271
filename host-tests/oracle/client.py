"""Python's side of the oracle: `http.client`, or `httplib` under Python 2.

Each line of standard input is a case, `{"port": 1234, "calls": [["request", "GET", "/"], ...]}`. Each
line of standard output is what its calls led to, one value for each; a call that raises is
`{"error": "..."}` with the name that the component has for the exception. The first line of all is the
version of this Python.
"""
import json
import socket
import sys
import tempfile

try:
    import http.client as httplib
except ImportError:
    import httplib

OLD = sys.version_info[0] == 2

# The component's names, subclasses before their bases.
NAMES = [
    ("RemoteDisconnected", "remote-disconnected"),
    ("LineTooLong", "line-too-long"),
    ("BadStatusLine", "bad-status-line"),
    ("IncompleteRead", "incomplete-read"),
    ("CannotSendRequest", "cannot-send-request"),
    ("CannotSendHeader", "cannot-send-header"),
    ("ResponseNotReady", "response-not-ready"),
    ("NotConnected", "not-connected"),
    ("InvalidURL", "invalid-url"),
    ("UnknownProtocol", "unknown-protocol"),
    ("UnknownTransferEncoding", "unknown-transfer-encoding"),
    ("UnimplementedFileMode", "unimplemented-file-mode"),
]


class Pairs(object):
    """Headers as `request` takes them, but a name can come twice."""

    def __init__(self, pairs):
        self.pairs = [(raw(name), raw(value)) for name, value in pairs]

    def __iter__(self):
        return iter([name for name, _ in self.pairs])

    def items(self):
        return self.pairs

    iteritems = items


def raw(text):
    """A str of this Python: Python 2's are bytes, Latin-1 as in the component."""
    return text.encode("latin-1") if OLD and not isinstance(text, str) else text


def latin1(data):
    return data if isinstance(data, type(u"")) else data.decode("latin-1")


def body(spec):
    if spec is None:
        return None
    (kind, contents), = spec.items()
    if kind == "bytes":
        return contents.encode("latin-1")
    if kind == "file":
        file = tempfile.TemporaryFile()
        file.write(contents.encode("latin-1"))
        file.seek(0)
        return file
    return iter([piece.encode("latin-1") for piece in contents])


def error(exception):
    for name, ours in NAMES:
        kind = getattr(httplib, name, None)
        if kind is not None and isinstance(exception, kind):
            result = {"error": ours}
            if ours == "incomplete-read":
                result["partial"] = latin1(exception.partial)
                result["expected"] = exception.expected
            if ours == "bad-status-line" and "No status line" in exception.line:
                # Python 2 has no word of its own for it.
                result["error"] = "remote-disconnected"
            return result
    text = str(exception)
    if isinstance(exception, httplib.HTTPException):
        return {"error": "too-many" if "got more than" in text else "http"}
    # RuntimeError: a tunnel on an open connection.
    if isinstance(exception, (ValueError, RuntimeError)):
        return {"error": "value"}
    if isinstance(exception, socket.timeout):
        return {"error": "timed-out"}
    if isinstance(exception, (OSError, socket.error)):
        return {"error": "tunnel" if "Tunnel connection failed" in text else "socket"}
    return {"error": type(exception).__name__}


class Case(object):
    def __init__(self, port):
        self.port = port
        self.connection = None
        self.response = None
        self.options = {"timeout": 10}

    def call(self, name, *arguments):
        return getattr(self, "do_" + name)(*arguments)

    def do_options(self, options):
        if OLD or "strict" not in options:
            self.options.update(options)

    def do_host(self, host, port=None):
        self.connection = httplib.HTTPConnection(raw(host), port, **self.options)

    def it(self):
        if self.connection is None:
            self.connection = httplib.HTTPConnection("127.0.0.1", self.port, **self.options)
        return self.connection

    def do_set_tunnel(self, host, port=None, headers=()):
        self.it().set_tunnel(host, port, dict((raw(n), raw(v)) for n, v in headers))

    def do_request(self, method, url, contents=None, headers=()):
        self.it().request(raw(method), raw(url), body(contents), Pairs(headers))

    def do_request_encoded(self, method, url, contents, headers):
        self.it().request(raw(method), raw(url), body(contents), Pairs(headers), encode_chunked=True)

    def do_putrequest(self, method, url, skip_host=False, skip_accept_encoding=False):
        self.it().putrequest(raw(method), raw(url), skip_host, skip_accept_encoding)

    def do_putheader(self, name, *values):
        self.it().putheader(raw(name), *[raw(value) for value in values])

    def do_endheaders(self, contents=None):
        if contents is None:
            self.it().endheaders()
        else:
            self.it().endheaders(body(contents))

    def do_send(self, contents):
        self.it().send(body(contents))

    def do_connect(self):
        self.it().connect()

    def do_getresponse(self):
        self.response = response = self.it().getresponse()
        headers = response.getheaders()
        if OLD:
            headers = sorted(headers)
        return {
            "status": response.status,
            "reason": latin1(response.reason),
            "version": response.version,
            "headers": [[latin1(name), latin1(value)] for name, value in headers],
        }

    def do_read(self, amount=None):
        return latin1(self.response.read() if amount is None else self.response.read(amount))

    def do_readline(self, limit=-1):
        return latin1(self.response.readline(limit))

    def do_isclosed(self):
        return bool(self.response.isclosed())

    def do_getheader(self, name, default=None):
        return self.response.getheader(name, default)

    def do_close_response(self):
        self.response.close()

    def do_close(self):
        self.it().close()

    def end(self):
        for thing in (self.response, self.connection):
            if thing is not None:
                thing.close()


def run(port, calls):
    case = Case(port)
    results = []
    for call in calls:
        try:
            results.append(case.call(*call))
        except Exception as exception:
            results.append(error(exception))
    case.end()
    return results


def main():
    print(json.dumps(".".join(str(number) for number in sys.version_info[:3])))
    sys.stdout.flush()
    while True:
        line = sys.stdin.readline()
        if not line:
            return
        case = json.loads(line)
        print(json.dumps(run(case["port"], case["calls"])))
        sys.stdout.flush()


main()

"""`WHAT URL COUNT`: the same as `guests/bench` does, by http.client."""

import http.client
import io
import os
import ssl
import sys
import time
from urllib.parse import urlsplit

BLOCK = 64 << 10

what, url, count = sys.argv[1], urlsplit(sys.argv[2]), int(sys.argv[3])
if url.scheme == "https":
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=os.environ["CA"])
    connection = http.client.HTTPSConnection(url.netloc, context=context, blocksize=BLOCK)
else:
    connection = http.client.HTTPConnection(url.netloc, blocksize=BLOCK)


def get():
    connection.request("GET", url.path)
    return connection.getresponse()


def read():
    response = get()
    came = 0
    while block := response.read(BLOCK):
        came += len(block)
    return came


def upload(body):
    connection.request("POST", url.path, body, {"Content-Length": str(count)})
    return int(connection.getresponse().read())


def requests():
    return sum(len(get().read()) for _ in range(count))


match what:
    case "read":
        work = read
    case "upload-bytes":
        sent = b"u" * count
        work = lambda: upload(sent)
    case "upload-stream":
        sent = io.BytesIO(b"u" * count)
        work = lambda: upload(sent)
    case "requests":
        get().read()
        work = requests

begin = time.perf_counter_ns()
came = work()
print(came, time.perf_counter_ns() - begin)

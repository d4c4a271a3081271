r"""The examples of the httplib reference, section 20.7.3, in the syntax of Python 3: `print` is a
function, `urllib` has a module `parse`, and bodies are bytes. Nothing else was changed, but for
`200, OK`, where the reference has a comma that its own `print` does not write.

>>> import httplib
>>> conn = httplib.HTTPSConnection("www.python.org")
>>> conn.request("GET", "/")
>>> r1 = conn.getresponse()
>>> print(r1.status, r1.reason)
200 OK
>>> data1 = r1.read()
>>> conn.request("GET", "/")
>>> r2 = conn.getresponse()
>>> print(r2.status, r2.reason)
404 Not Found
>>> data2 = r2.read()
>>> conn.close()

>>> import httplib
>>> conn = httplib.HTTPSConnection("www.python.org")
>>> conn.request("HEAD","/")
>>> res = conn.getresponse()
>>> print(res.status, res.reason)
200 OK
>>> data = res.read()
>>> print(len(data))
0
>>> data == b''
True

>>> import httplib, urllib.parse
>>> params = urllib.parse.urlencode({'@number': 12524, '@type': 'issue', '@action': 'show'})
>>> headers = {"Content-type": "application/x-www-form-urlencoded",
...            "Accept": "text/plain"}
>>> conn = httplib.HTTPConnection("bugs.python.org")
>>> conn.request("POST", "", params, headers)
>>> response = conn.getresponse()
>>> print(response.status, response.reason)
302 Found
>>> data = response.read()
>>> data
b'Redirecting to <a href="http://bugs.python.org/issue12524">http://bugs.python.org/issue12524</a>'
>>> conn.close()

>>> # This creates an HTTP message
>>> # with the content of BODY as the enclosed representation
>>> # for the resource http://localhost:8080/foobar
...
>>> import httplib
>>> BODY = "***filecontents***"
>>> conn = httplib.HTTPConnection("localhost", 8080)
>>> conn.request("PUT", "/file", BODY)
>>> response = conn.getresponse()
>>> print(response.status, response.reason)
200 OK
"""

import doctest

import httplib
import urllib3


def redirect(http: int, https: int) -> None:
    """Has connections without a port go to these: the class's default port is public. Names are
    resolved by the harness. urllib3 has its own list of them."""
    urllib3.connection.port_by_scheme.update(http=http, https=https)
    httplib.HTTPConnection.default_port = http
    httplib.HTTPSConnection.default_port = https


def run(http: int, https: int) -> bool:
    """Runs them with servers on these ports of this machine; whether all answers are the same.

    Where an example names a port, 8080, the number is replaced.
    """
    redirect(http, https)
    text = __doc__.replace("8080", str(http))
    test = doctest.DocTestParser().get_doctest(text, {}, "the reference", None, 0)
    results = doctest.DocTestRunner().run(test)
    sessions = text.count("import httplib")
    print(f"{sessions} examples, {results.attempted} lines")
    return results.failed == 0


def run_page(page: str, http: int, https: int) -> bool:
    """Runs the Python blocks of a page in Markdown, each as a program of its own."""
    redirect(http, https)
    with open(page, encoding="utf-8") as file:
        blocks = file.read().split("```python\n")[1:]
    for block in blocks:
        exec(block.split("```")[0], {})
    print(f"{len(blocks)} blocks")
    return True

"""Names that are no server's: the harness runs these with a resolver that knows none."""

import socket

import requests
import urllib3

from support import LIMIT, TestCase, World, httplib


class Names(TestCase):
    def test_an_unknown_name_is_a_gaierror(self):
        connection = httplib.HTTPConnection("nowhere.example", World.ports["http"])
        with self.assertRaises(socket.gaierror) as caught:
            connection.request("GET", "/")
        self.assertEqual(caught.exception.errno, socket.EAI_NONAME)
        self.assertEqual(caught.exception.phase, "resolve")

    def test_requests_says_which_name_that_is(self):
        with self.assertRaises(requests.exceptions.ConnectionError) as caught:
            requests.get("http://nowhere.example/", timeout=LIMIT)
        reason = caught.exception.args[0].reason
        self.assertIsInstance(reason, urllib3.exceptions.NameResolutionError)
        self.assertIsInstance(reason.__cause__, socket.gaierror)
        self.assertIn("nowhere.example", str(reason))

"""Names that are no server's: the harness runs these with a resolver that knows none."""

import socket

from support import TestCase, World, httplib


class Names(TestCase):
    def test_an_unknown_name_is_a_gaierror(self):
        connection = httplib.HTTPConnection("nowhere.example", World.ports["http"])
        with self.assertRaises(socket.gaierror) as caught:
            connection.request("GET", "/")
        self.assertEqual(caught.exception.errno, socket.EAI_NONAME)
        self.assertEqual(caught.exception.phase, "resolve")

"""The end of things: what was forgotten, and what is still there when the program ends."""

import gc
import io

from support import HEAD, HOLD, OK, TestCase, send

SWITCH = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: own\r\n\r\n"

# Whoever closes what he has when he is forgotten; the program ends before that.
KEPT = []


class Keeper:
    def __init__(self, *things):
        self.things = things

    def __del__(self):
        for thing in self.things:
            thing.close()


class Lifetimes(TestCase):
    def things(self):
        """A connection, a response in a buffer, and a stream with something to be written."""
        first, second = self.peer([HEAD, send(OK), HOLD]), self.peer([HEAD, send(SWITCH), HOLD])
        connection = self.connect(first)
        connection.request("GET", "/")
        response = connection.getresponse()
        stream = io.BufferedRWPair(*2 * [self.exchange(second).upgrade()])
        return Keeper(connection, io.BufferedReader(response), stream)

    def test_a_cycle_can_be_collected(self):
        things = self.things()
        things.cycle = things
        del things
        gc.collect()

    def test_a_program_may_end_with_open_things(self):
        KEPT.append(self.things())

    def test_a_response_outlives_its_connection(self):
        response = self.exchange(self.peer([HEAD, send(OK), HOLD]))
        gc.collect()
        self.assertEqual(response.read(), b"ok")

    def test_closing_twice_is_closing_once(self):
        keeper = self.things()
        for thing in keeper.things:
            thing.close()
            thing.close()

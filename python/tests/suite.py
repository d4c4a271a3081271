"""`suite TESTS PORT FOLDER`: runs a folder of tests with the servers that PORT tells of and the
certificates in FOLDER. `suite examples HTTP HTTPS` runs the reference's examples, and `suite page HTTP
HTTPS` the blocks of the README in `/certificates`, with servers on these ports.

In WebAssembly all modules have to be imported before the program starts. Natively the same tests run
against Python's own `http.client`, and those of `injected` against the sockets of urllib3.
"""

import sys
import unittest

import support

if sys.platform == "wasi":
    import httplib.urllib3

    httplib.urllib3.inject()

    import examples
    import injected.own
    import installed.tests
    from agree import agreeing
    from injected import injecting
    from own import names, owning

    TESTS = {
        "agree": agreeing,
        "own": owning,
        "names": [names],
        "installed": [installed.tests],
        "injected": [*injecting, injected.own],
    }
elif "injected" in sys.argv:
    from injected import injecting

    TESTS = {"injected": injecting}
else:
    from agree import agreeing

    TESTS = {"agree": agreeing}


def main(arguments):
    """Whether all tests passed."""
    name, first, second = arguments
    if name == "examples":
        return examples.run(int(first), int(second))
    if name == "page":
        return examples.run_page("/certificates/README.md", int(first), int(second))
    support.begin(int(first), second)
    loader = unittest.TestLoader()
    tests = unittest.TestSuite(map(loader.loadTestsFromModule, TESTS[name]))
    return unittest.TextTestRunner(verbosity=1).run(tests).wasSuccessful()


class Run:
    """The component's `wasi:cli/run`."""

    def run(self):
        sys.exit(0 if main(sys.argv[1:]) else 1)


if __name__ == "__main__":
    Run().run()

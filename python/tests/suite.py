"""`suite TESTS PORT FOLDER`: runs a folder of tests with the servers that PORT tells of and the
certificates in FOLDER. `suite examples HTTP HTTPS` runs the reference's examples, and `suite page HTTP
HTTPS` the blocks of the README in `/certificates`, with servers on these ports.

In WebAssembly all modules have to be imported before the program starts. Natively the same tests run
against Python's own `http.client`.
"""

import sys
import unittest

import support
from agree import agreeing

TESTS = {"agree": agreeing}

if sys.platform == "wasi":
    import examples
    import installed.tests
    from own import names, owning

    TESTS |= {"own": owning, "names": [names], "installed": [installed.tests]}


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

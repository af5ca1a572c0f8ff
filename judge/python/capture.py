"""What tools print: kept for the outcome, and never mixed with the answers."""
import contextlib
import io
import os
import sys


class _Current(io.TextIOBase):
    """Stands for standard output and error for good, because loggers keep the stream they found first."""

    def __init__(self):
        self.target = io.StringIO()

    def write(self, text):
        return self.target.write(text)

    def isatty(self):
        return False

    def writable(self):
        return True


_current = _Current()


def take_standard_output():
    """The stream for answers; whatever is printed from now on is captured."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = _current
    sys.stderr = _current
    return answers


@contextlib.contextmanager
def printed():
    """What is printed inside, on either stream."""
    _current.target = io.StringIO()
    yield _current.target

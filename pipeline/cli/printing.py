"""Whatever the command prints → a terminal, a pipe, a file: only what a reader sees,
in letters that it can show.

Standard output and error are wrapped while a command runs: no text of a page, a config or an
argument goes round this place, and none ends in an exception because a console knows fewer letters
than a page.
"""

from __future__ import annotations

import codecs
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from pipeline import errors, visible

_PLAIN = "claimwatch-plain"
_SIMPLE = {
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("‘’‚‛′", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("•·●▪", "*"),
    **dict.fromkeys("✓✔☑", "x"),
    "→": "->",
    "←": "<-",
    "›": ">",
    "…": "...",
    "✗": "-",
    "✉": "mail:",
}


def piped() -> bool:
    """Say whether standard output goes to no window: a pipe or a file, which get one line a row."""
    return not (sys.stdout.isatty() or os.environ.get("COLUMNS"))


class OutputError(errors.ClaimwatchError):
    """Standard output takes no more (a full disk, a device that is gone):
    free some space, or write elsewhere.
    """


class Stream:
    """A text stream that shows only what a reader sees;
    `through` writes what has been cleaned already, as it is.
    """

    def __init__(self, stream: TextIO, name: str) -> None:
        self._stream, self._name = stream, name
        self.encoding = stream.encoding or "utf-8"
        self.errors = _PLAIN

    def write(self, text: str | bytes) -> int:
        """Write the text without what nobody sees;
        click writes what completes a command line as UTF-8.
        """
        return self.through(visible.text(text if isinstance(text, str) else text.decode()))

    def through(self, text: str) -> int:
        """Write the text as it is."""
        if not text:  # click tries streams with it, and takes no notice of what comes
            return 0
        try:
            return self._stream.write(text.encode(self.encoding, _PLAIN).decode(self.encoding))
        except OSError as error:
            return self._failed(error)

    def flush(self) -> None:
        """Hand over what was written."""
        try:
            self._stream.flush()
        except OSError as error:
            self._failed(error)

    def isatty(self) -> bool:
        """Say whether somebody watches."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """Return the number that the system knows the stream by."""
        return self._stream.fileno()

    def writable(self) -> bool:
        """Say that this is a stream to write to."""
        return True

    def bytes(self, body: bytes) -> None:
        """Write an exact body, which was asked for as it is."""
        self._stream.flush()
        self._stream.buffer.write(body)

    def _failed(self, error: OSError) -> int:
        # What is left in the buffer would fail once more, and louder, when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())
        if isinstance(error, BrokenPipeError) or self._stream is sys.__stderr__:
            raise BrokenPipeError from error
        raise OutputError(
            f"{self._name}: cannot be written: {error.strerror}; "
            "free some space, or write elsewhere"
        ) from error


@contextmanager
def streams() -> Iterator[None]:
    """Wrap standard output and error for the block."""
    before = sys.stdout, sys.stderr
    sys.stdout = _wrapped(sys.stdout, "standard output")
    sys.stderr = _wrapped(sys.stderr, "standard error")
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def _wrapped(stream: TextIO | None, name: str) -> Any:
    # A service manager may start us without one of them.
    return Stream(stream or open(os.devnull, "w", encoding="utf-8"), name)


def document(text: str, form: str) -> None:
    """Write a whole document of that format (`json`, `csv`, `html`, `markdown`) to standard output.

    Where that is not UTF-8, JSON and HTML escape what it cannot hold, and say the same.
    """
    import json

    if not codecs.lookup(sys.stdout.encoding or "utf-8").name.startswith("utf"):
        if form == "json":
            text = re.sub(r"[^\x00-\x7f]+", lambda found: json.dumps(found[0])[1:-1], text)
        elif form == "html":
            text = text.encode("ascii", "xmlcharrefreplace").decode()
    sys.stdout.write(text)


def _simple(error: UnicodeError) -> tuple[str, int]:
    """Return plain letters for those that an encoding does not have,
    a question mark where there are none.
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(map(_letter, missing)), error.end


def _letter(char: str) -> str:
    import unicodedata

    spelled = unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode()
    return _SIMPLE.get(char) or spelled or "?"


codecs.register_error(_PLAIN, _simple)

"""What a page may do to the process that reads it, by a word in its body.

Runs in the processes; no test of its own.
"""

from __future__ import annotations

import ctypes
import os
import re
import signal
import sys
from contextlib import suppress
from typing import Any

from pipeline.model import Outcome
from pipeline.track import judging
from pipeline.track.judging import Case
from pipeline.track.reader import Reader

true_settled = judging.settled


def settled(reader: Reader, case: Case) -> Outcome | None:
    """Judge a look as usual, but where the body names one of the troubles below."""
    found = re.search(rb"TROUBLE (\w+)", case.look.snapshot.body if case.look.snapshot else b"")
    if found:
        TROUBLES[found[1].decode()](reader)
    return true_settled(reader, case)


def loaded(reader: Reader, case: Case) -> tuple[str, ...]:
    """Judge a look; return the files that were opened meanwhile, modules among them."""
    opened: list[str] = []
    sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
    judging.judge(reader, case)
    return tuple(opened)


def added(given: int, *numbers: int) -> int:
    return given + sum(numbers)


def plainly(number: int) -> int:
    return number + 1


def number(given: Any) -> int:
    return os.getpid()


def variable(given: Any, name: str) -> str | None:
    return os.environ.get(name)


def ignored(given: Any) -> bool:
    return signal.getsignal(signal.SIGTERM) is signal.SIG_IGN


def spins(given: Any) -> None:
    while True:
        pass


def spins_with(given: Any, *arguments: Any) -> None:
    spins(given)


def matches(given: Any) -> None:
    re.match(r"(a+)+$", "a" * 60 + "b")


def eats(given: Any) -> None:
    """Eat memory, but hardly any time: what is never written to costs none."""
    eaten = []
    while True:
        eaten.append(bytes(1 << 22))


def swallows(given: Any) -> str:
    """Eat all there is, and go on as if nothing had happened, as a library may
    that was refused memory.
    """
    with suppress(MemoryError):
        eats(given)
    return "a part of the page"


def stumbles(given: Any) -> None:
    """Eat all there is, and stumble over what is missing then."""
    swallows(given)
    raises(given)


def brings(given: Any) -> bytes:
    return bytes(200 << 20)


def needs_some(given: Any) -> int:
    return len(bytes(100 << 20)) and os.getpid()


def nests(given: Any) -> list[Any]:
    nested: list[Any] = []
    for _ in range(100_000):
        nested = [nested]
    return nested


def crashes(given: Any) -> None:
    ctypes.string_at(0)


def leaves(given: Any) -> None:
    os._exit(7)


def is_killed(given: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def raises(given: Any) -> None:
    raise ZeroDivisionError("ours\nand nobody else's")


TROUBLES = {
    function.__name__: function
    for function in (spins, matches, eats, swallows, nests, crashes, leaves, is_killed, raises)
}

"""What goes on in the other processes: the server, which only forks;
and each of those, which works until it is let go.

    parent → server      0 and a socket: fork; a process's number: how did it end?
    server → parent      a number
    parent → process     a pickled function and its arguments
    process → parent     a pickled Answer

Time is the processor's, so that a machine that is busy or asleep makes no page unreadable: the
kernel ends the process when it is over, whatever code runs then. Memory is the process's address
space; where the system keeps no such limit (macOS), it has none.
"""

from __future__ import annotations

import gc
import os
import pickle
import pkgutil
import resource
import select
import signal
import socket
import struct
import sys
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

IDLE = 60.0
"""Seconds without a process after which the server ends."""
MARGIN = 1 << 26
"""How near to the limit of memory a function may come:
a library that was refused some may have left out a part of the page.
"""
WORN = 4
"""A process that ever needed this part of the memory it may have is used no more:
what is left over is not the next page's.
"""
GARBAGE = (20_000, 20, 50)
"""How many objects may come beyond those that go before circles are looked for, and how often the
older ones: taking a page apart makes many objects that stay, and looking through them each time
costs a tenth of it.
"""
_NUMBER = struct.Struct("!i")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a function: its `result`, or in words why there is none;
    `last` where the process does no more work.
    """

    kind: Literal["result", "memory", "error"]
    value: Any = None
    last: bool = False


# --------------------------------------------------------------------------- the server


def request(pid: int) -> bytes:
    """Return what asks the server to fork (0), or how a process of its ended."""
    return _NUMBER.pack(pid)


def number(line: socket.socket) -> int:
    """Return the number that comes over a socket; raise EOFError where the other side has ended."""
    data = b""
    while len(data) < _NUMBER.size:
        part = line.recv(_NUMBER.size - len(data))
        if not part:
            raise EOFError
        data += part
    found: int = _NUMBER.unpack(data)[0]
    return found


def main(control: socket.socket, prepare: str) -> None:
    """Call the function of that name, then fork whenever that is asked,
    until nobody is there to ask.
    """
    # A service manager stops us by a signal to all processes;
    # the parent decides what is still to be done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    pkgutil.resolve_name(prepare)()
    gc.collect()
    gc.freeze()
    children: set[int] = set()
    while children or select.select([control], [], [], IDLE)[0]:
        data, handles, *_ = socket.recv_fds(control, _NUMBER.size, 1)
        if not data:
            return
        pid = _NUMBER.unpack(data)[0]
        if pid:
            children.discard(pid)
            control.sendall(_NUMBER.pack(os.waitpid(pid, 0)[1]))
        else:
            child = _forked(control, handles[0])
            children.add(child)
            control.sendall(_NUMBER.pack(child))


def _forked(control: socket.socket, handle: int) -> int:
    child = os.fork()
    if child:
        os.close(handle)
        return child
    try:
        control.close()
        work(Connection(handle))
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def begin() -> None:
    """Be the server: the socket's number and what prepares it are this interpreter's arguments."""
    main(socket.socket(fileno=int(sys.argv[1])), sys.argv[2])


# --------------------------------------------------------------------------- a process


def work(line: Connection) -> None:
    """Answer one function after the other, until nobody asks for more."""
    gc.set_threshold(*GARBAGE)
    try:
        seconds, memory, given = pickle.loads(line.recv_bytes())
        limits = _Limits(seconds, memory)
        while True:
            message = line.recv_bytes()
            line.send_bytes(limits.within(message, given))
    except (EOFError, ConnectionError):
        return


class _Limits:
    """The budget of one function, laid on this process."""

    def __init__(self, seconds: float, memory: int) -> None:
        self._seconds, self._memory = seconds, memory
        self._least = _told("VmSize") if _KNOWN else 0
        self._hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.signal(signal.SIGPROF, signal.SIG_DFL)

    def within(self, message: bytes, given: Any) -> bytes:
        """Return the pickled answer to a pickled function;
        the system ends the process where its time is over.
        """
        self._lay(self._seconds, self._least + self._memory)
        try:
            answer = self._answered(message, given)
        except MemoryError:
            self._lay(0, self._hard)
            return pickle.dumps(Answer("memory", last=True))
        self._lay(0, self._hard)
        return answer

    def _lay(self, seconds: float, memory: int) -> None:
        signal.setitimer(signal.ITIMER_PROF, seconds)
        if _KNOWN:
            if self._hard != resource.RLIM_INFINITY:
                memory = min(memory, self._hard)
            resource.setrlimit(resource.RLIMIT_AS, (memory, self._hard))

    def _answered(self, message: bytes, given: Any) -> bytes:
        try:
            function, arguments = pickle.loads(message)
            answer = pickle.dumps(Answer("result", function(given, *arguments), self._worn()))
        except MemoryError:
            raise
        except Exception as error:
            answer = pickle.dumps(Answer("error", _described(error), self._worn()))
        if len(answer) * WORN > self._memory:
            raise MemoryError
        return answer

    def _worn(self) -> bool:
        """Say whether so much memory was ever in use that this process is to be used no more.

        Raise MemoryError at the limit.
        """
        used = _told("VmPeak") - self._least if _KNOWN else 0
        if used > self._memory - MARGIN:
            raise MemoryError
        return used * WORN > self._memory


_KNOWN = Path("/proc/self/status").exists()
"""Whether the system tells a process how much memory it has; where it does not,
it keeps no limit on it either.
"""


def _told(name: str) -> int:
    with open("/proc/self/status", encoding="ascii") as file:
        line = next(line for line in file if line.startswith(f"{name}:"))
    return int(line.split()[1]) * 1024


def _described(error: Exception) -> str:
    """Return an exception in one line, with the place in our code that it came from."""
    ours = str(Path(__file__).parent.parent)
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith(ours)
    ]
    place = (
        f" ({Path(frames[-1].filename).relative_to(ours)}:{frames[-1].lineno})" if frames else ""
    )
    text = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}: {text}{place}" if text else f"{type(error).__name__}{place}"

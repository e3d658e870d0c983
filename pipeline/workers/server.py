"""The process that all others are forked from, and what a pool knows of each of them.

It is begun with an interpreter of its own, not forked from us: we have threads, locks and an open
database, which no fork should copy. It loads the libraries once, which takes a second, and a fork
of it takes a few milliseconds. It is begun when a process is first wanted, serves all pools, and
ends by itself when nobody has wanted one for a while, or when we end.
"""

from __future__ import annotations

import atexit
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection

from pipeline.errors import WorkerError
from pipeline.workers import process
from pipeline.workers.process import Answer

_PASSED_ON = ("PATH", "HOME", "LANG", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
"""What the processes get of our environment, which may hold secrets; beside it `LC_…`,
and where modules are found.
"""
_BEGIN = "from pipeline.workers import process; process.begin()"


class _Server:
    """The running process, and the socket by which it is asked."""

    def __init__(self, prepare: str) -> None:
        self.owner = os.getpid()
        self.control, theirs = socket.socketpair()
        environ = {
            name: value
            for name, value in os.environ.items()
            if name in _PASSED_ON or name.startswith("LC_")
        }
        # A numerical library that another one loads would begin a thread for each processor,
        # and a fork copies none of them.
        environ |= {
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "OPENBLAS_NUM_THREADS": "1",
        }
        with theirs:
            self.popen = subprocess.Popen(
                (sys.executable, "-P", "-c", _BEGIN, str(theirs.fileno()), prepare),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env=environ,
                # Ctrl-C is for us alone: it would meet a process that is still starting.
                process_group=0,
            )

    def fork(self) -> tuple[int, Connection]:
        """Return the id of a new process, and the line to it."""
        ours, theirs = socket.socketpair()
        with ours, theirs:
            socket.send_fds(self.control, [process.request(0)], [theirs.fileno()])
            pid = process.number(self.control)
            return pid, Connection(ours.detach())

    def status(self, pid: int) -> int:
        """Return how a process ended, as `os.waitpid` has it; waits for its end."""
        self.control.sendall(process.request(pid))
        return process.number(self.control)

    def close(self) -> None:
        """Let it end, and wait for it."""
        self.control.close()
        with suppress(subprocess.TimeoutExpired):
            self.popen.wait(1)


_lock = threading.Lock()
_running: dict[str, _Server] = {}
"""The servers, each by the name of the function that prepared it."""


class Forked:
    """A process forked from the server, and the line to it."""

    def __init__(self, home: _Server, pid: int, line: Connection) -> None:
        self._home, self._pid, self._line = home, pid, line
        self._status: int | None = None

    def ask(self, message: bytes, seconds: float) -> Answer:
        """Return the answer to a pickled function and its arguments.

        Raises TimeoutError where none came in time, EOFError or OSError
        where the process has ended.
        """
        self._line.send_bytes(message)
        if not self._line.poll(seconds):
            raise TimeoutError
        found: Answer = pickle.loads(self._line.recv_bytes())
        return found

    def kill(self) -> None:
        """End it at once."""
        with _lock:
            if self._status is None:
                with suppress(ProcessLookupError):
                    os.kill(self._pid, signal.SIGKILL)

    def died_of(self) -> int:
        """Return the signal that ended it, 0 where it ended by itself; waits for its end."""
        with _lock:
            if self._status is None:
                try:
                    self._status = self._home.status(self._pid)
                except (EOFError, OSError):  # the server was killed, and we with it, perhaps
                    self._status = signal.SIGKILL
        return os.WTERMSIG(self._status) if os.WIFSIGNALED(self._status) else 0

    def end(self) -> None:
        """Let it end, and wait for it."""
        self._line.close()
        self.died_of()


def fork(prepare: Callable[..., object], start: bytes) -> Forked:
    """Return a new process that `prepare` has prepared, to which `start` was said.

    Raise WorkerError where there can be none.
    """
    name = f"{prepare.__module__}:{prepare.__qualname__}"
    with _lock:
        home = _server(name)
        try:
            pid, line = home.fork()
        except (EOFError, OSError):  # it had nothing to do for long, and has just ended
            home = _server(name, anew=True)
            try:
                pid, line = home.fork()
            except (EOFError, OSError) as error:
                raise WorkerError(
                    f"no process could be begun in which pages are read ({sys.executable} ended); "
                    "what it wrote above says why"
                ) from error
    with suppress(OSError):
        line.send_bytes(start)
    return Forked(home, pid, line)


def _server(name: str, *, anew: bool = False) -> _Server:
    """Return the server that runs, or a new one: it may have ended,
    or be that of the process we were forked from.
    """
    found = _running.get(name)
    if found is None or anew or found.owner != os.getpid() or found.popen.poll() is not None:
        found = _running[name] = _Server(name)
    return found


@atexit.register
def _close() -> None:
    for found in _running.values():
        if found.owner == os.getpid():
            found.close()

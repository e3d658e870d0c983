"""Host → our turn with it: so many requests at a time, a pause between them,
and silence where the host asked for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Host:
    slots: threading.Semaphore
    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = 0.0
    closed_until: float = 0.0
    delay: float = 0.0


class Turns:
    """Keeps the order at every host's door, for all threads of a run.

    `clock` counts seconds, `sleep` waits them.
    """

    def __init__(
        self,
        per_host: int,
        delay: float,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._per_host = per_host
        self._delay = delay
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._hosts: dict[str, _Host] = {}

    def _host(self, name: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(
                name, _Host(threading.Semaphore(self._per_host), delay=self._delay)
            )

    def slower(self, name: str, delay: float) -> None:
        """Keep at least this pause with the host from now on."""
        host = self._host(name)
        host.delay = max(host.delay, delay)

    def close(self, name: str, seconds: float) -> None:
        """Leave the host alone for so long."""
        host = self._host(name)
        host.closed_until = max(host.closed_until, self._clock() + seconds)

    def closed(self, name: str) -> float:
        """Return for how many seconds yet the host is to be left alone; 0 when it may be asked."""
        return max(0.0, self._host(name).closed_until - self._clock())

    @contextmanager
    def turn(self, name: str, *, pause: bool = True) -> Iterator[None]:
        """Wait for a turn with the host, and hold it in here;
        the pause counts from a request's start and from its end.
        """
        host = self._host(name)
        with host.slots:
            with host.lock:
                now = self._clock()
                start = max(now, host.free_at) if pause else now
                host.free_at = max(host.free_at, start + host.delay)
            if start > now:
                self._sleep(start - now)
            try:
                yield
            finally:
                with host.lock:
                    host.free_at = max(host.free_at, self._clock() + host.delay)

"""Address → Answer, politely: what robots.txt allows, in turn with the host,
tried again where it may pass.

One client serves one run and all its threads. It follows no redirect and judges no status.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

from pipeline import egress, errors
from pipeline.egress import Answer, Limits
from pipeline.sources.robots import Robots
from pipeline.sources.turns import Turns

TRANSIENT = (429, 502, 503, 504)
BACKOFF = (1.0, 4.0, 10.0)
JITTER = 0.5
"""The share of a pause that chance may add, so that clients
who failed together do not come back together.
"""
PATIENCE = 15.0
"""The longest Retry-After, in seconds, that we wait for within a look;
a longer one is told and left to the next look.
"""
SILENCE = 3600.0


Apart = Callable[..., Any]
"""Calls a function that pickle can name with its arguments, wherever it is told to."""
Result = TypeVar("Result")


def _here(function: Callable[..., Any], *arguments: object) -> Any:
    return function(*arguments)


class Client:
    """Fetches politely for one run: in turns and with a pause between two requests
    to one host, and bounded retries.

    Threads may share it. `sleep` waits that many seconds, `clock` counts them and `chance` returns
    one of [0, 1): they are for tests to replace. Values of credentials and of the proxy are read
    from `environ`.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self.limits = limits
        self.environ = environ
        self.clock = clock
        self._apart: Apart = _here
        self._out = egress.Client(limits, clock=clock, environ=environ)
        self._sleep = sleep
        self._chance = chance
        self._turns = Turns(limits.per_host, limits.delay, clock, sleep)
        self._robots = Robots(limits.user_agent, self._turns.slower)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._out.close()

    @contextmanager
    def helped(self, apart: Apart) -> Iterator[None]:
        """Leave what looks into a body to another process, for as long as that is there."""
        self._apart = apart
        try:
            yield
        finally:
            self._apart = _here

    def apart(self, function: Callable[..., Result], *arguments: object) -> Result:
        """Return what a function finds in a body; raise Stopped where the body kept it too busy."""
        found: Result = self._apart(function, *arguments)
        return found

    def get(
        self, url: str, headers: dict[str, str], *, now: datetime, method: str = "GET"
    ) -> Answer:
        """Return the answer to one hop that robots.txt allows, trying again what is transient.

        Raise RobotsError where it does not allow it, EgressError when there is no answer.
        """
        if self.limits.robots:
            self._robots.check(url, lambda address: self._patiently("GET", address, {}, None, now))
        return self._patiently(method, url, headers, None, now)

    def part(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        content: bytes | None,
        *,
        now: datetime,
    ) -> Answer:
        """Return the answer to what a page's own script asks for:
        guarded and in turn as ever, without a pause, and tried once.
        """
        answer = self._once(method, url, headers, content, pause=False)
        return self._heeded(answer, _seconds(answer.header("retry-after"), now))

    def _patiently(
        self, method: str, url: str, headers: dict[str, str], content: bytes | None, now: datetime
    ) -> Answer:
        for pause in BACKOFF[: self.limits.retries]:
            pause *= 1 + JITTER * self._chance()
            try:
                answer = self._once(method, url, headers, content)
            except errors.EgressError as error:
                if not error.transient:
                    raise
                self._sleep(pause)
                continue
            asked = _seconds(answer.header("retry-after"), now)
            if answer.status not in TRANSIENT or asked > PATIENCE:
                return self._heeded(answer, asked)
            self._sleep(max(pause, asked))
        answer = self._once(method, url, headers, content)
        return self._heeded(answer, _seconds(answer.header("retry-after"), now))

    def _heeded(self, answer: Answer, asked: float) -> Answer:
        if answer.status in (429, 503) and asked > 0:
            self._turns.close(egress.checked(answer.url).host, min(asked, SILENCE))
        return answer

    def _once(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        content: bytes | None,
        *,
        pause: bool = True,
    ) -> Answer:
        host = egress.checked(url).host
        closed = self._turns.closed(host)
        if closed:
            raise errors.EgressError(
                f"{host} asked to be left alone for another {closed:.0f} s (Retry-After); "
                "the next run asks again"
            )
        with self._turns.turn(host, pause=pause):
            return self._out.request(method, url, headers=headers, content=content)


def _seconds(retry_after: str | None, now: datetime) -> float:
    """Return a Retry-After in seconds from now; 0 without one,
    and for what is neither seconds nor a date.
    """
    if retry_after is None:
        return 0.0
    if retry_after.strip().isdecimal():
        return float(retry_after.strip()[:9])
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds())

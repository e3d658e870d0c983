"""Origin → what its robots.txt lets us ask, read once a run.

Fetches nothing itself: it is given how.

By RFC 9309: a file that is not there (4xx) forbids nothing; one that cannot be had (5xx) forbids
all until it can. Where the host cannot be reached at all, the page cannot either, and that is what
is told.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from urllib.parse import urljoin

from protego import Protego

from pipeline import egress, errors
from pipeline.egress import Answer

Get = Callable[[str], Answer]
HOPS = 5
READ = 500_000
LONGEST = 60.0
"""Seconds between requests that a robots.txt may ask of us.

One that asks for more means to forbid, and should say so.
"""


class Robots:
    """What the origins' robots.txt say to our user agent, for all threads of a run.

    `slower` is told of a host's crawl delay in seconds.
    """

    def __init__(self, user_agent: str, slower: Callable[[str, float], None]) -> None:
        # The product's own word with its version, since some files name a crawler with it;
        # a bare name there matches both.
        self._agent = user_agent.split(maxsplit=1)[0]
        self.name = self._agent.partition("/")[0]
        self._slower = slower
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._rules: dict[str, Protego | str] = {}

    def check(self, url: str, get: Get) -> None:
        """Raise RobotsError if this address may not be asked for;
        `get` asks for one address, robots.txt or not.
        """
        address = egress.checked(url)
        if address.path == "/robots.txt":
            return
        place = f"{address.scheme}://{address.netloc.decode('ascii')}"
        rules = self._of(place, address.host, get)
        if isinstance(rules, str):
            raise errors.RobotsError(rules)
        if not rules.can_fetch(url, self._agent):
            fix = "ask its owner, or set fetch.robots = false if you have leave"
            raise errors.RobotsError(
                f'{place}/robots.txt does not let "{self.name}" read this page; {fix}'
            )

    def _of(self, place: str, host: str, get: Get) -> Protego | str:
        with self._lock:
            lock = self._locks.setdefault(place, threading.Lock())
        with lock:
            if place not in self._rules:
                self._rules[place] = self._read(place, host, get)
            return self._rules[place]

    def _read(self, place: str, host: str, get: Get) -> Protego | str:
        answer = _followed(f"{place}/robots.txt", get)
        if answer.status >= 500 or answer.status == 429:
            return (
                f"{place}/robots.txt cannot be had (HTTP {answer.status}), "
                "and it may forbid this page; the next run asks again"
            )
        text = answer.body[:READ].decode("utf-8-sig", "replace") if answer.status < 300 else ""
        rules = Protego.parse(text)
        if delay := rules.crawl_delay(self._agent):
            self._slower(host, min(float(delay), LONGEST))
        return rules


def _followed(url: str, get: Get) -> Answer:
    answer = get(url)
    for _ in range(HOPS):
        location = answer.header("location")
        if answer.status not in (301, 302, 303, 307, 308) or location is None:
            break
        try:
            answer = get(urljoin(answer.url, location.strip()))
        except (ValueError, errors.EgressError) as error:
            transient = isinstance(error, errors.EgressError) and error.transient
            raise errors.EgressError(
                f"robots.txt, which is asked first, redirects astray: {error}", transient=transient
            ) from error
    return answer

"""Pages → Looks: hosts in turn, several pages at once. Judges nothing, and keeps nothing."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from urllib.parse import urlsplit

from pipeline import sources
from pipeline.model import Failure, Known, Look, Page

WORKERS = 8


def looks(
    pages: Iterable[Page],
    known: Mapping[str, Known],
    *,
    now: Callable[[], datetime],
    client: sources.Client,
    stop: Callable[[], bool],
) -> Iterator[tuple[Look, Known, Exception | None]]:
    """Yield a look at each page, hosts in turn, while the next ones are under way.

    None is begun once `stop` says so. Of one host, as many pages are looked at together as the
    client's limits say. A bug of ours is a failure of that look, and comes with it.
    """
    waiting = deque(_hosts_in_turn(pages))
    together = client.limits.per_host
    lanes = {urlsplit(page.url).hostname: threading.Semaphore(together) for page in waiting}
    under_way: deque[tuple[Page, Future[Look | None]]] = deque()

    def in_turn(page: Page) -> Look | None:
        with lanes[urlsplit(page.url).hostname]:
            return None if stop() else sources.fetch(page, known[page.id], now=now(), client=client)

    with ThreadPoolExecutor(WORKERS) as pool:
        while waiting or under_way:
            while waiting and len(under_way) < 2 * WORKERS:
                under_way.append((waiting[0], pool.submit(in_turn, waiting.popleft())))
            page, future = under_way.popleft()
            bug = future.exception()
            if isinstance(bug, Exception):
                yield (
                    Look(page, now(), failure=Failure("internal", f"{type(bug).__name__}: {bug}")),
                    known[page.id],
                    bug,
                )
            elif (seen := future.result()) is not None:
                yield seen, known[page.id], None


def _hosts_in_turn(pages: Iterable[Page]) -> list[Page]:
    """Return every host's first page, then every host's second:
    a config lists pages by vendor, and a host's pages wait for each other.
    """
    before: Counter[str | None] = Counter()
    rounds = []
    for page in pages:
        host = urlsplit(page.url).hostname
        rounds.append((before[host], page))
        before[host] += 1
    return [page for _, page in sorted(rounds, key=lambda item: item[0])]

"""Links to certificates and reports that pages claim → whether they lead anywhere, tried once a
week and kept as a fact; who hears of it, and how, is for the next run's alerts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime

from pipeline import history, sources
from pipeline.config import Config
from pipeline.errors import StoreError
from pipeline.track.store import Store

MOST = 40
"""So many links are tried after one run, so that a first week is not one long visit."""
AT_ONCE = 4
Now = Callable[[], datetime]


def try_links(
    config: Config,
    now: Now,
    *,
    stop: Callable[[], bool] = lambda: False,
    client: sources.Client | None = None,
) -> int:
    """Try the links that are due, keep what came of it, and return how many were tried.

    Nothing is kept where another run is at work: the next one tries them.
    """
    with ExitStack() as held:
        store = held.enter_context(Store(config, config.database, lambda _: None))
        urls = history.links_due(store.db, now(), MOST)
        if not urls:
            return 0
        client = client or held.enter_context(sources.Client(config.limits))
        tried = [{"url": url, "status": said} for url, said in _tried(urls, now, client, stop)]
        try:
            held.enter_context(store.lock())
        except StoreError:
            return 0
        store.note("links", {"at": now().astimezone(UTC).isoformat(), "tried": tried})
        return len(tried)


def _tried(
    urls: list[str], now: Now, client: sources.Client, stop: Callable[[], bool]
) -> Iterator[tuple[str, int | None]]:
    def one(url: str) -> tuple[str, int | None] | None:
        return None if stop() else (url, sources.status(url, now=now(), client=client))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from (found for found in pool.map(one, urls) if found is not None)

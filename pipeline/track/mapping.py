"""Watched sitemaps → what is new in them, looked for once a day and kept as a fact; who hears of
it, and how, is for the next run's alerts.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

from pipeline import history, sources
from pipeline.config import Config, Sitemap
from pipeline.errors import SourceError, StoreError
from pipeline.track.store import Store

EVERY = timedelta(hours=20)
"""How old the last look is when a sitemap is read again: once a day, whenever in it a run comes."""
Now = Callable[[], datetime]


def read_sitemaps(
    config: Config,
    now: Now,
    tell: Callable[[str], None],
    client: sources.Client | None = None,
) -> int:
    """Read the sitemaps that are due, keep what is new in each, and return how many were read.

    One that cannot be read is told, and read again by the next run. Nothing is kept where another
    run is at work.
    """
    if not config.sitemaps:
        return 0
    with ExitStack() as held:
        store = held.enter_context(Store(config, config.database, lambda _: None))
        due = [one for one in config.sitemaps if _is_due(store, one, now())]
        if not due:
            return 0
        client = client or held.enter_context(sources.Client(config.limits))
        found = {one.url: _read(one, now(), client, tell) for one in due}
        try:
            held.enter_context(store.lock())
        except StoreError:
            return 0
        at = now().astimezone(UTC).isoformat()
        for url, addresses in found.items():
            if addresses is not None:
                new = sorted(addresses - history.known_addresses(store.db, url))
                store.note("sitemap", {"at": at, "sitemap": url, "new": new})
        return sum(addresses is not None for addresses in found.values())


def _is_due(store: Store, one: Sitemap, now: datetime) -> bool:
    last = history.sitemap_read_at(store.db, one.url)
    return last is None or now - last >= EVERY


def _read(
    one: Sitemap, now: datetime, client: sources.Client, tell: Callable[[str], None]
) -> set[str] | None:
    """Return the addresses of a sitemap that are wanted, None where it cannot be read."""
    try:
        found = sources.sitemap(one.url, now=now, client=client)
    except SourceError as error:
        tell(f"a sitemap could not be read: {error}")
        return None
    return {url for url in found if not one.match or any(w in url.lower() for w in one.match)}

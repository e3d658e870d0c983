"""Earlier captures of a page → its history, derived again with them.

Fetches nothing, alerts nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from pipeline import history
from pipeline.archive import entries
from pipeline.errors import SourceError
from pipeline.model import Look, Origin, Page, Snapshot
from pipeline.standards import Catalogue
from pipeline.track import foreseeing, resuming
from pipeline.track.desk import Desk
from pipeline.track.store import Store

TOGETHER = 100
"""How many captures are put on the disk together; those are lost, and added again,
where it is killed between.
"""
Now = Callable[[], datetime]


def backfill(
    store: Store,
    page: Page,
    snapshots: Iterable[Snapshot],
    catalogue: Catalogue,
    *,
    now: Now,
) -> tuple[int, int]:
    """Add earlier captures of a page and derive its history again;
    return how many were new, and how many were known.

    Nobody is alerted, and no review is lost. What was interrupted goes on
    where it stopped when it is called again.
    """
    with store.lock(), Desk(catalogue, store.config.budget) as desk:
        resuming.prepare(store, (page,), desk, at=now())
        adding = _Adding(store, page)
        broke: SourceError | None = None
        try:
            for snapshot in snapshots:
                adding.add(snapshot)
        except SourceError as error:
            broke = error
        adding.keep()
        if adding.new:
            store.derive(page, desk, at=now())
            foreseeing.foresee(store, desk)
    if broke:
        raise broke
    return adding.new, adding.known


class _Adding:
    """Captures of a page on their way into the archive, and how many of them were there."""

    def __init__(self, store: Store, page: Page) -> None:
        self.new = self.known = 0
        self._store, self._page = store, page
        self._seen = history.seen(store.db, page.id)
        self._near: str | None = None
        self._stored: list[entries.Entry] = []

    def add(self, snapshot: Snapshot) -> None:
        """Keep a capture, unless it was kept before."""
        mark = (snapshot.captured_at.astimezone(UTC).isoformat(), snapshot.digest)
        if mark in self._seen:
            self.known += 1
            return
        self._seen.add(mark)
        entry = entries.of(Look(self._page, snapshot.captured_at, snapshot))
        self._store.archive.store(snapshot.body, self._page.id, self._near, late=True)
        self._near = entry.digest
        self._stored.append(entry)
        self.new += 1
        if len(self._stored) == TOGETHER:
            self.keep()
            self._store.tell(f"{self._page.id}: {self.new} captures added")

    def keep(self) -> None:
        """Put the bodies on the disk that were stored, and only then the lines that name them."""
        self._store.archive.sync()
        for entry in self._stored:
            self._store.archive.keep(entry, late=True)
        self._store.archive.sync()
        self._stored.clear()


def instants(store: Store, page: Page, origin: Origin) -> set[datetime]:
    """Return when the captures of a page were taken that are known from that origin:
    they need not be fetched again.
    """
    return history.instants(store.db, page.id, origin)

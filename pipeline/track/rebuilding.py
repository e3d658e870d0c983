"""`snapshots/` → the database, made again from there alone. Writes beside the old one and takes its place at the end."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path

from pipeline import history, standards
from pipeline.archive import Archive
from pipeline.config import Config
from pipeline.errors import StoreError
from pipeline.model import Page
from pipeline.standards import Catalogue
from pipeline.track import closing, derive
from pipeline.track import reader as readers
from pipeline.track.derive import Told
from pipeline.track.reader import Reader, code
from pipeline.track.store import Store

Now = Callable[[], datetime]
Tell = Callable[[str], None]
MANY = 8
"""From how many pages on it is worth to start several processes."""


def _quietly(text: str) -> None:
    """Tell nobody."""


def rebuild(
    config: Config,
    catalogue: Catalogue,
    *,
    now: Now,
    tell: Tell = _quietly,
    workers: int | None = None,
) -> int:
    """Make the database again from `snapshots/` alone and put it in the place of the old one; return how many pages it has.

    Pages are read in `workers` processes, as many as there are processors where that is worth their start, and written here.
    """
    reader = Reader(catalogue, code())
    fresh = config.database.with_name(f"{config.database.name}.rebuilding")
    _remove(fresh)
    with Store(config, fresh, tell) as store, store.lock():
        store.watch()
        with history.transaction(store.db):
            store.copy_notes()
        earlier = closing.earlier(config.database)
        ids = sorted({*store.archive.pages(), *(page.id for page in config.pages)})
        bugs: list[Exception] = []
        pages = [config.page(page_id) or _last_known(store, page_id) for page_id in ids]
        for number, (page, told) in enumerate(
            _told(store, pages, reader, _workers(config, catalogue, len(ids), workers), tell), 1
        ):
            store.know_reader(reader.stamp(page), now())
            bugs += store.derive(page, reader, at=now(), earlier=earlier, told=told)
            tell(f"{number} of {len(ids)} pages: {page.id}")
        with history.transaction(store.db):
            history.attach(store.db)
        if earlier is not None:
            earlier.close()
        store.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        store.close()
        _swap(fresh, config.database)
    if bugs:
        raise bugs[0]
    return len(ids)


# --------------------------------------------------------------------------- in several processes


def _workers(config: Config, catalogue: Catalogue, pages: int, wanted: int | None) -> int:
    """Return how many processes are worth their start; one where they could not load the catalogue that was given."""
    if standards.load(str(config.extra) if config.extra else None).stamp != catalogue.stamp:
        return 1
    return wanted or (os.cpu_count() or 1 if pages >= MANY else 1)


def _told(
    store: Store, pages: list[Page], reader: Reader, workers: int, tell: Tell
) -> Iterator[tuple[Page, Told | None]]:
    """Yield every page with its history, in order, while those of the next ones are told; None where it is still to tell."""
    if workers < 2:
        yield from ((page, None) for page in pages)
        return
    waiting = deque(pages)
    under_way: deque[tuple[Page, Future[Told]]] = deque()
    start = (store.config, reader.code)
    with ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_begin, initargs=start
    ) as pool:
        while waiting or under_way:
            try:
                while waiting and len(under_way) < 2 * workers:
                    page = waiting[0]
                    under_way.append(
                        (page, pool.submit(_history, page, history.released(store.db, page.id)))
                    )
                    waiting.popleft()
                told = under_way[0][1].result()
            except BrokenProcessPool:
                # A process that was killed for want of memory, or met another version of us, takes the pool with it.
                tell("a process of the rebuild ended early; going on in one")
                yield from ((page, None) for page in (*(page for page, _ in under_way), *waiting))
                return
            yield under_way.popleft()[0], told


_here: list[tuple[Archive, Reader, Config]] = []
"""What a process of the rebuild works with, made once at its start: a catalogue cannot be handed over."""


def _begin(config: Config, code: str) -> None:
    catalogue = standards.load(str(config.extra) if config.extra else None)
    if readers.code() != code:
        raise StoreError("claimwatch was changed while it was at work; rebuild again")
    _here.append((Archive(config.snapshots), Reader(catalogue, code), config))


def _history(page: Page, released: frozenset[str]) -> Told:
    archive, reader, config = _here[0]
    looks = [(entry, line.end) for entry, line in archive.looks(page.id)]
    return derive.history(page, looks, archive.snapshot, reader, config.guard, released)


# --------------------------------------------------------------------------- files


def _last_known(store: Store, page_id: str) -> Page:
    return [entry.page for entry, _ in store.archive.looks(page_id)][-1]


def _swap(fresh: Path, database: Path) -> None:
    # A write-ahead log that outlived its database must not be played into the new one.
    for suffix in ("-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    os.replace(fresh, database)


def _remove(database: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)

"""`snapshots/` → the database, made again from there alone. Writes beside the old one and takes its place at the end."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from pipeline import history
from pipeline.config import Config
from pipeline.model import Page
from pipeline.standards import Catalogue
from pipeline.track import closing
from pipeline.track.reader import Reader, code
from pipeline.track.store import Store

Now = Callable[[], datetime]
Tell = Callable[[str], None]


def _quietly(text: str) -> None:
    """Tell nobody."""


def rebuild(config: Config, catalogue: Catalogue, *, now: Now, tell: Tell = _quietly) -> int:
    """Make the database again from `snapshots/` alone and put it in the place of the old one; return how many pages it has."""
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
        for number, page_id in enumerate(ids, 1):
            page = config.page(page_id) or _last_known(store, page_id)
            store.know_reader(reader.stamp(page), now())
            bugs += store.derive(page, reader, at=now(), earlier=earlier)
            tell(f"{number} of {len(ids)} pages: {page_id}")
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

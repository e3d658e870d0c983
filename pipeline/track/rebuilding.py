"""`snapshots/` → the database, made again from there alone.

Writes beside the old one and takes its place at the end.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from pipeline import history
from pipeline.config import Config
from pipeline.model import Page
from pipeline.standards import Catalogue
from pipeline.track import closing, deriving, fitting, foreseeing
from pipeline.track.deriving import Derivation
from pipeline.track.desk import Desk
from pipeline.track.store import Store

Now = Callable[[], datetime]
Tell = Callable[[str], None]


def _quietly(text: str) -> None:
    """Tell nobody."""


def rebuild(
    config: Config,
    catalogue: Catalogue,
    *,
    now: Now,
    tell: Tell = _quietly,
    size: int | None = None,
) -> int:
    """Make the database again from `snapshots/` alone and put it in the place of the old one;
    return how many pages it has.

    Pages are read in `size` processes, as many as there are processors
    unless it is said, and written here.
    """
    fresh = config.database.with_name(f"{config.database.name}.rebuilding")
    _remove(fresh)
    with (
        Store(config, fresh, tell) as store,
        store.lock(),
        Desk(catalogue, config.budget, size, config.scheduler) as desk,
    ):
        store.watch()
        store.catch_up()
        earlier = closing.earlier(config.database)
        forgotten = tuple(_forgotten(store, earlier))
        for said in (*forgotten, *store.archive.unmet()):
            tell(said)
        ids = sorted({*store.archive.pages(), *(page.id for page in config.pages)})
        pages = [config.page(page_id) or _last_known(store, page_id) for page_id in ids]
        store.know_readers(map(desk.stamp, pages), now())
        for number, (page, told) in enumerate(deriving.histories(store, pages, desk), 1):
            store.make(Derivation(store, page, desk, now(), None, earlier or store.db), told)
            tell(f"{number} of {len(ids)} pages: {page.id}")
        with history.transaction(store.db):
            history.attach(store.db)
        foreseeing.foresee(store, desk)
        if earlier is not None:
            earlier.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            earlier.close()
        store.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        store.close()
        if forgotten:
            kept = _set_aside(config.database)
            tell(f"{kept}: the database that was replaced; it alone has what is missing above")
        _swap(fresh, config.database)
    return len(ids)


def _forgotten(store: Store, earlier: history.Database | None) -> Iterator[str]:
    """Yield where the database that is replaced copied what `snapshots/` does not have:
    it is not made again.
    """
    if earlier is not None:
        for page_id in history.journals(earlier):
            if said := fitting.misfit(store.archive, earlier, page_id or None):
                yield said


# --------------------------------------------------------------------------- files


def _last_known(store: Store, page_id: str) -> Page:
    return [entry.page for entry, _ in store.archive.looks(page_id)][-1]


def _set_aside(database: Path) -> Path:
    """Keep a database under another name, numbered where that is taken; return it."""
    number, kept = 1, database.with_name(f"{database.name}.replaced")
    while kept.exists():
        number += 1
        kept = database.with_name(f"{database.name}.replaced-{number}")
    shutil.copy2(database, kept)
    return kept


def _swap(fresh: Path, database: Path) -> None:
    # A write-ahead log that outlived its database must not be played into the new one.
    for suffix in ("-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    os.replace(fresh, database)


def _remove(database: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)

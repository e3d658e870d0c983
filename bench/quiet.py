"""Stores of many pages and many looks, made without reading a page:
what tests and measurements of quiet runs stand on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline import config, history, sources, standards, track
from pipeline.archive import entries
from pipeline.config import Config
from pipeline.history import Judged
from pipeline.model import Failure, Known, Look, Page, Run, Snapshot
from pipeline.track.desk import Desk

START = datetime(2026, 1, 1, tzinfo=UTC)
BODY = b"# Trust\n\nDesk is certified to ISO/IEC 27001.\n"


def configured(folder: Path, pages: int, vendors: int | None = None) -> Config:
    """Return the config of so many pages.

    Each is its own vendor's, and so has its own rules, unless it is said otherwise.
    """
    listed = "".join(
        f'[[pages]]\nid = "page-{n}"\nurl = "https://v{n}.example/trust.md"\n'
        f'vendor = "Vendor {n % (vendors or pages)}"\n'
        for n in range(pages)
    )
    (folder / "config.toml").write_text(listed)
    return config.load(folder / "config.toml")


def stored(given: Config, looks: int = 1) -> None:
    """Record a good capture of every page, and that so many looks in all found it."""
    with track.open(given) as store, Desk(standards.load(), given.budget) as desk:
        store.know_readers(map(desk.stamp, given.pages), START)
        for page in given.pages:
            stamp = desk.stamp(page)
            for number in range(looks):
                at = START + timedelta(minutes=number)
                entry = entries.of(seen(page, at, number == 0), digest=_digest(page), stamp=stamp)
                body = BODY if number == 0 else None
                line = store.archive.keep(entry, body, late=True)
                judged = Judged("first", size=len(BODY)) if number == 0 else Judged("unchanged")
                store.record(page, line, judged, None, stamp)


def _digest(page: Page) -> str:
    return _shot(page, START).digest


def _shot(page: Page, at: datetime) -> Snapshot:
    headers = (("etag", '"1"'),)
    return Snapshot(page, at, at, "live", page.url, "text/markdown", BODY, 200, headers)


def seen(page: Page, at: datetime, whole: bool = False) -> Look:
    """Return a look that found the body that stands: the whole of it,
    or the word that it stands.
    """
    return Look(page, at, _shot(page, at)) if whole else Look(page, at, not_modified=True)


def failed(page: Page, at: datetime) -> Look:
    """Return a look that found no page."""
    return Look(page, at, failure=Failure("fetch", "HTTP 500"))


def run(given: Config, days: int = 30, fetch: Callable[..., Look] | None = None) -> Run:
    """Look at every page so many days later, without a network:
    all stand unless `fetch` says what is found.
    """
    now = START + timedelta(days=days)

    def found(page: Page, known: Known, **_: Any) -> Look:
        return fetch(page, known, now=now) if fetch else seen(page, now)

    before, sources.fetch = sources.fetch, found
    try:
        return track.run(given, standards.load(), now=lambda: now)
    finally:
        sources.fetch = before


def statements(given: Config, days: int) -> list[str]:
    """Return every statement that a run which finds nothing new asks of SQLite."""
    asked: list[str] = []
    opened = history.open

    def traced(path: Path | str) -> history.Database:
        db = opened(path)
        db.conn.set_trace_callback(asked.append)
        return db

    history.open = traced
    try:
        run(given, days)
    finally:
        history.open = opened
    return asked

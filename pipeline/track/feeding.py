"""Store → the Atom feeds beside the reports: of all pages, of each vendor, of each page.

Writes there and nowhere else.

A run writes anew those that it has something for.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from pipeline import files, history, report
from pipeline.config import Config
from pipeline.model import Run, Told
from pipeline.rules import InForce
from pipeline.track.publishing import FEED

ALL, SOME = 100, 30
"""How many changes the feed of all pages has, and how many that of a vendor or page."""


def publish(config: Config, db: history.Database, runs: Iterable[Run]) -> None:
    """Write the feeds of the pages and vendors that runs tell changes of, and that of all."""
    folder, in_force = config.reports, config.in_force
    feed = partial(_write, config.serve.url)
    told = [item for run in runs for item in run.told]
    pages = {item.page.id: item.page for item in told if item.change.cause == "page"}
    if not pages:
        return
    feed(folder / FEED, "all", "All pages", _told(db, in_force, ALL))
    for vendor in dict.fromkeys(page.vendor for page in pages.values() if page.vendor):
        name = report.slug(vendor)
        changes = _told(db, in_force, SOME, vendor=vendor)
        feed(folder / "vendors" / f"{name}.atom", f"vendor:{name}", vendor, changes)
    for page in pages.values():
        title = f"{page.vendor} · {page.id}" if page.vendor else page.id
        changes = _told(db, in_force, SOME, page=page.id)
        feed(folder / "pages" / f"{page.id}.atom", f"page:{page.id}", title, changes)


def _told(db: history.Database, in_force: InForce, most: int, **of: str) -> tuple[Told, ...]:
    """Return the newest changes of pages that are more than wording."""
    rows = history.folded(db, history.newest(db, most, **of))
    return tuple(item for item in history.told(db, rows, in_force) if item.severity != "info")


def _write(site: str | None, path: Path, about: str, title: str, told: tuple[Told, ...]) -> None:
    if told:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write(path, report.atom(about, f"claimwatch: {title}", told, site))

"""Run → its report, as files in the reports' folder. Writes there and nowhere else; reads no page.

Written again, a run's report takes the place of the one it had:
it may have been written before the run could say so.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from pipeline import files, history, report
from pipeline.model import Failed, Finding, First, HeldBack, Run
from pipeline.report import entries
from pipeline.report.entries import Entry
from pipeline.standards import Catalogue

SEEN = ".index"
"""The file with the lines of the index, each with size and time of the report
that it was made of.
"""
FEED = "changes.atom"
COUNTED = 100
"""Of so many reports, the newest, the index says how many of their changes are open."""
Opened = Callable[[Iterable[str]], Mapping[str, int]]


def has_news(run: Run) -> bool:
    """Say whether a run has something to report: a change, a first look,
    or a page that it could not read.
    """
    return bool(run.told) or any(
        isinstance(outcome, First | Failed | HeldBack) for outcome in run.outcomes
    )


def publish(folder: Path, run: Run, opened: Opened = lambda _: {}) -> str | None:
    """Write the report of a run that has something to tell, and the index;
    return the report's name. `opened` says how many changes of runs are open, by their ids.
    """
    if not has_news(run):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    name = _name(folder, run)
    # The JSON first: it says whose report it is, if a crash leaves no more of it.
    for suffix, drawn in (("json", report.json), ("md", report.markdown), ("html", report.html)):
        files.write(folder / f"{name}.{suffix}", drawn(run))
    feed = FEED if (folder / FEED).exists() else None
    listed = _entries(folder)
    latest = sorted(listed, key=lambda one: one.started_at, reverse=True)[:COUNTED]
    still = dict(opened([one.run for one in latest if one.run]))
    still[run.id] = sum(one.status == "open" and one.change.cause == "page" for one in run.told)
    files.write(folder / "index.html", report.index(listed, feed, run.zone, still))
    return f"{name}.html"


def _entries(folder: Path) -> tuple[Entry, ...]:
    """Return the lines of the index, in the order of the reports' names;
    a report that was seen before is not read again.
    """
    seen, found = _seen(folder / SEEN), dict[str, tuple[list[int], Entry]]()
    for path in sorted(folder.glob("*.json")):
        state = path.stat()
        mark = [state.st_size, state.st_mtime_ns]
        if seen.get(path.name, ([], None))[0] == mark:
            found[path.name] = seen[path.name]
        else:
            text = path.read_text(encoding="utf-8")
            found[path.name] = mark, entries.entry(f"{path.stem}.html", text)
    kept = {name: [mark, entries.stored(entry)] for name, (mark, entry) in found.items()}
    files.write(folder / SEEN, json.dumps(kept, ensure_ascii=False))
    return tuple(entry for _, entry in found.values())


def _seen(path: Path) -> dict[str, tuple[list[int], Entry]]:
    """Return what was kept of the reports that were there, by name.

    Nothing where that file is missing or damaged.
    """
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {name: (mark, entries.restored(values)) for name, (mark, values) in kept.items()}
    except FileNotFoundError:
        return {}
    except (AttributeError, KeyError, TypeError, ValueError):
        return {}  # it is only ever a shorter way to what the reports say


def _name(folder: Path, run: Run) -> str:
    """Return the name of a run's report: that of the one it has already, else its start,
    numbered where that is taken.
    """
    first = f"{run.started_at:%Y-%m-%dT%H%M%SZ}"
    number, name = 1, first
    while not _is_free(folder, name, run.id):
        number += 1
        name = f"{first}-{number}"
    return name


def _is_free(folder: Path, name: str, run_id: str) -> bool:
    try:
        written = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return not (folder / f"{name}.html").exists()
    return bool(run_id) and written["run"].get("id") == run_id


def findings(db: history.Database, catalogue: Catalogue, run: Run) -> tuple[Finding, ...]:
    """Return what the vendors' pages say together, where a page that changed
    or is new has a part in it.

    What stands on pages that nothing happened to was told before, and is not told with every run.
    """
    new = {
        outcome.look.page.id: outcome.look.page
        for outcome in run.outcomes
        if isinstance(outcome, First)
    }
    touched = new | {item.page.id: item.page for item in run.told if item.change.cause == "page"}
    # Pages speak together where they are one vendor's; the claims of all vendors
    # at once would be too much to hold.
    asked = dict.fromkeys(
        (page.vendor, None if page.vendor else page.id) for page in touched.values()
    )
    when = history.When(run.finished_at)
    rows = (
        row
        for vendor, page in asked
        for row in history.findings(db, catalogue, when, vendor=vendor, page=page)
    )
    found = (
        Finding(
            row["kind"],
            row["summary"],
            tuple((at["page"], at["text"]) for at in row["texts"]),
            row["reference"],
        )
        for row in rows
    )
    # A baseline flags its superseded editions itself.
    return tuple(
        item
        for item in found
        if touched.keys() & {page for page, _ in item.said}
        and not (item.kind == "superseded" and item.said[0][0] in new)
    )

"""A report's JSON → its line in the index of reports.

Reads no folder: file names and texts are passed in.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from pipeline.model import SEVERITIES, Severity

QUIET = ("unchanged", "changed")
"""Results of looks that are no news of their own: what changed stands among the changes."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One report in the index: its file's name, and what it told.

    `counts` has every severity, most severe first, of changes of the pages alone;
    `baselines` counts first looks, `vendors` are those it says anything new of, `run` is the id
    of its run.
    """

    file: str
    started_at: datetime
    headline: str
    counts: tuple[tuple[Severity, int], ...]
    pages: int = 0
    read: int = 0
    failed: int = 0
    held_back: int = 0
    baselines: int = 0
    vendors: tuple[str, ...] = ()
    run: str = ""


def entry(file: str, report: str) -> Entry:
    """Return the index line of the report whose JSON text is `report`.

    `file` is the name that the index links to.
    """
    whole = json.loads(report)
    run = whole["run"]
    return Entry(
        file=file,
        started_at=datetime.fromisoformat(run["started_at"]),
        headline=run["headline"],
        counts=tuple((severity, run["severities"][severity]) for severity in SEVERITIES),
        pages=run["pages"],
        read=run["read"],
        failed=run["failed"],
        held_back=run["held_back"],
        baselines=run["first"],
        vendors=tuple(sorted(_vendors(whole), key=str.casefold)),
        run=run.get("id") or "",
    )


def _vendors(whole: dict[str, Any]) -> set[str]:
    """Return the vendors of which a report tells a change, a first look or a failure."""
    pages = [row for row in whole["pages"] if row["result"] not in QUIET]
    told = [row for row in whole["changes"] if row["cause"] == "page"]
    return {row["vendor"] for row in (*pages, *told) if row["vendor"]}


def stored(entry: Entry) -> dict[str, Any]:
    """Return an entry as JSON values."""
    return {**asdict(entry), "started_at": entry.started_at.isoformat()}


def restored(values: dict[str, Any]) -> Entry:
    """Return the entry that `stored` made those values of.

    Raise KeyError, TypeError or ValueError for others.
    """
    counts = tuple((severity, int(number)) for severity, number in values["counts"])
    started_at = datetime.fromisoformat(values["started_at"])
    vendors = tuple(map(str, values["vendors"]))
    return Entry(**{**values, "counts": counts, "started_at": started_at, "vendors": vendors})

"""What is open → the first page: held captures, then changes by severity, those of one cause folded into one entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from datasette.utils.asgi import Response

from pipeline import history, words
from pipeline.model import SEVERITIES
from pipeline.report import due, phrases
from pipeline.web.asked import Asked

Row = dict[str, Any]
SHOWN = 100
"""So many entries are on one page."""
STATUSES = ("open", "asked", "accepted", "dismissed", "any")
CAUSES = {"page": "the pages", "backfill": "earlier captures", "ours": "our re-reading"}
OURS = ("reader", "config")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the page is narrowed to; empty texts narrow nothing."""

    text: str = ""
    severity: str = ""
    vendor: str = ""
    standard: str = ""
    page: str = ""
    owner: str = ""
    status: str = "open"
    cause: str = "page"
    due: str = ""
    sort: str = "severity"

    def fits(self, row: Row, on: date) -> bool:
        """Say whether a change is asked for on a day."""
        causes = OURS if self.cause == "ours" else (self.cause,)
        return (
            self.status in ("any", row["status"])
            and (self.cause == "any" or row["cause"] in causes)
            and self.severity in ("", row["severity"])
            and _same(self.vendor, row["vendor"])
            and _same(self.page, row["page"])
            and self.standard in ("", row["standard"], row["standard_name"])
            and _same(self.owner, row["owner"])
            and self.due in ("", due.state(row, on))
            and _says(row, self.text)
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """What is read as one: a change, or the changes of one batch under its sentence."""

    rows: tuple[Row, ...]

    @property
    def first(self) -> Row:
        """Return the change that stands for all."""
        return self.rows[0]

    @property
    def title(self) -> str:
        """Return the sentence that it is told by."""
        batch = self.first["batch"] if len(self.rows) > 1 else None
        return str(batch or self.first["summary"])


def mark(row: Row) -> str:
    """Return a change's id with how many verdicts were seen of it: what came since was not."""
    return f"{row['id']}.{len(row['reviews'])}"


def entries(rows: Iterable[Row]) -> tuple[Entry, ...]:
    """Return changes as entries, each where its first change stands, as `report.folding` folds them."""
    found: dict[object, list[Row]] = {}
    for number, row in enumerate(rows):
        names = ("batch", "page", "severity", "status", "cause", "first_seen", "owner", "due")
        key = tuple(row.get(name) for name in names) if row.get("batch") else number
        found.setdefault(key, []).append({"batch": None, **row})
    return tuple(Entry(tuple(same)) for same in found.values())


async def show(asked: Asked) -> Response:
    """Show what is open, or what else is asked for."""
    rules = asked.site.config.in_force
    rows = await asked.site.ask(history.changes, rules=rules)
    held = await asked.site.ask(history.held_back, in_force=rules)
    wanted, on = _wanted(asked), asked.today
    fitting = [row for row in rows if wanted.fits(row, on)]
    found = _sorted(entries(fitting), wanted, on)
    start = int(asked.arg("from")) if asked.arg("from").isdigit() else 0
    every = replace(wanted, severity="", due="")
    broad = [row for row in rows if every.fits(row, on)]
    counts = Counter(row["severity"] for row in broad)
    return asked.page(
        "inbox.html",
        wanted=wanted,
        held=held if wanted == Wanted() and not start else (),
        groups=_groups(found[start : start + SHOWN], wanted, on),
        total=len(fitting),
        entries=len(found),
        after=start + SHOWN if len(found) > start + SHOWN else None,
        start=start,
        counts=[(severity, counts[severity]) for severity in SEVERITIES if counts[severity]],
        overdue=sum(due.state(row, on) == "overdue" for row in broad),
        choices=_choices(rows),
        link=lambda **more: _link(asked, **more),
        mark=mark,
        empty=not rows,
    )


def _wanted(asked: Asked) -> Wanted:
    names = (field.name for field in fields(Wanted))
    return Wanted(**{name: asked.arg(name) for name in names if asked.arg(name)})


def _link(asked: Asked, **more: object) -> str:
    """Return this page's address with some of what it asks for asked otherwise."""
    given = {name: asked.arg(name) for name in asked.request.args if name not in ("done", "from")}
    query = urlencode({name: value for name, value in (given | more).items() if value})
    return f"/?{query}" if query else "/"


def _sorted(found: Iterable[Entry], wanted: Wanted, on: date) -> list[Entry]:
    """Return entries by severity, or the most pressing first where that is asked."""

    def rank(entry: Entry) -> tuple[int, str, int]:
        severity = SEVERITIES.index(entry.first["severity"])
        if wanted.sort != "due":
            return 0, "", severity
        order = tuple(due.STATES).index(due.state(entry.first, on))
        return order, entry.first["due"] or "", severity

    return sorted(found, key=rank)


def _groups(found: Iterable[Entry], wanted: Wanted, on: date) -> list[tuple[str, str, list[Entry]]]:
    """Return the entries under what they have in common, each group with its name and its heading."""
    if wanted.sort == "due":
        by = groupby(found, lambda entry: due.state(entry.first, on))
        return [(name, due.STATES[name], list(same)) for name, same in by]
    by = groupby(found, lambda entry: str(entry.first["severity"]))
    return [(name, phrases.capital(name), list(same)) for name, same in by]


def _choices(rows: Iterable[Row]) -> dict[str, list[tuple[str, str]]]:
    """Return what can be chosen in the filter: each value with how it is called."""
    found: dict[str, dict[str, str]] = {"vendor": {}, "standard": {}, "page": {}, "owner": {}}
    for row in rows:
        for name, values in found.items():
            if row[name]:
                values[row[name]] = (
                    row["standard_name"] or row[name] if name == "standard" else row[name]
                )
    return {
        name: sorted(values.items(), key=lambda pair: pair[1].casefold())
        for name, values in found.items()
    }


def _same(wanted: str, value: str | None) -> bool:
    return not wanted or words.fold(wanted) == words.fold(value or "")


def _says(row: Row, text: str) -> bool:
    """Say whether a change says all words of a text, in its sentences, its summary or its names."""
    if not text:
        return True
    names = (
        "id",
        "summary",
        "text_before",
        "text_after",
        "vendor",
        "page",
        "subject",
        "owner",
        "ref",
    )
    said = words.fold(" ".join(str(row[name]) for name in names if row[name]))
    return all(word in said for word in words.fold(text).split())

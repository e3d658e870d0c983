"""What is open → the first page: held captures, then changes by severity,
those of one cause folded into one entry.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from datasette.utils.asgi import Response

from pipeline import history, words
from pipeline.history import Narrowed
from pipeline.model import SEVERITIES
from pipeline.report import due, phrases
from pipeline.rules import InForce
from pipeline.web.asked import Asked

Row = dict[str, Any]
SHOWN = 100
"""So many changes are on one page, and those that were seen at once with the last of them."""
OURS = ("reader", "config")


def fits(wanted: Narrowed, row: Row, on: date) -> bool:
    """Say whether a change is asked for on a day."""
    causes = OURS if wanted.cause == "ours" else (wanted.cause,)
    return (
        wanted.status in ("any", row["status"])
        and (wanted.cause == "any" or row["cause"] in causes)
        and wanted.severity in ("", row["severity"])
        and _same(wanted.vendor, row["vendor"])
        and _same(wanted.page, row["page"])
        and wanted.standard in ("", row["standard"], row["standard_name"])
        and _same(wanted.owner, row["owner"])
        and wanted.due in ("", due.state(row, on))
        and _says(row, wanted.text)
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
    """Return changes as entries, each where its first change stands,
    as `report.folding` folds them.
    """
    found: dict[object, list[Row]] = {}
    for number, row in enumerate(rows):
        names = ("batch", "page", "severity", "status", "cause", "first_seen", "owner", "due")
        key = tuple(row.get(name) for name in names) if row.get("batch") else number
        found.setdefault(key, []).append({"batch": None, **row})
    return tuple(Entry(tuple(same)) for same in found.values())


async def show(asked: Asked) -> Response:
    """Show what is open, or what else is asked for."""
    ask, rules = asked.site.ask, asked.site.config.in_force
    wanted, on = _wanted(asked), asked.today
    start = int(asked.arg("from")) if asked.arg("from").isdigit() else 0
    more: dict[str, Any] = {"narrowed": wanted, "on": on, "part": history.Slice(start, SHOWN)}
    found = await (ask(_ruled, rules=rules, **more) if rules else ask(history.inbox, **more))
    held = (
        await ask(history.held_back, in_force=rules) if wanted == Narrowed() and not start else ()
    )
    return asked.page(
        "inbox.html",
        wanted=wanted,
        narrowed=wanted != Narrowed(),
        held=held,
        groups=_groups(entries(found.rows), wanted, on),
        found=found,
        start=start,
        after=start + len(found.rows) if found.more else None,
        choices=await ask(history.choices),
        link=lambda **more: _link(asked, **more),
        mark=mark,
        number=_number,
        empty=not found.rows and not await ask(history.any_changes),
    )


def _number(counted: int) -> str:
    """Return how many there are, and where more may be than were counted."""
    return f"{counted:,}+" if counted >= history.COUNTED else f"{counted:,}"


def _wanted(asked: Asked) -> Narrowed:
    names = (field.name for field in fields(Narrowed))
    return Narrowed(**{name: asked.arg(name) for name in names if asked.arg(name)})


def _ruled(
    db: history.Database, *, rules: InForce, narrowed: Narrowed, on: date, part: history.Slice
) -> history.Found:
    """Return what `history.inbox` does, at the severities that the config's rules give:
    each change has to be read for that.
    """
    rows = history.changes(db, rules=rules)
    every = replace(narrowed, severity="", due="")
    broad = [row for row in rows if fits(every, row, on)]
    order = _rank(narrowed, on)
    fitting = sorted((row for row in broad if fits(narrowed, row, on)), key=order)
    start, stop = part.start, part.start + part.least
    while 0 < stop < len(fitting) and _at_once(fitting[stop - 1], fitting[stop]):
        stop += 1
    counts = Counter(row["severity"] for row in broad)
    return history.Found(
        tuple(fitting[start:stop]),
        stop < len(fitting),
        tuple((severity, counts[severity]) for severity in SEVERITIES if counts[severity]),
        sum(due.state(row, on) == "overdue" for row in broad),
        len(fitting),
    )


def _at_once(one: Row, other: Row) -> bool:
    return all(one[name] == other[name] for name in ("page", "first_seen"))


def _rank(narrowed: Narrowed, on: date) -> Callable[[Row], tuple[int, str, int]]:
    """Return the order of changes: by severity, or the most pressing first where that is asked."""

    def rank(row: Row) -> tuple[int, str, int]:
        severity = SEVERITIES.index(row["severity"])
        if narrowed.sort != "due" or due.state(row, on) == "none":
            return 1, "", severity
        return 0, row["due"], severity == len(SEVERITIES) - 1

    return rank


def _link(asked: Asked, **more: object) -> str:
    """Return this page's address with some of what it asks for asked otherwise."""
    given = {name: asked.arg(name) for name in asked.request.args if name not in ("done", "from")}
    query = urlencode({name: value for name, value in (given | more).items() if value})
    return f"/?{query}" if query else "/"


def _groups(
    found: Iterable[Entry], wanted: Narrowed, on: date
) -> list[tuple[str, str, list[Entry]]]:
    """Return the entries under what they have in common,
    each group with its name and its heading.
    """
    if wanted.sort == "due":
        by = groupby(found, lambda entry: due.state(entry.first, on))
        return [(name, due.STATES[name], list(same)) for name, same in by]
    by = groupby(found, lambda entry: str(entry.first["severity"]))
    return [(name, phrases.capital(name), list(same)) for name, same in by]


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

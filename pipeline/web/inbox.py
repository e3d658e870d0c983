"""What is open → the first page: held captures, then changes by severity,
those of one cause folded into one entry.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from datasette.utils.asgi import Response

from pipeline import history
from pipeline.history import Narrowed
from pipeline.report import due, phrases
from pipeline.web.asked import Asked

Row = dict[str, Any]
SHOWN = 100
"""So many changes are on one page, and those that were seen at once with the last of them."""


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
    part = history.Slice(start, SHOWN)
    found = await ask(history.inbox, narrowed=replace(wanted, in_force=rules), on=on, part=part)
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
    names = (field.name for field in fields(Narrowed) if field.type == "str")
    given: dict[str, Any] = {name: asked.arg(name) for name in names if asked.arg(name)}
    return Narrowed(**given)


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

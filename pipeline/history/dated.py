"""Claims that stand → the days that they are held to: the end of a validity, a date planned, the deadline of an edition.

Also whether what a user requires is claimed at all. Only reads; what is told of it, and when, is the alerts' to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from pipeline import dates, rules, words
from pipeline.history import corrections, finding, rows, standing, together
from pipeline.history.database import Database
from pipeline.history.reading import select
from pipeline.history.rows import Row
from pipeline.model import Dated, Need, Page
from pipeline.rules import Requirement
from pipeline.standards import Catalogue

What = Literal["validity", "planned", "superseded"]


def dated(db: Database, catalogue: Catalogue, zone: ZoneInfo) -> tuple[Dated, ...]:
    """Return every day that a claim is held to, whenever it is; `since` is when the page first said so, in `zone`."""
    pages = _pages(db)
    found: list[Dated] = []
    for row in standing.claims(db, kind="standard"):
        if row["page"] in pages and corrections.counts(row):
            found += (
                Dated(
                    what,
                    pages[row["page"]],
                    row["id"],
                    row["standard"],
                    finding.name(row),
                    day,
                    datetime.fromisoformat(row["seen_since"]).astimezone(zone).date(),
                    row["text"],
                )
                for what, day in _days(row, catalogue)
            )
    return tuple(found)


def _pages(db: Database) -> dict[str, Page]:
    return {row["id"]: rows.to_page(row) for row in select(db, "SELECT * FROM page WHERE watched")}


def _days(row: Row, catalogue: Catalogue) -> Iterator[tuple[What, date]]:
    if row["stance"] == "claimed" and (ends := together.valid_until(row, catalogue)):
        yield "validity", ends
    if row["stance"] == "planned" and (day := dates.last_day(row["text"])):
        yield "planned", day
    if row["stance"] in together.HELD:
        facts = catalogue.successors(row["standard"], row["edition"])
        if facts and facts[0].until:
            yield "superseded", facts[0].until


def needs(db: Database, requirements: tuple[Requirement, ...]) -> tuple[Need, ...]:
    """Return of each standard, or each service, that is required whether a page claims it; of none whose pages were never read."""
    if not requirements:
        return ()
    held, services = (standing.claims(db, kind=kind) for kind in ("standard", "service"))
    read = [
        rows.to_page(row)
        for row in select(db, "SELECT * FROM page WHERE watched AND last_good_at IS NOT NULL")
    ]
    found = []
    for one in requirements:
        about = {page.id for page in read if rules.concerns(one, page)}
        for standard in one.standards or (None,):
            if about:
                its = [row for row in (*held, *services) if row["page"] in about]
                said = (
                    f"{one}"
                    if standard is None or len(one.standards) == 1
                    else f"{one}: {standard}"
                )
                found.append(Need(said, any(_meets(one, standard, row) for row in its)))
    return tuple(found)


def _meets(one: Requirement, standard: str | None, row: Row) -> bool:
    names = {words.fold(row[name] or "") for name in ("standard", "standard_name")}
    if standard is not None and words.fold(standard) not in names:
        return False
    if row["kind"] == "standard" and row["stance"] not in together.HELD:
        return False
    if one.editions and row["kind"] == "standard" and row["edition"] not in one.editions:
        return False
    if one.service is None:
        return bool(row["kind"] == "standard")
    if row["kind"] == "service":
        named = words.fold(row["service"] or "") == words.fold(one.service)
        return bool(row["scope"] == "in" and named)
    return bool(words.fold(row["subject"] or "") == words.fold(one.service))

"""Claims that stand → the days that they are held to: the end of a validity,
a date planned, the deadline of an edition.

Also whether what a user requires is claimed at all. Only reads; what is told of it,
and when, is the alerts' to say.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache, partial
from typing import Literal
from zoneinfo import ZoneInfo

from pipeline import dates, rules, words
from pipeline.history import corrections, finding, rows, together
from pipeline.history.database import Database
from pipeline.history.reading import select
from pipeline.history.rows import Row
from pipeline.model import Dated, Need, Page
from pipeline.rules import Requirement
from pipeline.standards import Catalogue

What = Literal["validity", "planned", "superseded"]


_OPEN = """
SELECT state.id, claim.id AS claim_id, claim.page, state.kind, state.subject, state.standard,
    state.standard_name, state.edition, state.stance, state.basis, state.valid, state.service,
    state.scope, state.seen_since
FROM page JOIN claim ON claim.page = page.id AND claim.kind = ?
JOIN state ON state.claim = claim.id AND state.first_absent IS NULL WHERE page.watched
"""
_TEXTS = """
SELECT wording.state AS id, wording.text FROM json_each(?)
JOIN wording ON wording.state = json_each.value
    AND wording.since = (SELECT max(since) FROM wording AS later WHERE later.state = wording.state)
"""


def dated(db: Database, catalogue: Catalogue, zone: ZoneInfo) -> tuple[Dated, ...]:
    """Return every day that a claim is held to, whenever it is.

    `since` is when the page first said so, in `zone`.
    """
    pages = _pages(db)
    deadlines = cache(partial(_deadline, catalogue))
    bound = [
        row
        for row in _open(db, "standard")
        if row["valid"] or row["stance"] == "planned" or deadlines(row["standard"], row["edition"])
    ]
    found: list[Dated] = []
    for row in _with_text(db, bound):
        name, since = finding.name(row), datetime.fromisoformat(row["seen_since"])
        found += (
            Dated(
                what,
                pages[row["page"]],
                row["claim_id"],
                row["standard"],
                name,
                day,
                since.astimezone(zone).date(),
                row["text"],
            )
            for what, day in _days(row, catalogue)
        )
    return tuple(found)


def _open(db: Database, kind: str) -> list[Row]:
    """Return the claims of a kind that stand, as people corrected them: light rows,
    for all of them are read.
    """
    said = corrections.load(db)
    found = select(db, _OPEN, kind)
    corrected = _with_text(db, [row for row in found if row["claim_id"] in said])
    told = {row["id"]: corrections.applied(row, said) for row in corrected}
    return [row for one in found if corrections.counts(row := told.get(one["id"], one))]


def _with_text(db: Database, found: list[Row]) -> list[Row]:
    """Return the rows with the sentences that they stand in now."""
    texts = {
        row["id"]: row["text"]
        for row in select(db, _TEXTS, json.dumps([row["id"] for row in found]))
    }
    return [{**row, "text": texts[row["id"]]} for row in found]


def _deadline(catalogue: Catalogue, standard: str, edition: str | None) -> date | None:
    """Return the last day of an edition, None where none is known."""
    facts = catalogue.successors(standard, edition)
    return facts[0].until if facts else None


def _pages(db: Database) -> dict[str, Page]:
    return {row["id"]: rows.to_page(row) for row in select(db, "SELECT * FROM page WHERE watched")}


def _days(row: Row, catalogue: Catalogue) -> Iterator[tuple[What, date]]:
    if row["stance"] == "claimed" and (ends := together.valid_until(row, catalogue)):
        yield "validity", ends
    if row["stance"] == "planned" and (day := dates.last_day(row["text"])):
        yield "planned", day
    last = _deadline(catalogue, row["standard"], row["edition"])
    if last and row["stance"] in together.HELD:
        yield "superseded", last


def needs(db: Database, requirements: tuple[Requirement, ...]) -> tuple[Need, ...]:
    """Return of each standard, or each service, that is required whether a page claims it;
    of none whose pages were never read.
    """
    if not requirements:
        return ()
    held = _open(db, "standard")
    services = _open(db, "service") if any(one.service for one in requirements) else []
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

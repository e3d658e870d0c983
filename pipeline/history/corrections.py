"""A person's word that we read a sentence wrong → the claim as it should read,
for as long as the sentence stands.

The vendor's words are never altered. A correction whose sentence changed corrects nothing any more,
and asks to be looked at.
"""

from __future__ import annotations

import json
from datetime import datetime

from pipeline.history import rows
from pipeline.history.database import Database
from pipeline.history.reading import select
from pipeline.history.rows import Row

FIELDS = (
    *(
        "subject",
        "standard",
        "edition",
        "level",
        "stance",
        "basis",
        "authority",
        "assessor",
        "valid",
        "cadence",
    ),
    *("service", "scope", "group", "condition", "alias", "name", "document"),
    *("purpose", "location"),
)
"""What a person may say that a claim should read."""


def load(db: Database, known_at: datetime | None = None) -> dict[str, Row]:
    """Return the correction in force of each claim that has one.

    One that was taken back (`accept`) counts no more.
    """
    sql = """SELECT * FROM review WHERE kind = 'claim' AND verdict IN ('wrong', 'accept')
    AND follows IS NOT NULL AND at <= :known_at
    ORDER BY at, rowid"""
    found = select(db, sql, known_at=rows.text(known_at) if known_at else "9999")
    said = {row[name]: row for row in found for name in ("target", "follows")}
    return {
        claim: row | {"about": json.loads(row["about"])}
        for claim, row in said.items()
        if row["verdict"] == "wrong"
    }


def said_of(db: Database, claim_id: str) -> list[Row]:
    """Return what people said of a claim, newest first, each with the sentence
    that it was said of.
    """
    sql = """SELECT at, who, verdict, note, about FROM review WHERE follows = ? AND kind = 'claim'
    ORDER BY at DESC, rowid DESC"""
    found = []
    for row in select(db, sql, claim_id):
        about = json.loads(row.pop("about"))
        shown = about.get("should_be", {}).items()
        should_be = {name: value for name, value in shown if name in FIELDS}
        at = rows.shown(row["at"])
        found.append({**row, "at": at, "text": about.get("text"), "should_be": should_be})
    return found


def applied(row: Row, said: dict[str, Row]) -> Row:
    """Return the row of a state with its wording, corrected where somebody said so,
    with `correction` or `asks_again`.
    """
    found = said.get(row["claim_id"])
    if found is None:
        return row
    about, mark = found["about"], _mark(found)
    if about["text"] != row["text"]:
        return row | {"asks_again": mark}
    should_be = about.get("should_be", {})
    was = {name: row[name] for name in should_be if name in FIELDS}
    read: Row = row | should_be | {"correction": {**mark, "was": was}}
    return read


def _mark(found: Row) -> Row:
    about = found["about"]
    shown = {name: value for name, value in about.get("should_be", {}).items() if name in FIELDS}
    at = str(found["at"]).replace("+00:00", "Z")
    return {
        "review": found["id"],
        "by": found["who"],
        "at": at,
        "note": found["note"],
        "should_be": shown,
        "text": about["text"],
    }


def counts(row: Row) -> bool:
    """Say whether the claim of a row is one: not where a person said that we read one
    where there is none.
    """
    mark = row.get("correction")
    return mark is None or bool(mark["should_be"])

"""What a reader that is no longer in force made of a page ↔ JSON, and the claims
as they were known then.

A reader's code cannot be run again once it was improved, so what it read is kept as a fact before
its successor reads. What was read by a reader whose database was lost before that is gone, and the
reader that came next answers for it.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from datetime import datetime
from typing import Any

from pipeline.history import rows
from pipeline.history.database import Database
from pipeline.history.reading import GOOD, select
from pipeline.history.rows import Row

_STATES = """SELECT claim.id AS claim_id, state.*, wording.text, wording.section, wording.line,
wording.since AS worded_since FROM claim
JOIN state ON state.claim = claim.id JOIN wording ON wording.state = state.id WHERE claim.page = ?
ORDER BY state.seen_since, state.id, wording.since"""


def reading(db: Database, page_id: str) -> str:
    """Return all that the reader in force made of a page, as JSON: its claims' states,
    and the captures it did not trust.
    """
    kept = (
        "claim_id",
        *rows.CLAIM,
        "seen_since",
        "seen_until",
        "first_absent",
        "text",
        "section",
        "line",
        "worded_since",
    )
    states = [
        {name: row[name] for name in kept if row[name] is not None}
        for row in select(db, _STATES, page_id)
    ]
    bad = select(
        db,
        "SELECT captured_at, digest FROM look WHERE page = ? AND digest IS NOT NULL "
        f"AND NOT {GOOD}",
        page_id,
    )
    return json.dumps(
        {"states": states, "bad": [[row["captured_at"], row["digest"]] for row in bad]},
        ensure_ascii=False,
    )


def claims(db: Database, at: datetime, known_at: datetime) -> tuple[tuple[str, ...], list[Row]]:
    """Return the pages that another reader read at `known_at`, and their claims
    as it read them, as rows of `claims`.
    """
    sql = """SELECT old_reading.page, old_reading.states, page.vendor, page.product AS page_product
    FROM old_reading
    JOIN page ON page.id = old_reading.page
    WHERE until = (SELECT min(until) FROM old_reading AS next
        WHERE next.page = old_reading.page AND next.until > ?) ORDER BY old_reading.page"""
    found = select(db, sql, rows.text(known_at))
    return tuple(row["page"] for row in found), [
        claim for row in found for claim in _claims(db, row, at, known_at)
    ]


def _claims(db: Database, row: Row, at: datetime, known_at: datetime) -> list[Row]:
    kept: dict[str, Any] = json.loads(row["states"])
    bad = {(captured_at, digest) for captured_at, digest in kept["bad"]}
    sql = (
        "SELECT captured_at, digest FROM look WHERE page = ? AND digest IS NOT NULL AND "
        "recorded_at <= ? ORDER BY captured_at, digest"
    )
    looks = select(db, sql, row["page"], rows.text(known_at))
    good = [
        look["captured_at"] for look in looks if (look["captured_at"], look["digest"]) not in bad
    ]
    number = bisect_right(good, rows.text(at))
    if not number:
        return []
    as_of = good[number - 1]
    standing: dict[str, Row] = {}
    for state in kept["states"]:
        if (
            state["seen_since"] <= as_of < state.get("first_absent", "9999")
            and state["worded_since"] <= as_of
        ):
            standing[state["claim_id"]] = state
    return [_claim(row, state, good, as_of) for state in standing.values()]


def _claim(row: Row, state: Row, good: list[str], as_of: str) -> Row:
    """Return a state as a row of `claims`: its interval is that of the captures that were known."""
    absent = bisect_left(good, state["first_absent"]) if "first_absent" in state else len(good)
    until = bisect_right(good, state["seen_until"]) if "seen_until" in state else len(good)
    return {
        **dict.fromkeys((*rows.CLAIM, "line")),
        **state,
        "page": row["page"],
        "vendor": row["vendor"],
        "page_product": row["page_product"],
        "as_of": as_of,
        "since": good[bisect_left(good, state["seen_since"])],
        "until": good[until - 1],
        "absent": good[absent] if absent < len(good) else None,
    }

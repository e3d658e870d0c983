"""Changes of a page → which of them undid an earlier one, and which such pairs were a flap.

A page that goes from A to B and back to A is told so, with how long B stood; that lowers nothing.
Only a pair that was seen in fewer than three captures, for less than 48 hours, and in which nothing
is lost that a person relies on, is one flap.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from pipeline import rules
from pipeline.history.database import Database
from pipeline.history.reading import GOOD, select
from pipeline.history.rows import Row
from pipeline.history.values import Recorded
from pipeline.model import Change, Told

CAPTURES = 3
FOR = timedelta(hours=48)
_HARMLESS = ("basis", "authority", "assessor", "valid", "cadence")
_UNDONE = """SELECT undone.id, undone.first_seen, undone.severity, undone.flap FROM change
JOIN change AS undone
ON undone.page = change.page AND undone.mirror = change.transition AND undone."from" IS change."to"
AND undone."to" IS change."from"
AND undone.first_seen < change.first_seen WHERE change.id = ?
AND NOT EXISTS (SELECT 1 FROM change AS other WHERE other.reverts = undone.id)
ORDER BY undone.first_seen DESC, undone.position DESC LIMIT 1"""


def join(db: Database, page_id: str, recorded: Recorded, at: datetime) -> None:
    """Write down which earlier change the one just recorded undid, if any;
    the looks before it must be in the table.
    """
    for undone in select(db, _UNDONE, recorded.id):
        stood = at - datetime.fromisoformat(undone["first_seen"])
        # A change that ended one flap cannot begin another: three steps would be told as none.
        calm = (
            not undone["flap"]
            and "critical" not in (undone["severity"], recorded.change.severity)
            and not loses(recorded.change)
        )
        flap = calm and stood < FOR and _captures(db, page_id, undone["first_seen"], at) < CAPTURES
        db.conn.execute(
            "UPDATE change SET reverts = ?, flap = ? WHERE id = ?",
            (undone["id"], int(flap), recorded.id),
        )


def loses(change: Change) -> bool:
    """Say whether a change or its mirror takes away a standard, level, edition,
    stance, product or in-scope service.
    """
    if change.kind == "standard":
        return change.field not in _HARMLESS
    if change.kind == "service":
        claim = change.claim_after or change.claim_before
        return change.field == "scope" or (
            change.change in ("added", "removed") and (claim is None or claim.scope != "out")
        )
    return change.kind == "product"


def _captures(db: Database, page_id: str, since: str, at: datetime) -> int:
    sql = (
        "SELECT count(DISTINCT captured_at) AS n FROM look WHERE page = ? AND captured_at >= ? "
        f"AND captured_at < ? AND {GOOD}"
    )
    return int(select(db, sql, page_id, since, at.isoformat())[0]["n"])


def undone(db: Database, ids: Iterable[str]) -> dict[str, Row]:
    """Return, for those of the changes that undid one, the row of the change that was undone."""
    sql = """SELECT change.id AS by, undone.* FROM json_each(?)
    JOIN change ON change.id = json_each.value
    JOIN change AS undone ON undone.id = change.reverts"""
    return {row["by"]: row for row in select(db, sql, json.dumps(list(ids)))}


def folded(db: Database, found: Iterable[Row]) -> list[Row]:
    """Return the rows of changes without those that a flap among them ended:
    the pair is told once.
    """
    kept = list(found)
    ended = {row["reverts"] for row in kept if row["flap"]}
    return [row for row in kept if row["id"] not in ended]


def told(item: Told, undone: Row, row: Row, in_force: rules.InForce) -> Told:
    """Return a change that undid an earlier one with what is told of that;
    a rule that speaks of it outweighs a flap.
    """
    dwell = item.first_seen - datetime.fromisoformat(undone["first_seen"])
    item = replace(item, reverts=undone["id"], dwell=dwell, flap=bool(row["flap"]))
    if not row["flap"]:
        summary = f"{item.change.summary} (as it was before, after {_long(dwell)})"
        return replace(
            item,
            change=replace(item.change, summary=summary),
            why=f"{item.why}; it undoes {undone['id']}",
        )
    change = replace(item.change, summary=f"{undone['summary']}, and back after {_long(dwell)}")
    if rules.is_ruled(in_force, item.change, item.page):
        return replace(item, change=change)
    why = (
        "a flap, seen in fewer than three captures and for less than 48 hours (each way: "
        f"{undone['severity']}, {undone['why']})"
    )
    return replace(item, change=change, severity="info", why=why)


def _long(time: timedelta) -> str:
    # Halves are rounded up, as the view of changes does it.
    hours = time.total_seconds() / 3600
    if int(hours + 0.5) >= 48:
        return f"{int(hours / 24 + 0.5)} days"
    return f"{int(hours + 0.5)} hour{'s' * (int(hours + 0.5) != 1)}"

"""Verdicts and old ids → the changes and claims they mean now, after a page was derived anew.

A verdict is never altered: only what it follows is found again. One that matches nothing follows nothing, and is listed so.
"""

from __future__ import annotations

import json

from sqlite_utils import Database

from pipeline.history.reading import select
from pipeline.history.rows import Row

_ABOUT = ("page", "transition", "kind", "change", "field", "standard", "seen_until", "first_seen")


def about(change: Row) -> Row:
    """Return what a verdict keeps of its change, so that it can be found again."""
    return {name: change[name] for name in _ABOUT}


def attach(db: Database, page_id: str | None = None) -> None:
    """Find again what each verdict follows, of one page or of all."""
    where = "WHERE page = ?" if page_id else ""
    for row in select(
        db,
        f"SELECT id, kind, target, page, about FROM review {where}",
        *((page_id,) if page_id else ()),
    ):
        follows = (
            _change(db, row["target"], json.loads(row["about"]))
            if row["kind"] == "change"
            else _other(db, row)
        )
        db.conn.execute("UPDATE review SET follows = ? WHERE id = ?", (follows, row["id"]))


def current(db: Database, shown_id: str) -> str:
    """Return the id that an id has now which was shown once; one that is in use means what it means now."""
    seen: set[str] = set()
    while shown_id not in seen and not select(
        db,
        "SELECT 1 FROM change WHERE id = ? UNION ALL SELECT 1 FROM claim WHERE id = ?",
        shown_id,
        shown_id,
    ):
        seen.add(shown_id)
        shown_id = next(
            (row["new"] for row in select(db, "SELECT new FROM alias WHERE old = ?", shown_id)),
            shown_id,
        )
    return shown_id


def successors(before: list[Row], after: list[Row]) -> list[tuple[str, str]]:
    """Return old id → new id of the changes of a page that were shown and have another id now."""
    now = {row["id"]: row for row in after}
    pairs = [(row["id"], match(row, after)) for row in before if row["id"] not in now]
    return [(old, new) for old, new in pairs if new is not None]


def match(old: Row, changes: list[Row]) -> str | None:
    """Return the id of the change that an older derivation told as `old`; the last where earlier captures split it."""
    inside = [row for row in changes if _within(row, old)]
    for fields in (("transition",), ("kind", "change", "field", "standard")):
        alike = [row for row in inside if all(row[name] == old[name] for name in fields)]
        if alike and (fields == ("transition",) or len(alike) == 1):
            return str(alike[-1]["id"])
    return None


def _change(db: Database, target: str, old: Row) -> str | None:
    found = select(
        db,
        f"SELECT id, {', '.join(_ABOUT)} FROM change WHERE page = ? ORDER BY first_seen, position",
        old["page"],
    )
    if any(row["id"] == target and row["first_seen"] == old["first_seen"] for row in found):
        return target
    if (matched := match(old, found)) is not None:
        return matched
    moved = current(db, target)
    return (
        moved
        if any(row["id"] == moved and row["transition"] == old["transition"] for row in found)
        else None
    )


def _other(db: Database, row: Row) -> str | None:
    moved = current(db, row["target"])
    if select(
        db, f"SELECT 1 FROM {'claim' if row['kind'] == 'claim' else 'page'} WHERE id = ?", moved
    ):
        return moved
    return (
        _same_claim(db, row["page"], json.loads(row["about"])) if row["kind"] == "claim" else None
    )


def _same_claim(db: Database, page_id: str, about: Row) -> str | None:
    """Return the claim that a verdict spoke of, by its key or else by its sentence, where there is but one."""
    for sql, what in (
        ("SELECT id FROM claim WHERE page = ? AND key = ?", about["key"]),
        (
            """SELECT DISTINCT claim.id FROM claim JOIN state ON state.claim = claim.id JOIN wording ON wording.state = state.id
            WHERE claim.page = ? AND wording.text = ? AND claim.kind = ?""",
            about["text"],
        ),
    ):
        kinds = (json.loads(about["key"])[0],) if "kind" in sql else ()
        found = select(db, sql, page_id, what, *kinds)
        if len(found) == 1:
            return str(found[0]["id"])
    return None


def _within(row: Row, old: Row) -> bool:
    """Say whether a change lies in the interval in which the old one did: more captures only narrow it."""
    return bool((old["seen_until"] or "") < row["first_seen"] <= old["first_seen"])

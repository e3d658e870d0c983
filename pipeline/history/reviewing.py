"""Verdicts and old ids → the changes and claims they mean now, after a page was derived anew.

A verdict is never altered: only what it follows is found again.
One that matches nothing follows nothing, and is listed so.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from pipeline.history.database import Database
from pipeline.history.reading import select
from pipeline.history.rows import Row

_ABOUT = (
    *(
        "page",
        "transition",
        "kind",
        "change",
        "field",
        "standard",
        "after",
        "seen_until",
        "first_seen",
    ),
    *("text_before", "text_after"),
)


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
    """Return the id that an id has now which was shown once.

    One that is in use means what it means now.
    """
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


def successors(before: list[Row], after: list[Row], claims: Mapping[str, str]) -> dict[str, str]:
    """Return old id → new id of the changes of a page that were shown and have another id now;
    `claims` does so for claims.
    """
    found: dict[str, str] = {}
    taken = {row["id"] for row in before} & {row["id"] for row in after}
    for row in before:
        if row["id"] not in taken:
            new = match(row | {"claim": claims.get(row["claim"])}, after, taken)
            found |= {row["id"]: new} if new else {}
            taken |= {new} if new else set()
    return found


def match(old: Row, changes: list[Row], taken: Collection[str] = ()) -> str | None:
    """Return the id of the change that an older derivation told as `old`,
    None where nothing is left of it.

    It is the same change, seen earlier than we knew; else the part of it that led to the same
    state, or the last that happened to its claim, where captures in between took it apart; else the
    only one of its kind about that standard.
    """
    inside = [row for row in changes if _within(row, old)]
    same = [row for row in inside if row["transition"] == old["transition"]]
    about = _alike(inside, old, "kind", "field", "standard")
    led = [row for row in about if row["after"] is not None and row["after"] == old.get("after")]
    claims = _alike(inside, old, "kind", "claim") if old.get("claim") else []
    only = _alike(about, old, "change") if old["standard"] else []
    for alike in (same, led, claims, only if len(only) == 1 else []):
        if alike:
            return _last(alike, old, taken)
    return None


def _alike(changes: list[Row], old: Row, *names: str) -> list[Row]:
    return [row for row in changes if all(row[name] == old[name] for name in names)]


def _last(alike: list[Row], old: Row, taken: Collection[str]) -> str:
    """Return the id of the last of changes; of several in one capture,
    one with the old sentences that is not taken yet.
    """
    latest = _alike(alike, alike[-1], "first_seen")
    texts = ("text_before", "text_after")
    same = [row for row in latest if all(row[name] == old.get(name) for name in texts)] or latest
    free = [row for row in same if row["id"] not in taken]
    return str((free or same)[0]["id"])


def _change(db: Database, target: str, old: Row) -> str | None:
    sql = "SELECT * FROM change WHERE page = ? ORDER BY first_seen, position"
    found = select(db, sql, old["page"])
    moved = current(db, target)
    here = next((row for row in found if row["id"] == moved), None)
    if here is not None and _within(here, old):
        return moved
    kept = moved if here is not None and here["transition"] == old["transition"] else None
    return match(old, found) or kept


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
    """Return the claim that a verdict spoke of, by its key or else by its sentence,
    where there is but one.
    """
    for sql, what in (
        ("SELECT id FROM claim WHERE page = ? AND key = ?", about["key"]),
        (
            """SELECT DISTINCT claim.id FROM claim JOIN state ON state.claim = claim.id
            JOIN wording ON wording.state = state.id
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
    """Say whether a change lies in the interval in which the old one did:
    more captures only narrow it.
    """
    # Captures of one instant follow each other by their digests:
    # one may be the last with the old state, the next the first without.
    return bool((old["seen_until"] or "") <= row["first_seen"] <= old["first_seen"])

"""Changes as they are listed and reported → rows and `Told`, with what people said of them. Only
reads."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict, Unpack

from pipeline import report, rules
from pipeline.history import reversions, rows
from pipeline.history.database import Database
from pipeline.history.reading import select
from pipeline.history.rows import Row, shown
from pipeline.history.standing import where
from pipeline.model import SEVERITIES, Page, Told

_STATUS = {"accept": "accepted", "dismiss": "dismissed", "ask": "asked", "reopen": "open"}


class Wanted(TypedDict, total=False):
    """Which changes are asked for; what is None or not there is not asked. `severity` is the least
    that is listed."""

    vendor: str | None
    page: str | None
    standard: str | None
    kind: str | None
    cause: str | None
    severity: str | None
    status: str | None


_CHANGES = """SELECT change.* FROM change{of_vendor}{where}
ORDER BY change.first_seen DESC, change.page, change.position, change.id"""
_ASKED = {
    "page": "change.page = :page",
    "vendor": "page.vendor = :vendor COLLATE NOCASE",
    "standard": "(change.standard = :standard OR change.standard_name = :standard COLLATE NOCASE)",
    "kind": "change.kind = :kind",
    "cause": "change.cause = :cause",
    "since": "change.first_seen >= :since",
    "until": "change.first_seen <= :until",
}


def changes(
    db: Database,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    rules: rules.InForce = (),
    **wanted: Unpack[Wanted],
) -> list[Row]:
    """Return the changes, newest first; `since` and `until` mean `first_seen`, `severity` that one
    or above, by the rules in force."""
    asked = {name: rows.text(at) for name, at in (("since", since), ("until", until)) if at}
    asked |= {name: str(value) for name, value in wanted.items() if value is not None}
    sql = _CHANGES.format(
        of_vendor=" JOIN page ON page.id = change.page" if "vendor" in asked else "",
        where=where(_ASKED[name] for name in _ASKED if name in asked),
    )
    found = reversions.folded(db, select(db, sql, **asked))
    severity, status = wanted.get("severity"), wanted.get("status")
    loud = SEVERITIES[: SEVERITIES.index(severity) + 1] if severity else SEVERITIES
    return [
        _listed(row, item, said)
        for row, item, said in _told(db, found, rules)
        if item.severity in loud and status in (None, item.status)
    ]


def _listed(row: Row, item: Told, said: list[Row]) -> Row:
    return {
        "id": item.id,
        "page": item.page.id,
        "vendor": item.page.vendor,
        "url": item.page.url,
        **report.change(item.change),
        "severity": item.severity,
        "default_severity": item.change.severity,
        "why": item.why,
        "seen_until": shown(row["seen_until"]),
        "first_seen": shown(row["first_seen"]),
        "status": item.status,
        "cause": item.change.cause,
        "claim": row["claim"],
        "reverts": item.reverts,
        "dwell_hours": round(item.dwell.total_seconds() / 3600, 1) if item.dwell else None,
        "flap": item.flap,
        "owner": _last(said, "owner"),
        "ref": _last(said, "ref"),
        "due": _last(said, "due"),
        "notes": [verdict["note"] for verdict in said if verdict["note"]],
        "reviews": [{**verdict, "at": shown(verdict["at"])} for verdict in said],
    }


def _last(said: list[Row], name: str) -> str | None:
    """Return what was said last under a name; an empty text took it back."""
    for verdict in reversed(said):
        if verdict[name] is not None:
            return str(verdict[name]) or None
    return None


def _status(said: list[Row]) -> str:
    for verdict in reversed(said):
        if verdict["verdict"] in _STATUS:
            return _STATUS[verdict["verdict"]]
    return "open"


def listed(db: Database, found: list[Row], in_force: rules.InForce = ()) -> list[tuple[Told, Row]]:
    """Return rows of changes as a report tells them and as a listing has them, in their order."""
    return [(item, _listed(row, item, said)) for row, item, said in _told(db, found, in_force)]


def told(db: Database, found: Iterable[Row], in_force: rules.InForce = ()) -> tuple[Told, ...]:
    """Return rows of changes as a report tells them, in their order, each with the severity that
    the rules give it."""
    return tuple(item for _, item, _ in _told(db, list(found), in_force))


def _told(
    db: Database, found: list[Row], in_force: rules.InForce
) -> Iterable[tuple[Row, Told, list[Row]]]:
    """Yield each change with how it is told, and what people said of it, oldest first."""
    pages = _pages(db, {row["page"] for row in found})
    verdicts = _verdicts(db, {half for row in found for half in _halves(row)})
    undone = reversions.undone(db, (row["id"] for row in found if row["reverts"]))
    for row in found:
        said = _said(verdicts, row)
        item = _item(row, pages[row["page"]], said, in_force)
        if row["id"] in undone:
            item = reversions.told(item, undone[row["id"]], row, in_force)
        yield row, item, said


def _said(verdicts: dict[str, list[Row]], row: Row) -> list[Row]:
    """Return what people said of a change, oldest first; of a flap, what they said of either
    half."""
    if not row["flap"]:
        return verdicts.get(row["id"], [])
    said = (verdict for half in _halves(row) for verdict in verdicts.get(half, ()))
    return sorted(said, key=lambda verdict: str(verdict["at"]))


def _halves(row: Row) -> tuple[str, ...]:
    """Return the ids that people may have spoken of: of a flap, those of both halves."""
    return (row["reverts"], row["id"]) if row["flap"] else (row["id"],)


def _item(row: Row, page: Page, said: list[Row], in_force: rules.InForce) -> Told:
    change = rows.to_change(row)
    severity, why = rules.severity_of(in_force, change, page)
    first_seen = datetime.fromisoformat(row["first_seen"])
    seen_until = rows.instant(row["seen_until"])
    return Told(row["id"], page, change, severity, why, first_seen, seen_until, _status(said))


def _pages(db: Database, ids: Iterable[str]) -> dict[str, Page]:
    sql = "SELECT page.* FROM json_each(?) JOIN page ON page.id = json_each.value"
    return {row["id"]: rows.to_page(row) for row in select(db, sql, json.dumps(list(ids)))}


def _verdicts(db: Database, ids: Iterable[str]) -> dict[str, list[Row]]:
    """Return what people said of changes, oldest first."""
    sql = """SELECT follows, verdict, who, at, owner, ref, due, note
    FROM json_each(?) JOIN review ON review.follows = json_each.value ORDER BY at, review.rowid"""
    said: dict[str, list[Row]] = {}
    for row in select(db, sql, json.dumps(list(ids))):
        said.setdefault(row["follows"], []).append(row)
    return said

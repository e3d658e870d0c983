"""Questions of people → list of dicts, with the contract's keys, ready for JSON. Only reads."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime

from pipeline import report, rules, words
from pipeline.errors import NotFound
from pipeline.history import corrections, knowing, reversions, reviewing, rows
from pipeline.history.database import Database
from pipeline.history.reading import GOOD, disputed, select
from pipeline.history.rows import Row
from pipeline.model import SEVERITIES, Page, Told

_AT_LAST = datetime(9999, 12, 31, tzinfo=UTC)
_STATUS = {"accept": "accepted", "dismiss": "dismissed", "ask": "asked"}

CLAIMS = f"""
WITH sight AS (
    SELECT page.*, (SELECT captured_at FROM look WHERE look.page = page.id AND {GOOD} AND captured_at <= :at AND recorded_at <= :known_at
        ORDER BY captured_at DESC LIMIT 1) AS as_of FROM page
)
SELECT state.*, claim.id AS claim_id, sight.id AS page, sight.vendor, sight.product AS page_product, sight.as_of,
    sight.last_good_at, sight.failures,
    wording.text, wording.section, wording.line,
    (SELECT min(captured_at) FROM look WHERE look.page = sight.id AND {GOOD} AND recorded_at <= :known_at
        AND captured_at >= state.seen_since) AS since,
    (SELECT max(captured_at) FROM look WHERE look.page = sight.id AND {GOOD} AND recorded_at <= :known_at
        AND captured_at <= coalesce(state.seen_until, sight.last_good_at)) AS until,
    (SELECT min(captured_at) FROM look WHERE look.page = sight.id AND {GOOD} AND recorded_at <= :known_at
        AND captured_at >= state.first_absent) AS absent
FROM sight JOIN claim ON claim.page = sight.id
JOIN state ON state.claim = claim.id AND state.seen_since <= sight.as_of
    AND (state.first_absent IS NULL OR state.first_absent > sight.as_of)
JOIN wording ON wording.state = state.id
    AND wording.since = (SELECT max(since) FROM wording WHERE wording.state = state.id AND wording.since <= sight.as_of)
WHERE (:page IS NULL OR sight.id = :page) AND (:vendor IS NULL OR sight.vendor = :vendor COLLATE NOCASE)
    AND (:kind IS NULL OR state.kind = :kind) AND (claim.id IN (SELECT follows FROM review WHERE verdict = 'wrong') OR (
    (:stance IS NULL OR state.stance = :stance)
    AND (:product IS NULL OR state.subject = :product COLLATE NOCASE OR sight.product = :product COLLATE NOCASE)
    AND (:standard IS NULL OR state.standard = :standard OR state.standard_name = :standard COLLATE NOCASE
        OR EXISTS (SELECT 1 FROM json_each(state.standards) WHERE value = :standard))))
ORDER BY sight.id, wording.line IS NULL, wording.line, state.id
"""


def claims(
    db: Database,
    *,
    vendor: str | None = None,
    page: str | None = None,
    product: str | None = None,
    standard: str | None = None,
    service: str | None = None,
    kind: str | None = None,
    stance: str | None = None,
    at: datetime | None = None,
    known_at: datetime | None = None,
) -> list[Row]:
    """Return the claims that stand, or stood at `at`, or as was known at `known_at`; `as_of` is the good look that says so.

    `service` finds names that contain it, whatever their case. `seen_until` is the last good look with the claim as it is,
    `first_absent` the first one without; a page that cannot be read keeps its claims, unconfirmed since `seen_until`, and one
    that may have lost most of them at once keeps them too, `disputed_since` then.
    """
    found = select(
        db,
        CLAIMS,
        at=rows.text(at or _AT_LAST),
        known_at=rows.text(known_at or _AT_LAST),
        vendor=vendor,
        page=page,
        product=product,
        standard=standard,
        kind=kind,
        stance=stance,
    )
    said = corrections.load(db, known_at)
    if known_at is not None:
        others, older = knowing.claims(db, at or _AT_LAST, known_at)
        wanted = [
            row
            for row in older
            if page in (None, row["page"])
            and kind in (None, row["kind"])
            and _of(vendor, row["vendor"])
        ]
        found = sorted(
            (*(row for row in found if row["page"] not in others), *wanted),
            key=lambda row: str(row["page"]),
        )
    doubts = disputed(db, at, known_at)
    read = (corrections.applied(row, said) | {"disputed": doubts.get(row["page"])} for row in found)
    return [claim_row(row) for row in read if _asked(row, service, standard, stance, product)]


def _of(wanted: str | None, value: str | None) -> bool:
    return wanted is None or words.fold(wanted) == words.fold(value or "")


def _asked(
    row: Row, service: str | None, standard: str | None, stance: str | None, product: str | None
) -> bool:
    """Say whether a claim is one that was asked for; what a person corrected, the database could not choose."""
    if service and words.fold(service) not in words.fold(row["service"] or ""):
        return False
    names = {row["standard"], *json.loads(row["standards"])}
    named = (
        standard is None
        or standard in names
        or words.fold(standard) == words.fold(row["standard_name"] or "")
    )
    return (
        named
        and stance in (None, row["stance"])
        and (_of(product, row["subject"]) or _of(product, row["page_product"]))
    )


def claim_row(row: Row) -> Row:
    """Return a state with its wording and its interval as every listing of claims has it."""
    return {
        "id": row["claim_id"],
        "page": row["page"],
        "vendor": row["vendor"],
        **report.claim(rows.to_claim(row)),
        "seen_since": shown(row["since"]),
        "seen_until": shown(row["until"]),
        "first_absent": shown(row["absent"]),
        "as_of": shown(row["as_of"]),
        **({"disputed_since": shown(row["disputed"])} if row.get("disputed") else {}),
        **{name: row[name] for name in ("correction", "asks_again") if name in row},
    }


def changes(
    db: Database,
    *,
    vendor: str | None = None,
    page: str | None = None,
    standard: str | None = None,
    kind: str | None = None,
    severity: str | None = None,
    status: str | None = None,
    cause: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    rules: tuple[rules.Rule, ...] = (),
) -> list[Row]:
    """Return the changes, newest first; `since` and `until` mean `first_seen`, `severity` that one or above, by the rules in force."""
    sql = """SELECT change.* FROM change JOIN page ON page.id = change.page
    WHERE (:page IS NULL OR change.page = :page) AND (:vendor IS NULL OR page.vendor = :vendor COLLATE NOCASE)
    AND (:standard IS NULL OR change.standard = :standard OR change.standard_name = :standard COLLATE NOCASE)
    AND (:kind IS NULL OR change.kind = :kind) AND (:cause IS NULL OR change.cause = :cause)
    AND change.first_seen BETWEEN :since AND :until ORDER BY change.first_seen DESC, change.page, change.position, change.id"""
    found = select(
        db,
        sql,
        page=page,
        vendor=vendor,
        standard=standard,
        kind=kind,
        cause=cause,
        since=rows.text(since) if since else "",
        until=rows.text(until or _AT_LAST),
    )
    loud = SEVERITIES[: SEVERITIES.index(severity) + 1] if severity else SEVERITIES
    verdicts = _verdicts(db)
    found = reversions.folded(db, found)
    listed = (
        _change(row, item, verdicts)
        for row, item in zip(found, told(db, found, rules), strict=True)
        if item.severity in loud
    )
    return [row for row in listed if status in (None, row["status"])]


def _change(row: Row, item: Told, verdicts: dict[str, list[Row]]) -> Row:
    said = _said(verdicts, row)
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
        "owner": next((verdict["owner"] for verdict in reversed(said) if verdict["owner"]), None),
        "ref": next((verdict["ref"] for verdict in reversed(said) if verdict["ref"]), None),
        "notes": [verdict["note"] for verdict in said if verdict["note"]],
        "reviews": [{**verdict, "at": shown(verdict["at"])} for verdict in said],
    }


def told(
    db: Database, found: Iterable[Row], in_force: tuple[rules.Rule, ...] = ()
) -> tuple[Told, ...]:
    """Return rows of changes as a report tells them, in their order, each with the severity that the rules give it."""
    pages = {row["id"]: rows.to_page(row) for row in select(db, "SELECT * FROM page")}
    verdicts = _verdicts(db)
    found = list(found)
    undone = reversions.undone(db, (row["id"] for row in found if row["reverts"]))
    return tuple(
        _told(row, pages[row["page"]], _said(verdicts, row), in_force, undone.get(row["id"]))
        for row in found
    )


def _said(verdicts: dict[str, list[Row]], row: Row) -> list[Row]:
    """Return what people said of a change, oldest first; of a flap, what they said of either half."""
    halves = (row["reverts"], row["id"]) if row["flap"] else (row["id"],)
    said = (verdict for half in halves for verdict in verdicts.get(half, ()))
    return sorted(said, key=lambda verdict: str(verdict["at"]))


def _told(
    row: Row, page: Page, said: list[Row], in_force: tuple[rules.Rule, ...], undone: Row | None
) -> Told:
    change = rows.to_change(row)
    severity, why = rules.severity_of(in_force, change, page)
    first_seen = datetime.fromisoformat(row["first_seen"])
    status = next(
        (
            _STATUS[verdict["verdict"]]
            for verdict in reversed(said)
            if verdict["verdict"] in _STATUS
        ),
        "open",
    )
    item = Told(
        row["id"], page, change, severity, why, first_seen, rows.instant(row["seen_until"]), status
    )
    return reversions.told(item, undone, row, in_force) if undone else item


def _verdicts(db: Database) -> dict[str, list[Row]]:
    """Return what people said of each change, oldest first."""
    said: dict[str, list[Row]] = {}
    for row in select(
        db,
        "SELECT follows, verdict, who, at, owner, ref, note FROM review WHERE follows IS NOT NULL ORDER BY at, rowid",
    ):
        said.setdefault(row["follows"], []).append(row)
    return said


def history(db: Database, claim_id: str) -> list[Row]:
    """Return one claim's life: its states, oldest first, each with the changes that began and ended it."""
    claim_id = reviewing.current(db, claim_id)
    sql = """SELECT state.*, claim.id AS claim_id, page.id AS page, page.vendor, wording.text, wording.section, wording.line,
    wording.since AS worded_since, coalesce((SELECT min(since) FROM wording AS next WHERE next.state = state.id
        AND next.since > wording.since), state.first_absent) AS worded_until,
    coalesce(state.seen_until, page.last_good_at) AS until FROM claim
    JOIN page ON page.id = claim.page JOIN state ON state.claim = claim.id JOIN wording ON wording.state = state.id
    WHERE claim.id = ? ORDER BY state.seen_since, wording.since"""
    found = select(db, sql, claim_id)
    if not found:
        raise NotFound(f'no claim has the id "{claim_id}"; `claims` lists them')
    lives = select(
        db,
        "SELECT id, summary, severity, first_seen FROM change WHERE claim = ? ORDER BY first_seen, position",
        claim_id,
    )
    said = corrections.load(db)
    return [_life(corrections.applied(row, said), lives) for row in found]


def _life(row: Row, changes: list[Row]) -> Row:
    state = row | {"since": row["seen_since"], "absent": row["first_absent"], "as_of": row["until"]}
    began = [
        {name: change[name] for name in ("id", "summary", "severity")}
        for change in changes
        if change["first_seen"] == row["seen_since"]
    ]
    ended = [
        {name: change[name] for name in ("id", "summary", "severity")}
        for change in changes
        if change["first_seen"] == row["first_absent"]
    ]
    return claim_row(state) | {
        "worded_since": shown(row["worded_since"]),
        "worded_until": shown(row["worded_until"]),
        "began_with": began,
        "ended_with": ended,
    }


def status(db: Database) -> list[Row]:
    """Return the health of every page that is watched: its last looks, failures in a row, claims, and open changes."""
    instants = ("last_look_at", "last_good_at", "signed_off_at")
    found = select(db, "SELECT * FROM page_status WHERE watched ORDER BY page")
    return [{**row, **{name: shown(row[name]) for name in instants}} for row in found]


def reviews(db: Database) -> list[Row]:
    """Return the verdicts of people, newest first; `detached` says that a verdict matches nothing any more."""
    found = select(db, "SELECT * FROM review ORDER BY at DESC, rowid DESC")
    return [
        {
            **row,
            "at": shown(row["at"]),
            "about": json.loads(row["about"]),
            "detached": row["follows"] is None,
        }
        for row in found
    ]


def outbox(db: Database, status: str | None = None) -> list[Row]:
    """Return what was to be sent, oldest first: `waiting`, `failed` (to be tried again), `sent`."""
    return select(
        db,
        "SELECT * FROM delivery WHERE :status IS NULL OR status = :status ORDER BY at, id",
        status=status,
    )


def find(db: Database, shown_id: str) -> tuple[str, Row]:
    """Return what an id, or its first letters, names: `change`, `claim` or `page`, with its row; ids of before lead there too.

    Raise NotFound with the nearest ids, or with what an id said that names nothing any more.
    """
    if (found := _named(db, shown_id)) is not None:
        return found
    begun = {
        found[1]["id"]: found for old in _beginning(db, shown_id) if (found := _named(db, old))
    }
    if len(begun) == 1:
        return next(iter(begun.values()))
    if begun:
        raise NotFound(
            f'"{shown_id}" begins {len(begun)} ids: {", ".join(list(begun)[:5])}; give more letters'
        )
    raise NotFound(_unknown(db, shown_id))


def _named(db: Database, shown_id: str) -> tuple[str, Row] | None:
    now = reviewing.current(db, shown_id)
    for kind in ("change", "claim", "page"):
        for row in select(db, f"SELECT * FROM {kind} WHERE id = ?", now):
            return kind, row
    return None


def _unknown(db: Database, shown_id: str) -> str:
    for row in select(db, "SELECT * FROM gone WHERE id = ?", shown_id):
        said = f'"{shown_id}" was shown of {row["page"]}: {row["said"]}'
        return f"{said}; as its captures are read now, there is no such change or claim"
    near = _beginning(db, shown_id[:4])[:3] or [
        row["id"]
        for row in select(db, "SELECT id FROM change ORDER BY first_seen DESC, id LIMIT 3")
    ]
    there = f"; near it: {', '.join(near)}" if near else ""
    return f'no change, claim or page has the id "{shown_id}"{there}'


def _beginning(db: Database, letters: str) -> list[str]:
    """Return the ids of changes, claims and pages, and those of before, that begin with some letters."""
    sql = """SELECT id FROM (SELECT id, 1 AS place FROM change UNION ALL SELECT id, 2 FROM claim UNION ALL SELECT old, 3 FROM alias
    UNION ALL SELECT id, 4 FROM page) WHERE substr(id, 1, length(?1)) = ?1 AND ?1 <> '' ORDER BY place, id"""
    return [row["id"] for row in select(db, sql, letters)]


def shown(at: str | None) -> str | None:
    """Return a stored instant as JSON has it."""
    return at.replace("+00:00", "Z") if at else None

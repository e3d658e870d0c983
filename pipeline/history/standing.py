"""Claims that stand, or stood at a time, or as was known at one → rows, with the contract's keys,
ready for JSON. Only reads.

Of what is asked for, only what is given comes into the query:
"any page, or this one" is a question no index can answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TypedDict, Unpack

from pipeline import report, words
from pipeline.errors import NotFound
from pipeline.history import corrections, knowing, reviewing, rows
from pipeline.history.database import Database
from pipeline.history.reading import GOOD, disputed, select
from pipeline.history.rows import Row, shown

_AT_LAST = datetime(9999, 12, 31, tzinfo=UTC)


class Wanted(TypedDict, total=False):
    """Which claims are asked for; what is None or not there is not asked. `service` finds names
    that contain it."""

    vendor: str | None
    page: str | None
    product: str | None
    standard: str | None
    service: str | None
    kind: str | None
    stance: str | None


_SIGHT = """WITH sight AS MATERIALIZED (
    SELECT page.*, (SELECT captured_at FROM look WHERE look.page = page.id AND {seen}
    AND captured_at <= :at
        ORDER BY captured_at DESC LIMIT 1) AS as_of FROM page{of_pages}
)
SELECT {columns}, claim.id AS claim_id, sight.id AS page, sight.vendor,
    sight.product AS page_product, sight.as_of, sight.last_good_at, sight.failures,
    wording.text, wording.section, wording.line, {interval}
FROM sight JOIN claim ON claim.page = sight.id
JOIN state{index} ON state.claim = claim.id AND state.seen_since <= sight.as_of AND {stands}
JOIN wording ON wording.state = state.id
    AND wording.since = (SELECT max(since) FROM wording WHERE wording.state = state.id
    AND wording.since <= sight.as_of)
{of_claims} ORDER BY sight.id, wording.line IS NULL, wording.line, state.id"""

# What is known now needs no look: a state begins and ends with looks, which is how it came to be.
_NOW = """state.seen_since AS since, coalesce(state.seen_until, sight.last_good_at) AS until,
    state.first_absent AS absent"""
_KNOWN = f"{GOOD} AND recorded_at <= :known_at"
_THEN = f"""(SELECT min(captured_at) FROM look WHERE look.page = sight.id AND {_KNOWN}
AND captured_at >= state.seen_since) AS since,
    (SELECT max(captured_at) FROM look WHERE look.page = sight.id AND {_KNOWN}
        AND captured_at <= coalesce(state.seen_until, sight.last_good_at)) AS until,
    (SELECT min(captured_at) FROM look WHERE look.page = sight.id AND {_KNOWN}
    AND captured_at >= state.first_absent) AS absent"""
_STANDS = "state.first_absent IS NULL"
_STOOD = "(state.first_absent IS NULL OR state.first_absent > sight.as_of)"

_PAGES = {"page": "page.id = :page", "vendor": "page.vendor = :vendor COLLATE NOCASE"}
_READ = {
    "stance": "state.stance = :stance",
    "product": "(state.subject = :product COLLATE NOCASE OR sight.product = :product "
    "COLLATE NOCASE)",
    "standard": """(state.standard = :standard OR state.standard_name = :standard COLLATE NOCASE
        OR EXISTS (SELECT 1 FROM json_each(state.standards) WHERE value = :standard))""",
}
_CORRECTED = "claim.id IN (SELECT follows FROM review WHERE kind = 'claim' AND verdict = 'wrong')"


def claims(
    db: Database,
    *,
    at: datetime | None = None,
    known_at: datetime | None = None,
    **wanted: Unpack[Wanted],
) -> list[Row]:
    """Return the claims that stand, or stood at `at`, or as was known at `known_at`; `as_of` is
    the good look that says so.

    `service` finds names that contain it, whatever their case. `seen_until` is the last good look
    with the claim as it is, `first_absent` the first one without; a page that cannot be read keeps
    its claims, unconfirmed since `seen_until`, and one that may have lost most of them at once
    keeps them too, `disputed_since` then.
    """
    given = {name: value for name, value in wanted.items() if value is not None}
    found = select(
        db,
        _sql(given, now=at is None, known=known_at is not None),
        at=rows.text(at or _AT_LAST),
        known_at=rows.text(known_at or _AT_LAST),
        **given,
    )
    said = corrections.load(db, known_at)
    if known_at is not None:
        found = _by_earlier_readers(db, found, wanted, (at or _AT_LAST, known_at))
    doubts = disputed(db, at, known_at, wanted.get("page"))
    listed = []
    for row in found:
        read = corrections.applied(row, said)
        if _asked(read, wanted):
            listed.append(claim_row(read, doubts.get(row["page"])))
    return listed


def _sql(given: Iterable[str], *, now: bool, known: bool) -> str:
    """Return the query for what is asked: of now, of then, or of what was known then."""
    read = [_READ[name] for name in _READ if name in given]
    # A claim is of one kind for as long as it lives.
    of_claims = ["state.kind = :kind AND claim.kind = :kind"] if "kind" in given else []
    # What a person corrected, the database cannot choose by.
    of_claims += [f"({_CORRECTED} OR ({' AND '.join(read)}))"] if read else []
    return _SIGHT.format(
        columns="state.*",
        index="",
        seen=_KNOWN if known else GOOD,
        of_pages=where(_PAGES[name] for name in _PAGES if name in given),
        interval=_THEN if known else _NOW,
        stands=_STANDS if now and not known else _STOOD,
        of_claims=where(of_claims),
    )


_BRIEF = (
    *("kind", "subject", "standard", "standard_name", "edition", "level", "stance", "basis"),
    *("valid", "service", "scope", "group", "condition", "alias", "authority", "assessor"),
    *("cadence", "name", "document", "purpose", "location"),
)
_TOGETHER = "claim.kind IN ('standard', 'service', 'product')"


def brief(
    db: Database,
    *,
    at: datetime | None = None,
    vendor: str | None = None,
    page: str | None = None,
) -> list[Row]:
    """Return what stands, or stood at `at`, of standards, services and products, as `claims` does
    and in its order, but with no more columns than the matrix and the findings need: they ask for
    those of all vendors at once.
    """
    given = {
        name: value for name, value in (("vendor", vendor), ("page", page)) if value is not None
    }
    columns = ", ".join(f'state."{name}"' for name in (*_BRIEF, "members"))
    sql = _SIGHT.format(
        columns=columns,
        # Each claim has one state that stands, and may have had hundreds.
        index=" INDEXED BY state_open" if at is None else "",
        seen=GOOD,
        of_pages=where(_PAGES[name] for name in given),
        interval=_NOW,
        stands=_STANDS if at is None else _STOOD,
        of_claims=where((_TOGETHER,)),
    )
    said = corrections.load(db)
    found = select(db, sql, at=rows.text(at or _AT_LAST), **given)
    return [_brief_row(corrections.applied(row, said)) for row in found]


def _brief_row(row: Row) -> Row:
    """Return a row of `brief` under the names that `claims` has."""
    listed: Row = row | {
        "id": row["claim_id"],
        "members": rows.unlisted(row["members"] or "[]"),
        "section": rows.unlisted(row["section"]),
        "seen_since": shown(row["since"]),
        "seen_until": shown(row["until"]),
        "first_absent": shown(row["absent"]),
        "as_of": shown(row["as_of"]),
    }
    return listed


def where(conditions: Iterable[str]) -> str:
    """Return the clause that asks for all of some conditions; empty for none."""
    joined = " AND ".join(conditions)
    return f" WHERE {joined}" if joined else ""


def _by_earlier_readers(
    db: Database, found: list[Row], wanted: Wanted, when: tuple[datetime, datetime]
) -> list[Row]:
    """Return the claims with those of pages that another reader read then as that one read them."""
    others, older = knowing.claims(db, *when)
    page, kind = wanted.get("page"), wanted.get("kind")
    theirs = [
        row
        for row in older
        if page in (None, row["page"])
        and kind in (None, row["kind"])
        and _of(wanted.get("vendor"), row["vendor"])
    ]
    ours = (row for row in found if row["page"] not in others)
    return sorted((*ours, *theirs), key=lambda row: str(row["page"]))


def _of(wanted: str | None, value: str | None) -> bool:
    return wanted is None or words.fold(wanted) == words.fold(value or "")


def _asked(row: Row, wanted: Wanted) -> bool:
    """Say whether a claim is one that was asked for; what a person corrected, the database could
    not choose."""
    service, product = wanted.get("service"), wanted.get("product")
    if service and words.fold(service) not in words.fold(row["service"] or ""):
        return False
    if wanted.get("stance") not in (None, row["stance"]):
        return False
    return _about(row, wanted.get("standard")) and (
        _of(product, row["subject"]) or _of(product, row["page_product"])
    )


def _about(row: Row, standard: str | None) -> bool:
    return (
        standard is None
        or standard == row["standard"]
        or standard in json.loads(row["standards"])
        or _of(standard, row["standard_name"])
    )


def claim_row(row: Row, disputed: str | None = None) -> Row:
    """Return a state with its wording and its interval as every listing of claims has it."""
    listed = {
        "id": row["claim_id"],
        "page": row["page"],
        "vendor": row["vendor"],
        **report.claim(rows.to_claim(row)),
        "seen_since": shown(row["since"]),
        "seen_until": shown(row["until"]),
        "first_absent": shown(row["absent"]),
        "as_of": shown(row["as_of"]),
    }
    if disputed:
        listed["disputed_since"] = shown(disputed)
    for name in ("correction", "asks_again"):
        if name in row:
            listed[name] = row[name]
    return listed


# --------------------------------------------------------------------------- one claim's life


_LIFE = """SELECT state.*, claim.id AS claim_id, page.id AS page, page.vendor, wording.text,
wording.section, wording.line, wording.since AS worded_since,
coalesce((SELECT min(since) FROM wording AS next WHERE next.state = state.id
    AND next.since > wording.since), state.first_absent) AS worded_until,
coalesce(state.seen_until, page.last_good_at) AS until FROM claim
JOIN page ON page.id = claim.page JOIN state ON state.claim = claim.id
JOIN wording ON wording.state = state.id
WHERE claim.id = ? ORDER BY state.seen_since, wording.since"""
_ITS_CHANGES = """SELECT id, summary, severity, first_seen FROM change WHERE claim = ?
ORDER BY first_seen, position"""


def history(db: Database, claim_id: str) -> list[Row]:
    """Return one claim's life: its states, oldest first, each with the changes that began and
    ended it."""
    claim_id = reviewing.current(db, claim_id)
    found = select(db, _LIFE, claim_id)
    if not found:
        raise NotFound(f'no claim has the id "{claim_id}"; `claims` lists them')
    changes = select(db, _ITS_CHANGES, claim_id)
    said = corrections.load(db)
    return [_life(corrections.applied(row, said), changes) for row in found]


def _life(row: Row, changes: list[Row]) -> Row:
    state = row | {"since": row["seen_since"], "absent": row["first_absent"], "as_of": row["until"]}
    return claim_row(state) | {
        "worded_since": shown(row["worded_since"]),
        "worded_until": shown(row["worded_until"]),
        "began_with": _at(row["seen_since"], changes),
        "ended_with": _at(row["first_absent"], changes),
    }


def _at(time: str | None, changes: list[Row]) -> list[Row]:
    return [
        {name: change[name] for name in ("id", "summary", "severity")}
        for change in changes
        if change["first_seen"] == time
    ]

"""One vendor, as of a date → everything that somebody who signs for it has to see,
ready for a report. Only reads.
"""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from pipeline import rules, words
from pipeline.errors import NotFound
from pipeline.history import changing, corrections, facts, lost, reading, rows, standing, together
from pipeline.history.database import Database
from pipeline.history.rows import Row, shown
from pipeline.history.values import When
from pipeline.history.views import SIGNED_OFF
from pipeline.model import ALERTING
from pipeline.standards import Catalogue

_CAPTURE = f"""SELECT captured_at, recorded_at, origin, url, status, digest, revision FROM look
WHERE page = ? AND {reading.GOOD}
AND captured_at <= ? ORDER BY captured_at DESC, digest DESC LIMIT 1"""
_LOOKS = f"""SELECT captured_at, {reading.GOOD} AS good, fault, reason FROM look WHERE page = ?
AND captured_at <= ?
ORDER BY captured_at, coalesce(digest, ''), id"""
_SIGNED = f"""SELECT page.id AS page, review.who, review.at, review.note FROM page
JOIN review ON review.rowid =
    (SELECT review.rowid {SIGNED_OFF} AND at <= ? ORDER BY at DESC, review.rowid DESC LIMIT 1)
    WHERE page.id = ?"""


def profile(
    db: Database,
    catalogue: Catalogue,
    vendor: str,
    when: When,
    in_force: rules.InForce = (),
) -> Row:
    """Return a vendor's claims as of a date, what changed before it and
    who reviewed that, and what is open.

    Raise NotFound with the vendors there are where no page is of that one.
    """
    pages = _pages(db, vendor)
    as_of, since = when.as_of, when.since
    claims = standing.claims(db, vendor=vendor, at=when.at)
    changes = changing.changes(db, vendor=vendor, since=since, until=as_of, rules=in_force)
    held = [row for row in claims if row["kind"] == "standard" and corrections.counts(row)]
    return {
        "vendor": pages[0]["vendor"],
        "at": shown(rows.text(as_of)),
        "since": shown(rows.text(since)) if since else None,
        "made_at": shown(rows.text(when.now)),
        "pages": [_page(db, page, as_of) for page in pages],
        "heads": dict(facts.named_heads(db)),
        "claims": [claim for claim in claims if corrections.counts(claim)],
        "no_longer_claimed": lost.no_longer_claimed(db, held, at=as_of, vendor=vendor),
        "not_claims": [claim for claim in claims if not corrections.counts(claim)],
        **_happened(changes),
        "asks_again": [claim for claim in claims if "asks_again" in claim],
        "findings": together.findings(claims, catalogue, as_of.date()),
        "unobserved": [gap for page in pages for gap in _unobserved(db, page["id"], as_of)],
    }


def _pages(db: Database, vendor: str) -> list[Row]:
    pages = reading.select(
        db, "SELECT * FROM page WHERE vendor = ? COLLATE NOCASE ORDER BY id", vendor
    )
    if not pages:
        sql = "SELECT DISTINCT vendor FROM page WHERE vendor IS NOT NULL ORDER BY vendor"
        names = [row["vendor"] for row in reading.select(db, sql)]
        near = ", ".join(words.nearest(vendor, names) or names[:5]) or "none"
        raise NotFound(f'no page is of a vendor "{vendor}"; there are {near}')
    return pages


def _happened(changes: list[Row]) -> Row:
    """Return what changed, how much of it was our re-reading, and what of it nobody settled yet."""
    return {
        "changes": [change for change in changes if change["cause"] in ("page", "backfill")],
        "rereadings": sum(change["cause"] in ("reader", "config") for change in changes),
        "open": [
            change
            for change in changes
            if change["status"] in ("open", "asked") and _matters(change)
        ],
    }


def _matters(change: Row) -> bool:
    return change["severity"] in ALERTING and change["cause"] in ("page", "backfill")


def _page(db: Database, page: Row, at: datetime) -> Row:
    capture = next(iter(reading.select(db, _CAPTURE, page["id"], rows.text(at))), None)
    signed = next(iter(reading.select(db, _SIGNED, rows.text(at), page["id"])), None)
    if capture is not None:
        capture |= {name: shown(capture[name]) for name in ("captured_at", "recorded_at")}
    if signed is not None:
        signed["at"] = shown(signed["at"])
    return {
        "id": page["id"],
        "url": page["url"],
        "product": page["product"],
        "capture": capture,
        "signed_off": signed,
    }


def _unobserved(db: Database, page_id: str, at: datetime) -> list[Row]:
    """Return the stretches in which a page could not be read:
    the good looks around them, and why.
    """
    found: list[Row] = []
    last_good: str | None = None
    for good, looks in groupby(
        reading.select(db, _LOOKS, page_id, rows.text(at)), lambda look: bool(look["good"])
    ):
        stretch = list(looks)
        if good:
            if found and found[-1]["until"] is None:
                found[-1]["until"] = shown(stretch[0]["captured_at"])
            last_good = stretch[-1]["captured_at"]
            continue
        reasons = list(dict.fromkeys(look["reason"] or look["fault"] for look in stretch))
        found.append(
            {
                "page": page_id,
                "since": shown(last_good),
                "until": None,
                "looks": len(stretch),
                "reasons": reasons,
            }
        )
    return found

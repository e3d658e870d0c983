"""Claims of all pages → a row for each holder and standard, blank ones too, each saying how old it is or why it is blank."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from pipeline.history import corrections, planned, queries, reading, rows, together
from pipeline.history.rows import Row
from pipeline.standards import Catalogue

KEPT = (
    *(
        "vendor",
        "subject",
        "page",
        "standard",
        "standard_name",
        "edition",
        "level",
        "stance",
        "seen_since",
        "seen_until",
        "as_of",
    ),
    *("valid", "id", "text"),
)
_PERIOD = re.compile(r"\S\s+(?:[–—-]|to|through|till|until|and)\s+\S.*\d{4}|\w[–—]\w.*\d{4}")
_GONE = """SELECT page.vendor, state.subject, state.standard, max(state.first_absent) AS absent FROM state
JOIN claim ON claim.id = state.claim JOIN page ON page.id = claim.page
WHERE state.kind = 'standard' AND state.first_absent IS NOT NULL AND state.first_absent <= ? GROUP BY 1, 2, 3"""


def findings(
    db: Database,
    catalogue: Catalogue,
    *,
    now: datetime,
    at: datetime | None = None,
    vendor: str | None = None,
    page: str | None = None,
) -> list[Row]:
    """Return what the pages say together, now or as of a date; those of one vendor, or one page by itself, where that is asked."""
    return together.findings(
        queries.claims(db, at=at, vendor=vendor, page=page), catalogue, (at or now).date()
    )


def matrix(
    db: Database,
    catalogue: Catalogue,
    *,
    now: datetime,
    at: datetime | None = None,
    vendor: str | None = None,
    zone: str = "UTC",
) -> list[Row]:
    """Return a row for each claim of a standard, and one for each standard that a holder says nothing of, with its reason.

    `flags` are the findings that a claim is part of; `age_days` counts from the last good look to `at`, or to now, and
    `days_left` from then to the end of the validity that the page prints.
    """
    found = queries.claims(db, at=at, vendor=vendor)
    said = defaultdict(list)
    for finding in together.findings(found, catalogue, (at or now).date()):
        for text in finding["texts"]:
            said[text["claim"]].append(finding)
    standards = [row for row in found if row["kind"] == "standard"]
    told = [_row(row, said[row["id"]], at or now) for row in standards if corrections.counts(row)]
    wrong = [row for row in standards if not corrections.counts(row)]
    return told + _blanks(db, standards, wrong, at or now, ZoneInfo(zone))


def _row(row: Row, flags: list[Row], now: datetime) -> Row:
    more = {"correction": row["correction"]} if "correction" in row else {}
    told = {name: row.get(name) for name in KEPT}
    return told | {
        "age_days": _age(row["as_of"], now),
        "days_left": _left(row, now),
        "why": None,
        "flags": flags,
        **more,
    }


def _left(row: Row, now: datetime) -> int | None:
    """Return the days until a printed validity ends, negative when it has; None for a span of time or a report's period."""
    valid = row.get("valid")
    # "1 March 2025 to 28 February 2028" is until when a certificate is valid, and what a report looked back on.
    past = valid and _PERIOD.search(valid) and row.get("basis") != "certified"
    ends = planned.last_day(valid) if valid and not past else None
    return (ends - now.date()).days if ends else None


def _age(as_of: str | None, now: datetime) -> int | None:
    return max(0, (now - datetime.fromisoformat(as_of)).days) if as_of else None


def _blanks(
    db: Database, standards: list[Row], wrong: list[Row], now: datetime, zone: ZoneInfo
) -> list[Row]:
    holders: dict[tuple[str | None, str | None], list[Row]] = defaultdict(list)
    names: dict[str, str | None] = {}
    for row in standards:
        holders[row["vendor"], row["subject"]].append(row)
        names.setdefault(row["standard"], row["standard_name"])
    gone = {
        (row["vendor"], row["subject"], row["standard"]): row["absent"]
        for row in reading.select(db, _GONE, rows.text(now))
    }
    misread = {(row["vendor"], row["subject"], row["standard"]): row["correction"] for row in wrong}
    unread = _unread(db)
    blanks = []
    for (vendor, subject), theirs in holders.items():
        have = {row["standard"] for row in theirs if corrections.counts(row)}
        as_of = min(row["as_of"] for row in theirs)
        for standard in names.keys() - have:
            place = (vendor, subject, standard)
            why = _why(misread.get(place), gone.get(place), unread.get(vendor or "", ()), zone)
            blank = {
                "vendor": vendor,
                "subject": subject,
                "standard": standard,
                "standard_name": names[standard],
                "as_of": as_of,
            }
            blanks.append(
                dict.fromkeys(KEPT)
                | blank
                | {"age_days": _age(as_of, now), "days_left": None, "why": why, "flags": []}
            )
    return sorted(
        blanks, key=lambda row: (row["vendor"] or "", row["subject"] or "", row["standard"])
    )


def _unread(db: Database) -> dict[str, tuple[str, ...]]:
    """Return the pages of each vendor that were never read well, or not since their last look."""
    found: dict[str, tuple[str, ...]] = {}
    sql = "SELECT id, coalesce(vendor, '') AS vendor, last_good_at, failures FROM page WHERE watched AND (last_good_at IS NULL OR failures)"
    for row in reading.select(db, sql):
        since = (
            f"not read since {row['last_good_at'][:10]}"
            if row["last_good_at"]
            else "never read well"
        )
        found[row["vendor"]] = (*found.get(row["vendor"], ()), f"{row['id']} was {since}")
    return found


def _why(misread: Row | None, gone: str | None, unread: tuple[str, ...], zone: ZoneInfo) -> str:
    if misread is not None:
        return (
            f"our reading was marked wrong by {misread['by'] or 'somebody'} on {misread['at'][:10]}"
        )
    if gone is not None:
        return f"no longer claimed; first absent {datetime.fromisoformat(gone).astimezone(zone):%Y-%m-%d}"
    return "; ".join(("no page says so", *unread))

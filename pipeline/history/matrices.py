"""Claims of all pages → a row for each holder and standard, blank ones too,
each saying how old it is or why it is blank.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.history import corrections, lost, reading, standing, together
from pipeline.history.database import Database
from pipeline.history.rows import Row
from pipeline.history.values import When
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
        "first_absent",
        "as_of",
    ),
    *("valid", "id", "text"),
)
LAST = ("page", "id", "text", "seen_since", "seen_until", "first_absent", "as_of")
"""What a cell of which nothing is claimed any more has of the last claim."""
Reasons = tuple[str, ...]
_NO_LONGER = {"planned": "no longer planned", "not_claimed": "no longer denied"}


class Held:
    """What stands, what was marked as read wrong, what is gone, and the pages that were not read:
    why a cell is blank.
    """

    def __init__(
        self, standards: list[Row], wrong: list[Row], gone: list[Row], unread: dict[str, Reasons]
    ) -> None:
        self.standards, self.gone = standards, gone
        self._wrong = {lost.place(row): row["correction"] for row in wrong}
        self._gone = {lost.place(row): row for row in gone}
        self._unread = unread

    def reason(self, place: lost.Place, zone: ZoneInfo) -> Row:
        """Return the columns of a blank cell that say why it is blank, and of which claim."""
        if mark := self._wrong.get(place):
            said = (
                f"our reading was marked wrong by {mark['by'] or 'somebody'} on {mark['at'][:10]}"
            )
            return {"why": said, "flags": []}
        if gone := self._gone.get(place):
            return {name: gone[name] for name in LAST} | {
                "why": _no_longer(gone, zone),
                "flags": [],
            }
        unread = self._unread.get(place[0] or "", ())
        return {"why": "; ".join(("no page says so", *unread)), "flags": []}


def _no_longer(gone: Row, zone: ZoneInfo) -> str:
    absent, seen = (
        f"{datetime.fromisoformat(gone[name]).astimezone(zone):%Y-%m-%d}"
        for name in ("first_absent", "seen_until")
    )
    claimed = _NO_LONGER.get(gone["stance"], "no longer claimed")
    return f"{claimed} since {absent}; last seen {seen}"


def findings(
    db: Database,
    catalogue: Catalogue,
    when: When,
    *,
    vendor: str | None = None,
    page: str | None = None,
) -> list[Row]:
    """Return what the pages say together, now or as of a date; those of one vendor,
    or one page by itself, where that is asked.
    """
    claims = standing.brief(db, at=when.at, vendor=vendor, page=page)
    return together.findings(claims, catalogue, when.as_of.date())


def matrix(db: Database, catalogue: Catalogue, when: When, *, zone: str = "UTC") -> list[Row]:
    """Return a row for each claim of a standard, and one for each standard
    that a holder says nothing of, with its reason.

    Vendors, subjects and standards of which nothing is claimed any more keep theirs: `why` says
    since when, and `id` and `text` which claim it was. `flags` are the findings that a claim is
    part of; `age_days` counts from the last good look to that time, and `days_left` from then
    to the end of the validity that the page prints.
    """
    return overview(db, catalogue, when, zone=zone)[0]


def overview(
    db: Database,
    catalogue: Catalogue,
    when: When,
    *,
    zone: str = "UTC",
) -> tuple[list[Row], list[Row]]:
    """Return what `matrix` and what `findings` return, of one reading of the claims."""
    found, as_of = standing.brief(db, at=when.at), when.as_of
    findings = together.findings(found, catalogue, as_of.date())
    said = defaultdict(list)
    for finding in findings:
        for text in finding["texts"]:
            said[text["claim"]].append(finding)
    standards = [row for row in found if row["kind"] == "standard"]
    told = [
        _row(row, said[row["id"]], catalogue, as_of) for row in standards if corrections.counts(row)
    ]
    wrong = [row for row in standards if not corrections.counts(row)]
    gone = lost.no_longer_claimed(db, filter(corrections.counts, standards), at=as_of)
    held = Held(standards, wrong, gone, _unread(db))
    return told + _blanks(held, as_of, ZoneInfo(zone)), findings


def _row(row: Row, flags: list[Row], catalogue: Catalogue, now: datetime) -> Row:
    more = {"correction": row["correction"]} if "correction" in row else {}
    told = {name: row[name] for name in KEPT}
    return told | {
        "age_days": _age(row["as_of"], now),
        "days_left": _left(row, catalogue, now),
        "why": None,
        "flags": flags,
        **more,
    }


def _left(row: Row, catalogue: Catalogue, now: datetime) -> int | None:
    """Return the days until a printed validity ends, negative when it has.

    None for a span of time or a report's period.
    """
    ends = together.valid_until(row, catalogue)
    return (ends - now.date()).days if ends else None


def _age(as_of: str | None, now: datetime) -> int | None:
    return max(0, (now - datetime.fromisoformat(as_of)).days) if as_of else None


def _blanks(held: Held, now: datetime, zone: ZoneInfo) -> list[Row]:
    """Return a row for each holder and standard without a claim, by vendor,
    subject and standard.
    """
    holders: dict[tuple[str | None, str | None], list[Row]] = defaultdict(list)
    names: dict[str, str | None] = {}
    for row in (*held.standards, *held.gone):
        holders[row["vendor"], row["subject"]].append(row)
        names.setdefault(row["standard"], row["standard_name"])
    have = {lost.place(row) for row in held.standards if corrections.counts(row)}
    blanks = []
    for (vendor, subject), theirs in holders.items():
        as_of = min(row["as_of"] for row in theirs)
        for standard in (name for name in names if (vendor, subject, name) not in have):
            named = {"standard": standard, "standard_name": names[standard], "as_of": as_of}
            blank = dict.fromkeys(KEPT) | {"vendor": vendor, "subject": subject, **named}
            blank |= held.reason((vendor, subject, standard), zone)
            blanks.append(blank | {"age_days": _age(blank["as_of"], now), "days_left": None})
    return sorted(
        blanks, key=lambda row: (row["vendor"] or "", row["subject"] or "", row["standard"])
    )


def _unread(db: Database) -> dict[str, Reasons]:
    """Return the pages of each vendor that were never read well, or not since their last look."""
    found: dict[str, Reasons] = {}
    sql = (
        "SELECT id, coalesce(vendor, '') AS vendor, last_good_at, "
        "failures FROM page WHERE watched AND (last_good_at IS NULL OR failures)"
    )
    for row in reading.select(db, sql):
        since = (
            f"not read since {row['last_good_at'][:10]}"
            if row["last_good_at"]
            else "never read well"
        )
        found[row["vendor"]] = (*found.get(row["vendor"], ()), f"{row['id']} was {since}")
    return found

"""Looks and messages → which pages could not be read, since when, and who was told so.

Only reads; decides who is told nothing.

An outage is a row of live looks without a good one. It follows from the looks as they are judged
now and from what was sent, never from how a page stood before a run: a run that died in the middle
has changed nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from pipeline.history import rows
from pipeline.history.database import Database
from pipeline.history.reading import GOOD, select
from pipeline.history.rows import Row
from pipeline.history.running import UNCLOSED
from pipeline.model import Doubt, Notice, Outage, Situation, Standing

# From the last good look before the first that no closed run answers for:
# what lies before it is settled and told.
_LOOKS = f"""
WITH unclosed AS ({UNCLOSED}),
fresh AS (SELECT page, min(captured_at) AS at FROM look WHERE origin = 'live' AND run IN unclosed
GROUP BY page), opening AS (
    SELECT page.id AS page, (SELECT max(captured_at) FROM look WHERE look.page = page.id
    AND origin = 'live' AND {GOOD}
        AND captured_at < coalesce(fresh.at, '9999')) AS at
    FROM page LEFT JOIN fresh ON fresh.page = page.id WHERE page.watched
)
SELECT look.page, look.captured_at, look.{GOOD} AS good, look.result, look.fault, look.reason,
    look.digest, coalesce(look.run IN unclosed, 0) AS fresh
FROM opening JOIN look ON look.page = opening.page AND look.captured_at >= coalesce(opening.at, '')
WHERE look.origin = 'live' ORDER BY look.page, look.captured_at, look.line_end
"""
_NOTICES = """
SELECT notice.recipient, notice.kind, notice.page, notice.looks, notice.last_good_at,
    coalesce(notice.since, (SELECT min(captured_at) FROM look WHERE look.page = notice.page
    AND origin = 'live'
        AND captured_at > coalesce(notice.last_good_at, ''))) AS since
FROM notice JOIN page ON page.id = notice.page WHERE page.watched ORDER BY notice.rowid
"""


def situation(db: Database) -> Situation:
    """Return how the watched pages stand, the outages that are open or in part untold,
    and what was told of any.
    """
    pages = {row["id"]: row for row in select(db, "SELECT * FROM page WHERE watched ORDER BY id")}
    standing = tuple(
        Standing(rows.to_page(row), rows.instant(row["last_good_at"])) for row in pages.values()
    )
    outages: list[Outage] = []
    for page_id, looks in groupby(select(db, _LOOKS), key=lambda look: str(look["page"])):
        outages += _outages(pages[page_id], list(looks))
    return Situation(standing, tuple(outages), tuple(map(_notice, _noticed(db))))


def _noticed(db: Database) -> Iterator[Row]:
    return (row for row in select(db, _NOTICES) if row["since"])


def _notice(row: Row) -> Notice:
    since, last_good_at = datetime.fromisoformat(row["since"]), rows.instant(row["last_good_at"])
    return Notice(row["recipient"], row["kind"], row["page"], since, row["looks"], last_good_at)


def _outages(page: Row, looks: list[Row]) -> Iterator[Outage]:
    """Yield the outages of a page among its looks, oldest first."""
    good: Row | None = None
    for was_good, found in groupby(looks, key=lambda look: bool(look["good"])):
        row = list(found)
        if was_good:
            good = row[-1]
        else:
            yield _outage(page, row, good, over=row[-1] is not looks[-1])


def _outage(page: Row, looks: list[Row], good: Row | None, *, over: bool) -> Outage:
    since, last = looks[0]["captured_at"], looks[-1]
    before = page["last_good_at"] if (page["last_good_at"] or "") < since else None
    held = "held back: " if last["result"] == "held back" else ""
    return Outage(
        rows.to_page(page),
        datetime.fromisoformat(since),
        len(looks),
        f"{held}{last['reason']}",
        rows.instant(good["captured_at"] if good else before),
        _doubt(looks, (good["digest"] if good else None) or page["last_good_digest"]),
        sum(look["fresh"] for look in looks),
        over,
    )


def _doubt(looks: list[Row], good: str | None) -> Doubt | None:
    for number, look in enumerate(looks, 1):
        if look["fault"] == "mass-change" and good:
            return Doubt(number, look["reason"], (good, look["digest"]))
    return None

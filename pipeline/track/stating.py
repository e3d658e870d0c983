"""A vendor and a period → what the record says of both: no change, or which,
and how far that can be relied on.

Every look is held against its line in the page's journal, every capture against its SHA-256.
What does not reconcile is named, and then nothing is stated. Only reads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from pipeline import history
from pipeline.archive import Archive, Line
from pipeline.config import Config
from pipeline.errors import ArchiveError, NotFound
from pipeline.history import Database
from pipeline.model import Statement, Watched
from pipeline.track import fitting

Row = dict[str, Any]
GOOD = ("first", "unchanged", "changed")
ASIDE = ("wording", "metadata")
"""Kinds of changes that touch no claim."""
GAP = timedelta(days=35)
"""So long without a good look says something of a statement:
pages are looked at once a month at least.
"""


@dataclass(frozen=True, slots=True)
class Period:
    """From when to when; `since` is None for the first look at any of the pages."""

    since: datetime | None
    until: datetime


def statement(
    config: Config, db: Database, vendor: str, period: Period, *, made_at: datetime
) -> Statement:
    """Return the statement on a vendor.

    Raise NotFound where none of its pages was ever looked at by then.
    """
    until = min(period.until, made_at)
    ids = history.pages_of(db, vendor)
    looks = [look for one in ids for look in history.looks(db, page=one["id"], until=until)]
    if not looks:
        raise NotFound(f"no page of {vendor} was looked at by then: nothing can be stated")
    since = period.since or min(_at(look) for look in looks)
    archive = Archive(config.snapshots)
    torn = tuple(archive.unmet())
    record = _Record(archive, db, torn)
    pages = tuple(
        record.page(one, [look for look in looks if look["page"] == one["id"]], since, until)
        for one in ids
    )
    found = history.changes(db, vendor=vendor, since=since, until=until, rules=config.in_force)
    theirs = [row for row in found if row["cause"] in ("page", "backfill")]
    claims = tuple(row for row in theirs if row["kind"] not in ASIDE)
    problems = tuple(said for page in pages for said in page.problems)
    verdict = "unknown" if problems else "changed" if claims else "unchanged"
    return Statement(
        vendor,
        since,
        until,
        made_at,
        verdict,
        pages,
        claims,
        len(theirs) - len(claims),
        len(found) - len(theirs),
        problems,
        tuple(said for page in pages for said in _limits(page, since, until)),
        dict(history.named_heads(db)).get("journal.jsonl"),
    )


@dataclass(frozen=True, slots=True)
class _Record:
    """The journals and the database, page by page."""

    archive: Archive
    db: Database
    unmet: tuple[str, ...]

    def page(self, page: Row, looks: Sequence[Row], since: datetime, until: datetime) -> Watched:
        """Return a page over the period.

        `looks` are all until its end, in the order of their times.
        """
        within = [look for look in looks if _at(look) >= since]
        good = [_at(look) for look in looks if look["result"] in GOOD]
        known = [at for at in good if at <= since]
        lines = list(self.archive.examined(page["id"]))
        numbered = [(number, line) for number, (line, _) in enumerate(lines, 1) if line]
        last = [one for one in numbered if _captured(one[1]) <= until][-1:]
        digests = {look["digest"] for look in within if look["digest"]}
        problems = (
            *self._unfit(page["id"], [said for _, said in lines if said]),
            *self._unlike(page["id"], numbered, until),
            *self._untold(within),
            *self._damaged(page["id"], sorted(digests)),
        )
        return Watched(
            page["id"],
            page["url"],
            len(within),
            tuple(sorted(Counter(look["result"] for look in within).items())),
            known[-1] if known else None,
            _at(within[0]) if within else None,
            _at(within[-1]) if within else None,
            good[-1] if good else None,
            _gap([*known[-1:], *(at for at in good if at > since)], since, until),
            len(digests),
            last[0][0] if last else 0,
            last[0][1].chain if last else "",
            tuple(dict.fromkeys(problems)),
        )

    def _unfit(self, page_id: str, broken: Sequence[str]) -> Iterator[str]:
        """Yield how the journal as a whole is not the one that was copied, or its chain breaks."""
        yield from broken
        for say in (fitting.misfit, fitting.lacking):
            if said := say(self.archive, self.db, page_id):
                yield said
        path = f"{self.archive.path(page_id)}:"
        yield from (said for said in self.unmet if said.startswith(path))

    def _unlike(
        self, page_id: str, numbered: Sequence[tuple[int, Line]], until: datetime
    ) -> Iterator[str]:
        """Yield each look that the journal and the database do not both have, alike."""
        rows = history.look_rows(self.db, page_id)
        for number, line in numbered:
            row = rows.pop(line.end, None)
            if _captured(line) > until:
                continue
            look = f"{page_id}: the look of {line.facts['captured_at']} (line {number})"
            if row is None:
                yield f"{look} is missing from the database; `claimwatch rebuild` makes it again"
            elif differs := history.differences(row, line.facts):
                yield f"{look} has another {', '.join(differs)} in the database"
        for row in rows.values():
            if _stored(row["captured_at"]) <= until:
                yield f"{page_id}: no line of the journal has the look of {row['captured_at']}"

    def _untold(self, looks: Sequence[Row]) -> Iterator[str]:
        """Yield each look that found changes of which none is left."""
        for look in looks:
            if look["result"] == "changed" and not history.has_changes(self.db, look):
                where = f"{look['page']}: what the look of {look['captured_at']} changed"
                yield f"{where} is missing from the database; `claimwatch rebuild` makes it again"

    def _damaged(self, page_id: str, digests: Sequence[str]) -> Iterator[str]:
        for digest in digests:
            try:
                self.archive.body(digest, page_id)
            except ArchiveError as error:
                yield str(error)


def _limits(page: Watched, since: datetime, until: datetime) -> Iterator[str]:
    """Yield what was not seen of a page."""
    if page.last_good_at is None:
        yield f"{page.page}: was never read well; nothing is stated of it"
        return
    if page.known_at is None and page.first_at is not None:
        yield f"{page.page}: nothing is known of it before its first good look in the period"
    if page.gap.days > GAP.days:
        yield f"{page.page}: {page.gap.days} days passed without a good look"
    unread = [
        f"{number} {name.replace('_', ' ')}" for name, number in page.results if name not in GOOD
    ]
    if unread:
        yield f"{page.page}: of its looks, {', '.join(unread)}"


def _gap(good: Sequence[datetime], since: datetime, until: datetime) -> timedelta:
    """Return the longest time of the period in which no good look was."""
    ends = [max(since, good[0]) if good else since, *(at for at in good if at > since), until]
    return max(
        (after - before for before, after in pairwise(ends)),
        default=timedelta(0),
    )


def _at(look: Row) -> datetime:
    return _stored(look["captured_at"])


def _captured(line: Line) -> datetime:
    return _stored(line.facts["captured_at"])


def _stored(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)

"""What a recipient is told of a run, before it is put into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from pipeline.model import Accepted, Failed, Held, NoticeKind, Page, Reminder, Settled, Told
from pipeline.rules import Alert


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is told of an outage: that a page was not read for so many looks (`unread`), may have
    lost most of its claims (`doubted`, with the digests of the captures before and after) or is
    read again (`recovered`, `reason` None).

    `since` is the first look of the outage, by which the same news is known again.
    """

    kind: NoticeKind
    page: Page
    since: datetime
    looks: int
    last_good_at: datetime | None
    reason: str | None = None
    captures: tuple[str, str] | None = None

    @property
    def id(self) -> str:
        """Return what the news is known by, whenever and with whatever else it is told."""
        return f"{self.kind} {self.page.id} {self.since.isoformat()}"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many pages the run read, could not read and held back, and the page whose last good look
    is the oldest.

    `claims` is how many claims stand, None where that is not known. `first` of those that it read
    were read for the first time. `oldest` is None where no page is watched; its instant is None
    where that page never had a good look.
    """

    read: int
    failed: int
    held: int
    oldest: tuple[str, datetime | None] | None
    first: int = 0
    claims: int | None = None

    @property
    def pages(self) -> int:
        """Return how many pages were looked at."""
        return self.read + self.failed + self.held


@dataclass(frozen=True, slots=True)
class News:
    """What one recipient is told, and of which pages more is to be said: those held back, and those
    that failed.

    `head` is that of the record, by which it can be proved later; `report` says where the run's
    report lies, None without one. `because` names by a change's id the alert that sent it. `digest`
    is how often what changed is collected, None where it is told at once; then `since` is when that
    began. `site` is where people open the web page, None without one; `zone` is the time zone of
    all times in words. `unconfirmed` are the ids of
    changes that a second look is still to confirm; `settled` says what it said of those that are
    told now, None of news.
    """

    tally: Tally
    changes: tuple[Told, ...]
    troubles: tuple[Trouble, ...]
    at: datetime
    reminders: tuple[Reminder, ...] = ()
    held: tuple[Held, ...] = ()
    failed: tuple[Failed, ...] = ()
    accepted: Accepted | None = None
    head: str | None = None
    report: str | None = None
    because: Mapping[str, Alert] = field(default_factory=dict)
    digest: str | None = None
    since: datetime | None = None
    site: str | None = None
    unconfirmed: frozenset[str] = frozenset()
    settled: Settled | None = None
    zone: tzinfo = UTC

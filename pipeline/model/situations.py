"""What alerts follow from beside a run: how pages stand, what recipients were sent,
and what only time brings about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pipeline.model.changes import Severity
    from pipeline.model.pages import Page
    from pipeline.model.runs import Notice, Outage, Standing, Told


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest that a recipient was sent: how often it gets one, and until when
    that one had collected.
    """

    recipient: str
    of: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Recent:
    """A change that a run told that was closed before."""

    closed_at: datetime
    told: Told


@dataclass(frozen=True, slots=True)
class Dated:
    """A day that a claim is held to: the end of its validity, the day it is planned for,
    or the deadline of its edition.

    `since` is the day on which the page was first seen to say so;
    `name` is what the claim is called, `text` its sentence.
    """

    what: Literal["validity", "planned", "superseded"]
    page: Page
    claim: str
    standard: str
    name: str
    day: date
    since: date
    text: str


@dataclass(frozen=True, slots=True)
class Need:
    """Something that the user requires, in words, and whether a page claims it."""

    requirement: str
    met: bool


@dataclass(frozen=True, slots=True)
class Dead:
    """A recipient whose messages were given up: how many, since when, and why the last one was.

    `id` is that of the first.
    """

    recipient: str
    id: str
    since: datetime
    messages: int
    reason: str


@dataclass(frozen=True, slots=True)
class Gone:
    """A document that a page claims whose link was gone (404, 410) each time it was tried `since`
    then, twice at least.
    """

    page: Page
    name: str
    url: str
    status: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """An address that came into a watched sitemap, and when it was first seen there."""

    sitemap: str
    url: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a page was seen to have changed, oldest first, and when it was last read well."""

    page: Page
    changed: tuple[datetime, ...]
    last_good_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reminder:
    """What somebody is told once that is no change: `id` is what it is known by,
    `page` None where it is about none. One that `waits` goes with the next message, and makes
    none of its own yet.
    """

    id: str
    severity: Severity
    summary: str
    page: Page | None = None
    standard: str | None = None
    reason: str = ""
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """That a recipient was told a reminder of that id."""

    recipient: str
    id: str


@dataclass(frozen=True, slots=True)
class Sent:
    """That a recipient was sent a change, by which message, and whether as confirmed."""

    recipient: str
    change: str
    message: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """What a second look says of changes that a message of the id `thread` had as unconfirmed."""

    word: Literal["confirmed", "withdrawn"]
    thread: str
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """How the changes of pages that are looked at twice stand.

    `awaited` are the ids of those that wait for a second look; `confirmed` and `withdrawn` are
    those that this run's look showed again, or undid. `brief` pairs the id of a change that undid
    one at the next look with the id of that one; `sent` says who was sent any of them.
    """

    awaited: frozenset[str] = frozenset()
    confirmed: tuple[Told, ...] = ()
    withdrawn: tuple[Told, ...] = ()
    brief: tuple[tuple[str, str], ...] = ()
    sent: tuple[Sent, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """What alerts follow from beside a run: how the watched pages stand, their outages,
    and what was told of those.

    `last_run_at` is when the run before it was closed, `recent` what runs told since the oldest
    digest that may be due, and `report` says where the run's own report lies. `dated`, `waiting`
    (critical changes that nobody reviewed), `needs` and `dead` are what reminders follow from, and
    `said` those that were told. Days are those of `zone`. `claims` is how many stand. `every` is
    how far apart runs may be at most, and `site` where people open the web page. `confirmation` is
    of the pages that are looked at twice, and `rhythms` of those that changed, once a day;
    `gone` are documents whose links lead nowhere, `listed` addresses new in a watched sitemap.
    """

    standing: tuple[Standing, ...] = ()
    outages: tuple[Outage, ...] = ()
    notices: tuple[Notice, ...] = ()
    last_run_at: datetime | None = None
    digests: tuple[Digest, ...] = ()
    recent: tuple[Recent, ...] = ()
    report: str | None = None
    dated: tuple[Dated, ...] = ()
    waiting: tuple[Told, ...] = ()
    needs: tuple[Need, ...] = ()
    dead: tuple[Dead, ...] = ()
    said: tuple[Said, ...] = ()
    zone: tzinfo = UTC
    claims: int | None = None
    every: timedelta | None = None
    site: str | None = None
    confirmation: Confirmation = Confirmation()
    rhythms: tuple[Rhythm, ...] = ()
    gone: tuple[Gone, ...] = ()
    listed: tuple[Listed, ...] = ()

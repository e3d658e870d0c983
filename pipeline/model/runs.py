"""What a run found, what is reported of it, and to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pipeline.model.changes import Change, Severity
    from pipeline.model.looks import Outcome, Verdict
    from pipeline.model.pages import Page


@dataclass(frozen=True, slots=True)
class Told:
    """A recorded change as a report, an alert or a listing shows it: with its id,
    its page and when it was seen.

    `severity` and `why` are those in force after the config's rules; `change.severity` stays the
    default. `reverts` is the id of the earlier change that this one undid, `dwell` how long the
    page said so; a `flap` is told for both, at info. `captures` are the digests
    of the captures that show the old state and the new one, None where one is not known.
    """

    id: str
    page: Page
    change: Change
    severity: Severity
    why: str
    first_seen: datetime
    seen_until: datetime | None = None
    status: str = "open"
    reverts: str | None = None
    dwell: timedelta | None = None
    flap: bool = False
    captures: tuple[str | None, str | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Finding:
    """What claims say together, such as a contradiction: no change, and nobody is alerted.

    `said` are (page, sentence).
    """

    kind: str
    summary: str
    said: tuple[tuple[str, str], ...]
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A change that would be told if a capture were accepted that is held back,
    with the severity in force and why.
    """

    change: Change
    severity: Severity
    why: str


@dataclass(frozen=True, slots=True)
class Word:
    """What a person said, or is about to say, of the capture of a page that is held back."""

    page: str
    who: str | None = None
    note: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A page whose last capture is held back: all that is said of it anywhere, in one value.

    `since` is when the first capture was held back after the last good look, `captured_at` and
    `digest` are the newest one's; `last_good_at` and `good` are the last good one's, None where
    there is none. `changes`, most severe first, would be told if the newest were accepted; where
    there is no good one, it would be a baseline of so many `claims`. `unsaid` says why neither can
    be given. `rejected` is the word of a person that it is not the page.
    """

    page: Page
    verdict: Verdict
    since: datetime
    captured_at: datetime
    digest: str
    last_good_at: datetime | None = None
    good: str | None = None
    changes: tuple[Unconfirmed, ...] = ()
    claims: int = 0
    unsaid: str | None = None
    rejected: Word | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A person's word that a capture is the page which was held back since then:
    the run that tells what it changes.
    """

    word: Word
    held_since: datetime


@dataclass(frozen=True, slots=True)
class Run:
    """One pass over the pages: what reports and alerts receive.

    `told` are its changes, most severe first.

    `findings` rest on pages that changed or were new in it. Its outcomes hold neither bodies nor
    the texts of readings. `heads` are the SHA-256 of the last line of each journal by its name, the
    top one first: they prove later what was recorded. `held` says more of those of its pages that
    are held back. One that was `cut_off` died before it was closed: the run that came after it,
    whose `earlier` it is among, told it. One that looked at nothing but told a capture that was let
    go is `accepted`. `zone` is the time zone in which people read its instants, `site` where they
    open the web page, None where that is not said. `canary` says why our own page's change did not
    come through, None where it did, or was not looked for.
    """

    started_at: datetime
    finished_at: datetime
    outcomes: tuple[Outcome, ...] = ()
    told: tuple[Told, ...] = ()
    findings: tuple[Finding, ...] = ()
    id: str = ""
    cut_off: bool = False
    earlier: tuple[Run, ...] = ()
    heads: tuple[tuple[str, str], ...] = ()
    held: tuple[Held, ...] = ()
    accepted: Accepted | None = None
    zone: tzinfo = UTC
    site: str | None = None
    canary: str | None = None

    @property
    def head(self) -> str | None:
        """Return the head of the top journal, which stands for all that was recorded before it.

        None where none is known.
        """
        return self.heads[0][1] if self.heads else None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a page stands: its last good look, None where it never had one."""

    page: Page
    last_good_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """The first capture of an outage that may have lost most of the page's claims:
    the how-manieth look of it, and why.

    `captures` are the digests of the last good one and of this one.
    """

    look: int
    reason: str
    captures: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Outage:
    """Live looks in a row that could not read a page: how many, and why the last of them could not.

    `since` is when the first was taken, and names the outage. The last `fresh` of its looks belong
    to runs that were not closed yet. One that is `over` was ended by a good look.
    """

    page: Page
    since: datetime
    looks: int
    reason: str
    last_good_at: datetime | None = None
    doubt: Doubt | None = None
    fresh: int = 0
    over: bool = False


NoticeKind = Literal["unread", "doubted", "recovered"]


@dataclass(frozen=True, slots=True)
class Notice:
    """What a recipient was told of an outage, after how many looks: kept for ever,
    with the message that told it.
    """

    recipient: str
    kind: NoticeKind
    page: str
    since: datetime
    looks: int
    last_good_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody is to be told of a run, ready to hand over and to keep until it was.

    `id` follows from recipient and content, so that the same news is never sent under two ids. `to`
    is the recipient's name in the config, never an address that holds a token. `payload` is the
    JSON for a webhook. `thread` is the id of the message that this one says more of, "" where it
    begins one.
    """

    id: str
    to: str
    subject: str
    text: str
    html: str
    payload: str
    thread: str = ""

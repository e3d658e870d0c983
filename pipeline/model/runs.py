"""What a run did: looks, their outcomes, what is told of them and to whom."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pipeline.model.changes import Change, Comparison, Severity
    from pipeline.model.claims import Reading
    from pipeline.model.pages import Page, Snapshot


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a capture is really the page: `name` is `ok`
    or names the fault (`challenge`, `empty`, …).
    """

    name: str = "ok"
    reason: str = ""

    @property
    def ok(self) -> bool:
        """Return whether the capture may be compared."""
        return self.name == "ok"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a page could not be read: the stage (`fetch`, `parse`, `read`,
    …) and a reason that a person can act on.

    `lasting` where the same bytes would fail alike another time, and cost as much again.
    """

    stage: str
    reason: str
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What a look and its judgement need of a page's past: picklable,
    and small but for the good captures' bytes.

    `snapshot` is the last good capture, None before the first good look; `earlier` are some with
    other bytes before it, newest first. `failures` counts the looks that failed in a row. `url` is
    where the last good body was found, live, and `full_at` when: what came since was the server's
    word that it stands. `reading` is what was read of the last good capture, packed; empty where
    that was not kept. `language` is its language, "" where none shows, None where that was not
    kept.
    """

    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    size: int | None = None
    snapshot: Snapshot | None = None
    failures: int = 0
    url: str | None = None
    earlier: tuple[Snapshot, ...] = ()
    full_at: datetime | None = None
    reading: bytes = attribute(default=b"", repr=False)
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """One attempt to read a page: a snapshot, the server's word
    that nothing changed, or a failure.
    """

    page: Page
    looked_at: datetime
    snapshot: Snapshot | None = None
    not_modified: bool = False
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class First:
    """The first good look at a page: a baseline, and no change.

    `kept` is the reading, packed for the next comparison.
    """

    look: Look
    reading: Reading
    kept: bytes = attribute(default=b"", repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A good look that found no claim and no word changed; `form` counts formatting differences.

    Where the bytes differ, `after` is their reading, `comparison` says where each claim stands now,
    and `kept` is the reading, packed for the next comparison.
    """

    look: Look
    form: int = 0
    after: Reading | None = None
    comparison: Comparison | None = None
    kept: bytes = attribute(default=b"", repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Changed:
    """A good look that found changes.

    `kept` is the reading after them, packed for the next comparison.
    """

    look: Look
    before: Reading
    after: Reading
    comparison: Comparison
    seen_until: datetime | None = None
    kept: bytes = attribute(default=b"", repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A capture that does not look like the page: stored and shown, never compared.

    For a mass change, `good` is the digest of the last good capture, `since` when the first one was
    held back before this, and `shown` the digest of the text that this one shows.
    """

    look: Look
    verdict: Verdict
    good: str | None = None
    since: datetime | None = None
    shown: str | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A look that failed; the page's last good claims stay."""

    look: Look
    failure: Failure
    in_a_row: int = 1
    last_good_at: datetime | None = None


Outcome = First | Unchanged | Changed | HeldBack | Failed


@dataclass(frozen=True, slots=True)
class Told:
    """A recorded change as a report, an alert or a listing shows it: with its id,
    its page and when it was seen.

    `severity` and `why` are those in force after the config's rules; `change.severity` stays the
    default. `reverts` is the id of the earlier change that this one undid, `dwell` how long the
    page said so; a `flap` is told for both, at info.
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
    go is `accepted`. `zone` is the time zone in which people read its instants.
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
    JSON for a webhook.
    """

    id: str
    to: str
    subject: str
    text: str
    html: str
    payload: str

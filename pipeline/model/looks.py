"""One look at a page: what it needs of the past, what it brought back, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.model.changes import Comparison
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

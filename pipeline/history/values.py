"""What travels between the store and the story: a page's claims as they stood,
and what one good look did to them.

Values only; `track.lives` decides, `history.writes` records.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.model import Change, Claim


@dataclass(frozen=True, slots=True)
class When:
    """The time that a question is about: `now`, or `at`, and for changes from `since` on."""

    now: datetime
    at: datetime | None = None
    since: datetime | None = None

    @property
    def as_of(self) -> datetime:
        """The instant whose state is asked for."""
        return self.at or self.now


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a look: `first`, `unchanged`, `changed`, `held back` or `failed`,
    with the fault and its reason.

    `fault` is the verdict's name or the failure's stage; `size` is the body's length, where there
    was one; `shown` is the digest of the text of a capture that the guard holds back.
    """

    result: str
    fault: str | None = None
    reason: str | None = None
    form: int = 0
    size: int | None = None
    shown: str | None = None


@dataclass(frozen=True, slots=True)
class Identified:
    """A claim with its id, as a page last made it."""

    id: str
    claim: Claim


@dataclass(frozen=True, slots=True)
class Born:
    """A claim as it was when it was seen first, and when that was."""

    id: str
    claim: Claim
    at: datetime


@dataclass(frozen=True, slots=True)
class Past:
    """All that the next good look of a page is carried on from.

    `gone` are claims that stand no more, the last gone first.
    """

    page: str
    standing: tuple[Identified, ...] = ()
    gone: tuple[Identified, ...] = ()
    last_good_at: datetime | None = None
    live: bool = False


@dataclass(frozen=True, slots=True)
class Begun:
    """A state that begins, of a claim that stood before or,
    where `born` is its key, of a new one.
    """

    id: str
    claim: Claim
    born: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A change with its id, the transition it is one of,
    and the claim it is about (None for wording).

    `mirror` is the transition that would undo it; None where our own reading made it.
    """

    id: str
    transition: str
    change: Change
    claim_id: str | None = None
    mirror: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What one good look did: states that ended and began,
    claims found in another place, changes to tell.

    `until` is the last good look before `at`; `run` names the run whose live look it was.
    """

    at: datetime
    until: datetime | None = None
    ended: tuple[str, ...] = ()
    begun: tuple[Begun, ...] = ()
    moved: tuple[Identified, ...] = ()
    changes: tuple[Recorded, ...] = ()
    run: str | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """Looks that a person let go, all those at that body from `since` to `until`;
    `run` tells what they changed.
    """

    digest: str
    since: datetime
    until: datetime
    run: str


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would change if the capture with that digest were accepted,
    or of how many claims it would be the baseline.

    `unsaid` says why that cannot be told.
    """

    digest: str
    changes: tuple[Change, ...] = ()
    claims: int = 0
    unsaid: str | None = None

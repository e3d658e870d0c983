"""What a recipient is told of a run, before it is put into words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.model import Page, Told


@dataclass(frozen=True, slots=True)
class Trouble:
    """A page that could not be read for the last time that we wait silently, or can be read again (`reason` None).

    `doubted` are the captures before and after of a page that may have lost most of its claims, which nobody has confirmed.
    """

    page: Page
    looks: int
    last_good_at: datetime | None
    reason: str | None = None
    doubted: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many pages the run read, and the page whose last good look is the oldest (None: it never had one)."""

    read: int
    pages: int
    oldest: tuple[str, datetime | None] | None


@dataclass(frozen=True, slots=True)
class News:
    """What one recipient is told."""

    tally: Tally
    changes: tuple[Told, ...]
    troubles: tuple[Trouble, ...]
    at: datetime

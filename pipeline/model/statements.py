"""What the record says of a vendor and a period, as it is stated to others. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Watched:
    """A page over a period: its looks by what came of them, and where its record stands
    at the last of them.

    `known_at` is the last good look at or before the beginning, None where the page was not known
    yet; `line` and `head` name the journal's line of the last look. `gap` is the longest time
    without a good look.
    """

    page: str
    url: str
    looks: int
    results: tuple[tuple[str, int], ...]
    known_at: datetime | None
    first_at: datetime | None
    last_at: datetime | None
    last_good_at: datetime | None
    gap: timedelta
    captures: int
    line: int
    head: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """What is stated: `verdict` is `unchanged`, `changed`,
    or `unknown` where the record does not carry a statement.

    `changes` are those of claims, `aside` counts those that touch none, `ours` those that our own
    reading made; `problems` are why nothing is stated, `limits` how far it reaches.
    """

    vendor: str
    since: datetime
    until: datetime
    made_at: datetime
    verdict: str
    pages: tuple[Watched, ...]
    changes: tuple[dict[str, Any], ...]
    aside: int
    ours: int
    problems: tuple[str, ...]
    limits: tuple[str, ...]
    head: str | None

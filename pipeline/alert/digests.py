"""Situation → which digest is due, and since when it collects:
one comes with the first run of each day or week. Pure.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo
from typing import Literal

from pipeline.model import Run, Situation

Of = Literal["daily", "weekly"]
SPANS: dict[Of, timedelta] = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}


def due(of: Of, recipient: str, run: Run, situation: Situation) -> datetime | None:
    """Return since when the digest collects that is due at the end of a run; None where none is.

    The first one of a recipient looks back on the day or week before this one.
    """
    begins = _begins(of, run.finished_at, situation.zone)
    if situation.last_run_at is not None and situation.last_run_at >= begins:
        return None
    sent = [
        digest.until
        for digest in situation.digests
        if (digest.recipient, digest.of) == (recipient, of)
    ]
    return max(sent, default=begins - SPANS[of])


def _begins(of: Of, at: datetime, zone: tzinfo) -> datetime:
    """Return when the day, or the week from its Monday, began that a moment lies in."""
    day = at.astimezone(zone).date()
    monday = day - timedelta(days=day.weekday())
    return datetime.combine(monday if of == "weekly" else day, time(), zone)

"""Instants → words, in the schedule's time zone, which is written beside them:
when both states of a change were seen.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from pipeline.model import Told
from pipeline.report import phrases


def seen(item: Told, zone: tzinfo = UTC) -> str:
    """Say when both states of a change were seen; never when it happened, which nobody knows."""
    until = f"old state last seen {when(item.seen_until, zone)}, " if item.seen_until else ""
    return f"{until}new state first seen {when(item.first_seen, zone)}"


def when(at: datetime | None, zone: tzinfo = UTC) -> str:
    """Return an instant in a time zone to the minute, `never` for None."""
    return phrases.minute(at, zone) if at else "never"


def iso(at: datetime | None) -> str | None:
    """Return an instant in UTC as `2026-11-22T06:00:00Z`."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None

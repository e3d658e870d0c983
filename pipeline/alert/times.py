"""Instants → words: when both states of a change were seen. Of UTC alone, whatever the locale."""

from __future__ import annotations

from datetime import UTC, datetime

from pipeline.model import Told


def seen(item: Told) -> str:
    """Say when both states of a change were seen; never when it happened, which nobody knows."""
    until = f"old state last seen {when(item.seen_until)}, " if item.seen_until else ""
    return f"{until}new state first seen {when(item.first_seen)}"


def when(at: datetime | None) -> str:
    """Return an instant in UTC to the minute, `never` for None."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if at else "never"


def iso(at: datetime | None) -> str | None:
    """Return an instant in UTC as `2026-11-22T06:00:00Z`."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None

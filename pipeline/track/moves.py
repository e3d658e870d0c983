"""Snapshot, Known → the change that a page has moved for good, if it has. Pure; follows nothing."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model import Change, Known, Snapshot

FOR_GOOD = ("301 ", "308 ")


def permanent(redirects: Sequence[str]) -> bool:
    """Say whether a page's address leads on, and every step of the way says that it is for good."""
    return bool(redirects) and all(hop.startswith(FOR_GOOD) for hop in redirects)


def told(snapshot: Snapshot, known: Known) -> Change | None:
    """Return the page's rename, once: while it stays where it went,
    the last good look came from there.
    """
    if known.url in (None, snapshot.url) or not permanent(snapshot.redirects):
        return None
    return Change(
        kind="metadata",
        change="renamed",
        severity="info",
        why="the page has moved for good",
        summary=f"Page moved: {known.url} → {snapshot.url}",
        name="url",
        before=known.url,
        after=snapshot.url,
    )

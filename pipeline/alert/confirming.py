"""Changes of pages that are looked at twice → what a recipient is sent now, and what follows in a
thread. Pure.

What is critical goes at once, marked as unconfirmed; the next good look confirms or withdraws it.
What is high or medium waits for that look, and what it took back was never news.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from pipeline.model import Confirmation, Sent, Settled, Told

WAIT = ("high", "medium")
Word = Literal["confirmed", "withdrawn"]


def now(told: Iterable[Told], recipient: str, what: Confirmation) -> tuple[Told, ...]:
    """Return the changes that a recipient may be sent now: those of a run, and those that waited
    for a second look and were confirmed in it.
    """
    got = sent(recipient, what)
    undone = dict(what.brief)
    found = {item.id: item for item in told}
    for item in what.confirmed:
        if item.id not in got:
            found[item.id] = item
    return tuple(
        item
        for item in found.values()
        if not (item.id in what.awaited and item.severity in WAIT)
        and not (item.id in undone and _is_settled(got.get(undone[item.id])))
    )


def _is_settled(told: Sent | None) -> bool:
    """Say whether nobody waits for word that a change was undone: it was never sent, or is
    withdrawn where it was.
    """
    return told is None or not told.confirmed


def follow_ups(recipient: str, what: Confirmation) -> Iterator[Settled]:
    """Yield what became of the changes that a recipient was sent as unconfirmed, by message."""
    got = sent(recipient, what)
    both: tuple[tuple[Word, tuple[Told, ...]], ...] = (
        ("confirmed", what.confirmed),
        ("withdrawn", what.withdrawn),
    )
    for word, settled in both:
        threads: dict[str, list[Told]] = {}
        for item in settled:
            if item.id in got and not got[item.id].confirmed:
                threads.setdefault(got[item.id].message, []).append(item)
        for thread, items in threads.items():
            yield Settled(word, thread, tuple(items))


def unconfirmed(told: Iterable[Told], what: Confirmation) -> frozenset[str]:
    """Return the ids of the changes that are sent before a second look at them."""
    return frozenset(item.id for item in told if item.id in what.awaited)


def sent(recipient: str, what: Confirmation) -> dict[str, Sent]:
    """Return what a recipient was sent of those changes, by their ids."""
    return {one.change: one for one in what.sent if one.recipient == recipient}

"""Changes → entries to read: those of one batch folded into one, all others by themselves.

Finds no batch: the diff names them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Change, Told

NAMED = 6
"""How many changes of a batch its entry names before it is unfolded."""


@dataclass(frozen=True, slots=True)
class Fold:
    """What a person reads as one: a change, or the changes of one batch under its sentence."""

    told: tuple[Told, ...]
    title: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Return what the changes are about, the first few of them."""
        return named([item.change for item in self.told])[0]

    @property
    def more(self) -> int:
        """Return how many further things the changes are about."""
        return named([item.change for item in self.told])[1]

    @property
    def first(self) -> Told:
        """Return the change that stands for all of them."""
        return self.told[0]


def folds(told: Sequence[Told]) -> tuple[Fold, ...]:
    """Return the entries of recorded changes, each where its first change stands;
    one page, severity and verdict each.
    """
    found: dict[object, list[Told]] = {}
    for number, item in enumerate(told):
        cause = (
            item.change.batch,
            item.page.id,
            item.severity,
            item.status,
            item.change.cause,
            item.first_seen,
        )
        found.setdefault(cause if item.change.batch else number, []).append(item)
    return tuple(
        Fold(tuple(same), same[0].change.batch if len(same) > 1 else None)
        for same in found.values()
    )


def changes(told: Sequence[Change]) -> tuple[tuple[Change, ...], ...]:
    """Return changes of one comparison as entries: each a batch, or a change by itself."""
    found: dict[object, list[Change]] = {}
    for number, change in enumerate(told):
        found.setdefault((change.batch, change.severity) if change.batch else number, []).append(
            change
        )
    return tuple(tuple(same) for same in found.values())


def named(told: Sequence[Change]) -> tuple[tuple[str, ...], int]:
    """Return what the changes of a batch are about, the first few of them,
    and how many more there are.
    """
    names = tuple(dict.fromkeys(name(change, told) for change in told))
    return names[:NAMED], max(len(names) - NAMED, 0)


def name(change: Change, batch: Sequence[Change]) -> str:
    """Return what a change of a batch is about; the batch's sentence says what became of it."""
    if change.kind in ("metadata", "evidence", "supplier", "wording"):
        return change.name or change.after or change.before or change.summary
    value = change.after or change.before or ""
    alike = len(batch) > 1 and len({(other.before, other.after) for other in batch}) == 1
    return change.standard_name or change.standard or value if alike else value

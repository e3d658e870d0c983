"""A page told before, and told anew → which id has now what was shown under another,
and what is no more.

An id never comes to name something else, so an old one is needed only where the same was seen
earlier than we knew, was taken apart by a capture in between, or is read otherwise. Pure but for
the rows that it reads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import fields
from typing import Any

from pipeline import history
from pipeline.history import Born, Database, Step
from pipeline.model import Claim
from pipeline.track.derive import Told

Pair = tuple[str, str]
_COMPARED = tuple(field.name for field in fields(Claim) if field.compare)


def facts(page_id: str, told: Told, earlier: Database, known: set[Pair]) -> dict[str, Any] | None:
    """Return what the journal is to say of the ids that the `earlier` database showed,
    None where it is `known` already.

    `ids` leads from each old id to the one it has now; `gone` are ids that name nothing any more,
    with what they said.
    """
    born = history.births(earlier, page_id)
    claims = claims_now(born, told.steps)
    before = history.changes_of(earlier, page_id)
    after = [
        history.change_row(page_id, recorded, step, number)
        for step in told.steps
        for number, recorded in enumerate(step.changes)
    ]
    changes = history.successors(before, after, claims)
    live = {row["id"] for row in after} | _ids(told.steps)
    shown = {one.id: one.claim.text for one in born} | {row["id"]: row["summary"] for row in before}
    led = changes | {old: new for old, new in claims.items() if old != new}
    gone = {
        old: said
        for old, said in shown.items()
        if old not in live and old not in led and not history.is_gone(earlier, old)
    }
    pairs = [pair for pair in led.items() if pair not in known]
    found = {"page": page_id, "ids": pairs, "gone": list(gone.items())}
    return found if pairs or gone else None


def _ids(steps: Iterable[Step]) -> set[str]:
    return {begun.id for step in steps for begun in step.begun}


def claims_now(born: Iterable[Born], steps: tuple[Step, ...]) -> dict[str, str]:
    """Return the id that each claim has now, also where it is the same:
    the claim that says so in the capture it began in.

    One that another reader does not find there is the one of its key that says so at another time.
    """
    known = _ids(steps)
    found = {one.id: one.id for one in born if one.id in known}
    ever = _Standing()
    for step in steps:
        ever.begin(step)
    for one, standing in _then((one for one in born if one.id not in known), steps):
        taken = set(found.values())
        best = standing.closest(one.claim, taken) or ever.closest(one.claim, taken)
        found |= {one.id: best} if best else {}
    return found


def _then(born: Iterable[Born], steps: tuple[Step, ...]) -> Iterator[tuple[Born, _Standing]]:
    """Yield each claim with what stands in the capture that it began in, the earliest first."""
    standing, number = _Standing(), 0
    for one in sorted(born, key=lambda one: one.at):
        while number < len(steps) and steps[number].at <= one.at:
            standing.end(steps[number])
            standing.begin(steps[number])
            number += 1
        yield one, standing


class _Standing:
    """Claims by their key and id."""

    def __init__(self) -> None:
        self._claims: dict[tuple[str, ...], dict[str, Claim]] = defaultdict(dict)
        self._keys: dict[str, tuple[str, ...]] = {}

    def end(self, step: Step) -> None:
        """Let go what ended in a step."""
        for claim_id in step.ended:
            self._claims[self._keys.pop(claim_id)].pop(claim_id)

    def begin(self, step: Step) -> None:
        """Take in what began in a step."""
        for begun in step.begun:
            self._keys[begun.id] = begun.claim.key
            self._claims[begun.claim.key][begun.id] = begun.claim

    def closest(self, claim: Claim, taken: Collection[str]) -> str | None:
        """Return the id of the claim of the same key that differs least,
        and of those one that is not taken.
        """
        alike = self._claims.get(claim.key, {})

        def apart(claim_id: str) -> tuple[int, bool, bool]:
            other = alike[claim_id]
            count = sum(getattr(claim, name) != getattr(other, name) for name in _COMPARED)
            return count, claim.source != other.source, claim_id in taken

        return min(alike, key=apart, default=None)

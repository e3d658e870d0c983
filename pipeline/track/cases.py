"""A look and all that its judgement rests on, as a value; and the outcome of one
that brought nothing to read.

Imports no parser: most looks find nothing new, and a run of those reads no page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.config import Guard
from pipeline.model import Failed, Known, Look, Outcome, Unchanged
from pipeline.track import moves

EARLIER = 2
"""Good captures before the last that a doubted one is measured against too: a page may alternate,
or have stood wrong once."""

Held = Sequence[tuple[datetime, str]]
"""The captures that are held back since the last good one, oldest first: when, and what each shows,
as `guard.shown` gives it."""

Rejected = tuple[tuple[datetime, str], ...]
"""The texts that a person said are not the page, as `guard.shown` has them,
each with when it was held back first.
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A look and all that its judgement rests on; picklable,
    so that it may be judged in another process.

    `known` has the last good capture where there is one. `held` are the captures that the guard
    holds back since then, oldest first; `released` are the digests of captures that a person said
    are really the page: nothing holds those back. `reading` is what was read of the look's capture
    already, packed; empty where it is to be read.
    """

    look: Look
    known: Known
    guard: Guard
    held: Held = ()
    released: frozenset[str] = frozenset()
    rejected: Rejected = ()
    reading: bytes = b""

    def waiting(self, shown: str) -> Held:
        """Return the captures held back that count, for one that shows that text:
        none for one that a person rejected.

        Time lets go what nobody has spoken of. `rejected` texts are held back for
        as long as the page shows them.
        """
        at = self.look.looked_at
        rejected = {text for since, text in self.rejected if since <= at}
        if shown in rejected:
            return ()
        return tuple(one for one in self.held if one[1] not in rejected)


def plain(case: Case) -> Outcome | None:
    """Return the outcome of a look that brought nothing to read, None where there is something."""
    look, known = case.look, case.known
    if look.failure:
        return Failed(look, look.failure, known.failures + 1)
    if look.snapshot is None or (
        look.snapshot.digest == known.digest and moves.told(look.snapshot, known) is None
    ):
        return Unchanged(look)
    return None


Judge = Callable[[Case], Outcome]

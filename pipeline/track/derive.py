"""All captures of a page → its whole history.

Pure, but that it asks for bodies and for judgements one by one.

The same judgement and the same ids as when the looks came one after the other: a fold over the
captures in order of (captured_at, digest), whatever order they were recorded in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeGuard

from pipeline.archive import Entry
from pipeline.config import Guard
from pipeline.history import Judged, Past, Release, Step
from pipeline.model import (
    Changed,
    Failed,
    Failure,
    First,
    HeldBack,
    Known,
    Look,
    Outcome,
    Page,
    Snapshot,
    Unchanged,
)
from pipeline.track import lives, moves
from pipeline.track.cases import EARLIER, Case, Judge, Rejected
from pipeline.track.lives import Sight


@dataclass(frozen=True, slots=True)
class Terms:
    """What all looks at a page are judged by: the guard, and what people said
    of captures that were held back.

    `released` are the digests of those that are the page, `rejected` the texts that are not;
    `releases` say which runs told what was released.
    """

    guard: Guard
    released: frozenset[str] = frozenset()
    rejected: Rejected = ()
    releases: tuple[Release, ...] = ()

    def run_of(self, entry: Entry) -> str | None:
        """Return the run that tells what a look did: the one that looked,
        or in which a person let its capture go.
        """
        for release in self.releases:
            if (
                entry.digest == release.digest
                and release.since <= entry.captured_at <= release.until
            ):
                return release.run
        return entry.run


@dataclass(frozen=True, slots=True)
class Told:
    """A page's whole history: what stands, the last good capture, what each good look did.

    `judged` is by the end of the look's line in its journal; `unread` are the captures that no
    reader came to the end of. `kept` is the reading of the last good capture, packed for the next
    comparison.
    """

    past: Past
    last: Snapshot | None
    judged: dict[int, Judged]
    steps: tuple[Step, ...]
    unread: tuple[tuple[Case, Failure], ...]
    kept: bytes = b""


class _History:
    """A page's history as far as it was told."""

    def __init__(
        self,
        page: Page,
        load: Callable[[Entry], Snapshot],
        judge: Judge,
        terms: Terms,
    ) -> None:
        self.page = page
        self.past = Past(page.id)
        self.known = Known()
        self.held: list[tuple[datetime, str]] = []
        self.judged: dict[int, Judged] = {}
        self.steps: list[Step] = []
        self.unread: list[tuple[Case, Failure]] = []
        self.good: dict[str, Snapshot] = {}
        self._load = load
        self._judge = judge
        self._terms = terms
        self._bodies: dict[str, Entry] = {}

    def tell(self, entry: Entry, line_end: int) -> None:
        """Go on with the next look that has a digest."""
        case = Case(
            self._look(entry),
            self.known,
            self._terms.guard,
            tuple(self.held),
            self._terms.released,
            self._terms.rejected,
        )
        outcome = self._judge(case)
        if isinstance(outcome, Failed) and outcome.failure.stage == "read":
            self.unread.append((case, outcome.failure))
        self.judged[line_end] = judged(outcome)
        sight = Sight(
            entry.captured_at, entry.digest or "", entry.origin, self._terms.run_of(entry)
        )
        self.past, step = carried(self.past, outcome, sight)
        self.steps += [step] if step else []
        self._remember(outcome, entry)

    def _look(self, entry: Entry) -> Look:
        digest = entry.digest or ""
        if not entry.not_modified:
            self._bodies.setdefault(digest, entry)
        if digest == self.known.digest and not moves.permanent(entry.redirects):
            return Look(self.page, entry.captured_at, not_modified=True)
        # A "not modified" speaks of the body that came before it, with that body's headers.
        source = replace(
            self._bodies.get(digest, entry) if entry.not_modified else entry,
            captured_at=entry.captured_at,
        )
        return Look(self.page, entry.captured_at, replace(self._load(source), page=self.page))

    def _remember(self, outcome: Outcome, entry: Entry) -> None:
        if isinstance(outcome, HeldBack) and outcome.verdict.name == "mass-change":
            self.held.append((entry.captured_at, outcome.shown or ""))
        elif isinstance(outcome, First | Unchanged | Changed):
            self.held = []
            if entry.origin == "live" and not entry.not_modified:
                self.known = replace(self.known, url=entry.url)
            if (snapshot := outcome.look.snapshot) is not None and not (
                isinstance(outcome, Unchanged) and outcome.comparison is None
            ):
                self.known = Known(
                    digest=entry.digest,
                    size=len(snapshot.body),
                    snapshot=snapshot,
                    url=self.known.url,
                )
            self._keep(entry)

    def _keep(self, entry: Entry) -> None:
        """Keep the last good bodies, the one seen last at the end:
        what the next look is judged by.
        """
        current = self.known.snapshot
        if current is None:
            return
        if not entry.not_modified:
            self.good.pop(current.digest, None)
            self.good[current.digest] = current
        others = [one for digest, one in self.good.items() if digest != current.digest]
        self.known = replace(self.known, earlier=tuple(others[: -EARLIER - 1 : -1]))
        self.good = dict(list(self.good.items())[-EARLIER - 1 :])


def history(
    page: Page,
    looks: Iterable[tuple[Entry, int]],
    load: Callable[[Entry], Snapshot],
    judge: Judge,
    terms: Terms,
) -> Told:
    """Return the history of a page from its looks; `load` gives the capture
    of one that has a digest.
    """
    told = _History(page, load, judge, terms)
    for entry, line_end in in_order(looks):
        told.tell(entry, line_end)
    return Told(told.past, told.known.snapshot, told.judged, tuple(told.steps), tuple(told.unread))


def in_order(looks: Iterable[tuple[Entry, int]]) -> list[tuple[Entry, int]]:
    """Return the looks that have a digest in the order in which a page's history is told."""
    return sorted((look for look in looks if look[0].digest), key=_order)


def _order(look: tuple[Entry, int]) -> tuple[datetime, str, bool, str, int]:
    entry, line_end = look
    return entry.captured_at, entry.digest or "", entry.origin != "live", entry.origin, line_end


def touches(outcome: Outcome) -> TypeGuard[First | Unchanged | Changed]:
    """Say whether an outcome may do something to the page's claims."""
    return isinstance(outcome, First | Changed) or (
        isinstance(outcome, Unchanged) and outcome.comparison is not None
    )


def carried(past: Past, outcome: Outcome, sight: Sight) -> tuple[Past, Step | None]:
    """Return what stands after an outcome, and what it did to the claims.

    None where it did nothing.
    """
    if isinstance(outcome, First):
        return lives.carry(past, ((None, claim) for claim in outcome.reading.claims), (), sight)
    if isinstance(outcome, Changed | Unchanged) and outcome.comparison is not None:
        return lives.carry(past, outcome.comparison.pairs, outcome.comparison.changes, sight)
    if isinstance(outcome, Unchanged):
        return lives.confirm(past, sight), None
    return past, None


def judged(outcome: Outcome) -> Judged:
    """Return what the table of looks says of an outcome."""
    if isinstance(outcome, Unchanged) and outcome.comparison is None:
        return Judged("unchanged")
    size = len(outcome.look.snapshot.body) if outcome.look.snapshot else None
    if isinstance(outcome, Failed):
        return Judged("failed", outcome.failure.stage, outcome.failure.reason, size=size)
    if isinstance(outcome, HeldBack):
        return Judged(
            "held back",
            outcome.verdict.name,
            outcome.verdict.reason,
            size=size,
            shown=outcome.shown,
        )
    if isinstance(outcome, Unchanged):
        return Judged("unchanged", form=outcome.form, size=size)
    return Judged(
        "first" if isinstance(outcome, First) else "changed", form=_form(outcome), size=size
    )


def _form(outcome: First | Changed) -> int:
    return outcome.comparison.form if isinstance(outcome, Changed) else 0

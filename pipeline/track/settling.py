"""A look and its outcome → the record: in the archive first, then what it did in one transaction.

The only writer of looks.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

from pipeline import history
from pipeline.archive import Entry, Line, entries
from pipeline.model import Changed, Failed, HeldBack, Outcome, Unchanged, Verdict
from pipeline.track import derive, preparing
from pipeline.track.cases import Case
from pipeline.track.desk import Desk
from pipeline.track.lives import Sight
from pipeline.track.store import Store


def settle(store: Store, case: Case, outcome: Outcome, desk: Desk, *, run: str) -> Outcome:
    """Record a look and what came of it, and return that with what the record says
    of the page's last good look.

    What a quiet look found is on the disk once `Store.flush` returns, with that of many others.
    """
    if isinstance(outcome, Failed):
        if outcome.failure.lasting:
            preparing.give_up(store, case, outcome.failure, desk)
        outcome = replace(outcome, last_good_at=history.last_good_at(store.db, case.look.page.id))
    elif isinstance(outcome, Changed):
        outcome = replace(outcome, seen_until=history.last_good_at(store.db, case.look.page.id))
    _record(store, outcome, case, desk, run)
    return outcome


def _record(store: Store, outcome: Outcome, case: Case, desk: Desk, run: str) -> None:
    page, stamp = outcome.look.page, desk.stamp(outcome.look.page)
    entry = entries.of(
        outcome.look, digest=case.known.digest, verdict=_verdict(outcome), stamp=stamp, run=run
    )
    last = store.last_capture(page)
    line = _kept(store, entry, outcome, case)
    if entry.digest and (entry.captured_at.astimezone(UTC).isoformat(), entry.digest) <= last:
        # A clock that was set back, or a backfill dated later than now:
        # the order of captures is not that of looks.
        store.derive(page, desk, at=outcome.look.looked_at, run=run)
        return
    step = None
    if derive.touches(outcome):
        sight = Sight(entry.captured_at, entry.digest or "", "live", run)
        _, step = derive.carried(history.past(store.db, page.id), outcome, sight)
        store.keep(page, outcome.kept)
    store.record(page, line, derive.judged(outcome), step, stamp)


def _kept(store: Store, entry: Entry, outcome: Outcome, case: Case) -> Line:
    shot = outcome.look.snapshot
    body, screenshot = (shot.body, shot.screenshot) if shot else (None, None)
    return store.archive.keep(entry, body, screenshot, case.known.digest, _is_quiet(outcome))


def _is_quiet(outcome: Outcome) -> bool:
    """Say whether an outcome is told of no page by itself, so that its line may wait
    for those of others.
    """
    return isinstance(outcome, Failed) or (
        isinstance(outcome, Unchanged) and outcome.comparison is None
    )


def _verdict(outcome: Outcome) -> Verdict:
    if isinstance(outcome, HeldBack):
        return outcome.verdict
    if isinstance(outcome, Failed):
        return Verdict(outcome.failure.stage, outcome.failure.reason)
    return Verdict()

"""Look, store → the look with all that judging it takes, and what is written down before that.

Judges nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline import history
from pipeline.errors import StoreError
from pipeline.model import Failure, Known, Look, Outcome, Page
from pipeline.track import attempts
from pipeline.track.cases import EARLIER, Case, plain

if TYPE_CHECKING:
    from pipeline.track.desk import Desk
    from pipeline.track.store import Store


def with_capture(store: Store, page: Page, known: Known) -> Known:
    """Return the same with the last good captures, which a new body is compared with."""
    row = history.good_capture(store.db, page.id)
    if row is None:
        raise StoreError(
            f"{page.id}: the database does not have its last good capture; `rebuild` it"
        )
    rows = history.earlier_captures(store.db, page.id, row["digest"], EARLIER)
    earlier = tuple(store.capture(page, one) for one in rows)
    kept = history.last_reading(store.db, page.id)
    return replace(known, snapshot=store.capture(page, row), earlier=earlier, reading=kept)


def case(store: Store, look: Look, known: Known) -> Case:
    """Return a look with all that its judgement rests on."""
    page, quiet = look.page, Case(look, known, store.config.guard)
    if plain(quiet) is not None:
        return quiet
    if known.digest:
        known = with_capture(store, page, known)
    held, released = history.held(store.db, page.id), history.released(store.db, page.id)
    rejected = history.rejected(store.db, page.id)
    return Case(look, known, store.config.guard, held, released, rejected)


def begin(store: Store, case: Case, desk: Desk) -> Outcome | None:
    """Write down that a look is now to be read; return its outcome instead
    where there is nothing to read, or no use.
    """
    page, stamp = case.look.page, desk.stamp(case.look.page)
    if (outcome := plain(case)) is not None:
        return outcome
    given_up = history.given_up(store.db, page.id, stamp, desk.budget.seconds)
    unseen = history.unseen(store.db, page.id, stamp, attempts.key(case)[0])
    if (outcome := attempts.spared(case, given_up, unseen)) is None:
        store.archive.note_late("attempt", attempts.facts(case, stamp, desk.budget.seconds))
    return outcome


def give_up(store: Store, case: Case, failure: Failure, desk: Desk) -> None:
    """Write down that a capture was given up, and why."""
    stamp = desk.stamp(case.look.page)
    store.archive.note("attempt", attempts.facts(case, stamp, desk.budget.seconds, failure))

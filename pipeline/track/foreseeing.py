"""A capture that is held back → what would change if a person said that it is the page.

Tells nobody; changes no claim.

It is judged as an accepted one is, by the same reader, in the same processes:
what is foreseen is what accepting it tells.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pipeline import history
from pipeline.errors import NotFound
from pipeline.history import Foreseen
from pipeline.history.rows import Row
from pipeline.model import Changed, Failed, First, HeldBack, Look, Outcome, Page
from pipeline.track import preparing
from pipeline.track.desk import Desk
from pipeline.track.store import Store


def foresee(store: Store, desk: Desk) -> None:
    """Work out what every capture that is held back would change, and keep it,
    where that was not done yet.
    """
    store.flush()
    for page_id in history.unforeseen(store.db):
        page = store.config.page(page_id)
        row = history.last_held(store.db, page_id)
        if page and row:
            found = _foreseen(row["digest"], _judged(store, desk, page, row))
            with history.transaction(store.db):
                history.foresee(store.db, page_id, found)


def accepted(store: Store, desk: Desk, page: Page) -> Outcome:
    """Return what comes of the capture of a page that is held back,
    once a person has said that it is the page.

    Raise NotFound where none is held back.
    """
    row = history.last_held(store.db, page.id)
    if row is None:
        raise NotFound(f"{page.id}: no capture is held back since its last good look")
    outcome = _judged(store, desk, page, row)
    if isinstance(outcome, Changed):
        return replace(outcome, seen_until=history.last_good_at(store.db, page.id))
    return outcome


def _judged(store: Store, desk: Desk, page: Page, row: Row) -> Outcome:
    look = Look(page, datetime.fromisoformat(row["captured_at"]), store.capture(page, row))
    case = preparing.case(store, look, store.known(page))
    return desk.judge(replace(case, released=case.released | {row["digest"]})).result()


def _foreseen(digest: str, outcome: Outcome) -> Foreseen:
    if isinstance(outcome, Failed):
        return Foreseen(digest, unsaid=outcome.failure.reason)
    if isinstance(outcome, HeldBack):
        return Foreseen(digest, unsaid=outcome.verdict.reason)
    if isinstance(outcome, First):
        return Foreseen(digest, claims=len(outcome.reading.claims))
    return Foreseen(digest, outcome.comparison.changes if outcome.comparison else ())

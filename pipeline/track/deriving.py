"""A page's looks → its part of the database, made anew in one transaction,
with the ids and reviews that it had.

The history itself is worked out by `derive`; here it takes the place of the one that stood.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline import history
from pipeline.archive import Entry, Line
from pipeline.history import Judged, Step
from pipeline.model import Page
from pipeline.track import ahead, attempts, derive, lives, preparing, succession
from pipeline.track import reader as readers
from pipeline.track.ahead import Ahead
from pipeline.track.cases import Judge
from pipeline.track.derive import Terms, Told
from pipeline.track.desk import Desk
from pipeline.workers import Stopped

if TYPE_CHECKING:
    from pipeline.track.store import Store


def teller(store: Store, page: Page, desk: Desk) -> Callable[[Judge], Told]:
    """Return what finds out a page's history as its looks tell it.

    It may be called in another thread, and writes nothing.
    """
    terms = Terms(
        store.config.guard,
        history.released(store.db, page.id),
        history.rejected(store.db, page.id),
        history.releases(store.db, page.id),
    )
    given_up, archive = _given_up(store, page, desk), store.archive

    def telling(judge: Judge) -> Told:
        looks = [(entry, line.end) for entry, line in archive.looks(page.id)]
        load = lru_cache(maxsize=desk.pool.size + 1)(archive.snapshot)
        coming = ahead.bodies(entry for entry, _ in derive.in_order(looks))
        bad = {digest for digest, _ in given_up}
        captures = (replace(load(one), page=page) for one in coming if one.digest not in bad)
        before = Ahead(desk, captures)
        judge = attempts.sparing(before.judging(judge), given_up)
        told = derive.history(page, looks, load, judge, terms)
        return replace(told, kept=before.kept(told.last))

    return telling


def histories(store: Store, pages: Iterable[Page], desk: Desk) -> Iterator[tuple[Page, Told]]:
    """Yield every page with its history, in order, while those of the next ones are told."""
    waiting = deque(pages)
    under_way: deque[tuple[Page, Future[Told]]] = deque()
    while waiting or under_way:
        while waiting and len(under_way) < 2 * desk.pool.size:
            page = waiting.popleft()
            under_way.append((page, desk.in_order(teller(store, page, desk))))
        page, future = under_way.popleft()
        yield page, future.result()


def failed(entry: Entry) -> Judged:
    """Return what the table of looks says of a look that brought no body."""
    failure = entry.failure
    return Judged(
        "failed",
        failure.stage if failure else "fetch",
        failure.reason if failure else "the look has no result",
    )


@dataclass(frozen=True, slots=True)
class Derivation:
    """A page to be derived anew, at that instant and for that run.

    `earlier` is the database that told of it before.
    """

    store: Store
    page: Page
    desk: Desk
    at: datetime
    run: str | None
    earlier: history.Database

    def make(self, told: Told | None = None) -> None:
        """Put the history that the page's looks tell in the place of the one that stands,
        and say what another reader read.
        """
        store, page = self.store, self.page
        store.archive.sync(None, page.id)
        looks = list(store.archive.looks(page.id))
        told = told or self.desk.in_order(teller(store, page, self.desk)).result()
        self._note_unread(told)
        self._keep_reading()
        self._note_rereading(told)
        self._note_ids(told)
        with history.transaction(store.db):
            self._rewrite(looks, told)
            store.copy_notes()
            history.attach(store.db, page.id)

    @property
    def _stamp(self) -> str:
        return self.desk.stamp(self.page)

    def _at(self) -> str:
        return self.at.astimezone(UTC).isoformat()

    def _note_unread(self, told: Told) -> None:
        """Keep which captures were given up, and say that some could not be read."""
        known = _given_up(self.store, self.page, self.desk)
        for case, failure in told.unread:
            if failure.lasting and attempts.key(case) not in known:
                preparing.give_up(self.store, case, failure, self.desk)
        if told.unread:
            number, reason = len(told.unread), told.unread[-1][1].reason
            self.store.tell(f"{self.page.id}: {number} of its captures could not be read: {reason}")

    def _rewrite(self, looks: list[tuple[Entry, Line]], told: Told) -> None:
        db, page = self.store.db, self.page
        copied = history.copied_to(db, page.id)[0]
        history.know(db, page, watched=self.store.config.page(page.id) is not None)
        history.forget(db, page.id)
        for entry, line in looks:
            judged = told.judged.get(line.end) or failed(entry)
            if line.end > copied:
                history.record_look(db, page.id, line.facts, line.end, judged)
            else:
                history.judge_look(db, page.id, line.end, judged)
        for step in told.steps:
            history.record_step(db, page.id, step)
        history.refresh_page(db, page.id, self._stamp)
        history.keep_last_reading(db, page.id, told.kept)
        if looks:
            history.copied(db, page.id, looks[-1][1].end, looks[-1][1].chain)

    def _keep_reading(self) -> None:
        """Keep what the reader that is replaced made of a page:
        no later one can say what we knew by it.
        """
        before = history.stamp(self.earlier, self.page.id)
        if before not in ("", self._stamp):
            made = history.reading_in_force(self.earlier, self.page.id)
            facts = {
                "page": self.page.id,
                "at": self._at(),
                "stamp": before,
                "digest": self.store.archive.store(made.encode()),
            }
            self.store.archive.note("reading", facts)

    def _note_rereading(self, told: Told) -> None:
        """Keep what the reader now in force reads otherwise in bytes that another one had read:
        our progress, not the page's.
        """
        page, stamp = self.page, self._stamp
        before = history.stamp(self.earlier, page.id)
        stood = history.past(self.earlier, page.id).standing
        if before in ("", stamp) or told.last is None or not stood:
            return
        try:
            changes = self.desk.reread(told.last, tuple(one.claim for one in stood))
        except Stopped as stopped:
            said = f"what is read otherwise now cannot be said: comparing it {stopped}"
            self.store.tell(f"{page.id}: {said}")
            return
        cause = readers.cause(before, stamp)
        step = Step(self.at, told.past.last_good_at, run=self.run)
        again = lives.reread(told.past, changes, stamp, cause)
        rows = [
            history.change_row(page.id, recorded, step, number)
            for number, recorded in enumerate(again)
        ]
        facts = {"page": page.id, "at": self._at(), "from": before, "to": stamp, "cause": cause}
        self.store.archive.note("rereading", {**facts, "changes": rows})

    def _note_ids(self, told: Told) -> None:
        """Keep which id a change or a claim has now that was shown under another,
        and which are no more.
        """
        known = history.aliases(self.store.db) | history.aliases(self.earlier)
        facts = succession.facts(self.page.id, told, self.earlier, known)
        if facts is not None:
            self.store.archive.note("alias", facts)


def _given_up(store: Store, page: Page, desk: Desk) -> attempts.GivenUp:
    return history.given_up(store.db, page.id, desk.stamp(page), desk.budget.seconds)

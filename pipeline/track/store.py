"""Archive + history = Store: facts first, on the disk and chained; then what follows from them, in one transaction.

Whatever a crash leaves between the two is found by the offsets that the database keeps of the journals, and made good before
a page is looked at again. Fetches nothing, tells nobody.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline import history, words
from pipeline.archive import Archive, Entry, Line
from pipeline.config import Config
from pipeline.errors import NotFound, StoreError
from pipeline.history import Judged, Step
from pipeline.model import Failure, Known, Look, Outcome, Page, Snapshot
from pipeline.track import attempts, derive, fitting, judging, lives, locking, moves, succession
from pipeline.track import reader as readers
from pipeline.track.derive import Judge, Terms, Told
from pipeline.track.desk import Desk
from pipeline.track.guard import EARLIER
from pipeline.track.judging import Case
from pipeline.workers import Stopped

TOGETHER = 500
"""How many looks that found nothing new are committed together."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """A look that did nothing to the claims, still to be copied into the database."""

    page: str
    line: Line
    judged: Judged
    stamp: str


class Store:
    """The archive and the database of one config; close it, or use it in a `with`."""

    def __init__(self, config: Config, database: Path, tell: Callable[[str], None]) -> None:
        self.config = config
        self.archive = Archive(config.snapshots, tell)
        self.db = history.open(database)
        self.tell = tell
        self._quiet: list[Quiet] = []
        self._kept: dict[str, bytes] = {}

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Write what is left to write, and close the database."""
        self.flush()
        self.db.close()

    def watch(self) -> None:
        """Make the tables of pages and of days say what the config says, where they do not yet."""
        shown = [
            (
                page.id,
                page.url,
                page.vendor,
                page.product,
                page.owner,
                page.tier,
                page.ref,
                page.format,
            )
            for page in self.config.pages
        ]
        known = [
            (
                page.id,
                page.url,
                page.vendor,
                page.product,
                page.owner,
                page.tier,
                page.ref,
                page.format,
            )
            for page in history.watched(self.db)
        ]
        if sorted(shown, key=str) != sorted(known, key=str):
            with history.transaction(self.db):
                history.watch(self.db, self.config.pages)
        zone = str(self.config.schedule.timezone)
        if history.zone(self.db) != zone:
            with history.transaction(self.db):
                history.keep_zone(self.db, zone)

    def lock(self) -> AbstractContextManager[None]:
        """Keep other runs, backfills and rebuilds out; reviews and questions go on."""
        return locking.lock(self.archive.root)

    def fit(self, pages: Iterable[str] = ()) -> None:
        """Raise StoreError where the top journal, or that of one of the pages, is not the one that the database copied."""
        for page_id in (None, *pages):
            if said := fitting.misfit(self.archive, self.db, page_id):
                raise StoreError(said)
        if not history.journals(self.db):
            # Made anew, the database proves nothing: the top journal says how far the others had come.
            for said in self.archive.unmet():
                raise StoreError(f"{said}, or `claimwatch rebuild` the database from what is there")

    # ------------------------------------------------------------------ facts of no page

    def note(self, what: str, facts: dict[str, Any]) -> Line:
        """Keep a fact that belongs to no page, then copy it into the database; return its line."""
        self.fit()
        line = self.archive.note(what, facts)
        with history.transaction(self.db):
            self.copy_notes()
        return line

    def copy_notes(self) -> None:
        """Copy what the top journal has and the database has not, within the transaction that is open."""
        start, chain = history.copied_to(self.db, "")
        moved = False
        for line in self.archive.notes(start, chain):
            copy_note(self.db, self.archive, line)
            history.copied(self.db, "", line.end, line.chain)
            moved = moved or line.facts["what"] in ("review", "alias")
        if moved:
            history.attach(self.db)

    def note_heads(self, run: str, pages: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """Keep where the journals of the pages stand that a run looked at, and return where all stand, the top one first.

        The line that says so in the top journal makes its head stand for all of theirs.
        """
        heads = history.heads(self.db)
        looked_at = {page_id: heads[page_id] for page_id in sorted({*pages} & heads.keys())}
        if looked_at:
            self.note("heads", {"run": run, "heads": looked_at})
        return history.named_heads(self.db)

    def know_reader(self, stamp: str, at: datetime) -> None:
        """Keep a reader's stamp when it is used first."""
        if stamp not in history.readers(self.db):
            self.note("reader", {"stamp": stamp, "at": at.astimezone(UTC).isoformat()})

    # ------------------------------------------------------------------ looks

    def page(self, page_id: str) -> Page:
        """Return the page of that id in the config; raise NotFound as `pages` does."""
        return self.pages((page_id,))[0]

    def pages(self, ids: Iterable[str]) -> tuple[Page, ...]:
        """Return the pages of those ids, each once; raise NotFound with a line for each that there is not."""
        known = {page.id: page for page in self.config.pages}
        wanted = tuple(dict.fromkeys(ids))
        if strangers := [page_id for page_id in wanted if page_id not in known]:
            raise NotFound("\n".join(map(self._unknown, strangers)))
        return tuple(known[page_id] for page_id in wanted)

    def _unknown(self, page_id: str) -> str:
        ids = [page.id for page in self.config.pages]
        near = ", ".join(words.nearest(page_id, ids) or ids[:5]) or "none yet"
        return f'{self.config.path}: no page has the id "{page_id}"; near it: {near}'

    def known(self, page: Page) -> Known:
        """Return what a look at a page needs of its past."""
        return history.known(self.db, page)

    def with_capture(self, page: Page, known: Known) -> Known:
        """Return the same with the last good captures, which a new body is compared with."""
        row = history.good_capture(self.db, page.id)
        if row is None:
            raise StoreError(
                f"{page.id}: the database does not have its last good capture; `rebuild` it"
            )
        rows = history.earlier_captures(self.db, page.id, row["digest"], EARLIER)
        earlier = tuple(self.capture(page, one) for one in rows)
        kept = history.last_reading(self.db, page.id)
        return replace(known, snapshot=self.capture(page, row), earlier=earlier, reading=kept)

    def case(self, look: Look, known: Known) -> Case:
        """Return a look with all that its judgement rests on."""
        page = look.page
        if (
            look.snapshot
            and known.digest
            and (look.snapshot.digest != known.digest or moves.told(look.snapshot, known))
        ):
            known = self.with_capture(page, known)
        held, released = history.held(self.db, page.id), history.released(self.db, page.id)
        rejected = history.rejected(self.db, page.id)
        return Case(look, known, self.config.guard, held, released, rejected)

    def begin(self, case: Case, desk: Desk) -> Outcome | None:
        """Write down that a look is now to be read; return its outcome instead where there is nothing to read, or no use."""
        page, stamp = case.look.page, desk.stamp(case.look.page)
        if (outcome := judging.plain(case)) is not None:
            return outcome
        given_up = history.given_up(self.db, page.id, stamp, desk.budget.seconds)
        unseen = history.unseen(self.db, page.id, stamp, attempts.key(case)[0])
        if (outcome := attempts.spared(case, given_up, unseen)) is None:
            self.archive.note("attempt", attempts.facts(case, stamp, desk.budget.seconds))
        return outcome

    def give_up(self, case: Case, failure: Failure, desk: Desk) -> None:
        """Write down that a capture was given up, and why."""
        stamp = desk.stamp(case.look.page)
        self.archive.note("attempt", attempts.facts(case, stamp, desk.budget.seconds, failure))

    def capture(self, page: Page, row: dict[str, Any]) -> Snapshot:
        """Return the capture that a look's row names, with its body."""
        return Snapshot(
            page=page,
            captured_at=datetime.fromisoformat(row["captured_at"]),
            recorded_at=datetime.fromisoformat(row["recorded_at"]),
            origin=row["origin"],
            url=row["url"],
            media_type=row["media_type"],
            body=self.archive.body(row["digest"], page.id),
            status=row["status"],
            headers=tuple((name, value) for name, value in json.loads(row["headers"])),
            redirects=tuple(json.loads(row["redirects"])),
            revision=row["revision"],
        )

    def record(self, page: Page, line: Line, judged: Judged, step: Step | None, stamp: str) -> None:
        """Copy a look that comes after all others of its page; what it did to the claims goes into the same transaction."""
        self._quiet.append(Quiet(page.id, line, judged, stamp))
        if step is None:
            if len(self._quiet) >= TOGETHER:
                self.flush()
            return
        with history.transaction(self.db):
            self._copy_quiet()
            history.record_step(self.db, page.id, step)

    def keep(self, page: Page, kept: bytes) -> None:
        """Keep what was read last of a page, together with the look that is recorded next."""
        self._kept[page.id] = kept

    def flush(self) -> None:
        """Commit the looks that found nothing new."""
        if self._quiet:
            with history.transaction(self.db):
                self._copy_quiet()

    def _copy_quiet(self) -> None:
        for quiet in self._quiet:
            history.record_look(self.db, quiet.page, quiet.line.facts, quiet.line.end, quiet.judged)
            history.refresh_page(self.db, quiet.page, quiet.stamp)
            history.copied(self.db, quiet.page, quiet.line.end, quiet.line.chain)
        self._quiet.clear()
        for page_id, kept in self._kept.items():
            history.keep_last_reading(self.db, page_id, kept)
        self._kept.clear()

    # ------------------------------------------------------------------ a page from its captures

    def lags(self, page: Page) -> bool:
        """Say whether the database lacks looks of a page that its journal has, or holds back what a person released."""
        missing = self.archive.end(page.id) != history.copied_to(self.db, page.id)[0]
        return missing or history.unreleased(self.db, page.id)

    def behind(self, page: Page, desk: Desk) -> bool:
        """Say whether the database lags, or has a page by another reader."""
        return self.lags(page) or history.stamp(self.db, page.id) not in ("", desk.stamp(page))

    def derive(
        self,
        page: Page,
        desk: Desk,
        *,
        at: datetime,
        run: str | None = None,
        earlier: history.Database | None = None,
        told: Told | None = None,
    ) -> None:
        """Derive a page's whole history anew, in one transaction.

        What another reader told of the page before, here or in the `earlier` database, keeps its ids and its reviews; what
        it read otherwise in the last good capture is told as our re-reading. `told` is the history where it was told already.
        """
        self.flush()
        earlier = earlier or self.db
        looks = list(self.archive.looks(page.id))
        told = told or desk.in_order(self.teller(page, desk)).result()
        self._note_unread(page, told, desk)
        self._keep_reading(page, desk.stamp(page), earlier, at)
        self._note_rereading(page, told, desk, earlier, at, run)
        self._note_ids(page, told, earlier)
        with history.transaction(self.db):
            self._rewrite(page, looks, told, desk.stamp(page))
            self.copy_notes()
            history.attach(self.db, page.id)

    def teller(self, page: Page, desk: Desk) -> Callable[[Judge], Told]:
        """Return what finds out a page's history as its looks tell it; it may be called in another thread, and writes nothing."""
        terms = Terms(
            self.config.guard,
            history.released(self.db, page.id),
            history.rejected(self.db, page.id),
            history.releases(self.db, page.id),
        )
        given_up = self._given_up(page, desk)
        archive = self.archive

        def telling(judge: Judge) -> Told:
            looks = [(entry, line.end) for entry, line in archive.looks(page.id)]
            judge = attempts.sparing(judge, given_up)
            return derive.history(page, looks, archive.snapshot, judge, terms)

        return telling

    def _given_up(self, page: Page, desk: Desk) -> attempts.GivenUp:
        return history.given_up(self.db, page.id, desk.stamp(page), desk.budget.seconds)

    def _note_unread(self, page: Page, told: Told, desk: Desk) -> None:
        """Keep which captures were given up, and say that some could not be read."""
        known = self._given_up(page, desk)
        for case, failure in told.unread:
            if failure.lasting and attempts.key(case) not in known:
                self.give_up(case, failure, desk)
        if told.unread:
            reason = told.unread[-1][1].reason
            self.tell(f"{page.id}: {len(told.unread)} of its captures could not be read: {reason}")

    def _rewrite(self, page: Page, looks: list[tuple[Entry, Line]], told: Told, stamp: str) -> None:
        copied = history.copied_to(self.db, page.id)[0]
        history.know(self.db, page, watched=self.config.page(page.id) is not None)
        history.forget(self.db, page.id)
        for entry, line in looks:
            judged = told.judged.get(line.end) or _failed(entry)
            if line.end > copied:
                history.record_look(self.db, page.id, line.facts, line.end, judged)
            else:
                history.judge_look(self.db, page.id, line.end, judged)
        for step in told.steps:
            history.record_step(self.db, page.id, step)
        history.refresh_page(self.db, page.id, stamp)
        history.keep_last_reading(self.db, page.id, told.kept)
        if looks:
            history.copied(self.db, page.id, looks[-1][1].end, looks[-1][1].chain)

    def _keep_reading(
        self, page: Page, stamp: str, earlier: history.Database, at: datetime
    ) -> None:
        """Keep what the reader that is replaced made of a page: no later one can say what we knew by it."""
        before = history.stamp(earlier, page.id)
        if before not in ("", stamp):
            digest = self.archive.store(history.reading_in_force(earlier, page.id).encode())
            facts = {
                "page": page.id,
                "at": at.astimezone(UTC).isoformat(),
                "stamp": before,
                "digest": digest,
            }
            self.archive.note("reading", facts)

    def _note_rereading(
        self,
        page: Page,
        told: Told,
        desk: Desk,
        earlier: history.Database,
        at: datetime,
        run: str | None,
    ) -> None:
        """Keep what the reader now in force reads otherwise in bytes that another one had read: our progress, not the page's."""
        stamp = desk.stamp(page)
        before = history.stamp(earlier, page.id)
        stood = history.past(earlier, page.id).standing
        if before in ("", stamp) or told.last is None or not stood:
            return
        try:
            changes = desk.reread(told.last, tuple(one.claim for one in stood))
        except Stopped as stopped:
            self.tell(
                f"{page.id}: what is read otherwise now cannot be said: comparing it {stopped}"
            )
            return
        cause = readers.cause(before, stamp)
        step = Step(at, told.past.last_good_at, run=run)
        again = lives.reread(told.past, changes, stamp, cause)
        rows = [
            history.change_row(page.id, recorded, step, number)
            for number, recorded in enumerate(again)
        ]
        facts = {
            "page": page.id,
            "at": at.astimezone(UTC).isoformat(),
            "from": before,
            "to": stamp,
            "cause": cause,
            "changes": rows,
        }
        self.archive.note("rereading", facts)

    def _note_ids(self, page: Page, told: Told, earlier: history.Database) -> None:
        """Keep which id a change or a claim has now that was shown under another, and which are no more."""
        known = history.aliases(self.db) | history.aliases(earlier)
        if (facts := succession.facts(page.id, told, earlier, known)) is not None:
            self.archive.note("alias", facts)


def copy_note(db: history.Database, archive: Archive, line: Line) -> None:
    """Copy a line of the top journal into a database."""
    if line.facts["what"] == "reading":
        history.record_old(db, line.facts, archive.body(line.facts["digest"]).decode())
    else:
        history.record_note(db, line.facts)


def _failed(entry: Entry) -> Judged:
    failure = entry.failure
    return Judged(
        "failed",
        failure.stage if failure else "fetch",
        failure.reason if failure else "the look has no result",
    )

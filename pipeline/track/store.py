"""Archive + history = Store: facts first, on the disk and chained;
then what follows from them, in one transaction.

Whatever a crash leaves between the two is found by the offsets that the database keeps of the
journals, and made good before a page is looked at again. Fetches nothing, tells nobody.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from typing import Any

from pipeline import history
from pipeline.archive import Archive, Entry, Line
from pipeline.config import Config
from pipeline.errors import StoreError
from pipeline.history import Judged, Step
from pipeline.model import Known, Page, Snapshot
from pipeline.track import deriving, fitting, locking, moves
from pipeline.track.cases import Judge
from pipeline.track.derive import Told
from pipeline.track.desk import Desk

TOGETHER = 5000
"""How many looks that found nothing new are committed together."""

_CONFIGURED = attrgetter("id", "url", "vendor", "product", "owner", "tier", "ref", "format")
"""What the table of pages has of what the config says of one."""


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
        self._last: dict[str, tuple[str, str]] | None = None

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
        said, known = (
            map(_CONFIGURED, self.config.pages),
            map(_CONFIGURED, history.watched(self.db)),
        )
        if sorted(said, key=str) != sorted(known, key=str):
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
        """Raise StoreError where a journal, the top one first, is not what the database copied."""
        for page_id in (None, *pages):
            if said := fitting.misfit(self.archive, self.db, page_id):
                raise StoreError(said)
        if not history.journals(self.db):
            # Made anew, the database proves nothing:
            # the top journal says how far the others had come.
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

    def catch_up(self) -> None:
        """Copy what the top journal has and the database has not, if there is any."""
        if self.archive.end(None) != history.copied_to(self.db, "")[0]:
            self.archive.sync(None)
            with history.transaction(self.db):
                self.copy_notes()

    def copy_notes(self) -> None:
        """Copy what only the top journal has, within the transaction that is open."""
        start, chain = history.copied_to(self.db, "")
        moved = False
        for line in self.archive.notes(start, chain):
            copy_note(self.db, self.archive, line)
            history.copied(self.db, "", line.end, line.chain)
            moved = moved or line.facts["what"] in ("review", "alias")
        if moved:
            history.attach(self.db)

    def note_heads(self, run: str, pages: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """Keep where the journals of the pages stand that a run looked at,
        and return where all stand, the top one first.

        The line that says so in the top journal makes its head stand for all of theirs. It is
        written late: the line that ends the run follows it, and whatever shows it before that is to
        wait for `archive.sync`.
        """
        heads = history.heads(self.db)
        looked_at = {page_id: heads[page_id] for page_id in sorted({*pages} & heads.keys())}
        if looked_at:
            self.fit()
            line = self.archive.note_late("heads", {"run": run, "heads": looked_at})
            heads |= {"": line.chain}
        return history.named(heads)

    def know_readers(self, stamps: Iterable[str], at: datetime) -> None:
        """Keep the stamps of readers that are new: all lines at once, and one transaction."""
        new = sorted({*stamps} - history.readers(self.db))
        if not new:
            return
        self.fit()
        for stamp in new:
            self.archive.note_late("reader", {"stamp": stamp, "at": at.astimezone(UTC).isoformat()})
        self.catch_up()

    # ------------------------------------------------------------------ looks

    def page(self, page_id: str) -> Page:
        """Return the page of that id in the config; raise NotFound where there is none."""
        return self.config.chosen((page_id,))[0]

    def known(self, page: Page) -> Known:
        """Return what a look at a page needs of its past."""
        return history.known(self.db, page)

    def last_capture(self, page: Page) -> tuple[str, str]:
        """Return time and digest of a page's last body, good or not; empty where it has none."""
        if self._last is None:
            self._last = history.last_captures(self.db)
        return self._last.get(page.id, ("", ""))

    def known_of(self, pages: Iterable[Page]) -> dict[str, Known]:
        """Return the same of many pages, by id."""
        return history.known_of(self.db, pages)

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
        """Copy a look that comes after all others of its page.

        What it did to the claims goes into the same transaction.
        """
        look = Quiet(page.id, line, judged, stamp)
        if step is None:
            self._quiet.append(look)
            if len(self._quiet) >= TOGETHER:
                self.flush()
            return
        with history.hurried(self.db), history.transaction(self.db):
            self._copy(look)
            history.record_step(self.db, page.id, step)

    def keep(self, page: Page, kept: bytes) -> None:
        """Keep what was read last of a page, together with the look that is recorded next."""
        self._kept[page.id] = kept

    def flush(self) -> None:
        """Commit the looks that found nothing new, after their lines are on the disk."""
        self.archive.sync()
        if self._quiet:
            with history.hurried(self.db), history.transaction(self.db):
                for look in self._quiet:
                    self._copy(look)
            self._quiet.clear()

    def _copy(self, look: Quiet) -> None:
        facts, end = look.line.facts, look.line.end
        history.record_look(self.db, look.page, facts, end, look.judged)
        history.advance_page(self.db, look.page, look.stamp, facts, look.judged)
        history.copied(self.db, look.page, end, look.line.chain)
        if self._last is not None and facts.get("digest"):
            self._last[look.page] = (facts["captured_at"], facts["digest"])
        if (kept := self._kept.pop(look.page, None)) is not None:
            history.keep_last_reading(self.db, look.page, kept)

    # ------------------------------------------------------------------ a page from its captures

    def copy_quiet(self, page: Page, stamp: str) -> bool:
        """Copy what a run that was killed saw of a page, if that was nothing new;
        else copy nothing, and return False.

        `stamp` is that of the reader in force, by which the page's claims were read.
        """
        self.archive.sync(page.id)
        end, chain = history.copied_to(self.db, page.id)
        good, last = history.known(self.db, page).digest, self.last_capture(page)
        looks = list(self.archive.looks(page.id, end, chain))
        if not all(_is_quiet(entry, good, last) for entry, _ in looks):
            return False
        for entry, line in looks:
            judged = Judged("unchanged") if entry.digest else deriving.failed(entry)
            self._quiet.append(Quiet(page.id, line, judged, stamp))
        self.flush()
        return True

    def apart(self, pages: Iterable[str]) -> set[str]:
        """Return the pages whose journal ends with another line than the database copied."""
        copied = history.copies(self.db)
        return {page for page in pages if self.archive.last(page) != copied.get(page, (0, ""))}

    def derive(
        self,
        page: Page,
        desk: Desk,
        *,
        at: datetime,
        run: str | None = None,
        told: Told | None = None,
    ) -> None:
        """Derive a page's whole history anew, in one transaction.

        What another reader told of the page before keeps its ids and its reviews; what it read
        otherwise in the last good capture is told as our re-reading. `told` is the history where it
        was told already.
        """
        self.make(deriving.Derivation(self, page, desk, at, run, self.db), told)

    def make(self, derivation: deriving.Derivation, told: Told | None = None) -> None:
        """Derive a page anew, with the ids and reviews of the database that told of it before."""
        self.flush()
        self._last = None
        derivation.make(told)

    def teller(self, page: Page, desk: Desk) -> Callable[[Judge], Told]:
        """Return what finds out a page's history as its looks tell it.

        It may be called in another thread, and writes nothing.
        """
        return deriving.teller(self, page, desk)


def copy_note(db: history.Database, archive: Archive, line: Line) -> None:
    """Copy a line of the top journal into a database."""
    if line.facts["what"] == "reading":
        history.record_old(db, line.facts, archive.body(line.facts["digest"]).decode())
    else:
        history.record_note(db, line.facts)


def _is_quiet(entry: Entry, good: str | None, last: tuple[str, str]) -> bool:
    """Say whether a look came after the last capture and found the body that stood, or none."""
    if entry.digest is None:
        return entry.origin == "live" and entry.failure is not None
    at = entry.captured_at.astimezone(UTC).isoformat()
    same = entry.digest == good and not moves.permanent(entry.redirects)
    return entry.origin == "live" and same and at > last[0]

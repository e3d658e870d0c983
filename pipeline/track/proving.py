"""`snapshots/` and the database → Proof: each is held against the other, both ways. Alters nothing.

Of a journal that nobody added to since, the database knows the last line;
of a row that nobody recorded, no journal knows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import Any

from pipeline import history
from pipeline.archive import Archive, Line, Proof
from pipeline.config import Config
from pipeline.errors import StoreError
from pipeline.history import Database
from pipeline.track import fitting
from pipeline.track.locking import busy
from pipeline.track.store import copy_note

SHOWN = 5
"""How many rows or bodies of one kind are named; of the others, how many there are."""


def verify(config: Config, heads: Iterable[str] = ()) -> Proof:
    """Return what `snapshots/` and the database prove of each other;
    `heads` were written down elsewhere, whole or their beginning.

    While a run is at work, what it is about to record is left out.
    """
    archive, at_work = Archive(config.snapshots), busy(config.snapshots)
    witnesses = _Witnesses(heads)
    if not config.database.exists():
        proof = archive.verify(witnesses.visit)
        return _with(proof, (*witnesses.problems(), *_unnamed(proof, archive, at_work)))
    try:
        with history.examined(config.database) as db:
            copy = _Copy(archive, db)

            def visit(page_id: str | None, line: Line) -> None:
                witnesses.visit(page_id, line)
                copy.visit(page_id, line)

            proof = archive.verify(visit)
            found = (
                *witnesses.problems(),
                *copy.problems(config),
                *_unnamed(proof, archive, at_work),
            )
            behind = () if at_work else tuple(_lacking(archive, db))
            return replace(_with(proof, found), behind=behind)
    except StoreError as error:
        return _with(archive.verify(), (str(error),))


def _with(proof: Proof, problems: Iterable[str]) -> Proof:
    return replace(proof, problems=(*proof.problems, *problems))


def _unnamed(proof: Proof, archive: Archive, at_work: bool) -> Iterator[str]:
    if at_work:
        return
    for digest in proof.unnamed[:SHOWN]:
        place = archive.place(digest)
        named, fix = (
            ("no journal names it", "it may go")
            if place == archive.blob(digest)
            else (f"no journal names the body {digest} in it", "it may stay")
        )
        yield (
            f"{place}: {named}: a run was killed before it could, "
            "or the line that did was cut off; "
            f"where no line is missing, {fix}"
        )
    if len(proof.unnamed) > SHOWN:
        yield f"{archive.root}: {len(proof.unnamed) - SHOWN} more bodies that no journal names"


def _lacking(archive: Archive, db: Database) -> Iterator[str]:
    for page_id in (None, *archive.pages()):
        if fitting.misfit(archive, db, page_id) is None:
            lacks = fitting.lacking(archive, db, page_id)
            if lacks is not None:
                yield f"{lacks}; {fitting.CATCH_UP}"


class _Witnesses:
    """Heads that were written down elsewhere, until a line is met that has them."""

    def __init__(self, heads: Iterable[str]) -> None:
        self._heads = {head.strip().lower() for head in heads}

    def visit(self, page_id: str | None, line: Line) -> None:
        if self._heads:
            self._heads = {head for head in self._heads if not line.chain.startswith(head)}

    def problems(self) -> Iterator[str]:
        for head in sorted(self._heads):
            yield (
                f"no line of any journal has the head {head}: "
                "what was recorded when it was written "
                "down was cut off, edited or replaced since; restore snapshots/ from a backup"
            )


class _Copy:
    """The database, held against the lines of the journals as they pass."""

    def __init__(self, archive: Archive, db: Database) -> None:
        self.archive = archive
        self.db = db
        self._copied = history.journals(db)
        self._noted = history.open(":memory:")
        self._rows: dict[str, dict[int, dict[str, Any]]] = {}
        self._differ: dict[str, list[str]] = defaultdict(list)

    def visit(self, page_id: str | None, line: Line) -> None:
        """Take in a line: the database has it as it is, or not at all."""
        if line.end > self._copied.get(page_id or "", 0):
            return
        if page_id is None:
            copy_note(self._noted, self.archive, line)
            return
        if page_id not in self._rows:
            self._rows[page_id] = history.look_rows(self.db, page_id)
        row = self._rows[page_id].pop(line.end, None)
        look = f"the look at {page_id} of {line.facts['captured_at']}"
        if row is None:
            self._differ[page_id].append(f"lacks {look}, which its journal has")
        elif differ := history.differences(row, line.facts):
            self._differ[page_id].append(
                f"has {look} with another {', '.join(differ)} than its journal"
            )

    def problems(self, config: Config) -> Iterator[str]:
        """Yield what the database has otherwise than the journals,
        once all their lines have passed.
        """
        pages = {*self._copied, *history.looked_at(self.db)} - {""}
        misfits = {
            page_id: said
            for page_id in (None, *sorted(pages))
            if (said := fitting.misfit(self.archive, self.db, page_id)) is not None
        }
        yield from misfits.values()
        name = config.database
        # Where a whole journal does not fit, that it does not is all there is to say of its lines.
        found = chain(
            *(self._of_looks(page_id) for page_id in sorted(pages - misfits.keys())),
            self._of_notes() if None not in misfits else (),
            history.unsound(self.db),
        )
        yield from (f"{name}: {said}; `claimwatch rebuild` makes it again" for said in found)

    def _of_looks(self, page_id: str) -> Iterator[str]:
        yield from _some(self._differ[page_id], f"looks at {page_id} that differ")
        left = self._rows.get(page_id)
        rows = history.look_rows(self.db, page_id) if left is None else left
        said = [
            f"has a look at {page_id} of {row['captured_at']} that its journal does not have"
            for row in rows.values()
        ]
        yield from _some(said, f"looks at {page_id} that its journal does not have")

    def _of_notes(self) -> Iterator[str]:
        for table in history.NOTED:
            mine = Counter(history.noted(self.db, table))
            theirs = Counter(history.noted(self._noted, table))
            beside = [
                f"has a row of {table} that no journal has: {_row(row)}" for row in mine - theirs
            ]
            yield from _some(beside, f"rows of {table} that no journal has")
            lost = [
                f"lacks a row of {table} that the journal has: {_row(row)}" for row in theirs - mine
            ]
            yield from _some(lost, f"rows of {table} that the journal has")


def _row(row: tuple[Any, ...]) -> str:
    return " ".join(str(value) for value in row[:2] if value is not None)


def _some(said: list[str], what: str) -> Iterator[str]:
    yield from islice(said, SHOWN)
    if len(said) > SHOWN:
        yield f"and {len(said) - SHOWN} more {what}"

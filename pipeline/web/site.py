"""The store as the pages ask it: questions in one thread with an answer kept
until somebody writes, and writing in another.

Knows no page. What a person settled last is remembered here,
so that it can be taken back with one click.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pipeline import config as configs
from pipeline import history, standards, track
from pipeline.config import Config
from pipeline.model import Comparison, Failure, Reading, Snapshot
from pipeline.standards import Catalogue
from pipeline.track import Store, opening
from pipeline.track.desk import Desk
from pipeline.web.access import Access

Answer = TypeVar("Answer")
REMEMBERED = 200
"""How many things that were settled can still be told and taken back,
and how many answers are kept.
"""
OPENED = 20
"""How many captures, or pairs of them, are kept as they were worked out."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What a form did, in words.

    `undo` are the verdicts that would take it back, of which each change has one.

    `ask` leads to the mails that ask the vendors about what was marked as asked.
    """

    said: str
    undo: tuple[tuple[str, str], ...] = ()
    left: tuple[str, ...] = ()
    ask: str | None = None


Tell = Callable[[str], None]


def _quietly(text: str) -> None:
    """Tell nobody."""


class Site:
    """All that the pages share; close it."""

    def __init__(
        self, path: Path, access: Access, now: Callable[[], datetime], tell: Tell = _quietly
    ) -> None:
        self.access, self.now, self.tell = access, now, tell
        self._path = path
        self._load(_written_at(path))
        self._reading = ThreadPoolExecutor(1, "claimwatch-reading")
        self._writing = ThreadPoolExecutor(1, "claimwatch-writing")
        self._opening = ThreadPoolExecutor(1, "claimwatch-opening")
        self._desk: Desk | None = None
        self._opened: OrderedDict[Any, Any] = OrderedDict()
        self._db: history.Database | None = None
        self._version = -1
        self._answers: OrderedDict[Any, Any] = OrderedDict()
        self._settled: OrderedDict[str, Settled] = OrderedDict()

    @property
    def config(self) -> Config:
        """Return the config as its file says now:
        a page that was added must not be forgotten by a verdict.
        """
        at = _written_at(self._path)
        if at != self._at:
            self._load(at)
        return self._config

    def _load(self, at: int) -> None:
        self._config = configs.load(self._path)
        extra = self._config.extra
        self._catalogue = standards.load(str(extra) if extra else None)
        self._at = at

    @property
    def catalogue(self) -> Catalogue:
        """Return the standards, with the user's own, as they were when the config was read."""
        return self._catalogue

    # ------------------------------------------------------------------ questions

    async def ask(self, question: Callable[..., Answer], **named: Any) -> Answer:
        """Return the answer to a question of an open database.

        It is worked out again only when somebody has written.
        """
        asked = partial(self._ask, question, named)
        return await asyncio.get_running_loop().run_in_executor(self._reading, asked)

    async def version(self) -> int:
        """Return a number that is another one once somebody has written."""
        return await asyncio.get_running_loop().run_in_executor(
            self._reading, lambda: self._open.version
        )

    @property
    def _open(self) -> history.Database:
        """The database, open; for the one thread that reads."""
        if self._db is None:
            self._db = history.open(self.config.database)
        return self._db

    def _ask(self, question: Callable[..., Answer], named: dict[str, Any]) -> Answer:
        db = self._open
        if (version := db.version) != self._version:
            self._answers.clear()
            self._version = version
        key = (question, tuple(sorted(named.items(), key=lambda item: item[0])))
        if key not in self._answers:
            self._answers[key] = question(db, **named)
            while len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)
        found: Answer = self._answers[key]
        return found

    # ------------------------------------------------------------------ writing

    async def write(self, task: Callable[[Store], Answer]) -> Answer:
        """Return what a task made of the open store; one after the other,
        so that no two people settle the same at once.
        """

        def done() -> Answer:
            with track.open(self.config) as store:
                store.fit()
                return task(store)

        return await asyncio.get_running_loop().run_in_executor(self._writing, done)

    # ------------------------------------------------------------------ captures

    async def read(self, snapshot: Snapshot) -> Reading | Failure:
        """Return what a capture says, or why that cannot be told;
        a page can do no harm where that is worked out.
        """
        return await self._at_desk(opening.read, snapshot)

    async def compared(
        self, before: Snapshot, after: Snapshot, *, whole: bool
    ) -> Comparison | Failure:
        """Return how two captures differ, where they do or as a `whole`,
        or why that cannot be told.
        """
        task = opening.whole if whole else opening.compared
        return await self._at_desk(task, before, after)

    async def _at_desk(self, task: Callable[..., Answer], *snapshots: Snapshot) -> Answer:
        def worked_out() -> Answer:
            if self._desk is None:
                self._desk = Desk(self.catalogue, self.config.budget, size=1)
            stamps = tuple(self._desk.stamp(one.page) for one in snapshots)
            key = (task, stamps, tuple(one.digest for one in snapshots))
            if key not in self._opened:
                self._opened[key] = task(self._desk, *snapshots)
                while len(self._opened) > OPENED:
                    self._opened.popitem(last=False)
            found: Answer = self._opened[key]
            return found

        return await asyncio.get_running_loop().run_in_executor(self._opening, worked_out)

    def remember(self, settled: Settled) -> str:
        """Keep what was settled, and return the name by which the next page tells it."""
        name = secrets.token_urlsafe(9)
        self._settled[name] = settled
        while len(self._settled) > REMEMBERED:
            self._settled.popitem(last=False)
        return name

    def recall(self, name: str | None) -> Settled | None:
        """Return what was settled under a name, None where that is forgotten."""
        return self._settled.get(name or "")

    def close(self) -> None:
        """Let go of the database."""
        if self._db is not None:
            self._reading.submit(self._db.close).result()
        self._opening.shutdown()
        if self._desk is not None:
            self._desk.__exit__()
        self._reading.shutdown()
        self._writing.shutdown()


def _written_at(path: Path) -> int:
    return path.stat().st_mtime_ns

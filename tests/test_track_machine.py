"""Random histories: looks, backfills, reviews, corrections, releases, new readers,
rebuilds and crashes, in any order.

What the laws of the house promise is asked after every history. Short by default;
CLAIMWATCH_LONG=1 runs ten thousand operations.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from brasswheel import EXTRA
from crashes import Crash, crashing
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from instants import Lost

from pipeline import config, history, standards, track
from pipeline.archive import Archive
from pipeline.errors import NotFound, ReviewError
from pipeline.model import Snapshot, Word

START = datetime(2026, 3, 1, 6, tzinfo=UTC)


def text(edition: str, services: str, name: str = "Northwind Desk", note: str = "") -> str:
    listed = "\n".join(f"- {service}" for service in services.split())
    said = (
        f"{name} is certified to ISO/IEC 27001:{edition}.\n\n"
        f"{name} is certified to the Brasswheel Scheme."
    )
    return f"# {name} compliance\n\n{said}\n\n{note}\n\n## Services in scope of SOC 2\n\n{listed}\n"


MANY = "Ledger Archive Courier Beacon Anvil Prism Quarry Fathom Gable Harrow Inlet"
TEXTS = (
    text("2013", MANY, note="HIPAA does not cover Courier."),
    text("2022", MANY, note="HIPAA does not cover Courier."),
    text("2022", MANY.replace("Archive ", "")),
    text("2022", MANY, "Northwind Studio"),
    text("2022", "Ledger"),
    "# Northwind Desk compliance\n\nWe are moving this page; "
    "please come back in a while for what it used to say.\n",
    "",
)
LONG = bool(os.environ.get("CLAIMWATCH_LONG"))
numbers = st.integers(0, len(TEXTS) - 1)


class House(RuleBasedStateMachine):
    """One page, whatever happens to it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="claimwatch-machine-"))
        (self.folder / "config.toml").write_text(
            '[[pages]]\nid = "desk"\nurl = "desk.md"\nvendor = "Northwind"\n', encoding="utf-8"
        )
        (self.folder / "extra.toml").write_text(EXTRA, encoding="utf-8")
        self.config = config.load(self.folder / "config.toml")
        self.page = self.config.pages[0]
        self.catalogues = standards.load(), standards.load(str(self.folder / "extra.toml"))
        self.catalogue = self.catalogues[0]
        self.hour = 0
        self.die: int | None = None
        self.kept: set[tuple[str, str]] = set()
        self.said: set[str] = set()
        self.whole = True
        self._act(lambda: self._look(TEXTS[0]))

    def teardown(self) -> None:
        try:
            self._check()
        finally:
            shutil.rmtree(self.folder)

    # ------------------------------------------------------------------ what may happen

    @rule(number=st.one_of(st.none(), numbers), hours=st.sampled_from((1, 5, 24, 30, 80)))
    def look(self, number: int | None, hours: int) -> None:
        self.hour += hours
        self._act(lambda: self._look(None if number is None else TEXTS[number]))

    @rule(shots=st.lists(st.tuples(st.integers(-200, 200), numbers), min_size=1, max_size=3))
    def add(self, shots: list[tuple[int, int]]) -> None:
        found = [self._shot(self.hour // 2 + hour, TEXTS[number]) for hour, number in shots]
        with Lost(self.config, self.config.database, lambda told: None) as store:
            store.watch()
            self._act(
                lambda: track.backfill(store, self.page, found, self.catalogue, now=self._now)
            )
        self._keep()

    @rule(lost=st.booleans())
    def rebuild(self, lost: bool) -> None:
        if lost:
            self._lose()
        self._act(lambda: track.rebuild(self.config, self.catalogue, now=self._now))

    @rule(number=st.integers(0, 50), verdict=st.sampled_from(("accept", "dismiss", "ask", "note")))
    def review(self, number: int, verdict: str) -> None:
        self._say([row["id"] for row in self._ask(history.changes)], number, verdict)

    @rule(number=st.integers(0, 50), edition=st.sampled_from((None, "2022", "2099")))
    def correct(self, number: int, edition: str | None) -> None:
        fields = {"edition": edition} if edition else None
        self._say(
            [row["id"] for row in self._ask(history.claims)], number, "wrong", should_be=fields
        )

    @rule(number=st.integers(0, 50))
    def take_back(self, number: int) -> None:
        self._say([row["id"] for row in self._ask(history.claims)], number, "accept")

    @rule()
    def sign_off(self) -> None:
        self._say(["desk"], 0, "no-change")

    @rule()
    def release(self) -> None:
        self.hour += 1

        def released() -> None:
            with (
                Lost(self.config, self.config.database, lambda told: None) as store,
                suppress(NotFound, ReviewError),
            ):
                word = Word("desk", "ana", "x")
                track.release(store, self.catalogue, word, now=self._now, environ={})

        self._act(released)
        self.whole = False

    @rule(number=st.integers(0, 1))
    def learn(self, number: int) -> None:
        self.whole = self.whole and self.catalogue is self.catalogues[number]
        self.catalogue = self.catalogues[number]

    @precondition(lambda self: self.die is None)
    @rule(after=st.integers(0, 9))
    def crash_in_what_comes(self, after: int) -> None:
        self.die = after

    # ------------------------------------------------------------------ how

    def _now(self) -> datetime:
        return START + timedelta(hours=self.hour)

    def _act(self, act: Callable[[], Any]) -> None:
        after, self.die = self.die, None
        try:
            with crashing() as power:
                power(after)
                act()
        except Crash:
            self.whole = False
        self._keep()

    def _look(self, body: str | None) -> None:
        path = self.folder / "desk.md"
        path.unlink(missing_ok=True)
        if body is not None:
            path.write_text(body, encoding="utf-8")
        with Lost(self.config, self.config.database, lambda told: None) as store:
            store.watch()
            track.run(self.config, self.catalogue, now=self._now, hooks=track.Hooks(store=store))
            store.flush()
        self.whole = True

    def _shot(self, hour: int, body: str) -> Snapshot:
        at = START + timedelta(hours=hour, minutes=1)
        return Snapshot(
            self.page, at, self._now(), "dir", self.page.url, "text/markdown", body.encode()
        )

    def _say(self, ids: list[str], number: int, verdict: str, **more: Any) -> None:
        self.hour += 1
        if not ids:
            return

        def said() -> None:
            with Lost(self.config, self.config.database, lambda told: None) as store:
                target = ids[number % len(ids)]
                self.said.add(
                    track.review(
                        store,
                        target,
                        track.Review(verdict, self._now(), who="ana", note="x", **more),
                    )
                )

        self._act(said)

    def _ask(self, question: Callable[..., Any], **wanted: Any) -> Any:
        with track.open(self.config) as store:
            with history.transaction(store.db):
                store.copy_notes()
            return question(store.db, **wanted)

    def _keep(self) -> None:
        """Nothing that was acknowledged once is ever missed again."""
        now = {
            (entry.captured_at.isoformat(), entry.digest or "")
            for entry, _ in Archive(self.config.snapshots).looks("desk")
        }
        assert self.kept <= now
        self.kept = now

    def _lose(self) -> None:
        for path in self.folder.glob("claims.db*"):
            path.unlink()

    # ------------------------------------------------------------------ the laws

    def _check(self) -> None:
        assert Archive(self.config.snapshots).verify().problems == ()
        before = self._all() if self.whole else None
        track.rebuild(self.config, self.catalogue, now=self._now)
        once = self._all()
        assert before in (None, once), "what was derived bit by bit is what is derived at once"
        self._lose()
        track.rebuild(self.config, self.catalogue, now=self._now)
        assert self._all() == once, "the database is derived from the facts"
        assert self.said <= {row["id"] for row in self._ask(history.reviews)}, (
            "a person's word is kept for ever"
        )
        self._check_database()
        assert self._shuffled() == once[:2], "the order in which captures came changes nothing"

    def _all(self) -> Any:
        with track.open(self.config) as store:
            db = store.db
            claims, changes = (
                history.claims(db),
                [row for row in history.changes(db) if row["cause"] in ("page", "backfill")],
            )
            bare = [
                {
                    name: value
                    for name, value in row.items()
                    if name not in ("correction", "asks_again")
                }
                for row in claims
            ]
            unreviewed = [
                {name: row[name] for name in row if name not in _REVIEWED} for row in changes
            ]
            lives = [history.history(db, row["id"]) for row in claims]
            past = [
                history.claims(db, at=START + timedelta(hours=hour))
                for hour in range(-100, self.hour + 100, 60)
            ]
            return (
                bare,
                unreviewed,
                claims,
                changes,
                lives,
                past,
                history.status(db),
                history.reviews(db),
                history.outbox(db),
            )

    def _check_database(self) -> None:
        with track.open(self.config) as store:
            assert list(store.db.query("PRAGMA foreign_key_check")) == []
            for table in ("passage", "told"):
                store.db.conn.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")
            for claim in history.claims(store.db):
                assert "correction" not in claim or claim["correction"]["text"] == claim["text"]
            flaps = [row for row in history.changes(store.db) if row["flap"]]
            assert not any(
                row["kind"] in ("product", "standard") and row["field"] != "basis" for row in flaps
            )

    def _shuffled(self) -> Any:
        """Return claims and changes of the same looks, written down in the other order."""
        other = self.folder / "other"
        other.mkdir()
        (other / "config.toml").write_text(
            (self.folder / "config.toml").read_text(encoding="utf-8"), encoding="utf-8"
        )
        place = config.load(other / "config.toml")
        source, target = Archive(self.config.snapshots), Archive(place.snapshots)
        for entry, _ in reversed(list(source.looks("desk"))):
            target.keep(entry, source.body(entry.digest) if entry.digest else None)
        for line in source.notes():
            if line.facts["what"] in ("review", "alias"):
                target.note(
                    line.facts["what"],
                    {
                        name: fact
                        for name, fact in line.facts.items()
                        if name not in ("what", "prev")
                    },
                )
        track.rebuild(place, self.catalogue, now=self._now)
        mine, self.config = self.config, place
        try:
            return self._all()[:2]
        finally:
            self.config = mine


_REVIEWED = ("status", "owner", "ref", "notes", "reviews", "url")

House.TestCase.settings = settings(
    max_examples=250 if LONG else 5,
    stateful_step_count=40 if LONG else 12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
TestHouse = House.TestCase

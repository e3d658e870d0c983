"""Laws of the house, over generated pasts: the set of captures decides, not their order;
the database is derived; ids last.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import config, history, standards, track
from pipeline.model import Page, Snapshot

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
CATALOGUE = standards.load()


def text(edition: str, services: str, name: str, note: str) -> str:
    listed = "\n".join(f"- {service}" for service in services.split())
    return (
        f"# {name} compliance\n\n{name} is certified to ISO/IEC 27001:{edition}.\n\n{note}\n\n"
        f"## Services in scope of SOC 2\n\n{listed}\n"
    )


TEXTS = [
    text("2013", "Ledger Archive Courier", "Northwind Desk", "HIPAA does not cover Courier."),
    text("2022", "Ledger Archive Courier", "Northwind Desk", "HIPAA does not cover Courier."),
    text("2022", "Ledger Courier Beacon", "Northwind Desk", ""),
    text("2022", "Ledger Courier Beacon", "Northwind Studio", ""),
    text("2013", "Archive Ledger Courier", "Northwind Desk", "HIPAA  does not cover Courier."),
    "",
]
FEW = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
captures = st.lists(
    st.tuples(st.integers(-20, 20), st.integers(0, len(TEXTS) - 1)), min_size=1, max_size=7
)


class Place:
    """A store in a folder of its own."""

    numbers = itertools.count()

    def __init__(self, root: Path) -> None:
        self.folder = root / f"place-{next(self.numbers)}"
        self.folder.mkdir()
        (self.folder / "config.toml").write_text(
            '[[pages]]\nid = "desk"\nurl = "desk.md"\nvendor = "Northwind"\n'
        )
        self.config = config.load(self.folder / "config.toml")
        self.page = Page("desk", "https://example.org/desk", vendor="Northwind")

    def fill(self, *shots: tuple[int, int]) -> None:
        found = [self._shot(day, number) for day, number in shots]
        with track.open(self.config) as store:
            track.backfill(store, self.config.pages[0], found, CATALOGUE, now=lambda: START)

    def _shot(self, day: int, number: int) -> Snapshot:
        at = START + timedelta(days=day)
        return Snapshot(
            self.page, at, START, "dir", self.page.url, "text/markdown", TEXTS[number].encode()
        )

    def run(self, day: float, number: int | None) -> None:
        path = self.folder / "desk.md"
        path.unlink(missing_ok=True)
        if number is not None:
            path.write_text(TEXTS[number], encoding="utf-8")
        track.run(self.config, CATALOGUE, now=lambda: START + timedelta(days=day))

    def review(self, number: int, day: float) -> None:
        with track.open(self.config) as store:
            found = history.changes(store.db)
            if found:
                verdict = ("accept", "dismiss", "ask")[number % 3]
                track.review(
                    store,
                    found[number % len(found)]["id"],
                    track.Review(verdict, START + timedelta(days=day)),
                )

    def rebuild(self, *, lost: bool) -> None:
        if lost:
            for path in self.folder.glob("claims.db*"):
                path.unlink()
        track.rebuild(self.config, CATALOGUE, now=lambda: START)

    def derived(self) -> Any:
        with track.open(self.config) as store:
            found = history.claims(store.db)
            lives = {row["id"]: history.history(store.db, row["id"]) for row in found}
            past = [
                history.claims(store.db, at=START + timedelta(days=day))
                for day in (-15, -5, 0, 5, 15)
            ]
            changes = [
                {name: value for name, value in row.items() if name != "url"}
                for row in history.changes(store.db)
            ]
            return found, changes, lives, past

    def all(self) -> Any:
        with track.open(self.config) as store:
            db = store.db
            known = [
                history.claims(db, known_at=START + timedelta(days=day)) for day in range(0, 9, 2)
            ]
            return (
                self.derived(),
                history.status(db),
                history.reviews(db),
                history.outbox(db),
                known,
            )


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("laws")
    yield folder
    shutil.rmtree(folder)


@FEW
@given(captures, st.data())
def test_the_order_in_which_captures_are_added_changes_nothing(
    root: Path, shots: list[tuple[int, int]], data: st.DataObject
) -> None:
    once, bit_by_bit = Place(root), Place(root)
    once.fill(*shots)
    for shot in data.draw(st.permutations(shots)):
        bit_by_bit.fill(shot)
    assert bit_by_bit.derived() == once.derived()


acts = st.lists(
    st.one_of(
        st.tuples(st.just("run"), st.one_of(st.none(), st.integers(0, len(TEXTS) - 1))),
        st.tuples(st.just("fill"), captures.map(lambda shots: shots[:3])),
        st.tuples(st.just("review"), st.integers(0, 20)),
        st.tuples(st.just("rebuild"), st.booleans()),
    ),
    min_size=1,
    max_size=9,
)


@FEW
@given(acts)
def test_whatever_was_done_the_database_is_derived_and_every_shown_id_still_works(
    root: Path, done: list[tuple[str, Any]]
) -> None:
    place = Place(root)
    shown: set[str] = set()
    for number, (act, what) in enumerate(done):
        if act == "run":
            place.run(number, what)
        elif act == "fill":
            place.fill(*what)
        elif act == "review":
            place.review(what, number + 0.5)
        else:
            place.rebuild(lost=what)
        shown |= {row["id"] for row in place.derived()[1]}
    before = place.all()
    place.rebuild(lost=True)
    assert place.all() == before
    with track.open(place.config) as store:
        assert store.archive.verify().problems == ()
        assert all(
            not row["detached"]
            for row in history.reviews(store.db)
            if row["target"] in {row["id"] for row in before[0][1]}
        )
        assert list(store.db.query("PRAGMA foreign_key_check")) == []


@FEW
@given(st.lists(st.integers(0, len(TEXTS) - 2), min_size=2, max_size=6))
def test_live_looks_one_after_the_other_give_what_a_fold_over_them_gives(
    root: Path, numbers: list[int]
) -> None:
    place = Place(root)
    for day, number in enumerate(numbers):
        place.run(day, number)
    before = place.all()
    place.rebuild(lost=False)
    assert place.all() == before

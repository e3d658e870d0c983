"""What was shown under an id is named by it for ever,
whatever captures come later, in whatever order.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import config, history, standards, track
from pipeline.archive import entries
from pipeline.model import Look, Snapshot
from pipeline.track import Store, derive, judging
from pipeline.track.desk import Desk
from pipeline.track.reader import Reader, code

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
CATALOGUE = standards.load()
JUDGE = partial(judging.judge, Reader(CATALOGUE, code()))
PAGE = """# Northwind Desk compliance

Northwind Desk is certified to ISO/IEC 27001:{edition}.

Northwind Desk is certified to PCI DSS 4.0, and the certificate is renewed each year by an assessor.

## Services in scope of SOC 2

{services}
"""
SHOWN = ("page", "kind", "change", "field", "standard", "subject", "before", "after", "from", "to")
SAID = ("standard", "subject", "edition", "level", "stance", "service", "scope", "group", "text")
Row = dict[str, Any]


def text(edition: str, services: str = "Ledger Archive", title: str = "") -> bytes:
    listed = "\n".join(f"- {service}" for service in services.split())
    return (PAGE.format(edition=edition, services=listed) + title).encode()


# Two states, each in two forms, so that two captures of one instant may say the same.
TWO = (text("2013"), text("2022"), text("2013") + b"\n", text("2022") + b"\n")
# States between which a change may be taken apart.
MORE = (*TWO, text("2017"), text("2013", "Ledger Archive Courier"), text("2022", "Ledger"))


@dataclass
class Place:
    """A store in which captures are added, and all that it ever showed is kept."""

    folder: Path
    changes: dict[str, Row] = field(default_factory=dict)
    claims: dict[str, Row] = field(default_factory=dict)
    reviews: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir()
        (self.folder / "config.toml").write_text(
            '[[pages]]\nid = "desk"\nurl = "desk.md"\nvendor = "Northwind"\n', encoding="utf-8"
        )
        self.config = config.load(self.folder / "config.toml")

    def add(self, *shots: tuple[int, bytes]) -> None:
        """Add captures and derive the page anew.

        Read here, for a process of its own takes longer than all of it.
        """
        page = self.config.pages[0]
        with track.open(self.config) as store:
            for day, body in shots:
                at = START + timedelta(days=day)
                shot = Snapshot(page, at, START, "dir", page.url, "text/markdown", body)
                store.archive.keep(entries.of(Look(page, at, shot)), body)
            self.derive(store, START)

    def derive(self, store: Store, at: datetime) -> None:
        looks = [(entry, line.end) for entry, line in store.archive.looks("desk")]
        released = history.released(store.db, "desk")
        terms, page = derive.Terms(self.config.guard, released), self.config.pages[0]
        told = derive.history(page, looks, store.archive.snapshot, JUDGE, terms)
        store.derive(page, Desk(CATALOGUE, self.config.budget), at=at, told=told)
        self._look_at(store.db)

    def _look_at(self, db: history.Database) -> None:
        for row in db.query("SELECT * FROM change"):
            self.changes.setdefault(row["id"], dict(row))
        for row in db.query("SELECT * FROM claims_now JOIN claim USING (id)"):
            self.claims.setdefault(row["id"], dict(row))

    def review(self, number: int) -> None:
        if not self.changes:
            return
        with track.open(self.config) as store:
            shown = sorted(self.changes)[number % len(self.changes)]
            at = START + timedelta(days=99, seconds=len(self.reviews))
            meant = history.find(store.db, shown)[1]["id"]
            self.reviews[track.review(store, shown, track.Review("accept", at, note="x"))] = meant

    def named(self, shown: str) -> Row:
        with track.open(self.config) as store:
            return history.find(store.db, shown)[1]

    def check(self) -> None:
        with track.open(self.config) as store:
            for shown, was in self.changes.items():
                kind, now = history.find(store.db, shown)
                assert kind == "change"
                same_instant(was, now)
                assert {name: now[name] for name in SHOWN} == {name: was[name] for name in SHOWN}
            follows = {row["id"]: row["follows"] for row in history.reviews(store.db)}
            for review, meant in self.reviews.items():
                assert follows[review] == history.find(store.db, meant)[1]["id"]
            joined = {row["shown"]: row["id"] for row in store.db.query("SELECT * FROM ids")}
            for shown in (*self.changes, *self.claims):
                assert joined[shown] == history.find(store.db, shown)[1]["id"]

    def check_claims(self) -> None:
        with track.open(self.config) as store:
            for shown, was in self.claims.items():
                now = history.find(store.db, shown)[1]
                assert (now["kind"], now["key"]) == (was["kind"], was["key"])
                said = [
                    tuple(row[name] for name in SAID)
                    for row in store.db.query("SELECT * FROM history WHERE id = ?", [now["id"]])
                    if row["worded_since"] <= was["worded_since"] <= (row["worded_until"] or "9999")
                ]
                assert tuple(was[name] for name in SAID) in said


def same_instant(was: Row, now: Row) -> None:
    """The same change: seen first in that capture, or in one that came later to us
    and lies in the interval that was told.
    """
    assert was["seen_until"] <= now["first_seen"] <= was["first_seen"]


FEW = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
numbers = itertools.count()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("ids")
    yield folder
    shutil.rmtree(folder)


def shots(bodies: tuple[bytes, ...]) -> st.SearchStrategy[list[list[tuple[int, bytes]]]]:
    one = st.tuples(st.integers(0, 8), st.sampled_from(bodies))
    return st.lists(st.lists(one, min_size=1, max_size=3), min_size=2, max_size=5)


@FEW
@given(shots(TWO), st.lists(st.integers(0, 20), min_size=5, max_size=5))
def test_an_id_that_was_shown_never_comes_to_name_another_change(
    root: Path, batches: list[list[tuple[int, bytes]]], reviewed: list[int]
) -> None:
    place = Place(root / f"two-{next(numbers)}")
    for batch, number in zip(batches, reviewed, strict=False):
        place.add(*batch)
        place.review(number)
    place.check()
    place.check_claims()
    # What is made again from snapshots/ alone leads there too.
    for path in place.folder.glob("claims.db*"):
        path.unlink()
    place.add()
    place.check()


@FEW
@given(shots(MORE), st.lists(st.integers(0, 20), min_size=5, max_size=5))
def test_what_a_capture_in_between_takes_apart_leads_to_a_part_of_it(
    root: Path, batches: list[list[tuple[int, bytes]]], reviewed: list[int]
) -> None:
    place = Place(root / f"more-{next(numbers)}")
    for batch, number in zip(batches, reviewed, strict=False):
        place.add(*batch)
        place.review(number)
    for shown, was in place.changes.items():
        now = place.named(shown)
        same_instant(was, now)
        assert (now["page"], now["kind"], now["standard"]) == (
            was["page"],
            was["kind"],
            was["standard"],
        )
        if shown == now["id"]:
            assert {name: now[name] for name in SHOWN} == {name: was[name] for name in SHOWN}
    place.check_claims()

"""What questions and writes cost does not grow with what is stored: steps of SQLite and statements
are counted, not time."""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlite_utils
from generated_store import START, Shape, filled

from pipeline import history
from pipeline.history import Begun, Identified, Recorded, Step, timed
from pipeline.history.schema import migrations
from pipeline.model import Change, Claim, Page, Source

SMALL, BIG = 5, 50
Question = Callable[[history.Database], object]


@pytest.fixture(scope="module")
def stores() -> tuple[history.Database, history.Database]:
    """Return a store, and one of the same pages with ten times as many beside them."""
    shape = Shape(claims=10, versions=6, vocabulary=30, rough=False)
    small, big = (filled(":memory:", replace(shape, pages=number), 1) for number in (SMALL, BIG))
    for db in (small, big):
        # What people corrected and what is held back is read by index,
        # however much there is of the rest.
        db.conn.execute("UPDATE review SET kind = 'change'")
    return small, big


def steps(db: history.Database, question: Question) -> int:
    """Return how many steps SQLite takes for a question, to the ten."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    db.conn.set_progress_handler(count, 10)
    try:
        question(db)
    finally:
        db.conn.set_progress_handler(None, 0)
    return counted


def first_claim(db: history.Database) -> str:
    return str(db.conn.execute("SELECT id FROM claim WHERE page = 'page-00002'").fetchone()[0])


@pytest.mark.parametrize(
    "question",
    [
        lambda db: history.claims(db, page="page-00002"),
        lambda db: history.claims(db, page="page-00002", at=START + timedelta(days=3)),
        lambda db: history.claims(
            db, page="page-00002", at=START, known_at=START + timedelta(days=3)
        ),
        lambda db: history.claims(db, vendor="fabrikam"),
        lambda db: history.history(db, first_claim(db)),
        lambda db: history.changes(db, page="page-00002"),
        lambda db: history.search(db, "certified", limit=5, until=START),
        lambda db: history.search(db, "data residency", limit=5, kind="note", until=START),
        lambda db: history.search(db, "certified", limit=5, page="page-00002"),
    ],
)
def test_ten_times_the_pages_cost_a_question_about_one_no_more(
    stores: tuple[history.Database, history.Database], question: Question
) -> None:
    small, big = (steps(db, question) for db in stores)
    assert big <= 1.3 * small + 10


def test_changes_since_a_day_cost_what_they_are(
    stores: tuple[history.Database, history.Database],
) -> None:
    _, big = stores
    since = START + timedelta(days=1000)
    assert history.changes(big, since=since) == []
    assert steps(big, lambda db: history.changes(db, since=since)) < 50


# --------------------------------------------------------------------------- writes

CLAIM = Claim("note", Source("Our report covers Norway.", ("Scope",), 3), value="Norway")


def noted(number: int) -> Claim:
    return replace(CLAIM, value=f"Norway {number}", source=replace(CLAIM.source, line=number))


def written(db: history.Database, number: int) -> list[str]:
    """Return the statements that many claims take that began, moved, and ended."""
    begun = tuple(Begun(f"c{n}", noted(n), born=f"key {n}") for n in range(number))
    below = tuple(
        Identified(one.id, replace(one.claim, source=replace(one.claim.source, line=9)))
        for one in begun
    )
    ids = tuple(one.id for one in begun)
    made: list[str] = []
    with history.transaction(db):
        history.know(db, Page("desk", "https://desk.example"))
        db.conn.set_trace_callback(made.append)
        history.record_step(db, "desk", Step(START, begun=begun))
        history.record_step(db, "desk", Step(START + timedelta(days=1), START, moved=below))
        history.record_step(db, "desk", Step(START + timedelta(days=2), START, ended=ids))
        db.conn.set_trace_callback(None)
    return [sql for sql in made if not sql.startswith("--")]


def test_a_step_asks_the_database_as_often_for_many_claims_as_for_one() -> None:
    asked = [
        [sql for sql in written(history.open(":memory:"), number) if sql.startswith("SELECT")]
        for number in (2, 40)
    ]
    assert len(asked[0]) == len(asked[1]) > 0


def test_a_line_that_moved_is_no_row_of_its_own() -> None:
    db = history.open(":memory:")
    made = written(db, 40)
    for table in ("claim", "state"):
        assert sum(sql.startswith(f"INSERT INTO {table} ") for sql in made) == 40
    assert db.conn.execute("SELECT count(*), min(line) FROM wording").fetchone() == (40, 9)


def test_rows_that_were_captured_earlier_and_written_later_are_found_where_they_belong() -> None:
    db = history.open(":memory:")
    with history.transaction(db):
        for day in (3, 1, 2):
            page = f"desk-{day}"
            history.know(db, Page(page, f"https://{page}.example"))
            at = START + timedelta(days=day)
            change = Recorded(f"x{day}", f"x{day}", _wording("Norway, at last"))
            begun = (Begun(f"c{day}", CLAIM, born="key"),)
            history.record_step(db, page, Step(at, begun=begun, changes=(change,)))
    found = history.search(db, "norway", limit=4)
    assert [(row["page"], row["kind"]) for row in found] == [
        (f"desk-{day}", kind) for day in (3, 2) for kind in ("change", "note")
    ]


def _wording(text: str) -> Change:
    return Change("wording", "changed", "info", "its words changed", text, after=text)


# --------------------------------------------------------------------------- databases of before


def test_a_database_of_before_is_numbered_by_time(tmp_path: Path) -> None:
    path, made = tmp_path / "claims.db", filled(":memory:", Shape(), 3)
    old = history.Database(sqlite3.connect(path))
    before = sqlite_utils.Migrations(migrations.name)
    for step in itertools.takewhile(
        lambda step: step.__name__ != "questions_by_index", migrations._steps
    ):
        before()(step)
    before.apply(sqlite_utils.Database(old.conn))
    for table in ("page", "look", "claim", "state", "wording", "change", "review"):
        # As they came: rows of late captures have late numbers.
        number = {"wording": "id", "change": "number"}.get(table)
        had = {row[1] for row in old.conn.execute(f"PRAGMA table_info({table})")}
        found = [
            {name: value for name, value in row.items() if name in had}
            for row in made.query(f"SELECT * FROM {table} ORDER BY random()")
        ]
        for place, row in enumerate(found, 1):
            row |= {number: place} if number else {}
        names = ", ".join(f'"{name}"' for name in found[0])
        old.conn.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(found[0]))})",
            [tuple(row.values()) for row in found],
        )
    old.conn.commit()
    old.close()
    db = history.open(path)
    for words in ("certified", "data residency"):
        assert history.search(db, words, limit=7) == history.search(made, words, limit=7)
    for table, number, time in (("wording", "id", "since"), ("change", "number", "first_seen")):
        for key, at in db.conn.execute(f"SELECT {number}, {time} FROM {table}"):
            assert timed.first(at) <= key <= timed.last(at)
    db.conn.execute("INSERT INTO passage (passage) VALUES ('integrity-check')")
    db.conn.execute("INSERT INTO told (told) VALUES ('integrity-check')")
    assert json.dumps(history.changes(db)) == json.dumps(history.changes(made))

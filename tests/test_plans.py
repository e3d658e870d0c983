"""What many pages are asked grows with what is found, not with all that is stored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from generated_store import Shape, filled

from pipeline import history
from pipeline.history import Database

ROUGH = Shape(pages=6, claims=6, versions=6)


@pytest.fixture(scope="module", params=["analyzed", "never analyzed"])
def db(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A store of before most changes revert nothing.

    What is known of its tables may not mislead.
    """
    found = filled(tmp_path_factory.mktemp("plans") / "claims.db", Shape(20, 6, 3, rough=False))
    if request.param == "never analyzed":
        found.execute("DELETE FROM sqlite_stat1")
        found.conn.execute("ANALYZE sqlite_master")
    return found


def scanned(db: Database, ask: Callable[[Database], object]) -> set[str]:
    """Return the tables that are read whole for a question, and those of which an index is."""
    asked: list[str] = []
    db.conn.set_trace_callback(asked.append)
    ask(db)
    db.conn.set_trace_callback(None)
    plans = [row[3] for sql in asked for row in db.conn.execute(f"EXPLAIN QUERY PLAN {sql}")]
    return {plan.split()[1] for plan in plans if plan.startswith("SCAN")}


def test_how_pages_stand_is_asked_of_each_page_alone(db: Database) -> None:
    assert scanned(db, history.status) == {"page"}


def test_how_one_page_stands_reads_nothing_whole(db: Database) -> None:
    assert not scanned(db, lambda db: history.page(db, "page-00003"))


def test_the_captures_of_a_body_are_found_by_its_digest(db: Database) -> None:
    [(digest,)] = db.execute("SELECT digest FROM look WHERE digest IS NOT NULL LIMIT 1").fetchall()
    assert history.captures(db, digest[:12])
    assert not scanned(db, lambda db: history.captures(db, digest[:12]))


@pytest.mark.parametrize("ask", [history.due, lambda db: history.changes_seen(db, "now")])
def test_what_a_run_found_is_not_looked_for_among_all_changes(
    tmp_path: Path, ask: Callable[[Database], object]
) -> None:
    db = filled(tmp_path / "claims.db", Shape(20, 6, 3, rough=False))
    with history.transaction(db):
        db.conn.execute("UPDATE change SET run = NULL")  # as a store of one backfill has them
    db.conn.execute("ANALYZE")
    assert "change" not in scanned(db, ask)


def test_a_page_has_as_many_open_changes_as_are_listed_of_it(tmp_path: Path) -> None:
    db = filled(tmp_path / "claims.db", ROUGH, seed=3)
    change = "SELECT id FROM change WHERE cause = 'page' AND severity = 'high'"
    (one,), (other,) = db.execute(f"{change} ORDER BY id LIMIT 2").fetchall()
    with history.transaction(db):
        db.conn.execute("UPDATE change SET reverts = ?, flap = 1 WHERE id = ?", [one, other])
    listed = """SELECT count(*) FROM changes_newest WHERE page = ? AND status = 'open'
    AND severity IN ('critical', 'high', 'medium') AND cause = 'page'"""
    told = {row["page"]: row["open_changes"] for row in history.status(db)}
    assert told == {name: db.execute(listed, [name]).fetchone()[0] for name in told}
    assert any(told.values())

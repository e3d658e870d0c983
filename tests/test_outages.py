"""What is known of outages follows from looks and messages alone: also after a rebuild,
and from those of earlier versions.
"""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import history
from pipeline.history import Judged
from pipeline.model import Notice, Outage, Page, Situation

TRUST = Page("trust", "https://acme.example/trust", vendor="Acme")
OLD = Path(__file__).parent / "old" / "schema-1.sql"


def at(day: int) -> datetime:
    return datetime(2026, 3, day, 6, tzinfo=UTC)


def looked(db: history.Database, day: int, result: str, run: str | None = None) -> None:
    facts = {
        "captured_at": at(day).isoformat(),
        "recorded_at": at(day).isoformat(),
        "origin": "live",
        "url": TRUST.url,
        "page": {"url": TRUST.url},
        "digest": None if result == "failed" else f"{day:064d}",
        "run": run or f"run {day}",
    }
    fault = {"failed": "fetch", "held back": "mass-change"}.get(result)
    history.record_look(db, TRUST.id, facts, day, Judged(result, fault, fault and f"why {day}"))
    history.refresh_page(db, TRUST.id, "")


def closed(db: history.Database, day: int, payload: dict[str, object] | None = None) -> None:
    message = {"id": f"message {day}", "to": "grc", "payload": json.dumps(payload or {})}
    facts = {"what": "run", "id": f"run {day}", "finished_at": at(day).isoformat()}
    messages = [message] if payload else []
    history.record_note(db, {**facts, "cut_off": False, "messages": messages})


def found(*results: str, until: int = 0) -> Situation:
    """Return how a page stands after looks on one day each, of which runs answer
    for the first `until`.
    """
    db = history.open(":memory:")
    with history.transaction(db):
        history.watch(db, [TRUST])
        for day, result in enumerate(results, 1):
            looked(db, day, result)
        for day in range(1, until + 1):
            closed(db, day)
    return history.situation(db)


@pytest.mark.parametrize(
    ("results", "until", "expected"),
    [
        ("first unchanged", 2, []),
        ("first failed", 2, [(2, 1, 0, False)]),
        ("first failed failed failed", 3, [(2, 3, 1, False)]),
        ("first failed failed unchanged", 4, []),
        ("first failed failed unchanged", 3, [(2, 2, 0, True)]),
        ("first failed failed unchanged", 1, [(2, 2, 2, True)]),
        ("first failed changed failed failed", 1, [(2, 1, 1, True), (4, 2, 2, False)]),
        ("failed failed", 2, [(1, 2, 0, False)]),
    ],
)
def test_outages_are_looks_in_a_row(
    results: str, until: int, expected: list[tuple[int, int, int, bool]]
) -> None:
    outages = found(*results.split(), until=until).outages
    assert [(one.since.day, one.looks, one.fresh, one.over) for one in outages] == expected


def test_a_doubt_is_the_first_capture_held_back_of_an_outage() -> None:
    [one] = found("first", "failed", "held back", "held back").outages
    assert one.doubt is not None
    assert (one.doubt.look, one.doubt.reason) == (2, "why 3")
    assert one.doubt.captures == (f"{1:064d}", f"{3:064d}")
    assert (one.reason, one.last_good_at) == ("held back: why 4", at(1))


def test_what_is_let_go_is_no_outage_any_more() -> None:
    db = history.open(":memory:")
    with history.transaction(db):
        history.watch(db, [TRUST])
        looked(db, 1, "first")
        looked(db, 2, "held back")
        unread = {"page": "trust", "since": "2026-03-02T06:00:00Z", "looks": 1, "confirmed": False}
        closed(db, 2, {"unread": [unread]})
        history.judge_look(db, "trust", 2, Judged("changed"))
        history.refresh_page(db, "trust", "")
    stands = history.situation(db)
    assert stands.outages == ()
    assert stands.notices == (Notice("grc", "doubted", "trust", at(2), 1),)


def test_a_later_capture_of_the_past_ends_no_outage() -> None:
    """Earlier captures that are added while a page is walled off say nothing
    of what a look would find.
    """
    db = history.open(":memory:")
    with history.transaction(db):
        history.watch(db, [TRUST])
        for day, result in enumerate(("first", "failed", "failed"), 1):
            looked(db, day, result)
        db.conn.execute(
            "UPDATE look SET result = 'unchanged', origin = 'wayback' WHERE line_end = 2"
        )
    assert [one.since for one in history.situation(db).outages] == [at(3)]


def test_the_database_of_an_earlier_version_knows_what_was_told(tmp_path: Path) -> None:
    path = tmp_path / "claims.db"
    good, since = "2026-03-01T06:00:00+00:00", "2026-03-02T06:00:00+00:00"
    told = {"page": "trust", "looks": 3, "last_good_at": good.replace("+00:00", "Z")}
    payload = json.dumps({"unread": [{**told, "reason": "HTTP 503"}], "recovered": []})
    with sqlite3.connect(path) as old:
        old.executescript(OLD.read_text(encoding="utf-8"))
        old.execute("DELETE FROM delivery")
        old.execute(
            "INSERT INTO delivery VALUES ('m', 'old', ?, 'grc', ?, 'sent', 1, NULL, NULL)",
            (since, json.dumps({"id": "m", "to": "grc", "payload": payload})),
        )
    db = history.open(path)
    with history.transaction(db):
        history.watch(db, [TRUST])
        for day, result in enumerate(("first", "failed", "failed", "failed"), 1):
            looked(db, day, result)
    [notice] = history.situation(db).notices
    assert notice == Notice("grc", "unread", "trust", at(2), 3, at(1))
    [one] = history.situation(db).outages
    assert isinstance(one, Outage)
    assert one.since == notice.since


TWICE = [
    {"page": "trust", "since": f"2026-03-{day:02}T06:00:00Z", "looks": 3, "last_good_at": None}
    for day in (2, 6)
]


def test_a_message_may_tell_of_two_outages_of_a_page() -> None:
    db = history.open(":memory:")
    with history.transaction(db):
        history.watch(db, [TRUST])
        closed(db, 9, {"unread": TWICE, "recovered": TWICE})
    told = [(notice.kind, notice.since) for notice in history.situation(db).notices]
    assert told == [(kind, at(day)) for kind in ("unread", "recovered") for day in (2, 6)]


def test_what_an_earlier_version_forgot_of_its_messages_is_known_again(tmp_path: Path) -> None:
    path = tmp_path / "claims.db"
    db = history.open(path)
    with history.transaction(db):
        history.watch(db, [TRUST])
        closed(db, 9, {"unread": TWICE, "recovered": []})
    db.close()
    with sqlite3.connect(path) as old:
        old.execute("DELETE FROM notice")
        old.execute("ALTER TABLE notice RENAME TO newer")
        old.execute(
            "CREATE TABLE notice (message TEXT NOT NULL, recipient TEXT NOT NULL, "
            "kind TEXT NOT NULL, page TEXT NOT NULL, "
            "since TEXT, looks INTEGER NOT NULL, last_good_at TEXT, UNIQUE (message, kind, "
            "page)) STRICT"
        )
        old.execute("DROP TABLE newer")
        first = TWICE[0]["since"].replace("Z", "+00:00")  # type: ignore[union-attr]
        old.execute(
            "INSERT INTO notice VALUES ('message 9', 'grc', 'unread', 'trust', ?, 3, NULL)",
            (first,),
        )
        old.execute("DELETE FROM _sqlite_migrations WHERE name = 'notices_of_two_outages'")
    assert [notice.since for notice in history.situation(history.open(path)).notices] == [
        at(2),
        at(6),
    ]


def test_runs_that_died_before_runs_said_so_are_answered_for() -> None:
    db = history.open(":memory:")
    with history.transaction(db):
        history.watch(db, [TRUST])
        looked(db, 1, "first", "2026-03-01")
        looked(db, 2, "failed", "2026-03-02")
        history.record_note(
            db,
            {
                "what": "run",
                "id": "2026-03-02T",
                "finished_at": "2026-03-02",
                "also": ["2026-02-28"],
            },
        )
        looked(db, 3, "failed", "2026-03-03")
    assert history.unclosed(db) == ("2026-03-03",)

"""The tables: what is written comes back, the views answer what people ask first,
and any SQLite tool opens the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import history
from pipeline.errors import NotFound, StoreError
from pipeline.history import Begun, Database, Identified, Judged, Recorded, Step, rows
from pipeline.model import Change, Claim, Mark, Page, Source
from pipeline.rules import Rule

AT = datetime(2026, 3, 1, 6, tzinfo=UTC)
PAGE = Page("desk", "https://example.org/desk", vendor="Northwind", product="Desk")
ISO = Claim(
    "standard",
    Source("Certified to ISO 27001:2013.", ("Desk", "ISO"), 7),
    "Desk",
    "iso-27001",
    "ISO/IEC 27001",
    "2013",
    stance="claimed",
)
ISO22 = Claim(
    "standard",
    Source("Certified to ISO 27001:2022.", ("Desk", "ISO"), 7),
    "Desk",
    "iso-27001",
    "ISO/IEC 27001",
    "2022",
    stance="claimed",
)
DOC = Claim(
    "evidence",
    Source("See the report."),
    name="Report",
    standards=("soc-1", "soc-2"),
    standard="soc-1",
    document="report",
    mismatch=True,
)
LEDGER = Claim(
    "service",
    Source("Ledger"),
    standard="soc-2",
    service="Desk Ledger",
    scope="in",
    group="GCC",
    members=("A", "B"),
)
# Fmt: skip.
BUMP = Change(
    "standard",
    "changed",
    "high",
    "edition changed",
    "ISO/IEC 27001: edition 2013 → 2022",
    "edition",
    "iso-27001",
    "ISO/IEC 27001",
    "Desk",
    "2013",
    "2022",
    source_before=ISO.source,
    source_after=ISO22.source,
    marks=(Mark("same", "Certified"), Mark("gone", "2013")),
    examples=("x",),
    count=2,
    confidence=0.9,
    reason="equal but for that",
    batch="3 for ISO",
    claim_before=ISO,
    claim_after=ISO22,
)


def looked(db: Database, day: float, result: str = "unchanged", **more: Any) -> None:
    at = rows.text(AT + timedelta(days=day))
    facts = {
        "captured_at": at,
        "recorded_at": at,
        "origin": "live",
        "url": PAGE.url,
        "page": {"url": PAGE.url},
        "digest": "d" * 64,
        **more,
    }
    history.record_look(db, "desk", facts, int(day * 100) + 1, Judged(result, size=10))
    history.refresh_page(db, "desk", "a-b")


@pytest.fixture
def db() -> Iterator[Database]:
    """Three looks: a baseline of three claims, an edition bump and a service
    that went, and a failure.
    """
    found = history.open(":memory:")
    with history.transaction(found):
        history.watch(found, (PAGE,))
        history.record_step(
            found,
            "desk",
            Step(
                AT,
                begun=(Begun("c1", ISO, "k1"), Begun("c2", DOC, "k2"), Begun("c3", LEDGER, "k3")),
            ),
        )
        looked(found, 0, "first", headers=[["etag", '"1"'], ["last-modified", "Sun"]])
        recorded = (Recorded("aaaa00000001", "t1", BUMP, "c1"),)
        step = Step(
            AT + timedelta(days=1),
            AT,
            ended=("c1", "c3"),
            begun=(Begun("c1", ISO22),),
            changes=recorded,
            run="r1",
        )
        history.record_step(found, "desk", step)
        looked(found, 1, "changed", run="r1")
        looked(found, 2, "failed", digest=None)
    yield found
    found.close()


@pytest.mark.parametrize("claim", [ISO, DOC, LEDGER])
def test_a_claim_comes_back_as_it_went_in(claim: Claim) -> None:
    row = {
        **dict(zip(rows.CLAIM, rows.claim_values(claim), strict=True)),
        "text": claim.text,
        "section": rows.listed(claim.source.section),
        "line": claim.source.line,
    }
    assert rows.to_claim(row) == claim
    assert rows.to_claim(row).source == claim.source


def test_a_change_comes_back_as_it_went_in(db: Database) -> None:
    (told,) = history.told(db, history.changes_of(db, "desk"))
    assert rows.change(told.change) == rows.change(BUMP)
    assert (told.page.vendor, told.first_seen, told.seen_until) == (
        "Northwind",
        AT + timedelta(days=1),
        AT,
    )


def test_what_a_look_needs_of_the_past(db: Database) -> None:
    known = history.known(db, PAGE)
    assert (known.digest, known.size, known.failures) == ("d" * 64, 10, 1)
    assert history.known(db, Page("desk", "https://example.org/moved")).etag is None
    assert history.last_good_at(db, "desk") == AT + timedelta(days=1)
    past = history.past(db, "desk")
    assert {one.id for one in past.standing} == {"c1", "c2"}
    assert past.gone == (Identified("c3", LEDGER),)
    assert past.live
    births = [(one.id, one.claim, one.at) for one in history.births(db, "desk")]
    assert births == [("c1", ISO, AT), ("c2", DOC, AT), ("c3", LEDGER, AT)]


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({}, ["c1", "c2"]),
        ({"vendor": "northwind"}, ["c1", "c2"]),
        ({"vendor": "Contoso"}, []),
        ({"standard": "soc-2"}, ["c2"]),
        ({"standard": "ISO/IEC 27001"}, ["c1"]),
        ({"kind": "evidence"}, ["c2"]),
        ({"stance": "claimed"}, ["c1"]),
        ({"product": "desk"}, ["c1", "c2"]),
        ({"service": "ledger"}, []),
        ({"service": "ledger", "at": AT}, ["c3"]),
        ({"page": "dusk"}, []),
        ({"at": AT - timedelta(seconds=1)}, []),
    ],
)
def test_claims_can_be_asked_for(db: Database, wanted: dict[str, Any], ids: list[str]) -> None:
    assert sorted(row["id"] for row in history.claims(db, **wanted)) == ids


def test_a_claim_as_json_has_the_contracts_keys(db: Database) -> None:
    (row,) = history.claims(db, kind="standard")
    assert {
        name: row[name]
        for name in (
            "id",
            "page",
            "edition",
            "section",
            "line",
            "seen_since",
            "seen_until",
            "first_absent",
        )
    } == {
        "id": "c1",
        "page": "desk",
        "edition": "2022",
        "section": ["Desk", "ISO"],
        "line": 7,
        "seen_since": "2026-03-02T06:00:00Z",
        "seen_until": "2026-03-02T06:00:00Z",
        "first_absent": None,
    }


def test_rules_are_applied_when_listing_and_never_stored(db: Database) -> None:
    rule = Rule("low", field="edition")
    (row,) = history.changes(db, rules=(rule,))
    assert (row["severity"], row["default_severity"]) == ("low", "high")
    assert "rule 1" in row["why"]
    assert history.changes(db, severity="medium", rules=(rule,)) == []
    assert len(history.changes(db, severity="medium")) == 1
    assert [row["severity"] for row in db.query("SELECT severity FROM change")] == ["high"]


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        ({"since": AT + timedelta(days=1)}, 1),
        ({"since": AT + timedelta(days=2)}, 0),
        ({"until": AT}, 0),
        ({"status": "open"}, 1),
        ({"status": "accepted"}, 0),
        ({"cause": "backfill"}, 0),
        ({"vendor": "NORTHWIND", "standard": "iso-27001", "kind": "standard", "page": "desk"}, 1),
    ],
)
def test_changes_can_be_asked_for(db: Database, wanted: dict[str, Any], number: int) -> None:
    assert len(history.changes(db, **wanted)) == number


def test_an_unknown_id_names_the_near_ones(db: Database) -> None:
    with pytest.raises(NotFound, match="aaaa00000001"):
        history.find(db, "aaaa00000002")
    with pytest.raises(NotFound, match="no claim"):
        history.history(db, "zz")


def test_an_id_that_was_shown_once_keeps_working(db: Database) -> None:
    history.record_note(
        db,
        {
            "what": "alias",
            "ids": [
                ["old1", "old2"],
                ["old2", "aaaa00000001"],
                ["round", "about"],
                ["about", "round"],
            ],
        },
    )
    assert history.find(db, "old1")[1]["id"] == "aaaa00000001"
    with pytest.raises(NotFound):
        history.find(db, "round")


def test_the_views_answer_what_people_ask_first(db: Database) -> None:
    (claim,) = db.query(
        "SELECT vendor, edition, text, seen_since FROM claims_now WHERE standard = 'iso-27001'"
    )
    assert claim == {
        "vendor": "Northwind",
        "edition": "2022",
        "text": ISO22.text,
        "seen_since": "2026-03-02T06:00:00+00:00",
    }
    assert [row["status"] for row in db.query("SELECT status FROM changes_newest")] == ["open"]
    assert [
        row["edition"] for row in db.query("SELECT edition FROM claim_life WHERE id = 'c1'")
    ] == ["2013", "2022"]
    (status,) = db.query(
        "SELECT page, last_result, failures, claims, open_changes FROM page_status"
    )
    assert status == {
        "page": "desk",
        "last_result": "failed",
        "failures": 1,
        "claims": 2,
        "open_changes": 1,
    }


def test_a_claim_has_one_open_state(db: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        history.record_step(db, "desk", Step(AT, begun=(Begun("c1", ISO),)))


def test_changes_that_no_closed_run_answers_for_are_due(db: Database) -> None:
    assert [row["id"] for row in history.due(db)] == ["aaaa00000001"]
    history.record_note(
        db, {"what": "run", "id": "r2", "finished_at": rows.text(AT), "also": ["r1"]}
    )
    assert history.due(db) == []


def test_the_file_is_plain_sqlite_with_its_laws_on(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "claims.db"
    history.open(path).close()
    again = history.open(path)
    assert list(again.query("PRAGMA journal_mode")) == [{"journal_mode": "wal"}]
    with pytest.raises(sqlite3.IntegrityError):
        again.conn.execute("INSERT INTO claim VALUES ('x', 'nowhere', 'standard', 'k')")
    again.close()
    plain = sqlite3.connect(path)
    names = {
        row[0]
        for row in plain.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
    }
    assert {
        "page",
        "look",
        "claim",
        "state",
        "change",
        "review",
        "claims_now",
        "changes_newest",
        "claim_life",
        "page_status",
    } <= names
    plain.close()


def test_a_database_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    path = tmp_path / "claims.db"
    path.write_bytes(b"this is no database, and it is long enough to be seen as none" * 20)
    with pytest.raises(StoreError, match="rebuild"):
        history.open(path)
    path.unlink()
    newer = history.open(path)
    newer.conn.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, "
        "applied_at) VALUES ('claimwatch', 'of_tomorrow', '2030')"
    )
    newer.conn.commit()
    newer.close()
    with pytest.raises(StoreError, match="newer"):
        history.open(path)


def test_a_review_does_not_wait_for_a_run_that_looks(tmp_path: Path) -> None:
    path = tmp_path / "claims.db"
    running, reviewing = history.open(path), history.open(path)
    with history.transaction(running):
        history.watch(running, (PAGE,))
    assert len(list(reviewing.query("SELECT * FROM page"))) == 1, "a reader sees what was committed"
    with history.transaction(reviewing):
        history.record_note(reviewing, {"what": "reader", "stamp": "a-b", "at": rows.text(AT)})
    assert history.readers(running) == {"a-b"}
    running.close()
    reviewing.close()


def test_a_transaction_is_all_or_nothing(db: Database) -> None:
    def interrupted() -> None:
        with history.transaction(db):
            history.forget(db, "desk")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    assert len(history.claims(db)) == 2


def test_a_database_of_the_first_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "claims.db"
    with sqlite3.connect(path) as old:
        old.executescript(
            (Path(__file__).parent / "old" / "schema-1.sql").read_text(encoding="utf-8")
        )
    db = history.open(path)
    assert [(row["id"], row["summary"], row.get("batch")) for row in history.changes(db)] == [
        ("aaaa00000001", "a note added", None)
    ]
    assert [row["text"] for row in history.claims(db)] == ["Certified to ISO 27001:2022."]
    assert db.conn.execute(
        "SELECT count(*) FROM passage WHERE passage MATCH 'certified'"
    ).fetchone() == (1,)
    db.conn.execute("DELETE FROM wording")
    assert db.conn.execute(
        "SELECT count(*) FROM passage WHERE passage MATCH 'certified'"
    ).fetchone() == (0,)
    db.close()

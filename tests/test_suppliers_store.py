"""Suppliers in the store, in its answers, in reports and alerts;
and how they come into a store that had none.
"""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import alert, config, history, report, standards, track
from pipeline.model import Message, Run, Situation
from pipeline.report import profile as profiles
from pipeline.rules import Alert

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
HEAD = """# Quarry sub-processors

Quarry is certified to ISO 9001.

| Sub-processor | Purpose | Location | Certifications |
| --- | --- | --- | --- |
"""
LARKFIELD = "| Larkfield | Hosting | Ireland | ISO 27001 |\n"
FERNHILL = "| Fernhill | Card payments | Spain | PCI DSS |\n"
OSIER = "| Osier | E-mail | Austria | |\n"
DOCS = Path(__file__).parent.parent / "docs" / "configuration.md"


def recipe() -> str:
    """Return the recipe of the documentation, its page a file beside it."""
    behind = DOCS.read_text(encoding="utf-8").split("### Tell me of every new sub-processor")[1]
    toml = behind.split("```toml")[1].split("```")[0]
    assert toml.count("https://acme.example") == 1
    return toml.replace("https://acme.example/legal/subprocessors", "list.md")


class Desk:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "config.toml").write_text(recipe(), encoding="utf-8")
        self.config = config.load(folder / "config.toml")
        self.catalogue = standards.load()

    def run(self, day: int, *suppliers: str) -> Run:
        (self.folder / "list.md").write_text(HEAD + "".join(suppliers), encoding="utf-8")
        return track.run(self.config, self.catalogue, now=lambda: START + timedelta(days=day))

    def ask(self, question: Any, **wanted: Any) -> list[dict[str, Any]]:
        with track.open(self.config) as store:
            found: list[dict[str, Any]] = question(store.db, **wanted)
            return found


def sent(run: Run) -> list[Message]:
    """Return what the recipient gets, of the documentation."""
    return list(
        alert.messages(run, (Alert("https://hooks.example.org/privacy", "critical"),), Situation())
    )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_claims_are_kept_with_all_that_the_page_says(desk: Desk) -> None:
    desk.run(0, LARKFIELD, OSIER)
    first, second = desk.ask(history.claims, kind="supplier")
    assert (first["name"], first["purpose"], first["location"]) == (
        "Larkfield",
        "Hosting",
        "Ireland",
    )
    assert (first["standards"], first["standard_names"]) == (["iso-27001"], ["ISO/IEC 27001"])
    assert second["name"] == "Osier"
    assert "standards" not in second


def test_a_supplier_keeps_its_id_through_a_move(desk: Desk) -> None:
    desk.run(0, LARKFIELD, FERNHILL)
    before = {row["name"]: row["id"] for row in desk.ask(history.claims, kind="supplier")}
    desk.run(
        2, LARKFIELD.replace("Ireland", "Iceland"), FERNHILL.replace("Fernhill", "Fernhill Pay")
    )
    after = {row["name"]: row["id"] for row in desk.ask(history.claims, kind="supplier")}
    assert after == {"Larkfield": before["Larkfield"], "Fernhill Pay": before["Fernhill"]}
    life = desk.ask(history.history, claim_id=before["Larkfield"])
    assert [row["location"] for row in life] == ["Ireland", "Iceland"]


def test_a_new_supplier_is_sent_to_who_asked_for_it(desk: Desk) -> None:
    assert desk.run(0, LARKFIELD).told == ()
    run = desk.run(2, LARKFIELD, OSIER)
    told = run.told
    assert [(item.change.summary, item.severity) for item in told] == [
        ("Supplier added: Osier (E-mail, Austria)", "critical")
    ]
    assert "rule 1 of the config" in told[0].why
    assert ["Osier" in message.text for message in sent(run)] == [True]
    run = desk.run(3, LARKFIELD.replace("Ireland", "Iceland"), OSIER)
    assert ["Iceland" in message.text for message in sent(run)] == [True]
    run = desk.run(4, OSIER)
    assert [item.severity for item in run.told] == ["low"]
    assert sent(run) == []


def test_suppliers_hold_nothing_for_the_vendor_in_the_matrix(desk: Desk) -> None:
    desk.run(0, LARKFIELD, FERNHILL)
    rows = desk.ask(history.matrix, catalogue=desk.catalogue, when=history.When(START))
    assert {row["standard"] for row in rows} == {"iso-9001"}


def test_what_an_older_reader_did_not_read_is_our_re_reading(desk: Desk) -> None:
    desk.run(0, LARKFIELD, FERNHILL)
    with track.open(desk.config) as store, history.transaction(store.db):
        store.db.conn.execute(
            "DELETE FROM wording WHERE state IN (SELECT id FROM state WHERE kind = 'supplier')"
        )
        store.db.conn.execute("DELETE FROM state WHERE kind = 'supplier'")
        store.db.conn.execute("DELETE FROM claim WHERE kind = 'supplier'")
        store.db.conn.execute("UPDATE page SET stamp = 'older-' || substr(stamp, 14)")
    run = desk.run(2, LARKFIELD, FERNHILL)
    assert [(c.change.kind, c.change.cause) for c in run.told] == [("supplier", "reader")] * 2
    assert sent(run) == []
    assert len(desk.ask(history.claims, kind="supplier")) == 2


def test_a_database_of_the_first_schema_takes_suppliers(tmp_path: Path) -> None:
    path = tmp_path / "claims.db"
    with sqlite3.connect(path) as old:
        old.executescript(
            (Path(__file__).parent / "old" / "schema-1.sql").read_text(encoding="utf-8")
        )
    db = history.open(path)
    columns = {row[1] for row in db.conn.execute("PRAGMA table_info(state)")}
    assert {"purpose", "location", "standard_names"} <= columns
    assert [row["text"] for row in history.claims(db)] == ["Certified to ISO 27001:2022."]
    assert db.conn.execute("SELECT purpose, standard_names FROM claims_now").fetchall() == [
        (None, "[]")
    ]
    db.close()


def test_a_profile_shows_them(desk: Desk) -> None:
    desk.run(0, LARKFIELD)
    with track.open(desk.config) as store:
        profile = history.profile(store.db, desk.catalogue, "Acme", history.When(START))
    page = profiles.html(profile)
    assert "Suppliers it names" in page
    assert '<th scope="row">Larkfield' in page


def test_reports_show_them(desk: Desk) -> None:
    run = desk.run(0, LARKFIELD, OSIER)
    assert "| Larkfield | Hosting | Ireland | ISO/IEC 27001 |" in report.markdown(run)
    assert "| Osier | E-mail | Austria | – |" in report.markdown(run)
    page = report.html(run)
    assert '<th scope="row">Larkfield</th>' in page
    assert 'data-label="Location">Ireland</td>' in page
    baseline = json.loads(report.json(run))["pages"][0]["baseline"]
    assert [c["purpose"] for c in baseline["claims"] if c["kind"] == "supplier"] == [
        "Hosting",
        "E-mail",
    ]

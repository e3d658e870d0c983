"""Words found again: in claims, notes and wording, newest first;
by the command and by SQL alike.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli, config, history, standards, track
from pipeline.errors import NotFound

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
CATALOGUE = standards.load()
TEXT = """# Larkfield compliance

Larkfield is certified to ISO/IEC 27001:2022.

> [!NOTE]
> Our ISO/IEC 27001 certificate applies to data residency in {region} only.

Auditors visit the {place} twice a year.
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(
        '[[pages]]\nid = "desk"\nurl = "desk.md"\nvendor = "Larkfield"\n', encoding="utf-8"
    )
    for day, (region, place) in enumerate(
        (("Norway", "office"), ("Norway", "offices"), ("Iceland", "data centre"))
    ):
        (tmp_path / "desk.md").write_text(TEXT.format(region=region, place=place), encoding="utf-8")
        track.run(
            config.load(tmp_path / "config.toml"),
            CATALOGUE,
            now=lambda day=day: START + timedelta(days=day),
        )  # type: ignore[misc]
    return tmp_path


def found(folder: Path, text: str, **wanted: Any) -> list[dict[str, Any]]:
    return history.search(history.open(folder / "claims.db"), text, **wanted)


def test_notes_of_now_and_of_the_past_come_newest_first(store: Path) -> None:
    rows = [row for row in found(store, "residency") if row["kind"] == "note"]
    assert [("Iceland" in row["text"], row["until"]) for row in rows] == [
        (True, None),
        (False, "2026-03-03T06:00:00Z"),
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("certify", 1),
        ("CERTIFIED 27001", 1),
        ("ISO/IEC 27001:2022", 1),
        ('"data residency"', 3),
        ('"residency data"', 0),
        ("icel*", 2),
        ("nowhere", 0),
        ("certified nowhere", 0),
        ("-", 0),
        ("a' OR 1=1 --", 0),
        ("NEAR( AND OR", 0),
    ],
)
def test_words_are_words(store: Path, text: str, number: int) -> None:
    assert len(found(store, text)) == number


def test_changes_of_wording_are_found_too(store: Path) -> None:
    assert [(row["kind"], row["text"]) for row in found(store, "auditors centre")] == [
        ("change", "Auditors visit the data centre twice a year.")
    ]


def test_what_is_found_can_be_narrowed(store: Path) -> None:
    assert found(store, "residency", vendor="Contoso") == []
    assert (
        len(found(store, "residency", vendor="larkfield", page="desk", kind="note", limit=1)) == 1
    )
    assert found(
        store,
        "residency",
        kind="note",
        since=START + timedelta(days=2),
        until=START + timedelta(days=2),
    )[0]["id"]
    assert found(store, "residency", until=START - timedelta(days=2)) == []


def test_no_word_is_no_question(store: Path) -> None:
    with pytest.raises(NotFound, match="at least one word"):
        found(store, ' "" ')


def test_a_rebuild_and_a_vacuum_find_the_same(store: Path) -> None:
    before = found(store, "residency")
    track.rebuild(config.load(store / "config.toml"), CATALOGUE, now=lambda: START)
    db = history.open(store / "claims.db")
    db.conn.execute("VACUUM")
    assert found(store, "residency") == before
    db.conn.execute("INSERT INTO passage (passage) VALUES ('integrity-check')")
    db.conn.execute("INSERT INTO told (told) VALUES ('integrity-check')")


def test_the_command_prints_them(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(
            [
                "--config",
                str(store / "config.toml"),
                "search",
                "data",
                "residency",
                "--kind",
                "note",
                "--format",
                "json",
            ]
        )
    assert not left.value.code
    assert [row["page"] for row in json.loads(capsys.readouterr().out)] == ["desk", "desk"]


def test_every_question_has_a_view_of_its_name(store: Path) -> None:
    db = history.open(store / "claims.db")
    for name in ("claims", "changes", "history", "matrix", "status", "search", "corrections"):
        assert list(db.query(f"SELECT * FROM {name}")) or name == "corrections"
    (row,) = db.query("SELECT vendor, standard, edition FROM matrix WHERE standard = 'iso-27001'")
    assert row == {"vendor": "Larkfield", "standard": "iso-27001", "edition": "2022"}

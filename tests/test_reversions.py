"""A page that goes there and back: a reversion keeps its severity, a short one is a flap,
and what is lost is never made little.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import config, history, standards, track
from pipeline.model import Run, Snapshot
from pipeline.rules import Rule

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
CATALOGUE = standards.load()
TEXT = """# Northwind compliance

Northwind is certified to ISO/IEC 27001:{edition}.

{note}

## Services in scope of SOC 2

{services}
"""


def text(edition: str = "2022", note: str = "", services: str = "Ledger Archive") -> str:
    return TEXT.format(
        edition=edition, note=note, services="\n".join(f"- {name}" for name in services.split())
    )


A = text()
NOTED = text(note="> [!NOTE]\n> The HIPAA agreement does not extend to Courier.")


class Desk:
    """One page, looked at live at the hours given."""

    def __init__(self, folder: Path) -> None:
        (folder / "config.toml").write_text(
            '[[pages]]\nid = "desk"\nurl = "desk.md"\nvendor = "Northwind"\n', encoding="utf-8"
        )
        self.config = config.load(folder / "config.toml")
        self.file = folder / "desk.md"

    def run(self, hour: float, body: str) -> Run:
        self.file.write_text(body, encoding="utf-8")
        return track.run(self.config, CATALOGUE, now=lambda: START + timedelta(hours=hour))

    def changes(self, **wanted: Any) -> list[dict[str, Any]]:
        with track.open(self.config) as store:
            return [row for row in history.changes(store.db, **wanted) if row["kind"] != "wording"]

    def told(self, *looks: tuple[float, str]) -> list[tuple[str, str, bool]]:
        for hour, body in looks:
            self.run(hour, body)
        return [(row["change"], row["severity"], row["flap"]) for row in self.changes()]

    def all(self) -> Any:
        with track.open(self.config) as store:
            return (
                history.changes(store.db),
                history.status(store.db),
                list(store.db.query("SELECT * FROM changes_newest")),
            )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_note_that_comes_and_goes_in_a_day_is_one_flap(desk: Desk) -> None:
    assert desk.told((0, A), (24, NOTED), (48, A)) == [("removed", "info", True)]
    row = desk.changes()[0]
    assert row["default_severity"] == "high"
    assert row["dwell_hours"] == 24
    assert row["summary"].endswith(", and back after 24 hours")
    assert row["why"].startswith(
        "a flap, seen in fewer than three captures and for less than 48 hours (each way: high"
    )
    with track.open(desk.config) as store:
        assert history.find(store.db, row["reverts"])[0] == "change"
        shown = [
            (row["severity"], row["flap"])
            for row in store.db.query("SELECT * FROM changes_newest WHERE kind = 'note'")
        ]
    assert shown == [("info", 1)]


@pytest.mark.parametrize(
    "looks",
    [
        ((0, A), (24, NOTED), (73, A)),
        ((0, A), (1, NOTED), (2, NOTED), (3, NOTED), (4, A)),
    ],
    ids=["stood two days", "seen three times"],
)
def test_what_stood_longer_is_a_reversion_and_keeps_its_severity(
    desk: Desk, looks: tuple[tuple[float, str], ...]
) -> None:
    assert desk.told(*looks) == [("removed", "high", False), ("added", "high", False)]
    later, earlier = desk.changes()
    assert later["reverts"] == earlier["id"]
    assert "as it was before, after" in later["summary"]


@pytest.mark.parametrize(
    ("other", "severities"),
    [
        (text(edition="2013"), {"critical", "high"}),
        (
            A.replace(
                "Northwind is certified to ISO/IEC 27001:2022.", "Northwind works with care."
            ),
            {"critical", "high"},
        ),
        (A.replace("is certified to", "plans to be certified to"), {"critical", "high"}),
        (text(services="Ledger"), {"high", "medium"}),
        (text(services="Ledger Archive Courier"), {"high", "medium"}),
    ],
    ids=["edition", "standard", "stance", "service lost", "service lost again"],
)
def test_a_pair_that_loses_a_claim_is_never_lowered(
    desk: Desk, other: str, severities: set[str]
) -> None:
    desk.told((0, A), (5, other), (10, A))
    found = desk.changes()
    assert {row["severity"] for row in found} == severities
    assert not any(row["flap"] for row in found)
    assert [bool(row["reverts"]) for row in found] == [True, False]


def test_three_steps_are_never_told_as_none(desk: Desk) -> None:
    """There, back, and there again to stay: the last step is a change of its own."""
    assert desk.told((0, A), (10, NOTED), (20, A), (30, NOTED)) == [
        ("added", "high", False),
        ("removed", "info", True),
    ]


def test_a_rule_that_speaks_of_it_outweighs_a_flap(desk: Desk) -> None:
    desk.told((0, A), (24, NOTED), (48, A))
    assert [
        row["severity"]
        for row in desk.changes(rules=(Rule("critical", text="does not extend to Courier"),))
    ] == ["critical"]


def test_a_flap_is_told_in_the_report_of_its_run_and_alerts_nobody(desk: Desk) -> None:
    desk.run(0, A)
    first = desk.run(24, NOTED)
    last = desk.run(48, A)
    assert [item.severity for item in first.told if item.change.kind == "note"] == ["high"]
    assert [(item.severity, item.flap) for item in last.told if item.change.kind == "note"] == [
        ("info", True)
    ]


def test_what_was_said_of_either_half_counts_for_a_flap(desk: Desk) -> None:
    desk.told((0, A), (24, NOTED))
    with track.open(desk.config) as store:
        track.review(
            store,
            desk.changes()[0]["id"],
            track.Review("accept", START + timedelta(hours=30), note="known", who="ana"),
        )
    desk.run(48, A)
    (row,) = desk.changes()
    assert (row["flap"], row["status"], row["notes"]) == (True, "accepted", ["known"])
    with track.open(desk.config) as store:
        assert [
            row["status"]
            for row in store.db.query("SELECT status FROM changes WHERE kind = 'note'")
        ] == ["accepted"]


def test_a_rebuild_and_a_backfill_between_tell_the_same_of_it(desk: Desk) -> None:
    desk.told((0, A), (24, NOTED), (48, A), (120, NOTED), (300, A))
    before = desk.all()
    track.rebuild(desk.config, CATALOGUE, now=lambda: START)
    assert desk.all() == before
    with track.open(desk.config) as store:
        page = desk.config.pages[0]
        shots = [
            Snapshot(
                page,
                START + timedelta(hours=hour),
                START,
                "dir",
                page.url,
                "text/markdown",
                NOTED.encode(),
            )
            for hour in (26, 28)
        ]
        track.backfill(store, page, shots, CATALOGUE, now=lambda: START + timedelta(days=30))
    assert [row["flap"] for row in desk.changes()] == [False] * 4

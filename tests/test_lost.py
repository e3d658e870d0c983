"""What was lost stays visible: its row and column in the matrix, the profile,
the views and JSON, with since when.
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_together import CATALOGUE, START, House

from pipeline import history, track
from pipeline.report import profile

DESK = "# Trust at Larkfield\n\n{}\n\nWrite to our trust team with any question about this page.\n"
BOTH = "Larkfield Desk is certified to ISO/IEC 27001:2022.\n\nLarkfield Desk is PCI DSS compliant."
ISO = BOTH.partition("\n\n")[0]
NONE = "We are working on our programme, and will say more about it in the spring."


@pytest.fixture
def house(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> House:
    return House(tmp_path, capsys)


def cells(house: House, **wanted: Any) -> dict[tuple[str | None, str], dict[str, Any]]:
    return {(row["subject"], row["standard"]): row for row in house.matrix(**wanted)}


def views(house: House) -> list[tuple[Any, ...]]:
    sql = (
        "SELECT subject, standard, stance, first_absent, id FROM matrix WHERE "
        "first_absent IS NOT NULL"
    )
    with track.open(house.config) as store:
        return [tuple(row.values()) for row in store.db.query(sql)]


def test_the_last_claim_of_a_standard_leaves_its_row_and_column(house: House) -> None:
    house.run(0, desk=DESK.format(BOTH))
    house.run(2, desk=DESK.format(ISO))
    gone = cells(house)["Larkfield Desk", "pci-dss"]
    assert gone["why"] == "no longer claimed since 2026-03-03; last seen 2026-03-01"
    assert (gone["stance"], gone["edition"], gone["text"]) == (None, None, BOTH.split("\n\n")[1])
    assert (gone["seen_until"], gone["first_absent"]) == (
        "2026-03-01T06:00:00Z",
        "2026-03-03T06:00:00Z",
    )
    shown = house("matrix")
    assert "PCI DSS" in shown
    assert "no longer claimed since 2026-03-03" in " ".join(shown.split()).casefold()
    assert [row["standard"] for row in json.loads(house("matrix", "--format", "json"))] == [
        "iso-27001",
        "pci-dss",
    ]
    assert views(house) == [
        ("Larkfield Desk", "pci-dss", None, "2026-03-03T06:00:00+00:00", gone["id"])
    ]
    assert json.loads(house("history", gone["id"], "--format", "json"))[-1]["first_absent"]


def test_a_vendor_that_claims_nothing_any_more_keeps_its_column(house: House) -> None:
    house.run(0, desk=DESK.format(BOTH))
    house.run(2, desk=DESK.format(NONE))
    assert {row["why"] for row in house.matrix()} == {
        "no longer claimed since 2026-03-03; last seen 2026-03-01"
    }
    assert "Larkfield Desk" in house("matrix", "--vendor", "larkfield")
    assert {row["stance"] for row in house.matrix(at=START + timedelta(days=1))} == {"claimed"}
    assert {standard for _, standard, *_ in views(house)} == {"iso-27001", "pci-dss"}


def test_a_profile_lists_what_is_no_longer_claimed(house: House) -> None:
    house.run(0, desk=DESK.format(BOTH))
    house.run(2, desk=DESK.format(ISO))
    with track.open(house.config) as store:
        found, before = (
            history.profile(
                store.db, CATALOGUE, "Larkfield", history.When(START + timedelta(days=day))
            )
            for day in (3, 1)
        )
    (gone,) = found["no_longer_claimed"]
    assert (gone["standard"], gone["first_absent"]) == ("pci-dss", "2026-03-03T06:00:00Z")
    page = profile.html(found)
    assert "No longer claimed" in page
    assert "Larkfield Desk is PCI DSS compliant." in page
    assert "first absent 3 March 2026" in page
    assert before["no_longer_claimed"] == []
    assert "No longer claimed" not in profile.html(before)


def test_what_was_planned_or_denied_says_so(house: House) -> None:
    denied = "Larkfield Desk is not certified to PCI DSS."
    plans = f"{denied}\n\nLarkfield Desk plans to achieve ISO/IEC 42001 certification."
    house.run(0, desk=DESK.format(f"{ISO}\n\n{plans}"))
    house.run(2, desk=DESK.format(ISO))
    why = {standard: row["why"] for (_, standard), row in cells(house).items()}
    assert why["pci-dss"].startswith("no longer denied since 2026-03-03")
    assert why["iso-42001"].startswith("no longer planned since 2026-03-03")


def test_what_lives_on_is_not_lost(house: House) -> None:
    house.run(0, desk=DESK.format(BOTH), pen=DESK.format(BOTH))
    renamed = BOTH.replace("Larkfield Desk", "Larkfield Nib").replace("27001:2022", "27001:2013")
    # Renamed on one page, with another edition; gone from it, but still on the other.
    house.run(2, desk=DESK.format(renamed), pen=DESK.format(renamed))
    house.run(3, desk=DESK.format(renamed.split("\n\n")[0]), pen=DESK.format(renamed))
    assert {subject for subject, _ in cells(house)} == {"Larkfield Nib"}
    assert all(row["stance"] == "claimed" for row in house.matrix())
    assert views(house) == []


def test_a_claim_that_comes_back_or_was_never_one_is_not_lost(house: House) -> None:
    house.run(0, desk=DESK.format(BOTH))
    with track.open(house.config) as store:
        wrong = next(row for row in history.claims(store.db, standard="iso-27001"))
        track.review(
            store, wrong["id"], track.Review("wrong", START, note="a typing error", who="ana")
        )
    house.run(2, desk=DESK.format(NONE))
    assert {standard for _, standard, *_ in views(house)} == {"pci-dss"}
    assert {standard for _, standard in cells(house)} == {"pci-dss"}
    house.run(4, desk=DESK.format(BOTH.split("\n\n")[1]))
    assert cells(house)["Larkfield Desk", "pci-dss"]["stance"] == "claimed"
    assert views(house) == []


GOOD = "SELECT captured_at FROM look WHERE result IN ('first', 'changed', 'unchanged')"
NAMES = {"pci-dss": "PCI DSS", "iso-27001": "ISO/IEC 27001:2022", "hipaa": "HIPAA"}


@settings(max_examples=8, deadline=None)
@given(st.lists(st.sets(st.sampled_from(sorted(NAMES))), min_size=1, max_size=5))
def test_whatever_was_ever_claimed_has_a_cell_in_command_and_view(
    tmp_path_factory: pytest.TempPathFactory, looks: list[set[str]]
) -> None:
    house = House(tmp_path_factory.mktemp("house"))
    for day, held in enumerate(looks):
        said = "\n\n".join(f"Larkfield Desk is certified to {NAMES[one]}." for one in sorted(held))
        house.run(day, desk=DESK.format(said or NONE))
    with track.open(house.config) as store:
        good = {row["captured_at"] for row in store.db.query(GOOD)}
        rows = {row["standard"]: row for row in store.db.query("SELECT * FROM matrix")}
    days = ((START + timedelta(days=day)).isoformat() for day in range(len(looks)))
    read = [held for day, held in zip(days, looks, strict=True) if day in good]
    found = {standard: row["stance"] for (_, standard), row in cells(house).items()}
    assert set(found) == set().union(*read) == set(rows)
    assert {standard for standard, stance in found.items() if stance} == (
        read[-1] if read else set()
    )
    assert {name: row["stance"] for name, row in rows.items()} == found

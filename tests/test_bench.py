"""The table of `make bench` knows every goal, and what it says is made of the values beside it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import goals
import pytest
import results
from goals import BY_ID, GOALS, Goal
from results import Figure

BENCH = Path(__file__).parent.parent / "bench"
BOUNDS = {
    "G1": (0.4, 0.15),
    "G3": (0.8, 0.2),
    "G4": (1.0, 0.25),
    "G6": (2.0, 1.0),
    "G7 first": (2.5, 1.5),
    "G7 changed": (1.5, 0.5),
    "G8": (0.4, 0.15),
    "G10": (1.05, 1.05),
    "G11": (3, 1.5),
    "G12": (20, 5),
    "G13": (0.3, 0.05),
    "G15": (1.0, 0.7),
    "G16": (5, 3),
    "G17": (0.4, 0.7),
    "G18 peak": (60, 40),
    "G18 growth": (1.2, 1.15),
    "G19 help": (2, 1.6),
    "G19 status": (4, 2.5),
    "G20": (2, 1),
}
KNOWN = ("5,000 pages", "4 MB first", "4 MB changed", "1,000 revisions")


@pytest.mark.parametrize("name", BOUNDS)
def test_every_goal_is_in_the_table_with_what_it_must_reach(name: str) -> None:
    found = [goal for goal in GOALS if goal.id == name or goal.id.startswith(f"{name} ")]
    assert found
    assert {(goal.must, goal.aim) for goal in found} == {BOUNDS[name]}


def test_long_runs_large_pages_and_long_histories_are_in_the_table() -> None:
    assert set(KNOWN) <= set(BY_ID)
    assert len(BY_ID) == len(GOALS)


def test_a_goal_is_met_from_its_side() -> None:
    less, more = Goal("a", "less is better", must=2.0), Goal("b", "more", must=0.4, least=True)
    assert (less.met(2.0), less.met(2.1)) == (True, False)
    assert (more.met(0.4), more.met(0.3)) == (True, False)
    assert less.missed_by(4.0) == pytest.approx(2) == more.missed_by(0.2)
    assert Goal("c", "known").met(5) is None


def test_the_table_says_what_was_met_by_how_much_it_was_missed_and_what_was_not_measured() -> None:
    figures = (
        Figure("G6", 1.5, "changed 15 ms, bare 10 ms", 7, "2026-01-01T10:00+00:00", 0.5, 4),
        Figure("G13", 0.9, "claims 9 s, DeepDiff 10 s", 3, "2026-01-01T10:00+00:00", 1.5, 4),
    )
    lines = results.table({one.goal: one for one in figures}).splitlines()
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in lines if line[:2] == "| "}
    assert (
        "| **1.50** | yes | changed 15 ms, bare 10 ms | 7 | 2026-01-01 10:00, 0.5 |" in rows["G6"]
    )
    assert "| **0.90** | no, by 3.00 | " in rows["G13"]
    assert "not measured" in rows["G20"]
    assert "Of 2 bounds that were measured, 1 are met." in lines
    assert "The load was 0.5 to 1.5 on 4 processors." in lines
    assert not any("other work" in line for line in lines)


def test_results_of_a_busy_machine_say_so() -> None:
    busy = Figure("G6", 1.5, "x", 2, "2026-01-01T10:00+00:00", 8.5, 2)
    assert "other work on the same machine" in results.table({"G6": busy})


def test_what_was_measured_is_kept_beside_what_is_measured_later(tmp_path: Path) -> None:
    first = Figure("G13", 0.123456, "x", 3, "2026-01-01T10:00+00:00", 1.5, 4)
    results.write({first.goal: first}, tmp_path)
    second = Figure("G6", 1.5, "y", 7, "2026-01-02T10:00+00:00", 0.5, 4)
    results.write(results.read(tmp_path / "results.json") | {second.goal: second}, tmp_path)
    found = results.read(tmp_path / "results.json")
    assert list(found) == ["G6", "G13"]
    assert found["G13"].value == 0.1235


def test_results_are_made_of_the_values_beside_them() -> None:
    found = results.read(BENCH / "results.json")
    assert json.loads((BENCH / "results.json").read_text()).keys() <= set(goals.BY_ID)
    assert (BENCH / "RESULTS.md").read_text() == results.table(found)
    assert (BENCH / "results.svg").read_text() == results.plot(found)


def test_the_plot_has_a_bar_for_each_bound_that_was_measured() -> None:
    figure = Figure("G6", 4.0, "y", 7, "2026-01-02T10:00+00:00", 0.5, 4)
    svg = results.plot({"G6": figure, "5,000 pages": Figure("5,000 pages", 9.0, "z", 1)})
    drawn = ElementTree.fromstring(svg)
    names = [one.text for one in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert names[-2:] == ["G6", "2"]
    assert "5,000 pages" not in names

"""Rebuilding in several processes: the same answers, in the same order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline import config, history, standards, track

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
A = "# Northwind Desk\n\nNorthwind Desk is certified to ISO/IEC 27001:2013.\n"
B = A.replace("2013", "2022")


def crowd(folder: Path) -> config.Config:
    """Ten pages with two looks each; one of them was never read."""
    pages = "".join(
        f'[[pages]]\nid = "desk-{number}"\nurl = "desk-{number}.md"\nvendor = "Northwind"\n\n'
        for number in range(10)
    )
    (folder / "config.toml").write_text(pages, encoding="utf-8")
    place = config.load(folder / "config.toml")
    for day, text in enumerate((A, B)):
        for number in range(9):
            (folder / f"desk-{number}.md").write_text(
                text.replace("Desk", f"Desk {number}"), encoding="utf-8"
            )
        track.run(place, standards.load(), now=lambda day=day: START + timedelta(days=day))
    return place


def answered(place: config.Config) -> Any:
    with track.open(place) as store:
        return history.claims(store.db), history.changes(store.db), history.status(store.db)


def test_a_rebuild_in_several_processes_is_the_same_rebuild(tmp_path: Path) -> None:
    place, told = crowd(tmp_path), list[str]()
    before = answered(place)
    place.database.unlink()
    assert track.rebuild(place, standards.load(), now=lambda: START, tell=told.append, size=2) == 10
    assert answered(place) == before
    assert told == [f"{number} of 10 pages: desk-{number - 1}" for number in range(1, 11)]

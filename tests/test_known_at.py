"""What we knew then: by the captures that were recorded, read by the reader that was in use."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from brasswheel import EXTRA

from pipeline import config, history, standards, track

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
TEXT = (
    "# Northwind compliance\n\nNorthwind is certified to ISO/IEC 27001:{}.\n\n"
    "Northwind is certified to the Brasswheel Scheme 2.\n"
)


class Desk:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "config.toml").write_text(
            '[[pages]]\nid = "desk"\nurl = "desk.md"\nvendor = "Northwind"\n', encoding="utf-8"
        )
        self.config = config.load(folder / "config.toml")
        self.catalogue = standards.load()

    def learn(self) -> None:
        """Improve the reader: it knows another standard from now on."""
        (self.folder / "extra.toml").write_text(EXTRA, encoding="utf-8")
        self.catalogue = standards.load(str(self.folder / "extra.toml"))

    def run(self, day: float, edition: str) -> None:
        (self.folder / "desk.md").write_text(TEXT.format(edition), encoding="utf-8")
        track.run(self.config, self.catalogue, now=lambda: START + timedelta(days=day))

    def rebuild(self, day: float) -> None:
        track.rebuild(self.config, self.catalogue, now=lambda: START + timedelta(days=day))

    def known(
        self, day: float, at: float | None = None, **wanted: Any
    ) -> list[tuple[str, str | None]]:
        with track.open(self.config) as store:
            moment = None if at is None else START + timedelta(days=at)
            found = history.claims(
                store.db, kind="standard", known_at=START + timedelta(days=day), at=moment, **wanted
            )
            return [(row["standard"], row["edition"]) for row in found]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    found = Desk(tmp_path)
    found.run(0, "2013")
    found.run(2, "2022")
    found.learn()
    return found


def test_it_is_read_by_the_reader_that_was_in_use(desk: Desk) -> None:
    desk.run(4, "2022")
    assert desk.known(1) == [("iso-27001", "2013")]
    assert desk.known(3) == [("iso-27001", "2022")]
    assert desk.known(3, at=1) == [("iso-27001", "2013")]
    assert [standard for standard, _ in desk.known(5)] == ["iso-27001", "brasswheel"]
    assert [standard for standard, _ in desk.known(5, at=1)] == ["iso-27001", "brasswheel"], (
        "the past as it is read today"
    )
    assert desk.known(-1) == []


def test_a_backfill_was_not_known_before_it_came(desk: Desk) -> None:
    desk.run(4, "2022")
    page = desk.config.pages[0]
    with track.open(desk.config) as store:
        shot = next(store.archive.captures("desk"))
        early = replace(
            shot,
            captured_at=START - timedelta(days=9),
            recorded_at=START + timedelta(days=6),
            origin="dir",
            page=page,
        )
        track.backfill(store, page, [early], desk.catalogue, now=lambda: START + timedelta(days=6))
    assert desk.known(5, at=-1) == []
    assert desk.known(3, at=-1) == []
    assert len(desk.known(7, at=-1)) == 2


def test_what_was_known_outlives_the_database(desk: Desk) -> None:
    desk.run(4, "2022")
    before = [desk.known(day, at) for day in (1, 3, 5) for at in (0, 1, 2, None)]
    for path in desk.folder.glob("claims.db*"):
        path.unlink()
    desk.rebuild(9)
    assert [desk.known(day, at) for day in (1, 3, 5) for at in (0, 1, 2, None)] == before
    with track.open(desk.config) as store:
        assert store.archive.verify().problems == ()


def test_a_rebuild_by_a_new_reader_keeps_what_the_old_one_read(desk: Desk) -> None:
    desk.rebuild(4)
    assert desk.known(3) == [("iso-27001", "2022")]
    assert len(desk.known(5)) == 2


def test_what_is_asked_of_it_is_chosen_from_the_old_reading_too(desk: Desk) -> None:
    desk.run(4, "2022")
    assert desk.known(3, standard="brasswheel") == []
    assert desk.known(
        3, standard="ISO/IEC 27001", vendor="northwind", product="Northwind", stance="claimed"
    ) == [("iso-27001", "2022")]
    assert desk.known(3, vendor="Contoso") == []
    assert desk.known(3, stance="planned") == []


def test_its_intervals_are_those_of_the_captures_that_were_known(desk: Desk) -> None:
    desk.run(4, "2022")
    with track.open(desk.config) as store:
        found = history.claims(
            store.db, standard="iso-27001", kind="standard", known_at=START + timedelta(days=1)
        )
        row = found[0]
        assert (row["seen_since"], row["seen_until"], row["first_absent"]) == (
            "2026-03-01T06:00:00Z",
            "2026-03-01T06:00:00Z",
            None,
        )
        found = history.claims(
            store.db, kind="standard", at=START, known_at=START + timedelta(days=3)
        )
        assert [row["first_absent"] for row in found] == ["2026-03-03T06:00:00Z"]

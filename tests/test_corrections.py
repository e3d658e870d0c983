"""A person's word: it corrects our reading while the sentence stands,
releases a held capture, signs a page off; and is kept.
"""

from __future__ import annotations

import getpass
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli, config, history, standards, track
from pipeline.errors import NotFound
from pipeline.model import Changed, HeldBack, Run

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
CATALOGUE = standards.load()
SERVICES = "\n".join(
    f"- {name}"
    for name in (
        "Ledger",
        "Archive",
        "Courier",
        "Beacon",
        "Anvil",
        "Prism",
        "Quarry",
        "Fathom",
        "Gable",
        "Harrow",
    )
)
TEXT = (
    "# Northwind compliance\n\nNorthwind is certified to ISO/IEC 27001:2013.{}\n\n"
    "## Services in scope of SOC 2\n\n" + SERVICES + "\n"
)
BROKEN = (
    "# Northwind compliance\n\nNorthwind is certified to ISO/IEC 27001:2013.\n\n"
    "This page has a new home, and more words than before.\n"
)


class Desk:
    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        (folder / "config.toml").write_text(
            '[[pages]]\nid = "desk"\nurl = "desk.md"\nvendor = "Northwind"\n', encoding="utf-8"
        )
        self.config = config.load(folder / "config.toml")

    def run(self, day: float, text: str = TEXT.format("")) -> Run:
        (self.folder / "desk.md").write_text(text, encoding="utf-8")
        return track.run(self.config, CATALOGUE, now=lambda: START + timedelta(days=day))

    def __call__(self, *arguments: str, status: int = 0) -> str:
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main(["--config", str(self.folder / "config.toml"), *arguments])
        streams = self._capsys.readouterr()
        assert int(left.value.code or 0) == status, streams.err
        return streams.out + streams.err

    def rows(self, *arguments: str) -> list[dict[str, Any]]:
        found = json.loads(self(*arguments, "--format", "json"))
        assert isinstance(found, list)
        return found

    def iso(self, **wanted: Any) -> dict[str, Any]:
        with track.open(self.config) as store:
            return next(
                row
                for row in history.claims(store.db, kind="standard", **wanted)
                if row["standard"] != "soc-2"
            )

    def view(self) -> dict[str, Any]:
        with track.open(self.config) as store:
            return next(
                store.db.query(
                    "SELECT * FROM claims_now WHERE kind = 'standard' AND text LIKE '%27001%'"
                )
            )


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def corrected(desk: Desk, *fields: str) -> str:
    claim = str(desk.iso()["id"])
    more = [part for field in fields for part in ("--should-be", field)]
    desk("review", claim[:6], "--wrong", *more, "-m", "the certificate says so")
    return claim


def test_a_correction_reads_as_it_should_and_is_marked(desk: Desk) -> None:
    desk.run(0)
    corrected(desk, "edition=2022", "level=")
    row = desk.iso()
    assert (row["edition"], row["text"]) == (
        "2022",
        "Northwind is certified to ISO/IEC 27001:2013.",
    )
    mark = row["correction"]
    assert (mark["by"], mark["note"], mark["should_be"]) == (
        getpass.getuser(),
        "the certificate says so",
        {"edition": "2022", "level": None},
    )
    assert mark["was"] == {"edition": "2013", "level": None}
    assert desk.view()["edition"] == "2022"
    assert "edition 2022, not 2013" in desk("claims", "--kind", "standard")


def test_a_correction_is_found_by_what_it_says(desk: Desk) -> None:
    desk.run(0)
    corrected(desk, "standard=iso-27017", "stance=planned")
    assert [row["standard_name"] for row in desk.rows("claims", "--standard", "iso-27017")] == [
        "ISO/IEC 27017"
    ]
    assert desk.rows("claims", "--standard", "iso-27001") == []
    assert [row["standard"] for row in desk.rows("claims", "--stance", "planned")] == ["iso-27017"]


def test_it_stands_until_the_sentence_changes_and_then_asks(desk: Desk) -> None:
    desk.run(0)
    corrected(desk, "edition=2022")
    desk.run(1, TEXT.format("").replace("## Services", "Something else.\n\n## Services"))
    assert desk.iso()["edition"] == "2022"
    desk.run(2, TEXT.format("").replace("is certified to", "remains certified to"))
    row = desk.iso()
    assert row["edition"] == "2013"
    assert "correction" not in row
    assert row["asks_again"]["should_be"] == {"edition": "2022"}
    assert "look again" in desk("claims", "--kind", "standard")
    assert desk.iso(at=START + timedelta(days=1.5))["edition"] == "2022"


def test_what_is_no_claim_is_marked_so_and_a_correction_can_be_taken_back(desk: Desk) -> None:
    desk.run(0)
    claim = corrected(desk)
    assert desk.iso()["correction"]["should_be"] == {}
    assert "no such claim" in desk("claims", "--kind", "standard")
    desk("review", claim, "--accept", "-m", "it is right after all")
    assert "correction" not in desk.iso()
    assert desk.view()["correction"] is None


def test_what_was_known_then_was_not_yet_corrected(desk: Desk) -> None:
    desk.run(0)
    corrected(desk, "edition=2022")
    assert desk.iso(known_at=START + timedelta(days=1))["edition"] == "2013"


def test_a_rebuild_keeps_every_word(desk: Desk) -> None:
    desk.run(0)
    corrected(desk, "edition=2022")
    desk("review", "desk", "--no-change", "-m", "looked at by hand")
    before = desk.rows("claims"), desk.rows("status")[0]["signed_off_by"], desk.view()
    for path in desk.folder.glob("claims.db*"):
        path.unlink()
    desk("rebuild")
    assert (desk.rows("claims"), desk.rows("status")[0]["signed_off_by"], desk.view()) == before
    assert before[1] == getpass.getuser()


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("editon=2022", "no field of a claim"),
        ("stance=held", "one of claimed, supports"),
        ("standard=iso27001", "near it: iso-27001"),
        ("2022", "not FIELD=VALUE"),
    ],
)
def test_what_no_claim_can_say_is_refused(desk: Desk, said: str, says: str) -> None:
    desk.run(0)
    assert says in desk(
        "review", str(desk.iso()["id"]), "--wrong", "--should-be", said, "-m", "x", status=2
    )


# --------------------------------------------------------------------------- a held capture


def test_a_person_releases_what_is_held_back(desk: Desk) -> None:
    desk.run(0)
    assert isinstance(desk.run(1, BROKEN).outcomes[0], HeldBack)
    desk("review", "desk", "--accept", "-m", "the list really moved")
    (removed,) = [row for row in desk.rows("changes") if row["standard"] == "soc-2"]
    assert (removed["change"], removed["kind"]) == ("removed", "standard")
    assert removed["first_seen"] == "2026-03-02T06:00:00Z"
    assert [row["last_result"] for row in desk.rows("status")] == ["changed"]
    before = desk.rows("claims"), desk.rows("changes")
    desk("rebuild")
    assert (desk.rows("claims"), desk.rows("changes")) == before
    assert desk.run(2, BROKEN).told == ()


def test_a_release_that_was_cut_short_is_made_good_by_the_next_run(desk: Desk) -> None:
    desk.run(0)
    desk.run(1, BROKEN)
    with track.open(desk.config) as store:
        track.review(store, "desk", track.Review("accept", START + timedelta(days=1.5)))
    assert not isinstance(desk.run(2, BROKEN).outcomes[0], Changed | HeldBack)
    assert [row["change"] for row in desk.rows("changes") if row["standard"] == "soc-2"] == [
        "removed"
    ]


def test_a_release_of_nothing_says_so(desk: Desk) -> None:
    desk.run(0)
    with track.open(desk.config) as store, pytest.raises(NotFound, match="no capture is held back"):
        track.review(store, "desk", track.Review("accept", START))

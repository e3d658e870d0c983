"""An older `snapshots/` beside a newer database, or the other way round:
explained by whatever opens the store, and never a bug.
"""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline import alert, cli, config, history, standards, track
from pipeline.cli import answering
from pipeline.model import Message, Run, Situation
from pipeline.rules import Alert
from pipeline.track import locking

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
TEXT = "# {name}\n\n{name} is certified to ISO/IEC 27001:{edition}.\n"
NAMES = ("desk", "relay")
QUESTIONS = (
    ("status",),
    ("claims",),
    ("changes",),
    ("matrix",),
    ("search", "certified"),
    ("report", "--format", "json"),
    ("report", "--vendor", "Northwind", "--format", "json"),
)


def watched(folder: Path, day: int, edition: str) -> None:
    for name in NAMES:
        (folder / f"{name}.md").write_text(TEXT.format(name=name.title(), edition=edition))
    settings = config.load(folder / "config.toml")
    track.run(settings, standards.load(), now=lambda: START + timedelta(days=day))


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """One store as it was on Monday, and on Wednesday."""
    folder = tmp_path_factory.mktemp("states") / "now"
    folder.mkdir()
    (folder / "config.toml").write_text(
        "".join(
            f'[[pages]]\nid = "{name}"\nurl = "{name}.md"\nvendor = "Northwind"\n' for name in NAMES
        )
    )
    watched(folder, 0, "2013")
    older = Path(shutil.copytree(folder, folder.with_name("older")))
    watched(folder, 1, "2022")
    watched(folder, 2, "2022")
    return older, folder


class Place:
    """A store, and the command on it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.config = config.load(folder / "config.toml")

    def __call__(self, *arguments: str, status: int = 0) -> tuple[str, str]:
        """Return standard output and standard error, after checking the exit status."""
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main(["--config", str(self.folder / "config.toml"), *arguments])
        said = self._capsys.readouterr()
        assert int(left.value.code or 0) == status, said.err
        return said.out, said.err

    def journal(self, page: str | None = None) -> Path:
        return self.folder / "snapshots" / (page or "") / "journal.jsonl"

    def editions(self) -> set[str]:
        with track.open(self.config) as store:
            rows = history.claims(store.db)
            return {row["edition"] for row in rows if row["kind"] == "standard"}

    def changes(self) -> int:
        with track.open(self.config) as store:
            return len(history.changes(store.db))

    def looks(self) -> int:
        return track.verify(self.config).looks


@pytest.fixture
def old_snapshots(
    states: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Place:
    older, now = states
    place = shutil.copytree(
        now, tmp_path / "place", ignore=shutil.ignore_patterns("snapshots", "reports")
    )
    shutil.copytree(older / "snapshots", place / "snapshots")
    return Place(Path(place), capsys)


@pytest.fixture
def old_database(
    states: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Place:
    older, now = states
    place = shutil.copytree(
        now, tmp_path / "place", ignore=shutil.ignore_patterns("claims.db*", "reports")
    )
    for path in older.glob("claims.db*"):
        shutil.copy(path, place)
    return Place(Path(place), capsys)


# ---------------------------------------------------------------------- snapshots/ is the older one


@pytest.mark.parametrize(
    "command",
    [
        ("run",),
        ("run", "desk"),
        ("review", "desk", "--no-change", "-m", "x"),
        ("backfill", "relay", "--dir", "copies"),
    ],
    ids=" ".join,
)
def test_nothing_is_added_to_an_older_snapshots(
    old_snapshots: Place, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(old_snapshots.folder)
    (old_snapshots.folder / "copies").mkdir()
    (old_snapshots.folder / "copies" / "2024-01-01.md").write_text("# Relay\n")
    first = len(old_snapshots.journal().read_text().splitlines()) + 1
    before = {page: old_snapshots.journal(page).read_bytes() for page in (None, *NAMES)}
    _, err = old_snapshots(*command, status=2)
    assert "snapshots/ is older than the database" in err, "which of the two is newer"
    assert f"from line {first} on" in err, "from where on"
    assert re.search("`claimwatch rebuild` would .* forget", err), "what it would do"
    assert {page: old_snapshots.journal(page).read_bytes() for page in before} == before


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_a_question_is_answered_and_says_that_snapshots_is_older(
    old_snapshots: Place, question: tuple[str, ...]
) -> None:
    out, err = old_snapshots(*question)
    assert out, "the database can answer all the same"
    said = err.splitlines()
    assert len(said) == 3, "one line a journal"
    assert f"{old_snapshots.journal('desk')}: has 1 line, and the database copied more" in said[1]
    assert "from line 2 on, 2 looks are missing, of 2026-03-02T06:00Z to 2026-03-03T06:00Z" in err


def test_of_many_journals_that_do_not_fit_some_are_named_and_the_others_counted(
    old_snapshots: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "SHOWN", 2)
    said = old_snapshots("claims")[1].splitlines()
    assert len(said) == 3
    assert said[2] == "claimwatch: and 1 more journal; `claimwatch verify` names all"


def test_a_rebuild_says_what_it_forgets_and_keeps_the_database_that_knew_it(
    old_snapshots: Place,
) -> None:
    _, err = old_snapshots("rebuild")
    assert "snapshots/ is older than the database" in err
    kept = old_snapshots.folder / "claims.db.replaced"
    assert str(kept) in err
    assert (old_snapshots.changes(), old_snapshots.looks()) == (0, 2)
    db = history.open(kept)
    assert len(history.changes(db)) == 2, "what snapshots/ does not have is still somewhere"
    db.close()
    assert old_snapshots("verify")[1] == ""
    assert "2 changes need attention" in old_snapshots("run")[0], "it goes on from there"


def test_a_second_replaced_database_takes_the_place_of_no_other(old_snapshots: Place) -> None:
    (old_snapshots.folder / "claims.db.replaced").write_text("the first")
    old_snapshots("rebuild")
    assert (old_snapshots.folder / "claims.db.replaced").read_text() == "the first"
    assert (old_snapshots.folder / "claims.db.replaced-2").exists()


def test_a_rebuild_that_forgets_nothing_keeps_nothing(old_database: Place) -> None:
    assert old_database("rebuild")[1] == ""
    assert not list(old_database.folder.glob("*.replaced*"))
    assert old_database("verify")[1] == ""


# -------------------------------------------------------------------- the database is the older one


def test_a_run_copies_what_an_older_database_lacks_and_says_from_which_line(
    old_database: Place,
) -> None:
    _, err = old_database("run")
    assert "the database is older than snapshots/: it lacks lines 2 to 3 of" in err
    assert old_database.editions() == {"2022"}
    assert old_database.changes() == 2
    assert old_database("verify")[1] == ""


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_a_question_says_that_the_database_is_older(
    old_database: Place, question: tuple[str, ...]
) -> None:
    out, err = old_database(*question)
    assert out
    assert len(err.splitlines()) == 3
    lacks = (
        "the database is older than snapshots/: "
        f"it lacks lines 2 to 3 of {old_database.journal('desk')}"
    )
    assert lacks in err
    assert "the next `claimwatch run` copies" in err


def test_a_verdict_is_kept_beside_an_older_database_which_is_said(old_database: Place) -> None:
    _, err = old_database("review", "desk", "--no-change", "-m", "looked at by hand")
    assert f"it lacks lines 2 to 3 of {old_database.journal('desk')}" in err
    assert "looked at by hand" in old_database.journal().read_text()
    old_database("run")
    with track.open(old_database.config) as store:
        assert [row["note"] for row in history.reviews(store.db)] == ["looked at by hand"]


def test_verify_says_how_far_the_database_is_behind_and_that_is_no_fault(
    old_database: Place,
) -> None:
    out, err = old_database("verify")
    assert "all intact" in out
    assert f"it lacks lines 2 to 3 of {old_database.journal('relay')}" in err
    with locking.lock(old_database.config.snapshots):
        assert old_database("verify")[1] == "", "a run that is at work is about to copy them"


def test_while_a_run_is_at_work_the_database_may_be_behind(old_database: Place) -> None:
    with locking.lock(old_database.config.snapshots):
        assert old_database("claims")[1] == ""


def test_what_fits_is_not_spoken_of(old_database: Place) -> None:
    old_database("run")
    for question in QUESTIONS:
        assert old_database(*question)[1] == "", question


# --------------------------------------------------------------------------- there is no database


def test_without_a_database_a_run_adds_nothing_to_a_page_that_lost_its_end(
    old_database: Place,
) -> None:
    for path in old_database.folder.glob("claims.db*"):
        path.unlink()
    path = old_database.journal("desk")
    path.write_text("".join(line + "\n" for line in path.read_text().splitlines()[:-1]))
    _, err = old_database("run", status=2)
    assert str(path) in err
    assert "its end was cut off" in err
    assert "`claimwatch rebuild`" in err
    assert "its end was cut off" in old_database("rebuild")[1]
    old_database("run")


# --------------------------------------------------------------------------- outside witnesses


def test_every_report_and_run_says_where_the_record_stands(old_database: Place) -> None:
    (old_database.folder / "desk.md").write_text(TEXT.format(name="Desk", edition="2025"))
    shown, _ = old_database("run")
    [path] = (old_database.folder / "reports").glob("2*.json")
    heads = json.loads(path.read_text())["run"]["heads"]
    assert list(heads) == ["journal.jsonl", "desk/journal.jsonl", "relay/journal.jsonl"]
    for suffix in (".html", ".md"):
        text = path.with_suffix(suffix).read_text()
        assert all(journal in text and head in text for journal, head in heads.items())
    assert heads["journal.jsonl"] in "".join(shown.split())
    for head in heads.values():
        assert "all intact" in old_database("verify", "--head", head)[0]
    for made in (("report",), ("report", "--vendor", "Northwind")):
        again = json.loads(old_database(*made, "--format", "json")[0])
        found = again["heads"] if "--vendor" in made else again["run"]["heads"]
        assert found.keys() == heads.keys()
        assert found["journal.jsonl"] in old_database(*made, "--format", "html")[0]
        assert "all intact" in old_database("verify", "--head", found["journal.jsonl"])[0]


def test_a_daily_line_carries_the_head_and_is_the_same_message_whatever_it_is() -> None:
    def daily(head: str) -> Message:
        run = Run(START, START, heads=(("journal.jsonl", head), ("desk/journal.jsonl", "d" * 64)))
        [one] = alert.messages(run, [Alert("mailto:grc@example.org", daily=True)], Situation())
        return one

    message = daily("a" * 64)
    for shown in (message.text, message.html, message.payload):
        assert "a" * 64 in shown
    assert json.loads(message.payload)["head"] == "a" * 64
    assert daily("b" * 64).id == message.id, "a run that is repeated sends it under the same id"

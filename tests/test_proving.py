"""`verify`: whatever of the record is cut off, edited, replaced or lost is found
and named, to the last line.
"""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline import cli, config, standards, track
from pipeline.archive import Proof
from pipeline.cli import command
from pipeline.cli.options import Settings

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
TEXT = (
    "# {name}\n\n{name} is certified to ISO/IEC 27001:{edition}.\n\n{name} supports PCI DSS 4.0.\n"
)
TOP = "journal.jsonl"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pages, three runs, one of which saw a change, and a verdict on it."""
    folder = tmp_path_factory.mktemp("kept")
    pages = "".join(
        f'[[pages]]\nid = "{name}"\nurl = "{name}.md"\nvendor = "Northwind"\n' for name in NAMES
    )
    (folder / "config.toml").write_text(pages)
    settings = config.load(folder / "config.toml")
    for day, edition in enumerate(("2013", "2013", "2022")):
        for name in NAMES:
            (folder / f"{name}.md").write_text(TEXT.format(name=name.title(), edition=edition))
        track.run(settings, standards.load(), now=lambda day=day: START + timedelta(days=day))
    with track.open(settings) as store:
        [change, *_] = store.db.conn.execute("SELECT id FROM change ORDER BY id").fetchone()
        track.review(store, change, track.Review("accept", START, who="ana", note="seen"))
    return folder


NAMES = ("desk", "relay")


@pytest.fixture
def place(kept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept, tmp_path / "place"))


def proof(place: Path, *heads: str) -> Proof:
    return track.verify(config.load(place / "config.toml"), heads)


def lines(place: Path, journal: str) -> list[str]:
    return (place / "snapshots" / journal).read_text().splitlines()


def rewritten(place: Path, journal: str, rows: list[str], end: str = "\n") -> None:
    (place / "snapshots" / journal).write_text("\n".join(rows) + end)


def said(place: Path) -> str:
    return "\n".join(proof(place).problems)


# --------------------------------------------------------------------------- journals


def test_a_whole_record_is_proved_and_its_heads_are_those_of_the_last_lines(place: Path) -> None:
    found = proof(place)
    assert found.problems == found.unnamed == ()
    assert (found.looks, found.bodies) == (6, 4)
    assert {head.journal: (head.lines, head.chain) for head in found.heads} == {
        journal: (len(rows), sha256(rows[-1].encode()).hexdigest())
        for journal in (TOP, "desk/journal.jsonl", "relay/journal.jsonl")
        if (rows := lines(place, journal))
    }


@pytest.mark.parametrize("journal", [TOP, "desk/journal.jsonl"])
@pytest.mark.parametrize(
    "spoil",
    [
        lambda rows: (rows[:-1], "\n"),
        lambda rows: ([*rows[:-1], rows[-1].replace("2026", "2025", 1)], "\n"),
        lambda rows: ([*rows[:-1], rows[-1][:-9]], ""),
        lambda rows: ([*rows[:-1], rows[-1].replace('"prev"', ' "prev"')], "\n"),
        lambda rows: (rows[:-2] + rows[-1:], "\n"),
        lambda rows: ([rows[0].replace("2026", "2025", 1), *rows[1:]], "\n"),
    ],
    ids=["cut off", "edited", "cut in the middle", "a space", "the one before", "the first"],
)
def test_a_line_that_is_cut_off_or_edited_is_found_and_its_file_named(
    place: Path, journal: str, spoil: Callable[[list[str]], tuple[list[str], str]]
) -> None:
    rewritten(place, journal, *spoil(lines(place, journal)))
    found = [one for one in proof(place).problems if f"{place / 'snapshots' / journal}: " in one]
    assert any("backup" in one for one in found), "it says what to do"


def test_a_page_that_lost_its_end_is_found_without_a_database(place: Path) -> None:
    (place / "claims.db").unlink()
    rewritten(place, "desk/journal.jsonl", lines(place, "desk/journal.jsonl")[:-1])
    assert f"{place / 'snapshots' / TOP}: line" in said(place), "where its last line is named"
    assert "its end was cut off" in said(place)


def test_a_page_of_which_nothing_is_left_is_found_without_a_database(place: Path) -> None:
    (place / "claims.db").unlink()
    shutil.rmtree(place / "snapshots" / "relay")
    assert f"{place / 'snapshots' / 'relay' / TOP}: is missing" in said(place)


def test_two_journals_that_changed_places_are_found(place: Path) -> None:
    desk, relay = (place / "snapshots" / name / TOP for name in NAMES)
    desk.rename(place / "aside")
    relay.rename(desk)
    (place / "aside").rename(relay)
    assert all(str(path) in said(place) for path in (desk, relay))


@pytest.mark.parametrize("database", [True, False])
def test_a_journal_that_was_edited_and_chained_anew_is_found(place: Path, database: bool) -> None:
    rows, prev = [], ""
    for number, row in enumerate(lines(place, "desk/journal.jsonl")):
        facts = json.loads(row) | {"prev": prev}
        facts |= {} if number else {"url": "https://elsewhere.example/"}
        rows.append(json.dumps(facts, ensure_ascii=False, separators=(",", ":")))
        prev = sha256(rows[-1].encode()).hexdigest()
    rewritten(place, "desk/journal.jsonl", rows)
    if not database:
        (place / "claims.db").unlink()
    found = [one for one in proof(place).problems if "desk/journal.jsonl: " in one]
    assert any("edited or replaced" in one for one in found)
    assert not any("does not continue" in one for one in found), "its own chain holds"


# --------------------------------------------------------------------------- bodies


def bodies(place: Path) -> list[Path]:
    return sorted((place / "snapshots" / "blobs").rglob("*.gz"))


SPOILT: dict[str, tuple[Callable[[Path], object], str]] = {
    "gone": (Path.unlink, "is missing"),
    "another": (lambda path: path.write_bytes(gzip.compress(b"# Somebody else\n")), "digest"),
    "cut": (lambda path: path.write_bytes(path.read_bytes()[:-5]), "unpacked"),
}


@pytest.mark.parametrize("how", SPOILT)
@pytest.mark.parametrize("whole", [True, False])
def test_a_body_that_is_missing_altered_or_cut_is_named_with_the_line_that_names_it(
    place: Path, how: str, whole: bool
) -> None:
    spoil, why = SPOILT[how]
    path = bodies(place)[0] if whole else place / "snapshots" / "desk" / "patches.zst"
    spoil(path)
    found = [problem for problem in proof(place).problems if problem.startswith(f"{path}: ")]
    assert found
    assert any(why in problem for problem in found) or not whole
    for problem in found:
        assert "from a backup" in problem
        assert "journal.jsonl: line " in problem


def test_a_body_that_no_journal_names_is_told_of(place: Path) -> None:
    with track.open(config.load(place / "config.toml")) as store:
        digest = store.archive.store(b"nobody ever looked at this")
    assert proof(place).unnamed == (digest,)
    assert f"{digest}.gz: no journal names it" in said(place)


# -------------------------------------------------------------------------- the database, both ways


def sql(place: Path, statement: str) -> None:
    with closing(sqlite3.connect(place / "claims.db")) as db, db:
        assert db.execute(statement).rowcount == 1, "the test meant one row"


FIRST_LOOK = "id = (SELECT min(id) FROM look WHERE page = 'desk')"


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (f"DELETE FROM look WHERE {FIRST_LOOK}", "lacks the look at desk of 2026-03-01T06"),
        (f"UPDATE look SET url = 'x' WHERE {FIRST_LOOK}", "with another url than its journal"),
        (f"UPDATE look SET status = 500 WHERE {FIRST_LOOK}", "with another status than its"),
        ("DELETE FROM review", "lacks a row of review that the journal has"),
        ("UPDATE review SET verdict = 'dismiss'", "has a row of review that no journal has"),
        (
            "INSERT INTO delivery VALUES ('x', 'r', '2026', 'grc', '{}', 'sent', 1, NULL, NULL)",
            "has a row of delivery that no journal has",
        ),
        ("DELETE FROM run WHERE id = (SELECT min(id) FROM run)", "lacks a row of run that"),
    ],
)
def test_a_row_that_is_lost_altered_or_made_up_is_found(
    place: Path, statement: str, told: str
) -> None:
    sql(place, statement)
    assert told in said(place)
    assert "`claimwatch rebuild` makes it again" in said(place)


def test_a_look_that_no_journal_has_is_found(place: Path) -> None:
    with closing(sqlite3.connect(place / "claims.db")) as db, db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(look)") if row[1] != "id"]
        chosen = ", ".join("line_end + 7" if one == "line_end" else one for one in columns)
        chosen = chosen.replace("captured_at", "'2026-03-09T06:00:00+00:00'", 1)
        db.execute(
            f"INSERT INTO look ({', '.join(columns)}) SELECT {chosen} FROM look WHERE {FIRST_LOOK}"
        )
    assert "has a look at desk of 2026-03-09T06:00:00+00:00 that its journal does not" in said(
        place
    )


def test_rebuild_heals_what_the_database_alone_has_wrong(place: Path) -> None:
    sql(place, f"DELETE FROM look WHERE {FIRST_LOOK}")
    track.rebuild(config.load(place / "config.toml"), standards.load(), now=lambda: START)
    assert proof(place).problems == ()


def test_a_file_that_is_no_database_is_named_and_the_journals_are_proved_all_the_same(
    place: Path,
) -> None:
    (place / "claims.db").write_bytes(b"no database " * 1000)
    found = proof(place)
    assert found.looks == 6
    assert [str(place / "claims.db") in one for one in found.problems] == [True]


# --------------------------------------------------------------------------- outside witnesses


def test_a_head_that_was_written_down_proves_what_the_whole_folder_no_longer_has(
    place: Path,
) -> None:
    head = proof(place).heads[0].chain
    assert proof(place, head, head[:12].upper(), f" {head} ").problems == ()
    # Somebody rewrites the chain to its end and the database with it:
    # only what was written down elsewhere knows.
    rewritten(place, TOP, lines(place, TOP)[:-1])
    (place / "claims.db").unlink()
    track.rebuild(config.load(place / "config.toml"), standards.load(), now=lambda: START)
    assert proof(place).problems == ()
    [problem] = proof(place, head).problems
    assert head in problem
    assert "restore snapshots/ from a backup" in problem


def asked(place: Path, *arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(
        command.claimwatch,
        ["--config", str(place / "config.toml"), "verify", *arguments],
        obj=Settings(),
        standalone_mode=False,
    )
    return done.return_value or 0, done.stdout, done.stderr


def test_the_command_prints_every_head_and_exits_1_where_anything_does_not_fit(
    place: Path,
) -> None:
    status, out, _ = asked(place)
    assert status == 0
    assert "6 looks and 4 bodies: all intact." in out
    for head in proof(place).heads:
        assert f"{head.chain}  {head.journal} ({head.lines} lines)" in out
    rewritten(place, "desk/journal.jsonl", lines(place, "desk/journal.jsonl")[:-1])
    status, out, errors = asked(place)
    assert status == 1
    assert "problems" in out
    assert f"claimwatch: {place / 'snapshots' / 'desk' / TOP}: " in errors


@pytest.mark.parametrize("given", ["", "abc", "not hexadecimal", "0" * 65])
def test_what_is_no_head_proves_nothing(place: Path, given: str) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["--config", str(place / "config.toml"), "verify", "--head", given])
    assert left.value.code == 2

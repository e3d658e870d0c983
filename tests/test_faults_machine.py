"""What the machine refuses is no bug of ours: one line with the file,
the reason and the fix, and nothing that was stored is lost.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline import cli, files, history
from pipeline.history import connecting

PAGE = "# Compliance of Alder Notes\n\nAlder Notes is certified to ISO/IEC 27001:2013.\n"
CONFIG = '[[pages]]\nid = "alder"\nurl = "alder.md"\nvendor = "Alder"\n'
FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full")


class Place:
    """The command on a config in a folder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.write("config.toml", CONFIG)
        self.write("alder.md", PAGE)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def __call__(self, *arguments: str, config: str = "config.toml", status: int = 0) -> str:
        """Return what was printed, after checking the exit status."""
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main(["--config", str(self.folder / config), *arguments])
        streams = self._capsys.readouterr()
        assert int(left.value.code or 0) == status, streams.err
        return streams.err if status else streams.out

    def refused(self, *arguments: str, config: str = "config.toml") -> str:
        """Return the one line on standard error of a command that was refused."""
        lines = self(*arguments, config=config, status=2).splitlines()
        assert len(lines) == 1, lines
        assert lines[0].startswith("claimwatch: ")
        assert ";" in lines[0], "the fix is missing"
        return lines[0]


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Place:
    return Place(tmp_path, capsys)


# --------------------------------------------------------------------------- files


@pytest.mark.parametrize(
    ("store", "named"),
    [
        ('database = "alder.md"', "alder.md: file is not a database; "),
        ('database = "alder.md/x.db"', "alder.md: "),
        ('database = "."', ": unable to open database file; "),
        ('snapshots = "alder.md"', "alder.md: "),
        ('reports = "alder.md"', "alder.md: "),
        (f'reports = "{"x" * 300}"', "x: File name too long; take a shorter name"),
    ],
)
def test_a_place_that_cannot_hold_the_store_is_named(place: Place, store: str, named: str) -> None:
    place.write("config.toml", f"[store]\n{store}\n{CONFIG}")
    assert named in place.refused("run")


def test_a_report_into_a_missing_folder_is_refused(place: Place) -> None:
    place("run")
    missing = place.folder / "missing" / "report.html"
    said = place.refused("report", "--output", str(missing))
    assert f"{missing}: No such file or directory; make the folder" in said


@needs_full
def test_a_device_is_written_to_as_it_is(place: Place) -> None:
    place("run")
    assert "/dev/full: No space left on device; " in place.refused("report", "--output", str(FULL))
    place("report", "--output", os.devnull)
    assert not Path(os.devnull).is_file()


def test_a_file_that_is_replaced_keeps_its_rights_and_what_it_held(tmp_path: Path) -> None:
    held = tmp_path / "config.toml"
    held.write_text("old", encoding="utf-8")
    held.chmod(0o600)
    files.write(held, "new")
    assert (held.read_text(encoding="utf-8"), held.stat().st_mode & 0o777) == ("new", 0o600)
    with pytest.raises(UnicodeEncodeError):
        files.write(held, "half \ud800")
    assert held.read_text(encoding="utf-8") == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


@contextmanager
def limited(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("room", [0, 100, 1000, 5000, 20_000, 100_000])
def test_a_run_without_room_loses_nothing_and_the_next_one_goes_on(place: Place, room: int) -> None:
    place("run")
    place.write("alder.md", PAGE.replace("2013", "2022"))
    with limited(room):
        said = place.refused("run")
    assert str(place.folder) in said
    assert "all intact" in place("verify")
    assert "edition 2013 → 2022" in place("run")
    assert "all intact" in place("verify")


def test_a_demo_without_room_is_named(place: Place) -> None:
    with limited(100):
        said = place.refused("demo", "--pause", "0", "--folder", str(place.folder / "demo"))
    assert f"{place.folder / 'demo' / 'config.toml'}: File too large; " in said


def test_a_journal_without_room_is_named(place: Place) -> None:
    from pipeline.archive import journal

    path = place.folder / "p" / "journal.jsonl"
    journal.append(path, {"a": "b"}, lambda text: None)
    with limited(path.stat().st_size + 10), pytest.raises(OSError, match="too large") as refused:
        journal.append(path, {"a": "c" * 100}, lambda text: None)
    assert refused.value.filename == str(path)
    told: list[str] = []
    journal.append(path, {"a": "d"}, told.append)
    assert [line.facts["a"] for line in journal.lines(path)] == ["b", "d"]
    assert "torn" in told[0]


@contextmanager
def without_rights() -> Iterator[None]:
    """Take from a root process for the block what lets it read and write where nobody may:
    tests often run as root.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # version 3, this thread
    before = (ctypes.c_uint32 * 6)()
    assert libc.capget(header, before) == 0
    after = (ctypes.c_uint32 * 6)(*before)
    after[0] &= ~0b110  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, of those in effect
    assert libc.capset(header, after) == 0
    try:
        yield
    finally:
        assert libc.capset(header, before) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="takes rights away as Linux does")
@pytest.mark.parametrize(
    ("path", "rights", "command"),
    [
        ("config.toml", 0o000, "run"),
        ("claims.db", 0o400, "run"),
        ("claims.db", 0o000, "claims"),
        ("snapshots/alder/journal.jsonl", 0o400, "run"),
        ("reports", 0o500, "run"),
    ],
)
def test_what_may_not_be_read_or_written_is_named(
    place: Place, path: str, rights: int, command: str
) -> None:
    place("run")
    place.write("alder.md", PAGE.replace("2013", "2022"))
    (place.folder / path).chmod(rights)
    with without_rights():
        said = place.refused(command)
    (place.folder / path).chmod(0o700)
    assert path in said
    assert "give this user the right" in said


# --------------------------------------------------------------------------- the database


def test_a_locked_database_is_named_with_what_to_do(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "PATIENCE", 0.05)
    place("run")
    place.write("alder.md", PAGE.replace("2013", "2022"))
    with sqlite3.connect(place.folder / "claims.db") as other:
        other.execute("BEGIN IMMEDIATE")
        said = place.refused("run")
        assert "claims.db: database is locked; wait until the program" in said
        other.rollback()
    assert "edition 2013 → 2022" in place("run")


def test_a_damaged_database_says_how_to_make_it_again(place: Place) -> None:
    place("run")
    path = place.folder / "claims.db"
    body = bytearray(path.read_bytes())
    body[4096:] = os.urandom(len(body) - 4096)
    path.write_bytes(body)
    assert "rebuild" in place.refused("claims")


def test_a_fault_in_our_own_sql_is_a_bug_of_ours() -> None:
    db = history.open(":memory:")
    for statement in (
        "SELECT nothing FROM nowhere",
        "SELEKT",
        "INSERT INTO page (id) VALUES (NULL)",
    ):
        with pytest.raises(sqlite3.DatabaseError) as found:
            db.conn.execute(statement)
        assert history.unusable(found.value, "claims.db") is None


# --------------------------------------------------------------------------- configs


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 5000 + "]" * 5000,
        "a = " + "{a=" * 5000 + "1" + "}" * 5000,
        ".".join(["a"] * 1500) + " = 1",
        f"[{'.'.join(['pages'] * 1500)}]\nx = 1",
        '[[pages]]\nid = "a"\nurl = ' + "[" * 300 + "]" * 300,
        '[[pages]]\nid = "a"\n' + "[pages.headers_env]\n" + ".".join(["x"] * 900) + " = 1",
    ],
    ids=["lists", "tables", "dotted", "headers", "within a value", "within a table"],
)
def test_a_config_that_is_nested_without_end_is_refused(place: Place, text: str) -> None:
    place.write("deep.toml", text)
    assert "deep.toml: " in place("run", config="deep.toml", status=2)
    assert "deep.toml: " in place("add", "https://a.example/", config="deep.toml", status=2)
    place.write("config.toml", f'[standards]\nextra = "deep.toml"\n{CONFIG}')
    assert "deep.toml: " in place("run", status=2)


@pytest.mark.parametrize("command", ["run", "claims", "add", "verify"])
def test_a_config_that_is_no_file_of_text_is_refused(place: Place, command: str) -> None:
    assert f"{place.folder}: is a folder; name the file in it" in place.refused(command, config=".")
    (place.folder / "wide.toml").write_bytes("a = 1".encode("utf-16"))
    assert "wide.toml: is not UTF-8 text" in place.refused(command, config="wide.toml")

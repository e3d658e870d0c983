"""Archives, repositories, folders and maps as people have them: broken, misdated,
in other encodings, leading elsewhere.
"""

from __future__ import annotations

import gzip
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from test_backfill import LARCH, NEW, NOW, OLD, Repository, taken
from test_faults_machine import Place, place, without_rights

from pipeline import sources
from pipeline.errors import SourceError
from pipeline.model import Snapshot
from pipeline.sources import Query, warc

__all__ = ["place"]

MOST = 9_000


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


# --------------------------------------------------------------------------- WARC


def record(date: str | None, *, url: str = LARCH.url, http: str = "HTTP/1.1 200 OK") -> bytes:
    """Return a record as it stands in a file.

    `http` is the answer's first line, "" where the record holds nothing.
    """
    body = f"{http}\r\nContent-Type: text/markdown\r\n\r\n{OLD}".encode() if http else b""
    lines = [
        "WARC/1.0",
        "WARC-Type: response",
        *([f"WARC-Target-URI: {url}"] if url else []),
        "Content-Type: application/http; msgtype=response",
        f"Content-Length: {len(body)}",
        *([f"WARC-Date: {date}"] if date is not None else []),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body + b"\r\n\r\n"


GOOD = record("2024-01-02T03:04:05Z")


def captured(path: Path, content: bytes, told: list[str] | None = None) -> list[Snapshot]:
    path.write_bytes(content)
    tell = (told if told is not None else []).append
    return list(warc.captures(path, Query(LARCH, NOW, MOST, tell)))


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (record(None), "no date that can be read (WARC-Date)"),
        (record("yesterday"), "no date that can be read (WARC-Date)"),
        (record("0001-01-01T00:00:00+14:00"), "no date that can be read (WARC-Date)"),
        (record("2024-01-02T03:04:05Z", http="rubbish"), "the answer has no status"),
        (record("2024-01-02T03:04:05Z", http=""), "the answer has no status"),
        (GOOD[:-40], "the file ends before the record does"),
    ],
    ids=["no date", "a word", "before any calendar", "no status", "nothing", "cut off"],
)
def test_a_record_that_cannot_be_used_is_named_and_hides_no_other(
    tmp_path: Path, bad: bytes, reason: str
) -> None:
    path, told = tmp_path / "x.warc", list[str]()
    assert [shot.body.decode() for shot in captured(path, GOOD + bad, told)] == [OLD]
    assert told == [f"{path}: larch: 1 record left out: {reason}"]
    with pytest.raises(
        SourceError, match=re.escape(f"(1 record left out: {reason}); name another")
    ):
        captured(path, bad)


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("2024-01-02T03:04:05", datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2024-01-02", datetime(2024, 1, 2, tzinfo=UTC)),
        ("2024-01-02T03:04:05.123456789Z", datetime(2024, 1, 2, 3, 4, 5, 123456, UTC)),
        ("2024-01-02T03:04:05+02:00", datetime(2024, 1, 2, 1, 4, 5, tzinfo=UTC)),
    ],
)
def test_a_date_is_one_of_utc_however_it_is_written(
    tmp_path: Path, date: str, at: datetime
) -> None:
    (shot,) = captured(tmp_path / "x.warc", record(date))
    assert (shot.captured_at, shot.captured_at.tzinfo) == (at, UTC)


def test_an_address_that_cannot_be_parsed_is_another_page(tmp_path: Path) -> None:
    content = record("2024-01-02T03:04:05Z", url="http://[::1") + GOOD
    assert len(captured(tmp_path / "x.warc", content)) == 1


@pytest.mark.parametrize(
    "content",
    [record("2024-01-02T03:04:05Z", url=""), gzip.compress(GOOD)[:30] + b"\0" * 30, b"\x1f\x8b"],
    ids=["a record without an address", "a damaged gzip", "the start of a gzip"],
)
def test_a_damaged_file_says_so_in_a_line(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SourceError, match=r"x\.warc: [^\n]+; [^\n]+$"):
        captured(tmp_path / "x.warc", content)


def test_a_warc_without_dates_is_refused_by_the_command(place: Place) -> None:
    path = place.folder / "x.warc"
    path.write_bytes(record(None))
    said = place.refused("backfill", "alder", "--warc", str(path), "--url", LARCH.url)
    assert f"{path}: " in said
    assert "no date that can be read" in said


# --------------------------------------------------------------------------- git


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "UTF-16", "no-such-encoding"])
def test_a_log_in_another_encoding_is_read(repository: Repository, encoding: str) -> None:
    repository("config", "i18n.commitEncoding", "ISO-8859-1")
    repository("config", "user.name", "Jörg".encode("latin-1").decode("utf-8", "surrogateescape"))
    repository.commit("larch.md", OLD)
    repository.commit("larch.md", NEW)
    repository("config", "i18n.logOutputEncoding", encoding)
    assert [shot.body.decode() for shot in taken(repository, "larch.md")] == [OLD, NEW]


@pytest.mark.parametrize(
    ("name", "value"), [("log.showRoot", "false"), ("diff.orderFile", "/nowhere/order")]
)
def test_a_setting_of_the_repository_hides_no_revision(
    repository: Repository, name: str, value: str
) -> None:
    repository.commit("larch.md", OLD)
    repository("config", name, value)
    assert [shot.body.decode() for shot in taken(repository, "larch.md")] == [OLD]


@pytest.mark.parametrize("seconds", ["99999999999999999", "-1"])
def test_a_commit_that_no_calendar_has_is_named_and_left_out(
    repository: Repository, tmp_path: Path, seconds: str
) -> None:
    repository.commit("larch.md", OLD)
    repository.commit("larch.md", NEW)
    tree, parent = repository("rev-parse", "HEAD^{tree}"), repository("rev-parse", "HEAD^")
    person = f"A <a@example.org> {seconds} +0000"
    text = f"tree {tree}\nparent {parent}\nauthor {person}\ncommitter {person}\n\nx\n"
    (tmp_path / "commit").write_text(text)
    options = ("-t", "commit", "-w", "--literally", str(tmp_path / "commit"))
    repository("update-ref", "HEAD", repository("hash-object", *options))
    told: list[str] = []
    assert [shot.body.decode() for shot in taken(repository, "larch.md", told)] == [OLD]
    assert [line.partition(": ")[2] for line in told] == [
        "left out; its commit has no date that can be read"
    ]


# --------------------------------------------------------------------------- folders


def test_a_folder_is_read_within_itself_and_within_the_limit(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (tmp_path / "secret.md").write_text("secret")
    (folder / "2024-01-01.md").write_text("first")
    (folder / "2024-01-02.md").symlink_to("2024-01-01.md")
    (folder / "2024-01-03.md").symlink_to(tmp_path / "secret.md")
    (folder / "2024-01-04.md").symlink_to("../secret.md")
    (folder / "2024-01-05.md").symlink_to("/dev/zero")
    (folder / "2024-01-06.md").symlink_to("nowhere")
    (folder / "2024-01-07").symlink_to(tmp_path)
    (folder / "2024-01-08.md").write_text("x" * (MOST + 1))
    told: list[str] = []
    found = sources.dated(folder, Query(LARCH, NOW, MOST, told.append))
    assert [shot.body for shot in found] == [b"first", b"first"]
    reasons = [line.partition("left out; ")[2] for line in told]
    outside = f"it is a link to {tmp_path / 'secret.md'}, outside the folder"
    no_file = "it is no file, or a link that leads nowhere"
    assert reasons == [
        outside,
        outside,
        no_file,
        no_file,
        "it is larger than 9,000 bytes (fetch.max_bytes)",
    ]


def test_a_capture_of_the_future_is_left_out_and_hides_no_look(place: Place) -> None:
    folder = place.folder / "files"
    folder.mkdir()
    for name in ("2024-01-01.md", "2999-01-01.md"):
        (folder / name).write_text((place.folder / "alder.md").read_text())
    assert "1 captures added" in place("backfill", "alder", "--dir", str(folder))
    place.write("alder.md", (place.folder / "alder.md").read_text().replace("2013", "2022"))
    assert "edition 2013 → 2022" in place("run")


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("dir", "missing cannot be read as a folder: No such file or directory; make the folder"),
        ("warc", "missing: cannot be read: No such file or directory; make the folder"),
        ("git", "missing: is not a folder; clone the repository"),
    ],
)
def test_a_source_that_a_map_names_and_nobody_has_is_said_with_the_fix(
    place: Place, source: str, says: str
) -> None:
    (place.folder / "map.csv").write_text(
        f"page,{source},path\nalder,missing,{'x' * (source == 'git')}\n"
    )
    assert says in place.refused("backfill", "--map", str(place.folder / "map.csv"))


@pytest.mark.skipif(sys.platform != "linux", reason="takes rights away as Linux does")
def test_a_file_that_cannot_be_read_is_named_with_the_fix(tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    (folder / "2024-01-01.md").write_text(OLD)
    (folder / "2024-01-01.md").chmod(0)
    found = sources.dated(folder, Query(LARCH, NOW, MOST, print))
    wanted = r"2024-01-01\.md cannot be read: Permission denied; give this user the right"
    with without_rights(), pytest.raises(SourceError, match=wanted):
        list(found)


# --------------------------------------------------------------------------- maps


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "line 1: names no column page"),
        (b"page,dir\n", "names no page; write a line"),
        (b"dir\nfiles\n", "line 1: names no column page"),
        (b"page,dir\nalder,files,more\n", "line 2: has more cells"),
        (b"page,dir\nalder," + b"x" * 200_000, "line 2: is no line of CSV"),
        (b"page,dir\nalder,fi\0les\n", "fi les cannot be read as a folder"),
    ],
    ids=["empty", "no lines", "no page", "too many cells", "too long", "a NUL"],
)
def test_a_map_that_cannot_be_used_names_its_line(place: Place, text: bytes, says: str) -> None:
    (place.folder / "map.csv").write_bytes(text)
    said = place("backfill", "--map", str(place.folder / "map.csv"), status=2)
    assert says in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(("encoding", "mark"), [("utf-16", ","), ("cp1252", ";"), ("utf-8", "\t")])
def test_a_map_is_read_as_spreadsheets_write_it(place: Place, encoding: str, mark: str) -> None:
    folder = place.folder / "früher"
    folder.mkdir()
    (folder / "2024-01-01.md").write_text((place.folder / "alder.md").read_text())
    (place.folder / "map.csv").write_bytes(f"page{mark}dir\nalder{mark}früher\n".encode(encoding))
    told = place("backfill", "--map", str(place.folder / "map.csv"))
    assert "alder: 1 captures added" in told

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import errors, sources
from pipeline.egress import Limits
from pipeline.model import Known, Page
from pipeline.sources import file

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
PAGE = Page("trust", "https://acme.example/trust")


def test_a_file_is_a_page_too(tmp_path: Path) -> None:
    path = tmp_path / "trust.md"
    path.write_bytes(b"# Trust\r\n")
    with sources.Client(Limits()) as client:
        got = sources.fetch(Page("trust", str(path)), Known(), now=NOW, client=client).snapshot
    assert got is not None
    assert (got.body, got.media_type, got.url, got.status, got.origin) == (
        b"# Trust\r\n",
        "text/markdown",
        str(path),
        None,
        "live",
    )


def test_a_file_that_is_not_there_is_a_failure_with_its_fix(tmp_path: Path) -> None:
    with sources.Client(Limits(max_bytes=1024)) as client:
        missing = sources.fetch(
            Page("trust", str(tmp_path / "none.md")), Known(), now=NOW, client=client
        )
        folder = sources.fetch(Page("trust", str(tmp_path)), Known(), now=NOW, client=client)
        (tmp_path / "big.md").write_bytes(b"x" * 2000)
        big = sources.fetch(
            Page("trust", str(tmp_path / "big.md")), Known(), now=NOW, client=client
        )
    assert missing.failure is not None
    assert (
        missing.failure.reason
        == f"there is no file {tmp_path / 'none.md'}; put it there, or correct its path"
    )
    assert folder.failure is not None
    assert "cannot be read" in folder.failure.reason
    assert big.failure is not None
    assert "larger than 1,024 bytes" in big.failure.reason


def test_open_reads_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Trust Page.html").write_bytes(b"<p>x")
    monkeypatch.chdir(tmp_path)
    got = sources.open("Trust Page.html", now=NOW)
    assert (got.page.id, got.url, got.media_type) == (
        "trust-page-html",
        str(tmp_path / "Trust Page.html"),
        "text/html",
    )
    with pytest.raises(errors.SourceError, match="there is no file"):
        sources.open("none.md", now=NOW)


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("a.MD", b"", "text/markdown"),
        ("a.htm", b"", "text/html"),
        ("a.txt", b"<p>", "text/plain"),
        ("a", b"\xef\xbb\xbf <!doctype html>", "text/html"),
        ("a", b"# Title", "text/plain"),
        ("a.bin", b"%PDF-1.7", "application/pdf"),
        ("a", b"\x00\x01", "application/octet-stream"),
        ("a", b"\xff\xfe#\x00", "text/plain"),
    ],
)
def test_media_types(name: str, body: bytes, expected: str) -> None:
    assert file.media_type(name, body) == expected


def test_dated_files_are_captures_oldest_first(tmp_path: Path) -> None:
    for name in (
        "2024-03-01.md",
        "20230101T120000Z_abc123.md",
        "2024-03-01-later.html",
        "20240229T235959Z.md",
        "page.json",
        ".hidden",
    ):
        (tmp_path / name).write_text(name)
    (tmp_path / "2020-01-01").mkdir()
    told: list[str] = []
    got = list(sources.dated(tmp_path, sources.Query(PAGE, NOW, 100, told.append)))
    assert [one.body.decode() for one in got] == [
        "20230101T120000Z_abc123.md",
        "20240229T235959Z.md",
        "2024-03-01-later.html",
        "2024-03-01.md",
    ]
    assert got[0].captured_at == datetime(2023, 1, 1, 12, tzinfo=UTC)
    assert got[3].captured_at == datetime(2024, 3, 1, tzinfo=UTC)
    assert {(one.origin, one.url, one.recorded_at, one.page) for one in got} == {
        ("dir", PAGE.url, NOW, PAGE)
    }
    assert told == []


def test_other_names_are_told_and_left_out(tmp_path: Path) -> None:
    for name in ("2024-03-01.md", "notes.md", "2024-13-01.md", "20240301.md", "2024-03-011.md"):
        (tmp_path / name).write_text("x")
    told: list[str] = []
    assert len(list(sources.dated(tmp_path, sources.Query(PAGE, NOW, 100, told.append)))) == 1
    assert sorted(line.partition(":")[0].rpartition("/")[2] for line in told) == [
        "2024-03-011.md",
        "2024-13-01.md",
        "20240301.md",
        "notes.md",
    ]


def test_a_folder_without_dated_files_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(errors.SourceError, match="no file whose name begins"):
        list(sources.dated(tmp_path, sources.Query(PAGE, NOW, 100, print)))
    with pytest.raises(errors.SourceError, match="cannot be read as a folder"):
        list(sources.dated(tmp_path / "none", sources.Query(PAGE, NOW, 100, print)))

"""The archive: bodies once and exact, journals chained, nothing secret,
damage named by file and line.
"""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.archive import Archive, entries
from pipeline.errors import ArchiveError
from pipeline.model import Failure, Look, Page, Snapshot, Verdict

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
PAGE = Page("desk", "https://user:pw@example.org/desk", vendor="Northwind", ignore=(".ad",))


def shot(body: bytes, hours: int = 0, **more: object) -> Snapshot:
    at = NOW + timedelta(hours=hours)
    return Snapshot(
        PAGE, at, at, "live", "https://example.org/desk", "text/html", body, 200, **more
    )  # type: ignore[arg-type]


def kept(archive: Archive, body: bytes, hours: int = 0) -> None:
    snapshot = shot(body, hours)
    archive.keep(
        entries.of(Look(PAGE, snapshot.captured_at, snapshot), verdict=Verdict(), stamp="a-b"), body
    )


def test_a_screenshot_lies_beside_a_body_that_is_new(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    snapshot = shot(b"<p>shown</p>", screenshot=b"\xff\xd8\xff picture")
    for known in (None, snapshot.digest):
        entry = entries.of(Look(PAGE, NOW, snapshot), digest=known, verdict=Verdict())
        archive.keep(entry, snapshot.body, snapshot.screenshot)
    first, again = (entry for entry, _ in archive.looks("desk"))
    assert first.screenshot is not None
    assert archive.body(first.screenshot) == snapshot.screenshot
    assert again.screenshot is None
    assert archive.verify().bodies == 2
    next((tmp_path / "blobs").rglob(f"{first.screenshot}.gz")).unlink()
    assert "is missing" in archive.verify().problems[0]


def test_a_body_is_kept_exactly_and_once(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    kept(archive, b"\x00one")
    kept(archive, b"\x00one", 24)
    digest = shot(b"\x00one").digest
    blobs = list((tmp_path / "blobs").rglob("*.gz"))
    assert blobs == [tmp_path / "blobs" / digest[:2] / f"{digest}.gz"]
    assert gzip.decompress(blobs[0].read_bytes()) == b"\x00one"
    assert blobs[0].read_bytes()[4:8] == b"\0\0\0\0", (
        "the archive's bytes do not depend on the time"
    )
    assert archive.body(digest) == b"\x00one"


def test_a_look_comes_back_as_it_went_in_but_for_secrets(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    headers = (("etag", '"1"'), ("set-cookie", "s=1"), ("Authorization", "Basic x"))
    snapshot = shot(b"x", headers=headers, redirects=("301 https://user:pw@example.org/old",))
    archive.keep(
        entries.of(
            Look(PAGE, NOW, snapshot), verdict=Verdict("stub", "short"), stamp="a-b", run="r"
        ),
        b"x",
    )
    archive.keep(entries.of(Look(PAGE, NOW, failure=Failure("fetch", "timed out"))))
    archive.keep(entries.of(Look(PAGE, NOW, not_modified=True), digest=snapshot.digest))
    (good, _), (bad, _), (same, _) = archive.looks("desk")
    assert (good.verdict, good.stamp, good.run, good.digest) == (
        Verdict("stub", "short"),
        "a-b",
        "r",
        snapshot.digest,
    )
    assert good.headers == (("etag", '"1"'),)
    assert good.redirects == ("301 https://example.org/old",)
    assert (good.page.vendor, good.page.ignore, good.page.url) == (
        "Northwind",
        (".ad",),
        "https://example.org/desk",
    )
    assert (bad.failure, bad.digest) == (Failure("fetch", "timed out"), None)
    assert (same.not_modified, same.digest) == (True, snapshot.digest)
    assert b"pw@" not in (tmp_path / "desk" / "journal.jsonl").read_bytes()


def test_captures_come_in_the_order_of_the_page_not_of_recording(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for hours in (48, 0, 24, 0):
        kept(archive, f"{hours}".encode(), hours)
    assert [capture.body for capture in archive.captures("desk")] == [b"0", b"24", b"48"]


def test_looks_can_be_read_from_where_one_stopped(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    kept(archive, b"a")
    ((_, line),) = archive.looks("desk")
    assert archive.end("desk") == line.end
    kept(archive, b"b", 1)
    assert [entry.digest for entry, _ in archive.looks("desk", line.end, line.chain)] == [
        shot(b"b").digest
    ]
    with pytest.raises(ArchiveError, match="line 2: does not continue"):
        list(archive.looks("desk", line.end, "0" * 64))


def test_a_line_torn_by_a_crash_is_set_aside_and_told(tmp_path: Path) -> None:
    told: list[str] = []
    archive = Archive(tmp_path, told.append)
    kept(archive, b"a")
    path = tmp_path / "desk" / "journal.jsonl"
    with path.open("ab") as file:
        file.write(b'{"captured_at": "2026-')
    assert len(list(archive.looks("desk"))) == 1, "a torn line was never acknowledged"
    kept(archive, b"b", 1)
    assert len(list(archive.looks("desk"))) == 2
    assert "torn" in told[0]
    assert [torn.read_bytes() for torn in path.parent.glob("*.torn-*")] == [
        b'{"captured_at": "2026-'
    ]


def test_a_broken_chain_names_file_and_line(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for hours in range(3):
        kept(archive, b"a", hours)
    path = tmp_path / "desk" / "journal.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"status":200', b'"status":201', 1))
    with pytest.raises(ArchiveError, match=r"desk/journal\.jsonl: line 2"):
        list(archive.looks("desk"))
    assert len(archive.verify().problems) == 1


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=10_000))
def test_verify_finds_any_flipped_byte_of_a_body_and_of_a_journal_to_its_last_line(
    tmp_path_factory: pytest.TempPathFactory, position: int
) -> None:
    root = tmp_path_factory.mktemp("archive")
    archive = Archive(root)
    kept(archive, b"a body with some words in it")
    kept(archive, b"a body with some words in it", 1)
    archive.note("heads", {"run": "r", "heads": {"desk": archive.verify().heads[0].chain}})
    proof = archive.verify()
    assert (proof.looks, proof.bodies, proof.problems, proof.unnamed) == (2, 1, (), ())
    blob = next((root / "blobs").rglob("*.gz"))
    path = blob if position % 2 else root / "desk" / "journal.jsonl"
    raw = bytearray(path.read_bytes())
    length = len(raw)
    # The head of a gzip file (flags, time, system) carries nothing of the body.
    raw[10 + position % (length - 10) if path == blob else position % length] ^= 1
    path.write_bytes(raw)
    assert archive.verify().problems


def test_a_missing_body_is_named(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    kept(archive, b"a")
    next((tmp_path / "blobs").rglob("*.gz")).unlink()
    assert "is missing" in archive.verify().problems[0]


@pytest.mark.parametrize("page_id", ["../x", "a/b", "blobs", "", ".hidden", "a" * 200])
def test_a_page_id_cannot_leave_the_folder(tmp_path: Path, page_id: str) -> None:
    with pytest.raises(ArchiveError, match="cannot name a folder"):
        list(Archive(tmp_path).looks(page_id))


def test_notes_are_chained_like_looks(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.note("reader", {"stamp": "a"})
    archive.note("run", {"n": 1})
    first, second = archive.notes()
    assert (first.facts["what"], first.facts["prev"], second.facts["prev"]) == (
        "reader",
        "",
        first.chain,
    )
    assert json.loads((tmp_path / "journal.jsonl").read_text().splitlines()[1])["n"] == 1

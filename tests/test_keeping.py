"""What was read last of a page is kept: its old capture is not read again,
and nothing else changes by that.
"""

from __future__ import annotations

import ast
import hashlib
import os
import pickle
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import pipeline
from pipeline import config, health, history, standards, track
from pipeline.config import Guard
from pipeline.model import Changed, Known, Look, Page, Snapshot, Unchanged
from pipeline.track import keeping, preparing, reader
from pipeline.track.cases import Case
from pipeline.track.judging import judge
from pipeline.track.reader import READERS, Reader, code

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
PAGE = Page("desk", "https://northwind.example/desk", vendor="Northwind")
OLD = """# Northwind Desk

Northwind Desk is certified to ISO/IEC 27001:2013. SOC 2 reports are available under NDA.

| Service | PCI DSS |
| --- | --- |
| Mail | ✓ |

[^1]: See the [certificate](https://northwind.example/iso.pdf).
"""
ENGLISH = "The service is for all of us, and it is ours to keep as you have it on your own. " * 5
NEW = OLD.replace("2013", "2022").replace("| Mail |", "| Post |")


def shot(text: str, day: int = 0, page: Page = PAGE) -> Snapshot:
    at = START + timedelta(days=day)
    headers = (("content-type", "text/markdown"),)
    body = text.encode()
    return Snapshot(page, at, at, "live", page.url, "text/markdown", body, 200, headers)


def force() -> Reader:
    return Reader(standards.load(), code())


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The digests of the captures that are read from now on."""
    digests: list[str] = []

    def noted(who: Reader, snapshot: Snapshot) -> object:
        digests.append(snapshot.digest)
        return truly(who, snapshot)

    truly = reader._read.__wrapped__
    monkeypatch.setattr(reader, "_read", noted)
    return digests


@pytest.mark.parametrize(
    ("new", "kind"), [(NEW, Changed), (OLD.replace("\n\n", "\n\n\n"), Unchanged)]
)
def test_the_old_capture_is_not_read_again_and_the_outcome_is_the_same(
    read: list[str], new: str, kind: type
) -> None:
    who, old, now = force(), shot(OLD), shot(new, 1)
    known = Known(digest=old.digest, size=len(old.body), snapshot=old)
    kept = who.packed(old)
    read.clear()
    again = judge(who, Case(Look(PAGE, now.captured_at, now), known, Guard(10, 0.5)))
    assert read == [now.digest, old.digest]
    read.clear()
    outcome = judge(
        who, Case(Look(PAGE, now.captured_at, now), replace(known, reading=kept), Guard(10, 0.5))
    )
    assert read == [now.digest]
    assert isinstance(outcome, kind)
    assert outcome == again


def test_what_is_kept_is_the_reading_whole() -> None:
    who, old = force(), shot(OLD)
    found = keeping.unpacked(who.packed(old), who.stamp(PAGE), old)
    assert found is not None
    assert repr(found.reading) == repr(who.reading(old))


@pytest.mark.parametrize("known", [None, "", "English", "German"])
def test_the_kept_language_stands_for_the_old_captures(known: str | None) -> None:
    old, now = shot(f"# Desk\n\n{ENGLISH}"), shot(f"# Desk\n\n{ENGLISH}\n\nMore.", 1)
    verdict = health.verdict(now, Known(digest=old.digest, snapshot=old, language=known))
    assert verdict.name == ("language" if known == "German" else "ok")
    assert health.language_of(old) == "English"


@pytest.mark.parametrize(
    "other",
    [
        shot(OLD + "\n"),
        replace(shot(OLD), headers=(("content-type", "text/html"),)),
        replace(shot(OLD), media_type="text/plain"),
        replace(shot(OLD), url="https://northwind.example/desk.txt"),
        shot(OLD, page=replace(PAGE, product="Desk")),
        shot(OLD, page=replace(PAGE, url="https://northwind.example/desk.txt")),
    ],
)
def test_it_stands_for_no_other_capture_and_no_other_reader(other: Snapshot) -> None:
    who, old = force(), shot(OLD)
    kept = who.packed(old)
    assert keeping.unpacked(kept, who.stamp(other.page), other) is None
    assert keeping.unpacked(kept, replace(who, code="another").stamp(PAGE), old) is None


def test_what_is_damaged_or_missing_is_read_again(read: list[str]) -> None:
    who, old = force(), shot(OLD)
    kept = who.packed(old)
    for spoilt in (b"", kept[:40], kept[:-1], kept[:80] + bytes([kept[80] ^ 1]) + kept[81:]):
        read.clear()
        known = Known(digest=old.digest, snapshot=old, reading=spoilt)
        assert who.unpacked(spoilt, old) is None
        judge(who, Case(Look(PAGE, START, shot(NEW, 1)), known, Guard(10, 0.5)))
        assert read == [shot(NEW).digest, old.digest]


def test_bytes_name_no_class_but_our_values() -> None:
    class Trouble:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.getenv, ("HOME",)

    who, old = force(), shot(OLD)
    data = zlib.compress(pickle.dumps(Trouble()))
    forged = who.packed(old)[:32] + hashlib.sha256(data).digest() + data
    with pytest.raises(pickle.UnpicklingError, match="getenv is no value of ours"):
        keeping.unpacked(forged, who.stamp(PAGE), old)


# --------------------------------------------------------------------------- in the store


@pytest.fixture
def place(tmp_path: Path) -> config.Config:
    (tmp_path / "config.toml").write_text(
        '[[pages]]\nid = "desk"\nurl = "desk.md"\nvendor = "Northwind"\n', encoding="utf-8"
    )
    return config.load(tmp_path / "config.toml")


def run(place: config.Config, text: str, day: int) -> None:
    (place.path.parent / "desk.md").write_text(text, encoding="utf-8")
    track.run(place, standards.load(), now=lambda: START + timedelta(days=day))


def is_kept(place: config.Config, text: str) -> bool:
    """Say whether the reading is kept that the next change is compared with,
    and that it is of that text.
    """
    with track.open(place) as store:
        page = store.page("desk")
        known = preparing.with_capture(store, page, store.known(page))
    assert known.snapshot is not None
    assert known.snapshot.body == text.encode()
    who = force()
    found = who.unpacked(known.reading, known.snapshot)
    return found is not None and found.reading == who.reading(known.snapshot)


def test_each_good_look_at_new_bytes_keeps_its_reading(place: config.Config) -> None:
    for day, text in enumerate((OLD, OLD, NEW, NEW + "\n", NEW + "\n")):
        run(place, text, day)
        assert is_kept(place, text), day


def test_a_rebuild_and_a_backfill_keep_it_too(place: config.Config) -> None:
    run(place, NEW, 5)
    track.rebuild(place, standards.load(), now=lambda: START + timedelta(days=6))
    assert is_kept(place, NEW)
    page, live = place.pages[0], replace(shot(OLD), origin="dir", headers=(), status=None)
    with track.open(place) as store:
        with history.transaction(store.db):
            history.keep_last_reading(store.db, "desk", b"")
        capture = replace(live, page=page, url=page.url)
        track.backfill(store, page, [capture], standards.load(), now=lambda: START)
    assert is_kept(place, NEW)


def test_without_it_the_same_is_found(place: config.Config) -> None:
    found = []
    for lost in (False, True):
        place.database.unlink(missing_ok=True)
        run(place, OLD, 0)
        if lost:
            with track.open(place) as store, history.transaction(store.db):
                store.db.conn.execute("DELETE FROM last_reading")
        run(place, NEW, 1)
        with track.open(place) as store:
            found.append([row["summary"] for row in history.changes(store.db)])
        for journal in place.snapshots.rglob("journal.jsonl"):
            journal.unlink()
    assert found[0] == found[1] != []


# --------------------------------------------------------------------------- whose reading it is

IDLE = {"errors", "parts", "prepared", "recent"}
"""What readers import that decides nothing of what they read."""


def test_all_of_ours_that_a_reading_rests_on_is_in_the_stamp() -> None:
    root = Path(pipeline.__file__).parent
    files = {path for name in READERS for path in (root / name).rglob("*.py")} | {
        root / name for name in READERS if name.endswith(".py")
    }
    known = {name.removesuffix(".py") for name in READERS} | IDLE
    for path in files:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pipeline"):
                below = (node.module or "").split(".")[1:2]
                rooms = below or [alias.name for alias in node.names]
                assert set(rooms) <= known, f"{path}: {rooms}"

"""Runs in which nothing changed: what they ask of the disk and of the database,
and what a crash leaves of them.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import quiet
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import archive, history, standards, track
from pipeline.archive import disk
from pipeline.history import Judged
from pipeline.model import Failed, Failure, Known, Look, Page, Unchanged
from pipeline.track import publishing

PAGES = 12
HEAVY = ("pipeline.parse", "pipeline.extract", "pipeline.diff", "pipeline.health")


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return, as they come, the syncs of files and of file systems, and the commits."""
    came: list[str] = []
    fsync, whole, transaction = os.fsync, disk._whole, history.transaction
    monkeypatch.setattr(os, "fsync", lambda handle: (came.append("fsync"), fsync(handle))[1])
    monkeypatch.setattr(disk, "_whole", lambda paths: (came.append("all"), whole(paths))[1])

    def committing(db: history.Database) -> Any:
        came.append("commit")
        return transaction(db)

    monkeypatch.setattr(history, "transaction", committing)
    return came


def test_a_run_without_changes_syncs_all_journals_at_once_and_commits_twice(
    tmp_path: Path, calls: list[str]
) -> None:
    config = quiet.configured(tmp_path, PAGES)
    quiet.stored(config)
    calls.clear()
    done = quiet.run(config)
    assert all(isinstance(outcome, Unchanged) for outcome in done.outcomes)
    assert calls == ["all", "commit", "fsync", "commit"]  # the record before the database, always
    calls.clear()
    quiet.run(config, days=31)
    assert len(calls) == 4
    with track.open(config) as store:
        assert not store.archive.verify().problems
    assert not track.verify(config).problems


def test_where_a_file_system_cannot_be_asked_each_journal_is_synced(
    tmp_path: Path, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = quiet.configured(tmp_path, PAGES)
    quiet.stored(config)
    monkeypatch.setattr(disk, "_syncfs", lambda path: False)
    calls.clear()
    quiet.run(config)
    assert calls == ["all", *["fsync"] * PAGES, "commit", "fsync", "commit"]


def test_readers_of_many_pages_are_noted_at_once(tmp_path: Path, calls: list[str]) -> None:
    config = quiet.configured(tmp_path, PAGES)
    with track.open(config) as store:
        calls.clear()
        store.know_readers([f"code-{n}" for n in range(PAGES)], quiet.START)
        assert calls == ["fsync", "fsync", "commit"]  # the journal, its name in the folder
        calls.clear()
        store.know_readers([f"code-{n}" for n in range(PAGES)], quiet.START)
        assert calls == []
        assert history.readers(store.db) == {f"code-{n}" for n in range(PAGES)}


def test_what_a_run_asks_of_the_database_does_not_grow_with_what_is_stored(tmp_path: Path) -> None:
    asked = []
    for looks in (1, 40):
        (folder := tmp_path / str(looks)).mkdir()
        config = quiet.configured(folder, 3)
        quiet.stored(config, looks)
        asked.append(len(quiet.statements(config, days=40)))
    assert asked[0] == asked[1]


def test_no_question_of_a_run_reads_a_table_that_grows(tmp_path: Path) -> None:
    config = quiet.configured(tmp_path, 3)
    quiet.stored(config, 5)
    asked = quiet.statements(config, days=40)
    with track.open(config) as store:
        for sql in {one for one in asked if one.lstrip().startswith(("SELECT", "UPDATE", "WITH"))}:
            plan = [row[3] for row in store.db.conn.execute(f"EXPLAIN QUERY PLAN {sql}")]
            grown = tuple(f"SCAN {table}" for table in ("look", "change", "run", "delivery"))
            whole = [step for step in plan if step.startswith(grown)]
            assert not [step for step in whole if "delivery_open" not in step], sql


def test_a_report_that_the_index_has_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = quiet.configured(tmp_path, 2)
    quiet.stored(config)
    for day in (30, 31, 32):
        quiet.run(config, day, lambda page, known, now: quiet.failed(page, now))
    index = (config.reports / "index.html").read_text()
    assert index.count("2026-0") >= 3
    read: list[str] = []
    of = publishing.entries.entry
    monkeypatch.setattr(
        publishing.entries, "entry", lambda file, text: (read.append(file), of(file, text))[1]
    )
    quiet.run(config, 33, lambda page, known, now: quiet.failed(page, now))
    assert len(read) == 1
    kept = config.reports / publishing.SEEN
    whole = kept.read_text()
    for damaged in ("", "[]", "{}", whole[:50], whole.replace("started_at", "begun")):
        kept.write_text(damaged)
        quiet.run(config, 33, lambda page, known, now: quiet.failed(page, now))
        reports = [path.stem for path in config.reports.glob("20*.json")]
        index = (config.reports / "index.html").read_text()
        assert all(f'href="{name}.html"' in index for name in reports)
        assert sorted(json.loads(kept.read_text())) == sorted(f"{name}.json" for name in reports)


# --------------------------------------------------------------------------- what a crash leaves


class Lost(track.Store):
    """A store whose process is gone: nothing is written on the way out."""

    def close(self) -> None:
        self.db.close()


def test_what_a_killed_run_saw_is_copied_without_reading_anything_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = quiet.configured(tmp_path, 3)
    quiet.stored(config)

    def fetch(page: Page, known: Known, *, now: Any) -> Look:
        if page.id == "page-1":
            return Look(page, now, failure=Failure("fetch", "HTTP 500"))
        return quiet.seen(page, now)

    with monkeypatch.context() as patched:
        patched.setattr(
            track.Store, "flush", lambda store: (_ for _ in ()).throw(KeyboardInterrupt)
        )
        patched.setattr(track.Store, "close", Lost.close)
        with pytest.raises(KeyboardInterrupt):
            quiet.run(config, 30, fetch)
    monkeypatch.setattr(track.Store, "derive", lambda *_, **__: pytest.fail("a page was derived"))
    done = quiet.run(config, 31)
    assert [len(run.outcomes) for run in done.earlier] == [3]
    assert [type(outcome) for outcome in done.earlier[0].outcomes] == [Unchanged, Failed, Unchanged]
    with track.open(config) as store:
        rows = list(store.db.query("SELECT page, result FROM look ORDER BY page, captured_at"))
    assert [row["result"] for row in rows] == [
        *("first", "unchanged", "unchanged"),
        *("first", "failed", "unchanged"),
        *("first", "unchanged", "unchanged"),
    ]


# --------------------------------------------------------------------------- how a page stands


LOOKS = st.lists(
    st.tuples(
        st.integers(0, 9),  # when; not always later than the one before
        st.sampled_from(("first", "unchanged", "changed", "failed", "held back")),
        st.sampled_from((None, "a", "b")),
        st.booleans(),  # not modified
        st.sampled_from(("live", "live", "live", "git")),
    ),
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(LOOKS)
def test_a_page_stands_by_its_last_look_as_by_all_of_them(looks: list[tuple[Any, ...]]) -> None:
    db = history.open(":memory:")
    history.know(db, Page("desk", "https://desk.example"), watched=True)
    for number, (day, result, digest, not_modified, origin) in enumerate(looks):
        good = result in ("first", "unchanged", "changed")
        if good != (digest is not None) and good:
            digest = "a"
        facts = {
            "captured_at": (quiet.START + timedelta(days=day)).isoformat(),
            "recorded_at": quiet.START.isoformat(),
            "origin": origin,
            "page": {"url": "https://desk.example"},
            "url": f"https://desk.example/{number}",
            "headers": [["etag", f'"{number}"'], ["last-modified", str(day)]],
            "digest": digest,
            "not_modified": bool(digest) and not_modified and result == "unchanged",
        }
        judged = Judged(result, size={"a": 1, "b": 2}.get(digest) if result == "changed" else None)
        history.record_look(db, "desk", facts, number, judged)
        history.advance_page(db, "desk", "stamp", facts, judged)
        advanced = dict(next(db.query("SELECT * FROM page")))
        history.refresh_page(db, "desk", "stamp")
        assert advanced == dict(next(db.query("SELECT * FROM page")))


def test_validators_of_an_address_are_not_sent_to_another(tmp_path: Path) -> None:
    config = quiet.configured(tmp_path, 1)
    quiet.stored(config)
    with track.open(config) as store:
        assert store.known(config.pages[0]).etag == '"1"'
    moved = replace(config.pages[0], url="https://elsewhere.example/trust.md")
    with track.open(replace(config, pages=(moved,))) as store:
        assert store.known(moved).etag is None


def test_a_line_that_is_longer_than_a_look_back_is_found_whole(tmp_path: Path) -> None:
    path, tell = tmp_path / "desk" / "journal.jsonl", lambda _: None
    assert archive.journal.last(path) == (0, "")
    for size in (10, 9000, 10):
        line = archive.journal.append(path, {"text": "x" * size}, tell)
        assert archive.journal.last(path) == (line.end, line.chain)
        assert archive.journal.chain_at(path, line.end) == line.chain
        assert line.facts == json.loads(path.read_bytes().splitlines()[-1])
    with path.open("ab") as file:
        file.write(b'{"torn')
    assert archive.journal.last(path) == (0, "")
    assert standards.stamp() == standards.load().stamp

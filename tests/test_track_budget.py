"""One page never stops a run: what its reading costs is bounded,
told as its failure, and not paid again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import hostile
import pytest

from pipeline import config, history, standards, track
from pipeline.config import Guard
from pipeline.egress import Limits
from pipeline.model import (
    Changed,
    Failed,
    First,
    Known,
    Look,
    Outcome,
    Page,
    Run,
    Snapshot,
    Unchanged,
)
from pipeline.sources import Client
from pipeline.track import judging
from pipeline.track.desk import Desk
from pipeline.track.judging import Case
from pipeline.workers import Budget, Stopped, server

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
GOOD = "# Northwind Desk\n\nNorthwind Desk is certified to ISO/IEC 27001:2013.\n"
SLOW = GOOD + "\nTROUBLE spins\n"


class House:
    """Two pages: one that is well, and one that is not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told: list[str] = []
        self.write(0.3)

    def write(self, seconds: float) -> None:
        text = f"[fetch]\nread_seconds = {seconds}\n" + "".join(
            f'[[pages]]\nid = "{name}"\nurl = "{name}.md"\nvendor = "Northwind"\n\n'
            for name in ("bad", "good")
        )
        (self.folder / "config.toml").write_text(text, encoding="utf-8")
        self.config = config.load(self.folder / "config.toml")

    def run(self, bad: str, good: str, day: float) -> tuple[Outcome, Outcome]:
        for name, text in (("bad", bad), ("good", good)):
            (self.folder / f"{name}.md").write_text(text, encoding="utf-8")
        now = START + timedelta(days=day)
        done: Run = track.run(
            self.config, standards.load(), now=lambda: now, hooks=track.Hooks(tell=self.told.append)
        )
        return done.outcomes[0], done.outcomes[1]

    def attempts(self) -> list[dict[str, Any]]:
        lines = (self.config.snapshots / "journal.jsonl").read_text(encoding="utf-8").splitlines()
        return [facts for line in lines if (facts := json.loads(line))["what"] == "attempt"]

    def answered(self) -> Any:
        with track.open(self.config) as store:
            return history.claims(store.db), history.changes(store.db), history.status(store.db)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(judging, "settled", hostile.settled)
    return House(tmp_path)


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        ("spins", "reading it took more than 0.3 s of processor time (fetch.read_seconds)"),
        ("eats", "reading it took more than 1024 MiB of memory"),
        ("crashes", "reading it brought its process down (SIGSEGV)"),
        ("raises", "reading it failed, by a fault of ours, please report it: ZeroDivisionError"),
    ],
)
def test_one_page_never_stops_a_run(house: House, trouble: str, reason: str) -> None:
    bad, good = house.run(f"{GOOD}\nTROUBLE {trouble}\n", GOOD, 0)
    assert isinstance(bad, Failed)
    assert bad.failure.stage == "read"
    assert bad.failure.reason.startswith(reason)
    assert isinstance(good, First)
    assert list(house.config.reports.glob("*.html"))


def test_what_overran_is_not_read_again_and_says_so(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.run(GOOD, GOOD, 0)
    assert isinstance(house.run(SLOW, GOOD, 1)[0], Failed)
    monkeypatch.setattr(server, "fork", lambda *_: pytest.fail("a process was begun"))
    again, good = house.run(SLOW, GOOD, 2)
    assert isinstance(again, Failed)
    assert again.failure.reason.endswith("; the same bytes are not read again")
    assert again.in_a_row == 2
    assert isinstance(good, Unchanged)


def test_it_is_read_again_when_its_bytes_or_the_budget_change(house: House) -> None:
    house.run(SLOW, GOOD, 0)
    assert isinstance(house.run(GOOD, GOOD, 1)[0], First)
    house.run(SLOW, GOOD, 2)
    house.write(0.6)
    reason = house.run(SLOW, GOOD, 3)[0].failure.reason  # type: ignore[union-attr]
    assert reason == "reading it took more than 0.6 s of processor time (fetch.read_seconds)"


def test_an_attempt_is_written_down_before_it_begins(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Down(BaseException):
        """The machine goes down."""

    def down(*_: object) -> None:
        assert [facts.get("reason") for facts in house.attempts()] == [None] * len(seen)
        raise Down

    seen: list[int] = []
    with monkeypatch.context() as patched:
        patched.setattr(Desk, "judge", down)
        for day in range(3):
            seen.append(day)
            with pytest.raises(Down):
                house.run(GOOD, GOOD, day)
    bad, good = house.run(GOOD, GOOD, 4)
    assert isinstance(bad, Failed)
    assert bad.failure.reason.startswith("reading it was begun 3 times")
    assert isinstance(good, First), "it was the first page's turn each time"
    assert isinstance(house.run(GOOD + "\nMore.\n", GOOD, 5)[0], First)


def test_no_process_is_begun_when_nothing_changed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.run(GOOD, GOOD, 0)
    before = house.attempts()
    monkeypatch.setattr(server, "fork", lambda *_: pytest.fail("a process was begun"))
    assert all(isinstance(one, Unchanged) for one in house.run(GOOD, GOOD, 1))
    assert house.attempts() == before


def test_a_page_that_fails_by_an_exception_is_read_again_each_time(house: House) -> None:
    house.run(f"{GOOD}\nTROUBLE raises\n", GOOD, 0)
    before = len(house.attempts())
    house.run(f"{GOOD}\nTROUBLE raises\n", GOOD, 1)
    assert len(house.attempts()) == before + 1


def shots(page: Page, *texts: str) -> list[Snapshot]:
    return [
        Snapshot(page, at, START, "dir", page.url, "text/markdown", text.encode())
        for number, text in enumerate(texts)
        if (at := START - timedelta(days=100 - number))
    ]


def backfilled(house: House) -> None:
    page = house.config.pages[0]
    bumped = GOOD.replace("2013", "2022")
    with track.open(house.config, tell=house.told.append) as store:
        captures = shots(page, GOOD, SLOW, SLOW + "\n", bumped)
        track.backfill(store, page, captures, standards.load(), now=lambda: START)


def test_a_capture_that_overruns_stops_no_backfill(house: House) -> None:
    backfilled(house)
    assert "bad: 2 of its captures could not be read: reading it took more" in house.told[-1]
    with track.open(house.config) as store:
        changes = history.changes(store.db)
        assert [(row["field"], row["before"], row["after"]) for row in changes] == [
            ("edition", "2013", "2022")
        ]


def test_a_rebuild_comes_to_the_same_end_and_pays_nothing_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    backfilled(house)
    house.run(SLOW, GOOD, 0)
    before, given_up = house.answered(), house.attempts()
    assert len([facts for facts in given_up if "reason" in facts]) == 3
    # Who read them again would find no trouble in them now, and come to another end.
    monkeypatch.setattr(judging, "settled", hostile.true_settled)
    track.rebuild(house.config, standards.load(), now=lambda: START, size=2)
    assert house.answered() == before
    assert house.attempts() == given_up


@pytest.mark.parametrize("size", [1, 3])
def test_a_rebuild_is_the_same_in_one_process_and_in_many(house: House, size: int) -> None:
    house.run(GOOD, GOOD, 0)
    changed = house.run(GOOD.replace("2013", "2022"), GOOD, 1)
    assert isinstance(changed[0], Changed)
    before = house.answered()
    house.config.database.unlink()
    told: Callable[[str], None] = house.told.append
    track.rebuild(house.config, standards.load(), now=lambda: START, tell=told, size=size)
    assert house.answered() == before
    assert house.told[-2:] == ["1 of 2 pages: bad", "2 of 2 pages: good"]


@pytest.mark.parametrize(("media_type", "end"), [("text/html", "<p>Done."), ("text/markdown", "")])
def test_a_page_pays_for_nothing_that_is_loaded_but_once(media_type: str, end: str) -> None:
    page = Page("good", "good")
    old, new = (
        Snapshot(
            page, START, START, "dir", "good", media_type, f"<h1>Desk</h1>\n{text}{end}".encode()
        )
        for text in (GOOD, GOOD.replace("2013", "2022"))
    )
    case = Case(Look(page, START, new), Known(digest=old.digest, snapshot=old), Guard(10, 0.5))
    with Desk(standards.load(), Budget(), size=1) as desk:
        assert desk.pool.run(lambda work: work(hostile.loaded, case)) == ()


def test_what_looks_into_a_body_on_the_way_is_held_by_the_budget_too() -> None:
    with (
        Desk(standards.load(), Budget(0.3)) as desk,
        Client(Limits()) as client,
        client.helped(desk.apart),
    ):
        assert client.apart(hostile.plainly, 2) == 3
        with pytest.raises(Stopped, match="processor time"):
            client.apart(hostile.spins, None)
        before = desk.pool.begun
    assert client.apart(hostile.plainly, 3) == 4
    assert desk.pool.begun == before

"""Captures are read before their turn where a process is idle.

What is told of a page is the same with and without.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline import config, standards, track
from pipeline.archive import Entry
from pipeline.errors import ParseError
from pipeline.model import Outcome, Page, Snapshot
from pipeline.track import ahead, deriving, judging, reader
from pipeline.track.cases import Case, plain
from pipeline.track.derive import Told
from pipeline.track.desk import Desk
from pipeline.track.reader import Reader, code
from pipeline.workers import Budget, Stopped

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
A = "# Northwind Desk\n\nNorthwind Desk is certified to ISO/IEC 27001:2013.\n\nIt is a desk.\n"
B = A.replace("2013", "2022")
TEXTS = (A, A, B, B + "\n", B.replace("a desk", "the desk"), "", "<html><body></body></html>", A, B)
"""What a page said on one day after the other: the same, a change, another form,
other words, nothing, and back again.
"""


class FakeDesk:
    """A desk of three processes that begin what they are to read, or never do,
    or come to no end with it.
    """

    def __init__(self, how: str) -> None:
        self.pool = SimpleNamespace(size=3)
        self.budget = Budget()
        self.how = how
        self.asked = 0

    def stamp(self, page: Page) -> str:
        return force().stamp(page)

    def read(self, snapshot: Snapshot) -> Future[bytes]:
        self.asked += 1
        future: Future[bytes] = Future()
        if self.how != "never":
            future.set_running_or_notify_cancel()
        if self.how == "stopped":
            future.set_exception(Stopped("time", "took too long"))
        elif self.how == "begun":
            try:
                future.set_result(judging.packed(force(), snapshot))
            except ParseError as error:
                future.set_exception(Stopped("error", str(error)))
        return future


def force() -> Reader:
    return Reader(standards.load(), code())


def judge(case: Case) -> Outcome:
    outcome = plain(case) or judging.settled(force(), case)
    assert outcome is not None
    return replace(outcome, look=case.look)


@pytest.fixture
def store(tmp_path: Path) -> Any:
    (tmp_path / "config.toml").write_text(
        '[[pages]]\nid = "desk"\nurl = "desk.md"\nvendor = "Northwind"\n', encoding="utf-8"
    )
    place = config.load(tmp_path / "config.toml")
    page = place.pages[0]
    with track.open(place) as found:
        captures = [
            Snapshot(page, at, START, "dir", page.url, "text/markdown", text.encode())
            for day, text in enumerate(TEXTS)
            if (at := START - timedelta(days=100 - day))
        ]
        track.backfill(found, page, captures, standards.load(), now=lambda: START)
        yield found


def told(store: Any, how: str) -> tuple[Told, FakeDesk]:
    desk: Any = FakeDesk(how)
    return store.teller(store.page("desk"), desk)(judge), desk


@pytest.mark.parametrize("how", ["begun", "never", "stopped"])
def test_the_same_is_told_whatever_was_read_ahead(store: Any, how: str) -> None:
    found, desk = told(store, how)
    alone = Desk(standards.load(), Budget(), size=1)
    with alone:
        plain = alone.in_order(store.teller(store.page("desk"), alone)).result()
    assert replace(found, kept=b"") == replace(plain, kept=b"")
    assert desk.asked == len(TEXTS) - 1
    if how == "begun":
        assert found.kept == plain.kept


def test_what_was_read_ahead_is_not_read_again(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def noted(who: Reader, snapshot: Snapshot) -> object:
        read.append(snapshot.digest)
        return truly(who, snapshot)

    truly = reader._read.__wrapped__
    monkeypatch.setattr(reader, "_read", noted)
    told(store, "never")
    in_turn, read[:] = len(read), []
    _, desk = told(store, "begun")
    assert len(read) == desk.asked < in_turn


def test_many_processes_tell_the_same(store: Any) -> None:
    found = []
    for size in (1, 3):
        with Desk(standards.load(), Budget(), size=size) as desk:
            found.append(desk.in_order(store.teller(store.page("desk"), desk)).result())
    assert found[0] == found[1]


def test_pages_are_told_in_order_while_the_next_ones_are_under_way(store: Any) -> None:
    pages = [Page(f"desk-{number}", "desk.md") for number in range(9)]
    begun: list[int] = []

    def in_order(task: object) -> Future[int]:
        future: Future[int] = Future()
        future.set_result(len(begun))
        begun.append(len(begun))
        return future

    desk: Any = SimpleNamespace(in_order=in_order, stamp=str, budget=Budget())
    desk.pool = SimpleNamespace(size=2)
    found = deriving.histories(store, pages, desk)
    assert next(found) == (pages[0], 0)
    assert len(begun) == 4
    assert [*found] == [(page, number) for number, page in enumerate(pages)][1:]


def test_bodies_are_those_that_differ_from_the_one_before() -> None:
    page = Page("desk", "desk.md")
    looks = (("a", False), ("a", False), ("b", False), ("b", True), ("a", False), (None, False))
    entries = [
        Entry(page, START, START, "live", page.url, digest=digest, not_modified=same)
        for digest, same in looks
    ]
    assert list(ahead.bodies(entries)) == [entries[0], entries[2], entries[4]]

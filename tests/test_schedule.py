"""When runs happen: real threads and signals, no waiting: what is due is due at once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline import config, schedule
from pipeline.errors import StoreError
from pipeline.model import Page
from pipeline.schedule import watching

TEXT = """
[schedule]
every = "day at 06:00"
[[pages]]
id = "daily"
url = "a.md"
[[pages]]
id = "daily-too"
url = "b.md"
[[pages]]
id = "weekly"
url = "c.md"
schedule = "0 5 * * 1"
"""
NOW = datetime.now(UTC)


@pytest.fixture
def given(tmp_path: Path) -> config.Config:
    path = tmp_path / "config.toml"
    path.write_text(TEXT)
    return config.load(path)


class Runs:
    """Remembers its runs, and stops the watch after so many."""

    def __init__(self, until: int) -> None:
        self.stop = threading.Event()
        self.pages: list[tuple[str, ...]] = []
        self.told: list[str] = []
        self.until = until

    def __call__(self, given: config.Config, pages: tuple[Page, ...]) -> None:
        self.pages.append(tuple(page.id for page in pages))
        if len(self.pages) == self.until:
            self.stop.set()


Run = Callable[[config.Config, tuple[Page, ...]], schedule.watching.Again | None]


def watch(
    given: config.Config, runs: Runs, last_run: datetime | None, run: Run | None = None
) -> None:
    doing = schedule.Doing(
        run or runs,
        lambda: config.load(given.path),
        lambda _: last_run,
        runs.told.append,
        lambda: NOW,
    )
    schedule.watch(given, doing, runs.stop)


def test_the_next_run_is_that_of_the_first_page_due(given: config.Config) -> None:
    sunday = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert schedule.next_run(given, sunday) == datetime(2026, 11, 23, 5, tzinfo=UTC)
    assert schedule.next_run(given, sunday, given.pages[0]) == datetime(2026, 11, 23, 6, tzinfo=UTC)
    assert schedule.next_run(given, datetime(2026, 11, 23, 5, tzinfo=UTC)) == datetime(
        2026, 11, 23, 6, tzinfo=UTC
    )


def test_a_store_without_runs_gets_its_first_at_once(given: config.Config) -> None:
    runs = Runs(until=2)
    watch(given, runs, None)
    assert sorted(runs.pages) == [("daily", "daily-too"), ("weekly",)]
    assert runs.told[0] == "2 pages: next run now (day at 06:00)"


def test_missed_runs_are_made_up_by_one(given: config.Config) -> None:
    runs = Runs(until=2)
    watch(given, runs, NOW - timedelta(days=60))
    assert sorted(runs.pages) == [("daily", "daily-too"), ("weekly",)]


def test_only_what_was_missed_is_made_up(given: config.Config) -> None:
    runs = Runs(until=1)
    monday = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
    due = [
        watching.first(given.schedule, cron, monday, monday + timedelta(days=1))
        for cron, _ in watching.due_together(given)
    ]
    assert due == [monday + timedelta(days=1), datetime(2026, 11, 30, 5, tzinfo=UTC)]
    runs.stop.set()
    watch(given, runs, NOW)
    assert runs.pages == []


def test_an_error_that_a_person_can_put_right_is_told_in_its_own_words(
    given: config.Config,
) -> None:
    runs = Runs(until=2)

    def failing(given: config.Config, pages: tuple[Page, ...]) -> None:
        runs(given, pages)
        raise StoreError("claims.db: is locked; wait for it")

    watch(given, runs, None, failing)
    said = "a run failed (claims.db: is locked; wait for it); the next one comes as scheduled"
    assert said in runs.told


def test_an_error_in_a_run_is_told_and_the_others_come(given: config.Config) -> None:
    runs = Runs(until=2)

    def failing(given: config.Config, pages: tuple[Page, ...]) -> None:
        runs(given, pages)
        if pages[0].id == "daily":
            raise RuntimeError("the disk is full")

    watch(given, runs, None, failing)
    assert len(runs.pages) == 2
    assert (
        "a run failed (RuntimeError: the disk is full); the next one comes as scheduled"
        in runs.told
    )


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(0, None), (2, None), (3, 15), (4, 30), (5, 60), (8, 480), (9, 720), (10, 720), (5000, 720)],
)
def test_a_page_that_fails_again_and_again_is_left_alone_for_a_while(
    failures: int, minutes: int | None
) -> None:
    assert schedule.rests_until(failures, NOW) == (
        NOW + timedelta(minutes=minutes) if minutes else None
    )
    assert schedule.rests_until(failures, None) is None


def test_a_page_in_doubt_is_looked_at_again(given: config.Config) -> None:
    runs = Runs(until=3)

    def doubting(
        given: config.Config, pages: tuple[Page, ...]
    ) -> tuple[tuple[datetime, Page], ...]:
        runs(given, pages)
        return ((NOW, pages[1]),) if len(pages) > 1 else ()

    watch(given, runs, None, doubting)
    assert sorted(runs.pages) == [("daily", "daily-too"), ("daily-too",), ("weekly",)]
    assert f"daily-too: looked at again {NOW.isoformat()}" in runs.told


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_the_page_in_hand_be_finished(
    given: config.Config, number: signal.Signals
) -> None:
    runs = Runs(until=99)
    finished: list[str] = []
    before = signal.getsignal(number)

    def run(_: config.Config, pages: tuple[Page, ...]) -> None:
        for page in pages:
            if runs.stop.is_set():
                return
            os.kill(os.getpid(), number)
            assert runs.stop.wait(10)
            finished.append(page.id)

    watch(given, runs, None, run)
    assert finished in (["daily"], ["weekly"])
    assert f"{number.name}: stopping after the page in hand" in runs.told
    assert signal.getsignal(number) is before


def test_no_run_begins_after_the_stop(given: config.Config) -> None:
    runs = Runs(until=1)
    watch(given, runs, None)
    assert len(runs.pages) == 1

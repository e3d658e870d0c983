"""When runs are put off: blackouts, jitter, and a config that is read again while a watch goes
on.
"""

from __future__ import annotations

import os
import signal
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import config, errors, schedule
from pipeline.config import blackouts
from pipeline.model import Page
from pipeline.schedule import watching

BERLIN = ZoneInfo("Europe/Berlin")
PAGE = """
[[pages]]
id = "trust"
url = "a.md"
"""


def loaded(folder: Path, text: str) -> config.Config:
    path = folder / "config.toml"
    path.write_text(text + PAGE)
    return config.load(path)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("blackout", "inside", "ends"),
    [
        ("22:00-04:00", "2026-11-20T23:00", "2026-11-21T04:00"),
        ("22:00-04:00", "2026-11-21T03:59", "2026-11-21T04:00"),
        ("Sat-Sun 00:00-24:00", "2026-11-21T10:00", "2026-11-23T00:00"),
        ("fri 22:00 - 04:00", "2026-11-21T01:00", "2026-11-21T04:00"),
        ("2026-12-24 to 2027-01-01", "2026-12-31T12:00", "2027-01-02T00:00"),
        ("01:00-05:00", "2026-03-29T01:30", "2026-03-29T05:00"),
    ],
)
def test_a_blackout_puts_off_to_its_end(blackout: str, inside: str, ends: str) -> None:
    one = blackouts.parse(blackout)
    assert blackouts.around([one], at(inside), BERLIN)[1] == at(ends)


@pytest.mark.parametrize("outside", ["2026-11-20T04:00", "2026-11-20T21:59"])
def test_outside_a_blackout_nothing_is_put_off(outside: str) -> None:
    one = blackouts.parse("22:00-04:00")
    assert blackouts.around([one], at(outside), BERLIN) == (at(outside), at(outside))


def test_blackouts_that_touch_are_one() -> None:
    both = [blackouts.parse(text) for text in ("20:00-22:00", "22:00-23:30")]
    for inside in ("2026-11-20T20:30", "2026-11-20T22:00"):
        assert blackouts.around(both, at(inside), BERLIN) == (
            at("2026-11-20T20:00"),
            at("2026-11-20T23:30"),
        )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ('blackouts = "at night"', "is no blackout"),
        ('blackouts = "25:00-26:00"', "time of day that there is not"),
        ('blackouts = "04:00-04:00"', "begins when it ends"),
        ('blackouts = "2026-02-30 to 2026-03-01"', "names a day that there is not"),
        ('blackouts = "2026-03-02 to 2026-03-01"', "ends before it begins"),
        ('blackouts = "someday 04:00-05:00"', "weekday"),
        ('blackouts = ["00:00-12:00", "12:00-24:00"]', "leave no time"),
        ('jitter = "a bit"', "is no span of time"),
    ],
)
def test_what_is_no_blackout_is_an_error_of_the_config(
    tmp_path: Path, given: str, said: str
) -> None:
    with pytest.raises(errors.ConfigError, match=f"schedule.*{said}"):
        loaded(tmp_path, f"[schedule]\n{given}\n")


def test_what_comes_due_in_a_blackout_runs_once_at_its_end(tmp_path: Path) -> None:
    found = loaded(tmp_path, '[schedule]\nevery = "30 minutes"\nblackouts = "10:00-11:45"\n')
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    moment, seen = noon - timedelta(hours=2, minutes=31), []
    while moment < noon:
        moment = schedule.next_run(found, moment)
        seen.append(f"{moment:%H:%M}")
    assert seen == ["09:30", "11:45", "12:00"]


def test_what_a_blackout_put_off_is_not_lost_by_a_start_in_it(tmp_path: Path) -> None:
    found = loaded(tmp_path, '[schedule]\ncron = "30 10 * * *"\nblackouts = "10:00-11:00"\n')
    yesterday, now = (datetime(2026, 11, day, 10, 50, tzinfo=UTC) for day in (19, 20))
    end = datetime(2026, 11, 20, 11, tzinfo=UTC)
    assert watching.first(found.schedule, found.schedule.cron, yesterday, now) == end
    assert watching.first(found.schedule, found.schedule.cron, None, now) == end
    assert schedule.next_run(found, now) == end


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_jitter_is_late_by_at_most_so_much_and_leaves_no_day_out(moment: datetime) -> None:
    daily = config.Schedule(
        config.cron.parse("0 6 * * *"), BERLIN, jitter=timedelta(minutes=20), salt="here"
    )
    run = daily.after(daily.cron, moment)
    assert moment < run <= moment + timedelta(hours=25, minutes=20)
    wall = run.astimezone(BERLIN)
    assert timedelta(0) <= wall - wall.replace(hour=6, minute=0, second=0, microsecond=0)
    assert (wall.hour, wall.minute // 20) == (6, 0)
    assert daily.after(daily.cron, run).astimezone(BERLIN).date() == wall.date() + timedelta(days=1)


def test_jitter_differs_by_day_and_machine() -> None:
    moments = {
        config.Schedule(config.cron.parse("0 6 * * *"), BERLIN, timedelta(hours=1), (), salt).after(
            config.cron.parse("0 6 * * *"), datetime(2026, 11, day, tzinfo=UTC)
        )
        - datetime(2026, 11, day, tzinfo=UTC)
        for salt in ("here", "there")
        for day in (20, 21)
    }
    assert len(moments) == 4


# --------------------------------------------------------------------------- read again

NOW = datetime.now(UTC)


class Watched:
    """A watch that is sent SIGHUP in its first run, and stops when a line was told or another run
    comes.
    """

    def __init__(self, given: config.Config, changed: str, until: str) -> None:
        self.given, self.changed, self.until = given, changed, until
        self.stop = threading.Event()
        self.told: list[str] = []
        self.runs: list[list[str]] = []

    def run(self, given: config.Config, pages: tuple[Page, ...]) -> None:
        self.runs.append([page.url for page in pages])
        if len(self.runs) == 1:
            self.given.path.write_text(self.changed)
            os.kill(os.getpid(), signal.SIGHUP)

    def tell(self, line: str) -> None:
        self.told.append(line)
        if self.until in line and self.runs:
            self.stop.set()

    def watch(self) -> None:
        doing = schedule.Doing(
            self.run,
            lambda: config.load(self.given.path),
            lambda given: None if not self.runs else NOW,
            self.tell,
            lambda: NOW,
        )
        schedule.watch(self.given, doing, self.stop)


def test_sighup_has_the_config_read_again(tmp_path: Path) -> None:
    given = loaded(tmp_path, "")
    watched = Watched(given, PAGE + PAGE.replace("trust", "more"), "2 pages: next run")
    before = signal.getsignal(signal.SIGHUP)
    watched.watch()
    assert "SIGHUP: the config was read again, 2 pages" in watched.told
    assert len(watched.runs) == 1
    assert signal.getsignal(signal.SIGHUP) is before


def test_an_invalid_config_is_refused_with_its_line_and_the_old_one_stays(tmp_path: Path) -> None:
    given = loaded(tmp_path, "")
    watched = Watched(given, '[schedule]\ncron = "sometimes"\n' + PAGE, "SIGHUP")
    watched.watch()
    [line] = [line for line in watched.told if line.startswith("SIGHUP")]
    assert line.startswith(f"SIGHUP: the config stays as it was: {given.path}: schedule.cron")
    assert watched.runs == [[str(tmp_path / "a.md")]]

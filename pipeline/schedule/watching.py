"""Pages that are due → a run, whenever they are; made up once when missed, and stopped between two
pages.

Knows nothing of what a run does, and stores nothing: the config is the schedule, and the last run
is told by the caller. APScheduler gets our own trigger, because its crontab numbers weekdays from
Monday and runs twice in the hour that comes twice.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, JobEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from pipeline.config import Config, Cron, Schedule
from pipeline.errors import ClaimwatchError
from pipeline.model import Page

Again = Iterable[tuple[datetime, Page]]
STOPS = (signal.SIGTERM, signal.SIGINT)
RELOADS = tuple(signal.Signals[name] for name in ("SIGHUP",) if hasattr(signal, name))
"""Windows has none."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Doing:
    """What a watch does by its caller's hands.

    `run` gets the config and the pages that are due, must look between two pages at whether it is
    to stop, and returns the pages that it wants to look at again before their schedule says so, and
    when. `reload` returns the config as it is now, or raises; `last_run` returns when the last run
    was that looked at all pages of a config, None if none ever did. `tell` is told what goes on.
    """

    run: Callable[[Config, tuple[Page, ...]], Again | None]
    reload: Callable[[], Config]
    last_run: Callable[[Config], datetime | None]
    tell: Callable[[str], None]
    now: Callable[[], datetime] = _now


def watch(config: Config, doing: Doing, stop: threading.Event) -> None:
    """Run the pages whenever they are due, until `stop` is set or SIGTERM or SIGINT comes; the page
    in hand is finished.

    Runs that were missed since the last one, however many, are made up by one at once; so is the
    first of all. An error in a run is told, and the next one comes. SIGHUP has the config read
    again after the run in hand; one that is invalid is told, and the old one stays.
    """
    plan = _Plan(config, doing, stop)
    plan.make()
    with _signals(plan.on_signal):
        plan.scheduler.start()
        stop.wait()
        plan.scheduler.shutdown(wait=True)


class _Plan:
    """When the pages of a config come due: one job for each schedule, all in one thread, so that no
    two runs overlap.
    """

    def __init__(self, config: Config, doing: Doing, stop: threading.Event) -> None:
        self.config, self.doing, self.stop = config, doing, stop
        self.scheduler = _scheduler(doing.tell)

    def make(self) -> None:
        """Put in each schedule with its pages, and tell when it comes first."""
        started_at, last_run = self.doing.now(), self.doing.last_run(self.config)
        for cron, pages in due_together(self.config):
            due_at = first(self.config.schedule, cron, last_run, started_at)
            # Two instances in one thread: a run that comes due during a longer one waits its turn,
            # a third is left out.
            self.scheduler.add_job(
                self.due,
                _Trigger(cron, self.config.schedule),
                (tuple(page.id for page in pages),),
                id=f"schedule {cron.text}",
                next_run_time=due_at,
                coalesce=True,
                misfire_grace_time=None,
                max_instances=2,
            )
            when = "now" if due_at == started_at else due_at.isoformat(timespec="seconds")
            self.doing.tell(f"{_counted(pages)}: next run {when} ({cron.text})")

    def due(self, ids: tuple[str, ...]) -> None:
        """Run the pages of those ids, as the config has them now; those to be looked at again come
        due once more.
        """
        pages = tuple(page for page in self.config.pages if page.id in ids)
        if self.stop.is_set() or not pages:
            return
        for when, page in self.doing.run(self.config, pages) or ():
            when = self.config.schedule.allowed(when)
            self.doing.tell(f"{page.id}: looked at again {when.isoformat()}")
            self.scheduler.add_job(
                self.due, "date", ((page.id,),), run_date=when, misfire_grace_time=None
            )

    def on_signal(self, number: int) -> None:
        """Do what a signal asks for."""
        name = signal.Signals(number).name
        if number in STOPS:
            self.stop.set()
            self.doing.tell(f"{name}: stopping after the page in hand")
        else:
            # In the thread of the runs, so that no run has its config changed under it.
            self.scheduler.add_job(self.reload, args=(name,), misfire_grace_time=None)

    def reload(self, name: str) -> None:
        """Go on by the config as it is now, where it is valid."""
        try:
            config = self.doing.reload()
        except ClaimwatchError as error:
            for line in str(error).splitlines():
                self.doing.tell(f"{name}: the config stays as it was: {line}")
            return
        self.config = config
        for job in self.scheduler.get_jobs():
            if job.id.startswith("schedule "):
                job.remove()
        self.doing.tell(f"{name}: the config was read again, {_counted(config.pages)}")
        self.make()


def _scheduler(tell: Callable[[str], None]) -> BackgroundScheduler:
    # The listener tells what goes wrong; without a handler the library would print it once more.
    logging.getLogger("apscheduler").addHandler(logging.NullHandler())
    scheduler = BackgroundScheduler(timezone=UTC, executors={"default": ThreadPoolExecutor(1)})
    scheduler.add_listener(
        lambda event: _tell(event, tell), EVENT_JOB_ERROR | EVENT_JOB_MAX_INSTANCES
    )
    return scheduler


class _Trigger(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """Our schedule in the form that APScheduler asks for."""

    def __init__(self, cron: Cron, schedule: Schedule) -> None:
        self._cron = cron
        self._schedule = schedule

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        return self._schedule.after(self._cron, previous_fire_time or now)


def due_together(config: Config) -> list[tuple[Cron, tuple[Page, ...]]]:
    """Return each schedule with its pages, so that pages due together are one run and one
    report.
    """
    groups: dict[Cron, tuple[Page, ...]] = {}
    for page in config.pages:
        cron = config.schedule.of(page)
        groups[cron] = (*groups.get(cron, ()), page)
    return list(groups.items())


def first(schedule: Schedule, cron: Cron, last_run: datetime | None, now: datetime) -> datetime:
    """Return when a schedule begins: now where a run was missed since the last one, or none ever
    was, and none is forbidden.
    """
    due = now if last_run is None else schedule.after(cron, last_run)
    return schedule.allowed(max(due, now))


def _tell(event: JobEvent, tell: Callable[[str], None]) -> None:
    if event.code == EVENT_JOB_ERROR:
        error = event.exception
        # What a person can put right says all of it itself; a bug of ours is named by its kind.
        known = isinstance(error, ClaimwatchError)
        why = str(error) if known else f"{type(error).__name__}: {error}"
        tell(f"a run failed ({why}); the next one comes as scheduled")
    else:
        tell("a run is left out: one is running and another is waiting")


def _counted(pages: tuple[Page, ...]) -> str:
    return pages[0].id if len(pages) == 1 else f"{len(pages)} pages"


@contextmanager
def _signals(do: Callable[[int], None]) -> Iterator[None]:
    """Let the first signal to stop do so after the page in hand; a second one, which comes in
    earnest, does what it did before.
    """
    before = {number: signal.getsignal(number) for number in (*STOPS, *RELOADS)}

    def come(number: int, _: object) -> None:
        if number in STOPS:
            _restore(before)
        do(number)

    for number in before:
        signal.signal(number, come)
    try:
        yield
    finally:
        _restore(before)


def _restore(handlers: Mapping[signal.Signals, object]) -> None:
    for number, handler in handlers.items():
        signal.signal(number, handler)  # type: ignore[arg-type]  # as getsignal returned it

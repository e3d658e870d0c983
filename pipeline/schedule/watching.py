"""Pages that are due → a run, whenever they are; made up once when missed, and stopped between two pages.

Knows nothing of what a run does, and stores nothing: the config is the schedule, and the last run is told by the caller.
APScheduler gets our own trigger, because its crontab numbers weekdays from Monday and runs twice in the hour that comes twice.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, JobEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from pipeline.config import Config, Cron
from pipeline.errors import ClaimwatchError
from pipeline.model import Page

Again = Iterable[tuple[datetime, Page]]
Run = Callable[[tuple[Page, ...]], Again | None]
SIGNALS = (signal.SIGTERM, signal.SIGINT)


def watch(
    config: Config,
    run: Run,
    *,
    tell: Callable[[str], None],
    stop: threading.Event,
    last_run: datetime | None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """Run the pages whenever they are due, until `stop` is set or SIGTERM or SIGINT comes; the page in hand is finished.

    `run` gets the pages that are due and must look at `stop` between two of them; it returns the pages that it wants to look
    at again before their schedule says so, and when. Runs that were missed since `last_run`,
    however many, are made up by one at once; so is the first of all. An error in a run is told, and the next one comes.
    """
    scheduler = _scheduler(tell)
    due, started_at = _due(scheduler, run, tell, stop), now()
    for cron, pages in due_together(config):
        due_at = first(cron, config.schedule.timezone, last_run, started_at)
        # Two instances in one thread: a run that comes due during a longer one waits its turn, a third is left out.
        scheduler.add_job(
            due,
            _Trigger(cron, config.schedule.timezone),
            (pages,),
            next_run_time=due_at,
            coalesce=True,
            misfire_grace_time=None,
            max_instances=2,
        )
        when = "now" if due_at == started_at else due_at.isoformat()
        tell(f"{_counted(pages)}: next run {when} ({cron.text})")
    with _stopped_by_signals(stop, tell):
        scheduler.start()
        stop.wait()
        scheduler.shutdown(wait=True)


def _scheduler(tell: Callable[[str], None]) -> BackgroundScheduler:
    # The listener tells what goes wrong; without a handler the library would print it once more.
    logging.getLogger("apscheduler").addHandler(logging.NullHandler())
    scheduler = BackgroundScheduler(timezone=UTC, executors={"default": ThreadPoolExecutor(1)})
    scheduler.add_listener(
        lambda event: _tell(event, tell), EVENT_JOB_ERROR | EVENT_JOB_MAX_INSTANCES
    )
    return scheduler


def _due(
    scheduler: BackgroundScheduler, run: Run, tell: Callable[[str], None], stop: threading.Event
) -> Callable[[tuple[Page, ...]], None]:
    """Return what is called when pages are due; those to be looked at again come due once more."""

    def due(pages: tuple[Page, ...]) -> None:
        if stop.is_set():
            return
        for when, page in run(pages) or ():
            tell(f"{page.id}: looked at again {when.isoformat()}")
            scheduler.add_job(due, "date", ((page,),), run_date=when, misfire_grace_time=None)

    return due


class _Trigger(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """Our schedule in the form that APScheduler asks for."""

    def __init__(self, cron: Cron, zone: ZoneInfo) -> None:
        self._cron = cron
        self._zone = zone

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        return self._cron.after(previous_fire_time or now, self._zone)


def due_together(config: Config) -> list[tuple[Cron, tuple[Page, ...]]]:
    """Return each schedule with its pages, so that pages due together are one run and one report."""
    groups: dict[Cron, tuple[Page, ...]] = {}
    for page in config.pages:
        cron = config.schedule.of(page)
        groups[cron] = (*groups.get(cron, ()), page)
    return list(groups.items())


def first(cron: Cron, zone: ZoneInfo, last_run: datetime | None, now: datetime) -> datetime:
    """Return when a schedule begins: now where a run was missed since the last one, or none ever was."""
    if last_run is None or cron.after(last_run, zone) <= now:
        return now
    return cron.after(now, zone)


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
def _stopped_by_signals(stop: threading.Event, tell: Callable[[str], None]) -> Iterator[None]:
    """Let the first signal stop after the page in hand; a second one, which comes in earnest, does what it did before."""

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def stopping(number: int, _: object) -> None:
        restore()
        stop.set()
        tell(f"{signal.Signals(number).name}: stopping after the page in hand")

    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number in SIGNALS:
        signal.signal(number, stopping)
    try:
        yield
    finally:
        restore()

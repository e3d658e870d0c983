"""Config → runs in time: when pages are looked at, and the runs themselves.

    watching   runs whenever pages are due, until stopped, by a config that may be read again;
               the only importer of APScheduler

When is worked out without a scheduler: `status` asks for it too.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipeline import parts

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.model import Page
    from pipeline.schedule.watching import Doing, watch
else:
    __getattr__ = parts.of(__name__, {"watching": "Doing watch"})

__all__ = ["Doing", "next_run", "rests_until", "watch"]

TRIES, FIRST_REST, LONGEST_REST = 3, timedelta(minutes=15), timedelta(hours=12)


def rests_until(failures: int, last_look_at: datetime | None) -> datetime | None:
    """Return until when a page that failed so often in a row is left alone, whatever its schedule.

    None while it is not.

    From the third failure on a quarter of an hour, twice as long each time, half a day at most: so
    that a page that is gone is not asked for every few minutes, and a daily look is never left out.
    """
    if failures < TRIES or last_look_at is None:
        return None
    return last_look_at + min(FIRST_REST * (1 << min(failures - TRIES, 10)), LONGEST_REST)


def next_run(config: Config, after: datetime, page: Page | None = None) -> datetime:
    """Return when a page, or the first of all pages, is due next after a moment, in UTC."""
    schedule = config.schedule
    crons = (
        {schedule.of(page)}
        if page
        else {schedule.of(one) for one in config.pages} or {schedule.cron}
    )
    return min(schedule.after(cron, after) for cron in crons)

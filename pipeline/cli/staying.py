"""`watch`: runs on the config's schedule, until it is stopped; SIGHUP has the config read again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from pipeline.cli import options

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.model import Page
    from pipeline.standards import Catalogue

Again = tuple[tuple[datetime, "Page"], ...]


def _now() -> datetime:
    return datetime.now(UTC)


@click.command()
@options.settings
def watch(settings: options.Settings) -> int:
    """Look at the pages on the config's schedule.

    Runs until it is stopped; SIGTERM and Ctrl-C finish the page in hand. A missed run is made up
    once. SIGHUP reloads the config; an invalid one is logged, and the old one stays in force.
    """
    from pipeline import schedule

    stop, catalogues = threading.Event(), dict[str, "Catalogue"]()

    def load() -> Config:
        config = settings.load()
        catalogues["in force"] = options.catalogue(config)
        return config

    def once(config: Config, pages: tuple[Page, ...]) -> Again:
        due = _due(config, pages)
        return _run(config, catalogues["in force"], due, stop.is_set) if due else ()

    schedule.watch(load(), schedule.Doing(once, load, _last_run, _tell), stop)
    return 0


def _tell(text: str) -> None:
    from pipeline.cli import tables

    click.echo(f"{_now():%Y-%m-%dT%H:%M:%SZ} {tables.safe(text)}", err=True)


def _due(config: Config, pages: tuple[Page, ...]) -> list[str]:
    """Return the ids of the pages that are not left alone for now, and say which are."""
    resting = _resting(config, _now())
    for page in pages:
        if page.id in resting:
            until = resting[page.id].isoformat(timespec="minutes")
            _tell(f"{page.id}: failed again and again; left alone until {until}")
    return [page.id for page in pages if page.id not in resting]


def _run(config: Config, catalogue: Catalogue, due: list[str], stop: Callable[[], bool]) -> Again:
    """Run pages; return those to be looked at again, and when."""
    from pipeline import history, track
    from pipeline.report import outline, phrases
    from pipeline.track import guard, linking, mapping, situations

    done = track.run(config, catalogue, now=_now, pages=due, hooks=track.Hooks(_tell, stop))
    _tell(outline.headline(done) + (f". {phrases.witness(done.head)}" if done.head else ""))
    linking.try_links(config, _now, stop=stop)
    mapping.read_sitemaps(config, _now, _tell)
    return (*guard.again(done), *situations.again(config, history.open(config.database), done))


def _resting(config: Config, now: datetime) -> dict[str, datetime]:
    """Return the pages that failed so often that they are left alone for now, and until when."""
    from pipeline import history, schedule

    found = {}
    for row in history.status(history.open(config.database)):
        last = datetime.fromisoformat(row["last_look_at"]) if row["last_look_at"] else None
        until = schedule.rests_until(row["failures"], last)
        if until is not None and until > now:
            found[row["page"]] = until
    return found


def _last_run(config: Config) -> datetime | None:
    """Return when the page that was looked at longest ago was looked at; None if one never was."""
    from pipeline import history

    looked = {
        row["page"]: row["last_look_at"] for row in history.status(history.open(config.database))
    }
    times = [looked.get(page.id) for page in config.pages]
    if not all(times):
        return None
    return min((datetime.fromisoformat(time) for time in times if time), default=None)

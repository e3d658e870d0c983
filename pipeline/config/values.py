"""What a config file says, as frozen values. Reads nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline import words
from pipeline.config import blackouts, cron
from pipeline.config.blackouts import Blackout
from pipeline.config.cron import Cron
from pipeline.egress import Limits
from pipeline.errors import NotFound
from pipeline.model import Page
from pipeline.rules import Alert, InForce, Requirement, Rule, Smtp
from pipeline.workers import Budget


@dataclass(frozen=True, slots=True)
class Schedule:
    """When pages are looked at: by default, and in which time zone the wall clock is read.

    Each run begins up to `jitter` later, another time each day, but alike for everybody who asks;
    `salt` makes it another on each machine. What comes due in a blackout begins when that ends.
    """

    cron: Cron
    timezone: ZoneInfo
    jitter: timedelta = timedelta(0)
    blackouts: tuple[Blackout, ...] = ()
    salt: str = ""

    def of(self, page: Page) -> Cron:
        """Return the page's own schedule, else the default."""
        return cron.either(page.schedule) if page.schedule else self.cron

    def after(self, schedule: Cron, moment: datetime) -> datetime:
        """Return the first run of a schedule later than a moment, in UTC."""
        # What a blackout put off is due still, while it lasts.
        begins, _ = blackouts.around(self.blackouts, moment, self.timezone)
        due = schedule.after(begins - self.jitter - timedelta(microseconds=1), self.timezone)
        while (run := self.allowed(due + self._late(due))) <= moment:
            due = schedule.after(due, self.timezone)
        return run

    def allowed(self, moment: datetime) -> datetime:
        """Return a moment, or when the blackout ends that it lies in."""
        return blackouts.around(self.blackouts, moment, self.timezone)[1]

    def _late(self, due: datetime) -> timedelta:
        if not self.jitter:
            return self.jitter
        digest = hashlib.sha256(f"{self.salt} {due.isoformat()}".encode()).digest()
        return self.jitter * (int.from_bytes(digest[:4]) / 2**32)


@dataclass(frozen=True, slots=True)
class Guard:
    """A reading that loses at least `min_claims`, and more than `share`
    of the page's claims, is held back.
    """

    min_claims: int = 10
    share: float = 0.5


@dataclass(frozen=True, slots=True)
class Serve:
    """Where the web page listens.

    `hosts` are names that it may be asked for by, beside those of this machine.

    `url` is where people open it, None where that is not said.
    """

    host: str = "127.0.0.1"
    port: int = 8001
    hosts: tuple[str, ...] = ()
    url: str | None = None


@dataclass(frozen=True, slots=True)
class User:
    """Who may sign in to the web page; `password` is its hash, `role` is `viewer` or `reviewer`."""

    name: str
    password: str = field(repr=False)
    role: str = "reviewer"


@dataclass(frozen=True, slots=True)
class Monitor:
    """The signs of life that a run leaves: files, and a watchdog's address.

    `every` is how far apart runs may be at most, `canary` who gets the daily message of a page of
    our own.

    Each is None where it is not wanted.
    """

    heartbeat: Path | None = None
    metrics: Path | None = None
    ping: str | None = None
    every: timedelta | None = None
    canary: Alert | None = None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap of which new addresses are reported: those with one of the words of `match`, in
    lower case; all where there are none.
    """

    url: str
    match: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """All that the config file says; every path is absolute.

    `extra` is the user's own standards, `smtp` None without mail.

    `scheduler` is that of the machines which look at pages and read them (`dask://host:8786`), None
    where this one does. `reviewer` is who reviews, None where the login name does.
    """

    path: Path
    database: Path
    snapshots: Path
    reports: Path
    schedule: Schedule
    extra: Path | None
    pages: tuple[Page, ...]
    rules: tuple[Rule, ...]
    requirements: tuple[Requirement, ...]
    alerts: tuple[Alert, ...]
    limits: Limits
    budget: Budget
    guard: Guard
    smtp: Smtp | None
    monitor: Monitor = Monitor()
    serve: Serve = Serve()
    users: tuple[User, ...] = ()
    scheduler: str | None = None
    reviewer: str | None = None
    sitemaps: tuple[Sitemap, ...] = ()

    @property
    def in_force(self) -> InForce:
        """Return what decides at which severity a change is told."""
        return (*self.rules, *self.requirements)

    def page(self, page_id: str) -> Page | None:
        """Return the page of that id."""
        return next((page for page in self.pages if page.id == page_id), None)

    def chosen(self, ids: Iterable[str]) -> tuple[Page, ...]:
        """Return the pages of those ids, each once.

        Raise NotFound with a line for each that there is not.
        """
        known = {page.id: page for page in self.pages}
        wanted = tuple(dict.fromkeys(ids))
        if strangers := [page_id for page_id in wanted if page_id not in known]:
            raise NotFound("\n".join(self._unknown(page_id, [*known]) for page_id in strangers))
        return tuple(known[page_id] for page_id in wanted)

    def _unknown(self, page_id: str, ids: list[str]) -> str:
        near = ", ".join(words.nearest(page_id, ids) or ids[:5]) or "none yet"
        return f'{self.path}: no page has the id "{page_id}"; near it: {near}'

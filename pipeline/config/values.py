"""What a config file says, as frozen values. Reads nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.config import cron
from pipeline.config.cron import Cron
from pipeline.egress import Limits
from pipeline.model import Page
from pipeline.rules import Alert, InForce, Requirement, Rule, Smtp
from pipeline.workers import Budget


@dataclass(frozen=True, slots=True)
class Schedule:
    """When pages are looked at: by default, and in which time zone the wall clock is read."""

    cron: Cron
    timezone: ZoneInfo

    def of(self, page: Page) -> Cron:
        """Return the page's own schedule, else the default."""
        return cron.either(page.schedule) if page.schedule else self.cron


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

    `every` is how far apart runs may be at most.

    Each is None where it is not wanted.
    """

    heartbeat: Path | None = None
    metrics: Path | None = None
    ping: str | None = None
    every: timedelta | None = None


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

    @property
    def in_force(self) -> InForce:
        """Return what decides at which severity a change is told."""
        return (*self.rules, *self.requirements)

    def page(self, page_id: str) -> Page | None:
        """Return the page of that id."""
        return next((page for page in self.pages if page.id == page_id), None)

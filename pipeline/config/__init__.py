"""config.toml → Config, validated once and frozen. Reads that one file; no environment, no secret, no network."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pipeline
from pipeline import egress, errors, files, standards
from pipeline.config import between, cron, problems, spans
from pipeline.config.cron import Cron
from pipeline.egress import Limits
from pipeline.model import Page
from pipeline.rules import Alert, Rule, Smtp
from pipeline.workers import Budget

__all__ = ["Config", "Cron", "Guard", "Schedule", "load", "page_problems", "read"]


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
    """A reading that loses at least `min_claims`, and more than `share` of the page's claims, is held back."""

    min_claims: int
    share: float


@dataclass(frozen=True, slots=True)
class Config:
    """All that the config file says; every path is absolute. `extra` is the user's own standards, `smtp` None without mail."""

    path: Path
    database: Path
    snapshots: Path
    reports: Path
    schedule: Schedule
    extra: Path | None
    pages: tuple[Page, ...]
    rules: tuple[Rule, ...]
    alerts: tuple[Alert, ...]
    limits: Limits
    budget: Budget
    guard: Guard
    smtp: Smtp | None

    def page(self, page_id: str) -> Page | None:
        """Return the page of that id."""
        return next((page for page in self.pages if page.id == page_id), None)


def load(path: Path, *, growing: bool = False) -> Config:
    """Return the config in a file; raise ConfigError with every problem at once, each on a line of its own.

    Where it is `growing`, a rule may be about a page or vendor that is not in it yet.
    """
    try:
        return read(path, path.read_bytes().decode("utf-8-sig"), growing=growing)
    except FileNotFoundError as error:
        reason = "there is no such file; write one, or name yours with --config"
        raise errors.ConfigError((f"{path}: {reason}",)) from error
    except IsADirectoryError as error:
        raise errors.ConfigError((f"{path}: is a folder; name the file in it",)) from error
    except OSError as error:
        raise errors.ConfigError((files.explained(error) or f"{path}: {error}",)) from error
    except UnicodeDecodeError as error:
        reason = f"is not UTF-8 text (byte {error.start}); save it as UTF-8"
        raise errors.ConfigError((f"{path}: {reason}",)) from error


def read(path: Path, text: str, *, growing: bool = False) -> Config:
    """Return the config that a file of that text would be; raise ConfigError as `load` does."""
    raw = _parsed(path, text)
    tables, lines = problems.found(raw, growing=growing)
    found = [f"{path}: {line}" for line in lines]
    found += _standards(path, raw, tables["standards"], wrong=bool(found))
    if found:
        raise errors.ConfigError(tuple(found))
    return _config(path.resolve(), tables)


def page_problems(fields: dict[str, Any]) -> tuple[str, ...]:
    """Return what is wrong with the keys of one page, each as `key: what is wrong; the mend`."""
    return tuple(line.removeprefix("page.") for line in problems.of_page(fields))


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason = f"is not TOML: {error}; correct that line"
        raise errors.ConfigError((f"{path}: {reason}",)) from error
    except RecursionError as error:
        reason = "is nested deeper than any config; take the brackets out"
        raise errors.ConfigError((f"{path}: {reason}",)) from error


def _standards(path: Path, raw: dict[str, Any], given: Any, *, wrong: bool) -> Iterator[str]:
    """Yield the rules about standards that there are not, and the faults of the user's own entries.

    Those are read only where a rule needs them, or where the config is refused anyway: whoever corrects one sees all.
    """
    rules = [(index, rule) for index, rule in between.rows(raw, "rules") if rule.get("standard")]
    extra = str(path.resolve().parent / given.extra) if given and given.extra else None
    if not rules and not (wrong and extra):
        return
    try:
        known = standards.load(extra).standards
    except errors.CatalogueError as error:
        yield from str(error).splitlines()
        return
    names = (name for standard in known for name in (standard.id, standard.name))
    yield from (f"{path}: {line}" for line in between.standards(rules, names))


def _config(path: Path, tables: problems.Tables) -> Config:
    folder = path.parent
    store, guard = tables["store"], tables["guard"]
    extra = tables["standards"].extra
    smtp = tables.get("smtp")
    return Config(
        path=path,
        database=folder / store.database,
        snapshots=folder / store.snapshots,
        reports=folder / store.reports,
        schedule=_schedule(tables["schedule"]),
        extra=folder / extra if extra else None,
        pages=tuple(_page(folder, page) for _, page in tables["pages"]),
        rules=tuple(Rule(**rule.model_dump()) for _, rule in tables["rules"]),
        alerts=tuple(_alert(alert) for _, alert in tables["alerts"]),
        limits=_limits(tables["fetch"]),
        budget=Budget(tables["fetch"].read_seconds),
        guard=Guard(guard.min_claims, guard.share),
        smtp=Smtp(**smtp.model_dump()) if smtp else None,
    )


def _schedule(given: Any) -> Schedule:
    default = cron.every(given.every) if given.every else cron.parse(given.cron or "0 6 * * *")
    return Schedule(default, ZoneInfo(given.timezone))


def _page(folder: Path, given: Any) -> Page:
    fields = given.model_dump()
    is_url = "://" in given.url
    url = given.url if is_url else str((folder / given.url).resolve())
    pairs = {name: tuple(sorted(fields[name].items())) for name in ("headers_env", "cookies_env")}
    full_every = spans.span(given.full_every) if given.full_every else None
    made = {"url": url, "ignore": tuple(given.ignore), "full_every": full_every}
    return Page(**{**fields, **pairs, **made})


def _alert(given: Any) -> Alert:
    # A webhook's address often is its own credential: people and rows see its host, and a digest to tell two apart.
    name = given.name or given.to.removeprefix("mailto:")
    if given.name is None and "://" in given.to:
        name = f"{egress.parted(given.to)[0]} #{hashlib.sha256(given.to.encode()).hexdigest()[:6]}"
    return Alert(given.to, given.severity, given.daily, name, given.secret_env)


def _limits(given: Any) -> Limits:
    contact = f" (+{given.contact})" if given.contact else ""
    agent = given.user_agent or f"claimwatch/{pipeline.__version__}{contact}"
    return Limits(
        **{
            **given.model_dump(exclude={"contact", "read_seconds"}),
            "user_agent": agent,
            "allow": tuple(given.allow),
            "full_every": spans.span(given.full_every),
        }
    )

"""A parsed file that was found valid → Config: paths made absolute, words made values,
what is left out as it is usually.

Judges nothing: `problems` did, or did so before of the same text.
The usual values are those of the values' own classes.
"""

from __future__ import annotations

import hashlib
import platform
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pipeline
from pipeline import egress, visible
from pipeline.config import blackouts, cron, spans
from pipeline.config.values import Config, Guard, Monitor, Schedule, Serve, Sitemap, User
from pipeline.egress import Limits
from pipeline.model import Page
from pipeline.rules import Alert, Requirement, Rule, Smtp
from pipeline.workers import Budget

Table = dict[str, Any]

OWNER = "owner"
"""Who an alert is to that goes to the owner of the page, where that is a mail address."""
MAIL = re.compile(r"mailto:[^\s@<>,;:\"?]+@[^\s@<>,;:\"?]+")
CONDITIONS = ("kind", "change", "standard", "vendor", "page", "owner", "tier")
"""What an alert may be for alone, each one value or several."""
_NAMES = ("vendor", "product", "owner", "tier", "ref")
_CONDITIONS = ("field", "standard", "vendor", "page", "text")
_SECONDS = ("timeout", "total", "delay")


def config(path: Path, raw: Table) -> Config:
    """Return the config that a file at that absolute path is, which holds those tables."""
    folder = path.parent
    store, fetch = raw.get("store", {}), raw.get("fetch", {})
    extra = raw.get("standards", {}).get("extra")
    executor = raw.get("engine", {}).get("executor", "local")
    return Config(
        path=path,
        database=folder / store.get("database", "claims.db"),
        snapshots=folder / store.get("snapshots", "snapshots"),
        reports=folder / store.get("reports", "reports"),
        schedule=_schedule(path, raw.get("schedule", {})),
        extra=folder / extra if extra else None,
        pages=tuple(_page(folder, page) for page in raw.get("pages", ())),
        rules=tuple(Rule(**_named(rule, _CONDITIONS)) for rule in raw.get("rules", ())),
        requirements=tuple(_requirement(one) for one in raw.get("requirements", ())),
        alerts=tuple(_alerts(raw)),
        limits=_limits(fetch),
        budget=Budget(float(fetch["read_seconds"])) if "read_seconds" in fetch else Budget(),
        guard=Guard(**_floats(raw.get("guard", {}), ("share",))),
        smtp=_smtp(raw["smtp"]) if "smtp" in raw else None,
        monitor=_monitor(folder, raw.get("monitor", {})),
        serve=_serve(raw.get("serve", {})),
        users=tuple(User(**_named(user, ("name",))) for user in raw.get("users", ())),
        scheduler=None if executor == "local" else executor,
        sitemaps=tuple(_sitemap(one) for one in raw.get("sitemaps", ())),
        reviewer=_named(raw.get("review", {}), ("reviewer",)).get("reviewer"),
    )


def _named(given: Table, names: tuple[str, ...]) -> Table:
    # A name that was pasted from a page may bring a soft hyphen or a direction mark along.
    return given | {name: visible.line(given[name]) for name in names if name in given}


def _floats(given: Table, names: tuple[str, ...]) -> Table:
    return given | {name: float(given[name]) for name in names if name in given}


def _schedule(path: Path, given: Table) -> Schedule:
    every = given.get("every")
    default = cron.every(every) if every else cron.parse(given.get("cron", "0 6 * * *"))
    return Schedule(
        default,
        ZoneInfo(given.get("timezone", "UTC")),
        spans.span(given.get("jitter", "0 minutes")),
        tuple(map(blackouts.parse, _texts(given.get("blackouts", [])))),
        f"{platform.node()} {path}",
    )


def _page(folder: Path, given: Table) -> Page:
    fields = _named(given, _NAMES)
    if "://" not in given["url"]:
        fields["url"] = str((folder / given["url"]).resolve())
    for name in ("headers_env", "cookies_env"):
        if name in given:
            fields[name] = tuple(sorted(given[name].items()))
    if "ignore" in given:
        fields["ignore"] = tuple(given["ignore"])
    if "full_every" in given:
        fields["full_every"] = spans.span(given["full_every"])
    return Page(**fields)


def _requirement(given: Table) -> Requirement:
    fields = _named(given, ("service", "vendor", "page", "owner"))
    for name in ("standards", "editions"):
        if name in given:
            fields[name] = _texts(given[name])
    return Requirement(**fields)


def _texts(given: str | list[str]) -> tuple[str, ...]:
    return tuple(map(visible.line, [given] if isinstance(given, str) else given))


def _alerts(raw: Table) -> Iterator[Alert]:
    """Yield the alerts; one to the owners of pages as one for each owner
    whose name is a mail address.
    """
    for number, given in enumerate(raw.get("alerts", ()), 1):
        if given["to"] != OWNER:
            yield _alert(given, number)
            continue
        for owner in owners(raw.get("pages", ())):
            only = {name: value for name, value in given.items() if name != "owner"}
            yield _alert(only | {"to": f"mailto:{owner}", "owner": owner}, number)


def owners(pages: Iterable[Table]) -> tuple[str, ...]:
    """Return the owners of pages whose name is a mail address, each once."""
    names = (visible.line(str(page.get("owner", ""))) for page in pages)
    return tuple(dict.fromkeys(name for name in names if MAIL.fullmatch(f"mailto:{name}")))


def _alert(given: Table, number: int) -> Alert:
    fields, to = _named(given, ("name",)), given["to"]
    only = tuple((name, _texts(fields.pop(name))) for name in CONDITIONS if name in fields)
    # A webhook's address often is its own credential: people and rows see its host,
    # and a digest to tell two apart.
    fields.setdefault("name", to.removeprefix("mailto:"))
    if "name" not in given and "://" in to:
        digest = hashlib.sha256(to.encode()).hexdigest()[:6]
        scheme = to.partition("://")[0].lower()
        shown = egress.parted(to)[0] if scheme in ("http", "https") else scheme
        fields["name"] = f"{shown} #{digest}"
    return Alert(**fields, only=only, number=number)


def _limits(given: Table) -> Limits:
    fields = _floats(given, _SECONDS)
    fields.pop("read_seconds", None)
    contact = fields.pop("contact", None)
    said = f" (+{contact})" if contact else ""
    fields.setdefault("user_agent", f"claimwatch/{pipeline.__version__}{said}")
    if "allow" in given:
        fields["allow"] = tuple(given["allow"])
    if "full_every" in given:
        fields["full_every"] = spans.span(given["full_every"])
    return Limits(**fields)


def _serve(given: Table) -> Serve:
    return Serve(**given | {"hosts": tuple(given.get("hosts", ()))})


def _monitor(folder: Path, given: Table) -> Monitor:
    paths = {name: folder / given[name] for name in ("heartbeat", "metrics") if name in given}
    ping = given["ping"].rstrip("/") if "ping" in given else None
    canary = None
    if "canary" in given:
        canary = _alert({"to": given["canary"], "secret_env": given.get("canary_secret_env")}, 0)
    every = spans.span(given["every"]) if "every" in given else None
    return Monitor(**paths, ping=ping, every=every, canary=canary)


def _sitemap(given: Table) -> Sitemap:
    return Sitemap(given["url"], tuple(word.lower() for word in _texts(given.get("match", []))))


def _smtp(given: Table) -> Smtp:
    fields = _floats(given, ("timeout",))
    return Smtp(sender=fields.pop("from"), **fields)

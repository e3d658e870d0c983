"""A page of our own that changes every day → whether its change was found and sent, end to end.

Served on loopback and watched by the very run that watches all other pages, in a folder that is
gone afterwards: nothing of it is in the record. Whoever gets its message every day, a watchdog
above all, knows by its absence that something between the network and the mail server is broken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from pipeline import history, sources
from pipeline.config import Config, Monitor
from pipeline.errors import ClaimwatchError
from pipeline.model import Failed, HeldBack, Page, Run
from pipeline.rules import Alert

PAGE = """<!doctype html><html lang="en"><head><title>Canary trust centre</title></head><body>
<main><h1>Canary trust centre</h1>
<p>This page belongs to claimwatch. It changes every day, so that its change can be looked for.</p>
<h2>Certifications</h2>
<p>Canary Desk is certified to ISO/IEC 27001:2022. The certificate is valid until {until}.</p>
<p>Canary Desk has completed a SOC 2 Type 2 audit.</p>
</main></body></html>
"""
Runs = Callable[[Config, sources.Client, datetime], Run]
"""One pass over a config's pages at an instant, through a client."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a trial takes: the config, how a pass is made, and the time."""

    config: Config
    run: Runs
    at: datetime


def trial(what: Trial, last_run_at: datetime | None) -> str | None:
    """Return why the canary's change of this day was not found, or not sent to whoever gets it;
    None where it was, where nobody does, and where this run is not the first of its day.
    """
    to, zone = what.config.monitor.canary, what.config.schedule.timezone
    days = [one and one.astimezone(zone).date() for one in (last_run_at, what.at)]
    if to is None or days[0] == days[1]:
        return None
    try:
        with TemporaryDirectory(prefix="claimwatch-canary-") as folder, _serving() as site:
            return _looked(replace(what, config=_config(what.config, to, Path(folder), site)), site)
    except ClaimwatchError as error:
        return str(error)
    except Exception as error:
        # A bug of ours that this day's page met: the run goes on, and says so to all.
        return f"a bug of ours: {type(error).__name__}: {error}"


def _looked(what: Trial, site: _Site) -> str | None:
    today = what.at.astimezone(what.config.schedule.timezone).date()
    # Loopback is reached by no proxy, and by nobody else's leave.
    limits = replace(what.config.limits, allow=(site.host,), delay=0.0, retries=0, proxy_env=None)
    with sources.Client(limits, environ={}) as client:
        site.day = today - timedelta(days=1)
        first = what.run(what.config, client, what.at - timedelta(days=1))
        site.day = today
        second = what.run(what.config, client, what.at)
    return _unread(first) or _unread(second) or _unfound(second, site) or _unsent(what.config)


def _config(config: Config, to: Alert, folder: Path, site: _Site) -> Config:
    page = Page(
        "canary", f"http://{site.host}/", vendor="The canary (nothing to do)", confirm=False
    )
    return replace(
        config,
        path=folder / "config.toml",
        database=folder / "claims.db",
        snapshots=folder / "snapshots",
        reports=folder / "reports",
        pages=(page,),
        rules=(),
        requirements=(),
        alerts=(to,),
        monitor=Monitor(),
        scheduler=None,
    )


def _unread(run: Run) -> str | None:
    for outcome in run.outcomes:
        if isinstance(outcome, Failed):
            return f"its page could not be read: {outcome.failure.reason}"
        if isinstance(outcome, HeldBack):
            return f"its page was held back: {outcome.verdict.reason}"
    return None


def _unfound(run: Run, site: _Site) -> str | None:
    until = _until(site.day)
    for one in run.told:
        # A reader without its catalogue still sees that words changed, but not of which standard.
        said = one.change.source_after
        if one.change.standard and said is not None and until in said.text:
            return None
    return "what had changed on its page was not found"


def _unsent(config: Config) -> str | None:
    outbox = history.outbox(history.open(config.database))
    if not outbox:
        return "no message was made of what had changed on its page"
    untaken = [row for row in outbox if row["status"] != "sent"]
    return f"its message was not taken: {untaken[0]['error']}" if untaken else None


def _until(day: date) -> str:
    ends = day + timedelta(days=365)
    return f"{ends.day} {ends:%B} {ends.year}"


class _Site(ThreadingHTTPServer):
    """The canary's page, as it is on `day`."""

    daemon_threads = True
    day = date.min

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: _Site

    def do_GET(self) -> None:
        found = self.path == "/"
        body = PAGE.format(until=_until(self.server.day)).encode() if found else b""
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing on standard error."""


@contextmanager
def _serving() -> Iterator[_Site]:
    with _Site(("127.0.0.1", 0), _Handler) as site:
        thread = Thread(target=site.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            site.shutdown()
            thread.join()

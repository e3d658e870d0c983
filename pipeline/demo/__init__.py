"""The bundled example site → runs of the real pipeline, one for each of its dated states,
in a folder of its own.

Goes in by the same door as `run` and leaves the folder as any other: a config, a database,
snapshots and reports. Prints nothing; whoever plays it is told of each state and of what its run
found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path
from typing import Any

from pipeline import config, files, standards, track
from pipeline.demo import server, states
from pipeline.demo.states import SITE, Site, State
from pipeline.model import Run

__all__ = ["SITE", "Site", "State", "Step", "play"]

LOOK_AT = time(6, 0, tzinfo=UTC)
CONFIG = """\
# The example site, as the demo watched it. Its server is gone,
# but everything that asks the store still works:
#   claimwatch --config {path} changes

[store]
database = "claims.db"
snapshots = "snapshots"
reports = "reports"

[fetch]
# The site was served on loopback, which is reached only where it is allowed by name.
allow = ["{host}"]
delay = 0
retries = 0
"""
PAGE = """
[[pages]]
id = "{id}"
url = "http://{host}/trust/{file}"
vendor = "{vendor}"
"""
INBOX = """
[[alerts]]
to = "http://{host}/inbox"
severity = "medium"
name = "the demo's inbox"
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One state of the site, what the run over it found, and the alerts that it sent."""

    state: State
    run: Run
    sent: tuple[Any, ...]


def play(
    folder: Path, tell: Callable[[Step], None], *, site: Path = SITE, alerts: str = INBOX
) -> Sequence[Step]:
    """Watch the site change from its first state to its last, and return every step.

    `alerts` is what the config says of alerts (and of a mail server),
    with `{host}` for the site's own.
    """
    told = states.load(site)
    steps = []
    with server.serving() as serving:
        path = folder / "config.toml"
        files.write(path, _config(told, path, serving.host, alerts))
        settings = config.load(path)
        catalogue = standards.load()
        for state in told.states:
            serving.state = state
            posted = len(serving.inbox)
            run = track.run(settings, catalogue, now=_clock(state))
            steps.append(Step(state, run, tuple(serving.inbox[posted:])))
            tell(steps[-1])
    return steps


def _clock(state: State) -> Callable[[], datetime]:
    """Return a clock that stands at six in the morning of the state's day."""
    return partial(datetime.combine, state.on, LOOK_AT)


def _config(site: Site, path: Path, host: str, alerts: str) -> str:
    pages = "".join(
        PAGE.format(id=page, host=host, file=file, vendor=site.vendor)
        for page, file in site.pages.items()
    )
    return CONFIG.format(path=path, host=host) + pages + alerts.replace("{host}", host)

"""One page, looked at on the days that a test names, by a whole run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline import config, standards, track
from pipeline.model import Outcome

START = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def runs(folder: Path, url: str, keys: str = "") -> Callable[[float], tuple[Outcome, ...]]:
    """Return what looks at a page on a day and returns what came of it."""
    path = folder / "config.toml"
    path.write_text(
        '[fetch]\nallow = ["localhost"]\ndelay = 0.0\nretries = 0\nrobots = false\n'
        f"{keys.format(url=url)}"
        + ("" if "[[pages]]" in keys else f'[[pages]]\nid = "p"\nurl = "{url}"\nvendor = "Acme"\n'),
        encoding="utf-8",
    )
    ours = config.load(path)
    return lambda day: (
        track.run(ours, standards.load(), now=lambda: START + timedelta(days=day)).outcomes
    )

"""`review PAGE --accept`: a capture that was held back is accepted, and what that changed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pipeline.model import Word
    from pipeline.standards import Catalogue
    from pipeline.track import Store


def release(store: Store, catalogue: Catalogue, word: Word) -> int:
    """Accept the capture of a page that is held back, and show what that changed."""
    from pipeline import track
    from pipeline.cli import runs, screen
    from pipeline.report import phrases

    done = track.release(store, catalogue, word, now=lambda: datetime.now(UTC))
    out = screen.console()
    runs.run(out, done, store.config.schedule.timezone)
    runs.headline(out, done)
    if track.has_news(done):
        index = store.config.reports / "index.html"
        click.echo(f"Report: {index.as_uri()}", err=True)
    many = phrases.count(len(done.told), "change")
    click.echo(f"{word.page}: accepted by {word.who}; {many} reported.")
    return 0

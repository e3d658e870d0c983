"""The config → the database that is asked, with a warning where `snapshots/`
beside it are not its own. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING

import click

from pipeline import visible

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.history import Database

SHOWN = 5
"""How many journals are named that do not fit; of the others, how many there are."""


def database(config: Config) -> Database:
    """Open the database of a config to answer from.

    What does not fit beside it is said on standard error.
    """
    from pipeline import history

    db = history.open(config.database)
    warn(config, db)
    return db


def warn(config: Config, db: Database) -> None:
    """Say on standard error which journals and the database do not fit,
    and which of the two is newer.
    """
    said = _apart(config, db)
    for line in chain(islice(said, SHOWN), _others(said)):
        click.echo(f"claimwatch: {visible.line(line)}", err=True)


def _others(said: Iterator[str]) -> Iterator[str]:
    if left := sum(1 for _ in said):
        yield f"and {left} more journal{'s' * (left != 1)}; `claimwatch verify` names all"


def _apart(config: Config, db: Database) -> Iterator[str]:
    from pipeline import history
    from pipeline.archive import Archive

    archive, copied = Archive(config.snapshots), history.copied_to
    fits = all(
        archive.continues(page or None, *copied(db, page))
        and archive.end(page or None) <= copied(db, page)[0]
        for page in {"", *archive.pages(), *history.journals(db)}
    )
    if fits:
        return
    # What explains it is loaded only now: a question is to be answered at once.
    from pipeline.track import fitting, locking

    yield from fitting.problems(archive, db, locking.busy(config.snapshots))

"""The letters typed so far → the page ids, change ids and claim ids that begin so, for the shell. Only reads, and is silent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from pipeline import errors, visible

if TYPE_CHECKING:
    from pipeline.config import Config

MOST = 50
"""A shell lists so many ids at most, the newest first."""
SQL = {
    "change": "SELECT id, summary AS about FROM change WHERE substr(id, 1, length(?1)) = ?1 "
    "ORDER BY first_seen DESC, id LIMIT ?2",
    "claim": "SELECT claim.id AS id, claim.page || ': ' || claim.kind AS about FROM claim "
    "WHERE substr(id, 1, length(?1)) = ?1 ORDER BY id LIMIT ?2",
    "run": "SELECT id, finished_at AS about FROM run WHERE substr(id, 1, length(?1)) = ?1 "
    "ORDER BY id DESC LIMIT ?2",
}
Completing = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def of(*kinds: str) -> Completing:
    """Return what completes an argument: of `page`, `change`, `claim`, `run`, those kinds, in that order."""

    def complete(context: click.Context, parameter: click.Parameter, typed: str) -> list[Any]:
        config = _config(context)
        return [item for kind in kinds for item in _items(config, kind, typed)] if config else []

    return complete


def _config(context: click.Context) -> Config | None:
    from pipeline import config

    path = context.find_root().params.get("path")
    try:
        return config.load(Path(str(path)))
    except (
        errors.ClaimwatchError
    ):  # a shell that completes shows no message: there is nothing to offer
        return None


def _items(config: Config, kind: str, typed: str) -> Iterator[CompletionItem]:
    if kind == "page":
        for page in config.pages:
            if page.id.startswith(typed):
                yield CompletionItem(page.id, help=page.vendor or page.url)
        return
    for ident, about in _rows(config.database, SQL[kind], typed):
        yield CompletionItem(ident, help=visible.line(about or ""))


def _rows(database: Path, sql: str, typed: str) -> list[tuple[str, str]]:
    import sqlite3

    if not database.exists():
        return []
    # Opened to read alone: a key that was pressed twice writes nothing, and brings no old database up to date.
    connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, timeout=0.2)
    try:
        return connection.execute(sql, (typed, MOST)).fetchall()
    except sqlite3.Error:  # locked, or of an earlier version: there is nothing to offer just now
        return []
    finally:
        connection.close()

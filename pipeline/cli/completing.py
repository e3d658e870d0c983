"""The letters typed so far → the page ids, change ids and claim ids that begin so, for the shell.

Only reads, and is silent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from pipeline import errors, visible

if TYPE_CHECKING:
    from pipeline.config import Config

Completing = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def of(*kinds: str) -> Completing:
    """Return what completes an argument: of `page`, `change`, `claim`, `run`,
    those kinds, in that order.
    """

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
    from pipeline import history

    if kind == "page":
        for page in config.pages:
            if page.id.startswith(typed):
                yield CompletionItem(page.id, help=page.vendor or page.url)
        return
    for ident, about in history.beginning(config.database, kind, typed):
        yield CompletionItem(ident, help=visible.line(about or ""))

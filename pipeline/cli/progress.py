"""What `track` tells while it works → a bar on a terminal; where nobody watches, warnings alone.

Standard error only.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pipeline import visible

_STEP = re.compile(r"(\d+) of (\d+) pages: (.*)", re.DOTALL)
Tell = Callable[[str], None]


@contextmanager
def shown() -> Iterator[Tell]:
    """Yield a callable that is told what goes on: steps move the bar,
    anything else is a line of its own.
    """
    if not sys.stderr.isatty():
        yield _aloud
        return
    with _bar() as tell:
        yield tell


@contextmanager
def _bar() -> Iterator[Tell]:
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    from pipeline.cli import screen

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=screen.console(stderr=True), transient=True) as bar:
        task = bar.add_task("pages", total=None)

        def tell(text: str) -> None:
            if step := _STEP.fullmatch(text):
                bar.update(
                    task,
                    completed=int(step[1]),
                    total=int(step[2]),
                    description=visible.text(step[3].split(":")[0]),
                )
            else:
                bar.console.print(visible.text(text))

        yield tell


def _aloud(text: str) -> None:
    if not _STEP.fullmatch(text):
        print(f"claimwatch: {visible.text(text)}", file=sys.stderr)

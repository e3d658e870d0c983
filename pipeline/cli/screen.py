"""Tables and sentences of rich → standard output or error,
which show only what a reader sees of them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from pipeline import visible
from pipeline.cli.printing import Stream

PIPED_WIDTH = 160


class Screen(Console):
    """A console whose own colours and moves pass, and nothing else that steers a terminal."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Yield the pieces of what is shown."""
        for piece in super().render(renderable, options):
            yield piece if piece.control else piece._replace(text=visible.text(piece.text))


class _Through:
    """A stream that takes what is clean already, with the codes that colour it."""

    def __init__(self, stream: Stream) -> None:
        self.write, self.flush = stream.through, stream.flush
        self.isatty, self.fileno = stream.isatty, stream.fileno
        self.encoding = stream.encoding


def console(*, stderr: bool = False) -> Console:
    """Return a console for standard output or error; wide where nobody's window limits it."""
    stream: Any = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() or os.environ.get("COLUMNS") else PIPED_WIDTH
    file: Any = _Through(stream) if isinstance(stream, Stream) else stream
    return Screen(file=file, width=width, highlight=False, markup=False, emoji=False)

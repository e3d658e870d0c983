"""The `claimwatch` command. The only room that prints."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from typing import NoReturn


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit with its status."""
    gc.set_threshold(50_000)  # nothing that a start makes is ever thrown away
    try:
        from pipeline.cli import command  # within, for Ctrl-C may come before all of it is there

        sys.exit(command.run(list(sys.argv[1:] if argv is None else argv)))
    except KeyboardInterrupt:
        print("claimwatch: stopped by Ctrl-C", file=sys.stderr)
        sys.exit(130)
    finally:
        gc.freeze()  # and what ends is not looked through for circles

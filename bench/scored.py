"""Run the scorer of gold cases with the product in its own process:
hundreds of starts would take most of its time.

python bench/scored.py SCORE.PY [its arguments]
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import sys
from pathlib import Path
from typing import Any

from pipeline.cli import main as command


def run(_: object, *arguments: str) -> tuple[Any, str]:
    """Return what a command prints as JSON, or None and how it failed;
    stands in for the scorer's own `run`.
    """
    out, err = io.StringIO(), io.StringIO()
    before, sys.argv = sys.argv, ["claimwatch", *arguments, "--format", "json"]
    status: object = 0
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            command()
    except SystemExit as left:
        status = left.code or 0
    finally:
        sys.argv = before
    return (
        (None, f"exit {status}: {err.getvalue()[-300:]}")
        if status
        else (json.loads(out.getvalue()), "")
    )


def main() -> int:
    """Load the scorer that is named first, and let it score."""
    path = Path(sys.argv.pop(1))
    spec = importlib.util.spec_from_file_location("score", path)
    assert spec
    assert spec.loader
    scorer = importlib.util.module_from_spec(spec)
    sys.modules["score"] = scorer
    spec.loader.exec_module(scorer)
    scorer.run = run
    return int(scorer.main() or 0)


if __name__ == "__main__":
    sys.exit(main())

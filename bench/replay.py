"""Replay real revision histories: how much an analyst must read, against a line diff,
and what form alone raises.

    python bench/replay.py [CORPUS] [--page TEXT] [--alarms]

CORPUS is a folder of folders of dated revisions with a `page.json` (default: the environment
variable CLAIMWATCH_CORPUS). For every consecutive pair of revisions of every page the two readings
are compared. Printed for each page: the steps; the changes at medium or above, and the entries that
an analyst reads for them (changes of one cause are one entry, as in a report); the entries of any
kind; the hunks of `git diff` between the same two files; and the steps that a simple program took
for form (front matter, whitespace, markup, links only) with how many of them raised something at
medium or above. Totals, medians and the share of formal steps that raised an alarm close the table.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline import diff, extract, parse, standards
from pipeline.errors import ClaimwatchError
from pipeline.model import ALERTING, Page, Reading, Snapshot
from pipeline.report import folding

FORM_KINDS = (
    "front-matter-only",
    "whitespace-only",
    "markup-only",
    "link-only",
    "links-only",
    "front matter",
    "whitespace",
    "markup",
    "link",
)
MEDIA = {".html": "text/html", ".md": "text/markdown"}


@dataclass(frozen=True)
class Step:
    """One pair of revisions: what was told of it."""

    before: str
    after: str
    kind: str
    alerting: tuple[str, ...]
    alerts: int
    entries: int
    hunks: int

    @property
    def formal(self) -> bool:
        """Return whether a simple program took the step for form alone."""
        return any(word in self.kind for word in FORM_KINDS)


def reading(path: Path) -> Reading | None:
    """Read a revision; None when it is not a page at all."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    snapshot = Snapshot(
        Page(path.parent.name, str(path)),
        at,
        at,
        "dir",
        str(path),
        MEDIA.get(path.suffix, ""),
        path.read_bytes(),
    )
    try:
        return extract.reading(parse.document(snapshot), standards.load())
    except ClaimwatchError:
        return None


def hunks(before: Path, after: Path) -> int:
    """Count the hunks of a line diff as git makes it."""
    done = subprocess.run(
        ["git", "diff", "--no-index", "--no-color", "-U0", "--", before, after],
        capture_output=True,
        text=True,
        check=False,
    )
    return sum(line.startswith("@@") for line in done.stdout.splitlines())


def steps(folder: Path) -> list[Step]:
    """Compare each revision of a page with the one before it;
    a revision that cannot be read is passed over.
    """
    meta = json.loads((folder / "page.json").read_text(encoding="utf-8"))
    found: list[Step] = []
    last: tuple[Path, Reading] | None = None
    for revision in meta["revisions"]:
        path = folder / revision["file"]
        now = reading(path)
        if now is None:
            continue
        if last is not None:
            changes = diff.comparison(last[1], now, standards.load()).changes
            raised = [change for change in changes if change.severity in ALERTING]
            loud = tuple(f"{change.severity}: {change.summary}" for change in raised)
            kind = revision.get("auto_change_kind", "")
            found.append(
                Step(
                    last[0].name,
                    path.name,
                    kind,
                    loud,
                    len(folding.changes(raised)),
                    len(folding.changes(changes)),
                    hunks(last[0], path),
                )
            )
        last = (path, now)
    return found


def row(name: str, done: list[Step]) -> str:
    """Return one line of the table."""
    formal = [step for step in done if step.formal]
    numbers = (
        len(done),
        sum(len(step.alerting) for step in done),
        sum(step.alerts for step in done),
        sum(step.entries for step in done),
        sum(step.hunks for step in done),
        len(formal),
        sum(bool(step.alerting) for step in formal),
    )
    return f"{name[:48]:48}" + "".join(f"{number:>9}" for number in numbers)


def main() -> int:
    """Print the table; 2 without a corpus."""
    ask = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    ask.add_argument("corpus", nargs="?", type=Path, default=os.environ.get("CLAIMWATCH_CORPUS"))
    ask.add_argument("--page", default="", help="only pages whose folder holds this text")
    ask.add_argument(
        "--alarms", action="store_true", help="list what each step raised at medium or above"
    )
    given = ask.parse_args()
    if not given.corpus:
        ask.error("name a corpus, or set CLAIMWATCH_CORPUS")
    folders = sorted(
        path.parent
        for path in Path(given.corpus).glob("*/page.json")
        if given.page in path.parent.name
    )
    print(
        f"{'page':48}"
        + "".join(
            f"{head:>9}"
            for head in ("steps", "medium+", "read", "entries", "hunks", "form", "alarmed")
        )
    )
    every: list[Step] = []
    with ProcessPoolExecutor() as pool:
        for folder, done in zip(folders, pool.map(steps, folders), strict=True):
            every += done
            print(row(folder.name, done), flush=True)
            for step in done if given.alarms else ():
                for told in step.alerting:
                    print(f"    {step.before[:15]} → {step.after[:15]} [{step.kind}] {told[:150]}")
    print(row("all pages", every))
    if every:
        entries, lines = (
            statistics.median(getattr(step, name) for step in every)
            for name in ("entries", "hunks")
        )
        print(f"median of a step: {entries} entries, {lines} hunks")
        formal = [step for step in every if step.formal]
        alarmed = sum(bool(step.alerting) for step in formal)
        print(f"of the steps of form alone {alarmed / max(len(formal), 1):.1%} raised an alarm")
        loud = [step.alerts for step in every if step.alerting]
        print(f"median of a step that alarms: {statistics.median(loud or [0])} entries to read")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""What a run without changes costs as pages, looks and reports grow tenfold:
linear in pages, and in nothing else.

    python bench/growth.py [--most 3000]

No network and no page is read: each look finds at once that the page stands. Printed are processor
seconds of the run, and of its preparing alone, per page; the statements that it asks of SQLite per
page; and each as a share of the row above. Of looks and reports that are stored, only what the run
costs may be compared: it must not grow.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path

import quiet

from pipeline import standards, track
from pipeline.config import Config
from pipeline.track import publishing, resuming
from pipeline.track.desk import Desk

PAGES = 100
REPEATS = 3


def cost(given: Config) -> tuple[float, float]:
    """Return the processor seconds of a run, and of preparing one, the least of some."""
    runs, prepared = [], []
    for repeat in range(REPEATS):
        begun = time.process_time()
        quiet.run(given, days=100 + repeat)
        runs.append(time.process_time() - begun)
        with track.open(given) as store, Desk(standards.load(), given.budget) as desk:
            begun = time.process_time()
            resuming.prepare(store, given.pages, desk, at=quiet.START)
            prepared.append(time.process_time() - begun)
    return min(runs), min(prepared)


def row(what: str, given: Config, before: tuple[float, ...] | None) -> tuple[float, ...]:
    """Print and return what a run costs for each page."""
    number = len(given.pages)
    run, prepared = (1000 * one / number for one in cost(given))
    asked = len(quiet.statements(given, days=200)) / number
    found = run, prepared, asked
    shares = (
        ""
        if before is None
        else "".join(f" x{a / b:.2f}" for a, b in zip(found, before, strict=True))
    )
    print(
        f"{what:24} {run:8.3f} ms run {prepared:8.3f} ms preparing {asked:8.1f} statements{shares}",
        flush=True,
    )
    return found


def reports(folder: Path, number: int) -> None:
    """Put so many old reports beside the one that is there."""
    first = next(folder.glob("*.json"))
    for copy in range(number):
        for suffix in ("json", "html", "md"):
            shutil.copy(first.with_suffix(f".{suffix}"), folder / f"2020-01-01T{copy:06}Z.{suffix}")


def publishing_of(given: Config, number: int) -> float:
    """Return the processor seconds that one more report takes beside so many."""
    failed = quiet.run(given, 300, lambda page, known, now: quiet.failed(page, now))
    reports(given.reports, number)
    taken = []
    for _ in range(REPEATS):
        begun = time.process_time()
        publishing.publish(given.reports, failed)
        taken.append(time.process_time() - begun)
    return min(taken)


def main() -> None:
    """Measure."""
    given = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    given.add_argument("--most", type=int, default=3000, help="pages, and looks of one page")
    most = given.parse_args().most
    with tempfile.TemporaryDirectory(prefix="claimwatch-growth-") as work:
        before = None
        for number in (one for one in (30, 300, 3000, 30000) if one <= most):
            (folder := Path(work) / f"pages-{number}").mkdir()
            made = quiet.configured(folder, number)
            quiet.stored(made)
            before = row(f"{number} pages", made, before)
        before = None
        for number in (one for one in (3, 30, 300) if 10 * one <= most):
            (folder := Path(work) / f"looks-{number}").mkdir()
            made = quiet.configured(folder, PAGES)
            quiet.stored(made, number)
            before = row(f"{number} looks a page", made, before)
        taken = None
        for number in (one for one in (3, 30, 300, 3000) if one <= most):
            (folder := Path(work) / f"reports-{number}").mkdir()
            made = quiet.configured(folder, 3)
            quiet.stored(made)
            now = publishing_of(made, number)
            share = f" x{now / taken:.2f}" if taken else ""
            print(f"{number} reports: one more takes {1000 * now:.1f} ms{share}", flush=True)
            taken = now


if __name__ == "__main__":
    main()

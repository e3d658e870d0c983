"""What a start costs: `--help`, `status`, `claims` and `changes` as multiples
of a bare Python, interleaved.

    python bench/starting.py [--repeats 15] [--pages 20]

A bare Python is `python -c "import sqlite3, argparse, json"`. Printed are the medians of processor
time of whole processes, the ratios, how many modules each has imported when it ends. No page is
read and nothing is fetched.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import peers
import quiet

BARE = "import sqlite3, argparse, json"
OURS = "import sys; from pipeline.cli import main; main(sys.argv[1:])"
COMMANDS = (("--help",), ("status",), ("claims",), ("changes",))


def once(folder: Path, code: str, *arguments: str) -> float:
    """Return the processor seconds of a process."""
    command = [sys.executable, "-c", code, *arguments]
    quietly = subprocess.DEVNULL
    process = subprocess.Popen(
        command, cwd=folder, stdout=quietly, stderr=quietly, env=peers.as_installed()
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return used.ru_utime + used.ru_stime


def modules(folder: Path, *arguments: str) -> int:
    """Return how many modules a command has imported when it ends."""
    code = (
        "import atexit, sys; atexit.register(lambda: "
        f"print(len(sys.modules), file=sys.stderr)); {OURS}"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stderr.split()[-1])


def measured(folder: Path, pages: int, repeats: int) -> dict[tuple[str, ...], list[float]]:
    """Return what each command costs over a store of so many pages, interleaved;
    `()` is the bare Python.
    """
    quiet.stored(quiet.configured(folder, pages), 3)
    for arguments in COMMANDS:
        once(folder, OURS, *arguments)
    took: dict[tuple[str, ...], list[float]] = {(): []}
    for _ in range(repeats):
        took[()].append(once(folder, BARE))
        for arguments in COMMANDS:
            took.setdefault(arguments, []).append(once(folder, OURS, *arguments))
    return took


def main() -> None:
    """Measure."""
    given = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    given.add_argument("--repeats", type=int, default=15)
    given.add_argument("--pages", type=int, default=20)
    chosen = given.parse_args()
    with tempfile.TemporaryDirectory(prefix="claimwatch-starting-") as work:
        folder = Path(work)
        took = measured(folder, chosen.pages, chosen.repeats)
        bare = median(took[()])
        print(f"{'bare':10} {1000 * bare:7.1f} ms")
        for arguments in COMMANDS:
            cpu = median(took[arguments])
            many = modules(folder, *arguments)
            print(f"{arguments[0]:10} {1000 * cpu:7.1f} ms  x{cpu / bare:.2f}  {many} modules")


if __name__ == "__main__":
    main()

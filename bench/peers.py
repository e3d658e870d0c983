"""claimwatch beside urlwatch on the same pages of loopback: a first run, runs without changes, runs with a tenth changed.

    python bench/peers.py [--pages 1000] [--repeats 5] [--envs FOLDER] [--only same]

Each has an environment of its own, and politeness is off for all alike: no pause, no robots.txt. Runs are interleaved, one of
each program in turn; printed are the medians of wall and processor time of the whole process, start and children included,
the peak of memory, and claimwatch as a share of urlwatch. Environments are made once, below `--envs`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.request import urlopen

HERE = Path(__file__).parent
URLWATCH = ("urlwatch==2.29", "html2text")
COMMAND = (sys.executable, "-c", "from pipeline.cli import main; main()", "run")
CONFIG = """\
[fetch]
delay = 0
per_host = 16
robots = false
allow = ["127.0.0.1:{port}"]
"""
PAGE = """
[[pages]]
id = "page-{number}"
url = "http://127.0.0.1:{port}/page/{number}.html"
vendor = "Vendor {vendor}"
"""
JOB = "---\nname: page-{number}\nurl: http://127.0.0.1:{port}/page/{number}.html\nfilter:\n- html2text\n"
QUIET = (
    "report:\n  text:\n    line_length: 75\n  stdout:\n    enabled: true\ndisplay:\n  new: false\n"
)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took: seconds by the clock and of processors, and MiB at its peak."""

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True, slots=True)
class Program:
    """A program under measurement, ready to run in its folder."""

    name: str
    folder: Path
    command: tuple[str, ...]

    def run(self) -> Cost:
        """Run it once; raise CalledProcessError where it fails."""
        begun = time.perf_counter()
        with open(self.folder / "log.txt", "wb") as log:
            process = subprocess.Popen(self.command, cwd=self.folder, stdout=log, stderr=log)
            _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, self.command)
        wall = time.perf_counter() - begun
        return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def environment(folder: Path, packages: tuple[str, ...]) -> Path:
    """Return the Python of an environment that has the packages, made where it is missing."""
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        quiet = ["--quiet", "--disable-pip-version-check"]
        subprocess.run([str(python), "-m", "pip", "install", *quiet, *packages], check=True)
    return python


def claimwatch(folder: Path, port: int, pages: int) -> Program:
    """Return claimwatch with a config of its own."""
    folder.mkdir()
    made = [PAGE.format(number=n, port=port, vendor=n % 50) for n in range(pages)]
    (folder / "config.toml").write_text(CONFIG.format(port=port) + "".join(made))
    return Program("claimwatch", folder, COMMAND)


def urlwatch(folder: Path, port: int, pages: int, python: Path) -> Program:
    """Return urlwatch with the same pages, each turned into text."""
    folder.mkdir()
    jobs = "".join(JOB.format(number=n, port=port) for n in range(pages))
    (folder / "urls.yaml").write_text(jobs)
    (folder / "urlwatch.yaml").write_text(QUIET)
    files = {"--urls": "urls.yaml", "--config": "urlwatch.yaml", "--cache": "cache.db"}
    given = [part for pair in files.items() for part in pair]
    return Program("urlwatch", folder, (str(python.parent / "urlwatch"), *given))


def measured(programs: list[Program], port: int, repeats: int, kinds: set[str]) -> None:
    """Print a line for each kind of run."""
    _print("first", {one.name: [one.run()] for one in programs})
    state = 0
    for kind in ("same", "changed"):
        costs: dict[str, list[Cost]] = {one.name: [] for one in programs}
        for _ in range(repeats if kind in kinds else 0):
            if kind == "changed":
                state += 1
                urlopen(f"http://127.0.0.1:{port}/state/{state}").read()
            for one in programs:
                costs[one.name].append(one.run())
        if kind in kinds:
            _print(kind, costs)


def _print(kind: str, costs: dict[str, list[Cost]]) -> None:
    for name, found in costs.items():
        wall, cpu = (median(getattr(one, what) for one in found) for what in ("wall", "cpu"))
        peak = max(one.peak for one in found)
        print(f"{kind:8} {name:10} {wall:8.2f} s wall {cpu:8.2f} s CPU {peak:7.1f} MiB", flush=True)
    mine, other = costs["claimwatch"], costs["urlwatch"]
    shares = [
        median(getattr(a, what) / getattr(b, what) for a, b in zip(mine, other, strict=True))
        for what in ("wall", "cpu")
    ]
    print(f"{kind:8} claimwatch ÷ urlwatch: {shares[0]:.2f} wall, {shares[1]:.2f} CPU", flush=True)


def main() -> None:
    """Serve the pages and measure."""
    given = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    given.add_argument("--pages", type=int, default=1000)
    given.add_argument("--paragraphs", type=int, default=110, help="of a page; 110 are some 45 kB")
    given.add_argument("--repeats", type=int, default=5)
    given.add_argument(
        "--envs", type=Path, default=Path(tempfile.gettempdir()) / "claimwatch-peers"
    )
    given.add_argument("--only", choices=("same", "changed"), help="beside the first run")
    chosen = given.parse_args()
    python = environment(chosen.envs / "urlwatch", URLWATCH)
    served = [sys.executable, str(HERE / "served.py"), "--pages", str(chosen.pages)]
    served += ["--paragraphs", str(chosen.paragraphs)]
    pipe = subprocess.PIPE
    with (
        tempfile.TemporaryDirectory(prefix="claimwatch-peers-") as work,
        subprocess.Popen(served, stdin=pipe, stdout=pipe, text=True) as server,
    ):
        assert server.stdout is not None
        port = int(server.stdout.readline())
        programs = [
            claimwatch(Path(work) / "claimwatch", port, chosen.pages),
            urlwatch(Path(work) / "urlwatch", port, chosen.pages, python),
        ]
        kinds = {chosen.only} if chosen.only else {"same", "changed"}
        measured(programs, port, chosen.repeats, kinds)
        server.terminate()


if __name__ == "__main__":
    main()

"""claimwatch beside urlwatch on the same pages of loopback: a first run,
runs without changes, runs with a tenth changed.

    python bench/peers.py [--pages 1000] [--repeats 5] [--envs FOLDER]

Each has an environment of its own, and politeness is off for all alike: no pause, no robots.txt.
Runs are interleaved, one of each program in turn; printed are the medians of wall and processor
time of the whole process, start and children included, the peak of memory, and claimwatch as a
share of urlwatch. Environments are made once, below `--envs`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from urllib.request import urlopen

HERE = Path(__file__).parent
ENVS = Path(tempfile.gettempdir()) / "claimwatch-peers"
URLWATCH = ("urlwatch==2.29", "html2text")
LAUNCHER = """
import json, os, sys, time
begun = time.perf_counter()
process = os.spawnvp(os.P_NOWAIT, sys.argv[1], sys.argv[1:])
_, status, used = os.wait4(process, 0)
cost = [status, time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss]
with open("cost.json", "w") as file:
    json.dump(cost, file)
"""
# A process counts the memory of the one that forked it into its own peak,
# and a bench's own is large.
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
JOB = (
    "---\nname: page-{number}\nurl: http://127.0.0.1:{port}/page/{number}.html\nfilter:\n"
    "- html2text\n"
)
QUIET = (
    "report:\n  text:\n    line_length: 75\n  stdout:\n    enabled: true\ndisplay:\n  new: false\n"
)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took: seconds by the clock and of processors, and MiB at its peak."""

    wall: float
    cpu: float
    peak: float


Kind = tuple[str, dict[str, list[Cost]]]
"""A kind of run, and what it cost each program each time."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program under measurement, ready to run in its folder."""

    name: str
    folder: Path
    command: tuple[str, ...]

    def run(self) -> Cost:
        """Run it once; raise CalledProcessError where it fails."""
        begun = (sys.executable, "-S", "-c", LAUNCHER, *self.command)
        with open(self.folder / "log.txt", "wb") as log:
            subprocess.run(
                begun, cwd=self.folder, stdout=log, stderr=log, check=True, env=as_installed()
            )
        status, wall, cpu, peak = json.loads((self.folder / "cost.json").read_text())
        if status:
            raise subprocess.CalledProcessError(status, self.command)
        return Cost(wall, cpu, peak / 1024)


def as_installed() -> dict[str, str]:
    """Return our environment, without a wish that modules be compiled anew at each start: what is
    installed has been compiled.
    """
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


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


@dataclass(frozen=True, slots=True)
class Site:
    """Pages on loopback: how many, of how many paragraphs each, and where they are served."""

    pages: int
    paragraphs: int = 110
    port: int = 0

    def change(self, state: int) -> None:
        """Let a tenth of the pages say something new."""
        urlopen(f"http://127.0.0.1:{self.port}/state/{state}").read()


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """Yield the site with the port at which another process serves it."""
    command = [sys.executable, str(HERE / "served.py"), "--pages", str(site.pages)]
    command += ["--paragraphs", str(site.paragraphs)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as server:
        assert server.stdout is not None
        try:
            yield replace(site, port=int(server.stdout.readline()))
        finally:
            server.terminate()


def measured(programs: list[Program], site: Site, repeats: int) -> Iterator[Kind]:
    """Yield what each kind of run cost each program.

    The first is run once, the others interleaved.
    """
    yield "first", {one.name: [one.run()] for one in programs}
    state = 0
    for kind in ("same", "changed"):
        costs: dict[str, list[Cost]] = {one.name: [] for one in programs}
        for _ in range(repeats):
            if kind == "changed":
                state += 1
                site.change(state)
            for one in programs:
                costs[one.name].append(one.run())
        yield kind, costs


def share(costs: dict[str, list[Cost]], what: str) -> float:
    """Return the median of claimwatch's wall or processor time as a share
    of urlwatch's beside it.
    """
    pairs = zip(costs["claimwatch"], costs["urlwatch"], strict=True)
    return median(getattr(mine, what) / getattr(other, what) for mine, other in pairs)


def beside(site: Site, envs: Path, repeats: int) -> Iterator[Kind]:
    """Yield what runs over a site's pages cost claimwatch and urlwatch, by kind of run."""
    python = environment(envs / "urlwatch", URLWATCH)
    with tempfile.TemporaryDirectory(prefix="claimwatch-peers-") as work, serving(site) as served:
        programs = [
            claimwatch(Path(work) / "claimwatch", served.port, site.pages),
            urlwatch(Path(work) / "urlwatch", served.port, site.pages, python),
        ]
        yield from measured(programs, served, repeats)


def first(site: Site) -> Cost:
    """Return what a first run over a site's pages costs claimwatch."""
    with tempfile.TemporaryDirectory(prefix="claimwatch-peers-") as work, serving(site) as served:
        return claimwatch(Path(work) / "claimwatch", served.port, site.pages).run()


def shown(kind: str, costs: dict[str, list[Cost]]) -> None:
    """Print a line for each program, and one that compares them."""
    for name, found in costs.items():
        wall, cpu = (median(getattr(one, what) for one in found) for what in ("wall", "cpu"))
        peak = max(one.peak for one in found)
        print(f"{kind:8} {name:10} {wall:8.2f} s wall {cpu:8.2f} s CPU {peak:7.1f} MiB", flush=True)
    wall, cpu = share(costs, "wall"), share(costs, "cpu")
    print(f"{kind:8} claimwatch ÷ urlwatch: {wall:.2f} wall, {cpu:.2f} CPU", flush=True)


def main() -> None:
    """Serve the pages and measure."""
    given = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    given.add_argument("--pages", type=int, default=1000)
    given.add_argument("--paragraphs", type=int, default=110, help="of a page; 110 are some 45 kB")
    given.add_argument("--repeats", type=int, default=5)
    given.add_argument("--envs", type=Path, default=ENVS)
    chosen = given.parse_args()
    site = Site(chosen.pages, chosen.paragraphs)
    for kind, costs in beside(site, chosen.envs, chosen.repeats):
        shown(kind, costs)


if __name__ == "__main__":
    main()

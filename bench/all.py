"""Measure everything that speed is judged by, and write bench/RESULTS.md: what `make bench` calls.

    python bench/all.py [--size whole|reduced|tiny] [--only MEASURE ...] [--into FOLDER]
        [--envs FOLDER]
    python bench/all.py --profile STAGE

A measure's figures replace those that the folder holds, as soon as it ends. `tiny` shows that
everything works, and measures nothing. Other programs are installed once, each in an environment of
its own below `--envs`. --profile prints where a stage of a page's reading spends its time, by
cProfile.
"""

from __future__ import annotations

import argparse
import cProfile
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import measures  # noqa: E402  (beside the tests, whose pages it is given)
import peers  # noqa: E402
import reading  # noqa: E402
import results  # noqa: E402

SIZES = {"whole": measures.WHOLE, "reduced": measures.REDUCED, "tiny": measures.TINY}


def everything(size: measures.Size, names: list[str], into: Path, envs: Path) -> None:
    """Take every measure that is named, and write down after each what has been measured."""
    into.mkdir(parents=True, exist_ok=True)
    for name in names:
        begun = time.perf_counter()
        for figure in measures.MEASURES[name](size, envs):
            found = results.read(into / "results.json")
            results.write(found | {figure.goal: figure.stamped()}, into)
            print(f"{figure.goal:16} {figure.value:10.3f}   {figure.where}", flush=True)
        print(f"{name} took {time.perf_counter() - begun:.0f} s\n", flush=True)


def profile(stage: str) -> None:
    """Print where a stage of reading a page spends its time."""
    acts = reading.acts(reading.FORMATS[1])
    acts[stage]()  # what is loaded once is no page's cost
    cProfile.runctx("act()", {"act": acts[stage]}, {}, sort="cumtime")


def main() -> int:
    """Measure, or profile."""
    ask = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    ask.add_argument("--size", choices=SIZES, default="whole")
    ask.add_argument("--only", nargs="+", choices=measures.MEASURES, metavar="MEASURE")
    ask.add_argument("--into", type=Path, default=results.HERE)
    ask.add_argument("--envs", type=Path, default=peers.ENVS)
    ask.add_argument("--profile", choices=reading.STAGES, metavar="STAGE")
    given = ask.parse_args()
    if given.profile:
        profile(given.profile)
        return 0
    names = given.only or list(measures.MEASURES)
    everything(SIZES[given.size], names, given.into, given.envs)
    return 0


if __name__ == "__main__":
    sys.exit(main())

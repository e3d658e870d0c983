"""Backfill a page's history from git with claimwatch, beside `git-history --id`
on the same repository.

    python bench/backfilling.py [--histories 5] [--revisions 200] [--envs FOLDER]

git-history makes an item of each line that is not blank, and its id of the heading above and the
line, so that it follows texts as claimwatch follows claims. Both are processes of their own, start
included; runs are interleaved, politeness off.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import peers
import storage
from peers import Cost, Program

GIT_HISTORY = ("git-history==0.8",)
CONVERT = """
items, section = {}, ""
for line in content.decode("utf-8", "replace").splitlines():
    line = line.strip()
    if line.startswith("#"):
        section = line
    if line:
        key = hashlib.sha1((section + chr(10) + line).encode()).hexdigest()
        items[key] = {"id": key, "section": section, "text": line}
return list(items.values())
"""
CONFIG = '[[pages]]\nid = "page"\nurl = "https://alder.example/trust.md"\nvendor = "Alder"\n'
CLAIMS = (
    "Alder is certified to ISO/IEC 27001:{year}.",
    "Alder holds a SOC 2 Type {level} report of {year}.",
    "Alder is compliant with GDPR since {year}.",
    "Alder is PCI DSS Level {level} certified.",
)


@dataclass(frozen=True, slots=True)
class Both:
    """What a history's backfill cost each."""

    ours: Cost
    theirs: Cost | None


def states(seed: int, revisions: int) -> list[bytes]:
    """Return a generated history of a page of some 30 kB: edits of its lines,
    some of them claims.
    """
    dice = random.Random(seed)
    lines = storage.generated(dice).decode().split("\n")
    for place in range(20, len(lines), 20):
        claim = dice.choice(CLAIMS).format(year=dice.randint(2015, 2022), level=dice.randint(1, 2))
        lines.insert(place, f"## Part {place}\n\n{claim}\n")
    return list(storage.continued(["\n".join(lines).encode()], revisions, dice))


def programs(work: Path, found: list[bytes], python: Path | None) -> list[Program]:
    """Return claimwatch, and git-history where its Python is given,
    ready to read a repository of the states.
    """
    (folder := work / "ours").mkdir(parents=True)
    (folder / "config.toml").write_text(CONFIG)
    storage.in_git(work / "git", found)
    subprocess.run(("git", "-C", str(work / "git"), "reset", "-q", "--hard"), check=True)
    ours = (*peers.COMMAND[:-1], "backfill", "page", "--git", str(work / "git"), "--path", "page")
    made = [Program("claimwatch", folder, ours)]
    if python:
        command = (str(python.parent / "git-history"), "file", "items.db", "page", "--silent")
        given = ("--repo", str(work / "git"), "--id", "id", "--import", "hashlib")
        (folder := work / "theirs").mkdir()
        made.append(Program("git-history", folder, (*command, *given, "--convert", CONVERT)))
    return made


def backfilled(seed: int, revisions: int, python: Path | None) -> Both:
    """Return what the backfill of one history costs."""
    with tempfile.TemporaryDirectory(prefix="claimwatch-backfilling-") as work:
        costs = [one.run() for one in programs(Path(work), states(seed, revisions), python)]
    return Both(costs[0], costs[1] if python else None)


def beside(envs: Path, histories: int, revisions: int) -> list[Both]:
    """Return what backfills of some histories cost claimwatch and git-history."""
    python = peers.environment(envs / "git-history", GIT_HISTORY)
    return [backfilled(seed, revisions, python) for seed in range(histories)]


def share(found: list[Both], what: str) -> float:
    """Return the median of claimwatch's wall or processor time as a share of git-history's."""
    return median(getattr(one.ours, what) / getattr(one.theirs, what) for one in found)


def main() -> int:
    """Print a line for each history, and the medians."""
    ask = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    ask.add_argument("--histories", type=int, default=5)
    ask.add_argument("--revisions", type=int, default=200)
    ask.add_argument("--envs", type=Path, default=peers.ENVS)
    given = ask.parse_args()
    found = beside(given.envs, given.histories, given.revisions)
    for one in found:
        assert one.theirs is not None
        print(f"claimwatch {one.ours.cpu:.2f} s CPU, git-history {one.theirs.cpu:.2f} s CPU")
    wall, cpu = share(found, "wall"), share(found, "cpu")
    print(f"claimwatch ÷ git-history --id: {wall:.2f} wall, {cpu:.2f} CPU")
    return 0


if __name__ == "__main__":
    sys.exit(main())

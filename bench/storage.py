"""What the bodies of long histories take, against `git gc --aggressive`,
and what reading one back costs.

    python bench/storage.py [CORPUS] [--histories 10] [--revisions 200]

CORPUS is a folder of folders of dated revisions (default: the environment variable
CLAIMWATCH_CORPUS): its longest histories are taken, each continued by small edits of its own text
until it has as many revisions as were asked for. Without one, all are generated. Each history goes
into a git repository, a commit a revision, and into an archive: as a run stores it, and as an
earlier version did, packed afterwards. Printed of each: bytes of git's pack and its index, of our
files (bodies, patches, rows), on the disk in blocks too, and their ratio; then the time to read the
bodies, in any order, against reading and unpacking a gzip file of each: median and p95, for an
archive that reads them all and for one that is opened for each anew. Last the same of the real
histories as they are.
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from pipeline.archive import Archive, entries
from pipeline.model import Look, Page, Snapshot

START = datetime(2020, 1, 1, tzinfo=UTC)
WORDS = [
    *("certified", "audited", "report", "region", "service", "customer", "data", "encryption"),
    *("annual", "scope", "control", "review", "standard", "statement", "access", "vendor"),
    *("contract", "assessor", "period", "cloud", "request", "trust", "centre", "evidence"),
]


@dataclass(frozen=True)
class Taken:
    """What one history takes, in bytes."""

    git: int
    ours: int
    packed: int
    blocks: int

    @property
    def ratio(self) -> float:
        return self.ours / self.git


def real(corpus: Path | None, number: int) -> dict[str, list[bytes]]:
    """Return the longest histories of a corpus."""
    if corpus is None:
        return {}
    found = {}
    for folder in corpus.iterdir():
        if (folder / "page.json").exists():
            paths = sorted(path for path in folder.iterdir() if path.name != "page.json")
            found[folder.name] = [path.read_bytes() for path in paths]
    longest = sorted(found, key=lambda name: -len(found[name]))[:number]
    return {name: found[name] for name in longest}


def generated(dice: random.Random) -> bytes:
    """Return a page of some 30 kB."""
    lines = ["# A trust centre", *(sentence(dice) for _ in range(300))]
    return "\n\n".join(lines).encode()


def sentence(dice: random.Random) -> str:
    return (
        f"{' '.join(dice.choices(WORDS, k=dice.randint(6, 20)))} "
        f"{dice.randint(1, 999)}.".capitalize()
    )


def continued(states: list[bytes], number: int, dice: random.Random) -> Iterator[bytes]:
    """Yield the states and then edits of the last one: a line altered, added,
    dropped or moved, now and then put back.
    """
    yield from states[:number]
    lines = states[-1].decode("utf-8", "replace").split("\n")
    earlier = states[-1]
    for _ in range(number - len(states)):
        if dice.random() < 0.3:
            # More than a third of all versions of such pages return to an earlier state.
            yield earlier
            continue
        earlier = "\n".join(lines).encode()
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(lines))
            match dice.randrange(4):
                case 0:
                    lines[at] = sentence(dice)
                case 1:
                    lines.insert(at, sentence(dice))
                case 2 if len(lines) > 50:
                    lines.pop(at)
                case _:
                    lines.insert(at, lines.pop(dice.randrange(len(lines))))
        yield "\n".join(lines).encode()


def in_git(place: Path, states: list[bytes]) -> int:
    """Return the bytes of the pack and its index that git makes of a history."""
    subprocess.run(("git", "init", "-q", "-b", "main", str(place)), check=True)
    stream = bytearray()
    for day, body in enumerate(states):
        stream += b"commit refs/heads/main\ncommitter A <a@example.org> %d +0000\ndata 1\nx\n" % (
            START.timestamp() + 86400 * day
        )
        stream += b"M 100644 inline page\ndata %d\n%b\n" % (len(body), body)
    git = ("git", "-C", str(place))
    subprocess.run((*git, "fast-import", "--quiet"), input=bytes(stream), check=True)
    subprocess.run((*git, "gc", "--aggressive", "--prune=now", "--quiet"), check=True)
    packs = (place / ".git" / "objects" / "pack").iterdir()
    return sum(path.stat().st_size for path in packs if path.suffix in (".pack", ".idx"))


def kept(place: Path, states: list[bytes], *, patched: bool) -> Archive:
    """Return an archive with a look at each state."""
    archive, page, near = Archive(place), Page("page", "https://example.org/"), None
    for day, body in enumerate(states):
        at = START + timedelta(days=day)
        shot = Snapshot(page, at, at, "git", page.url, "text/html", body, 200)
        if not patched:
            archive.store(body)
        near = archive.keep(entries.of(Look(page, at, shot)), body, near=near).facts["digest"]
    return archive


def files(place: Path) -> list[Path]:
    return [*place.glob("blobs/*/*.gz"), *place.glob("*/patches.*")]


def taken(place: Path, states: list[bytes]) -> Taken:
    """Return what a history takes in git and in archives below a folder."""
    place.mkdir(parents=True)
    kept(place / "ours", states, patched=True)
    packed = kept(place / "packed", states, patched=False).pack()
    assert not packed.problems
    sizes = {name: [path.stat() for path in files(place / name)] for name in ("ours", "packed")}
    return Taken(
        in_git(place / "git", states),
        sum(stat.st_size for stat in sizes["ours"]),
        sum(stat.st_size for stat in sizes["packed"]),
        sum(stat.st_blocks * 512 for stat in sizes["ours"]),
    )


def unpacked(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes())


def read(place: Path, states: list[bytes], dice: random.Random) -> list[tuple[float, ...]]:
    """Return the seconds that bodies took to read: by one archive, by one of its own,
    and from a gzip file of its own.
    """
    found, plain, one = [], place / "plain.gz", Archive(place / "ours")
    for body in dice.choices(states, k=200):
        plain.write_bytes(gzip.compress(body))
        digest, own = sha256(body).hexdigest(), Archive(place / "ours")
        times = [time.perf_counter()]
        for read in (
            partial(one.body, digest, "page"),
            partial(own.body, digest, "page"),
            partial(unpacked, plain),
        ):
            assert read() == body
            times.append(time.perf_counter())
        found.append(tuple(after - before for before, after in pairwise(times)))
    return found


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def shown(title: str, histories: dict[str, list[bytes]]) -> None:
    dice, every, times = random.Random(5), list[Taken](), list[tuple[float, ...]]()
    print(
        f"\n{title}\n{'':44}{'revisions':>10}{'git':>10}{'ours':>10}{'packed':>10}"
        f"{'blocks':>10}  ÷ git"
    )
    for name, states in histories.items():
        with tempfile.TemporaryDirectory() as folder:
            found = taken(Path(folder) / "history", states)
            times += read(Path(folder) / "history", states, dice)
        every.append(found)
        sizes = f"{found.git:>10,}{found.ours:>10,}{found.packed:>10,}{found.blocks:>10,}"
        print(f"{name[:43]:44}{len(states):>10}{sizes}  {found.ratio:.2f}", flush=True)
    whole = sum(one.ours for one in every) / sum(one.git for one in every)
    print(f"all: {whole:.2f} of git's bytes, the most {max(one.ratio for one in every):.2f}")
    *ours, plain = (list(column) for column in zip(*times, strict=True))
    for who, mine in zip(("one archive", "one for each"), ours, strict=True):
        median = statistics.median(mine) / statistics.median(plain)
        slow = p95(mine) / p95(plain)
        print(
            f"reading, {who}: median {median:.2f}, p95 {slow:.2f} of a plain gzip file "
            f"({1000 * p95(mine):.2f} ms)"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    corpus = os.environ.get("CLAIMWATCH_CORPUS")
    parser.add_argument("corpus", nargs="?", type=Path, default=corpus and Path(corpus))
    parser.add_argument("--histories", type=int, default=10)
    parser.add_argument("--revisions", type=int, default=200)
    asked = parser.parse_args()
    found = real(asked.corpus, asked.histories)
    begun = found or {
        f"generated {n}": [generated(random.Random(n))] for n in range(asked.histories)
    }
    long = {
        name: list(continued(states, asked.revisions, random.Random(name)))
        for name, states in begun.items()
    }
    shown(f"{len(long)} histories of {asked.revisions} revisions", long)
    if found:
        shown("real histories as they are", found)


if __name__ == "__main__":
    main()

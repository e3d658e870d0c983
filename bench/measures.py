"""Every measure of `make bench`: called with how much to do,
each returns figures for some goals.
"""

from __future__ import annotations

import gc
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import apage
import backfilling
import big_store
import comparing
import peers
import queries
import quiet
import starting
import storage
import writing
from figures import Figure

STATES = 1_000_000


@dataclass(frozen=True, slots=True)
class Size:
    """How much to do; `tiny` shows that it works, and measures nothing."""

    pages: int
    fewer: int
    most: int
    repeats: int
    few: int
    revisions: int
    long: int
    histories: int
    states: int
    looks: int
    claims: int
    paragraphs: int


WHOLE = Size(1000, 200, 5000, 5, 40, 200, 1000, 5, STATES, 501, 10_000, 9_500)
REDUCED = Size(1000, 200, 5000, 2, 30, 200, 1000, 3, STATES, 501, 10_000, 9_500)
TINY = Size(6, 3, 8, 1, 3, 6, 12, 1, 1000, 3, 100, 200)


Figures = Iterator[Figure]


def _costs(costs: dict[str, list[peers.Cost]]) -> str:
    shown = []
    for name, found in costs.items():
        wall, cpu = (median(getattr(one, what) for one in found) for what in ("wall", "cpu"))
        shown.append(f"{name} {wall:.1f} s, {cpu:.1f} s CPU")
    return "; ".join(shown)


def beside_urlwatch(size: Size, envs: Path) -> Figures:
    """Measure runs over served pages, interleaved with urlwatch's;
    then the first runs of fewer and of more pages.
    """
    goals = {"same": "G1", "changed": "G3", "first": "G4"}
    found: dict[str, dict[str, list[peers.Cost]]] = {}
    for kind, costs in peers.beside(peers.Site(size.pages), envs, size.repeats):
        found[kind], repeats = costs, len(costs["claimwatch"])
        where = f"{size.pages:,} pages: {_costs(costs)}"
        for name, what in (("wall", "wall"), ("CPU", "cpu")):
            yield Figure(f"{goals[kind]} {name}", peers.share(costs, what), where, repeats)
    same, first = found["same"], found["first"]["claimwatch"][0]
    peak, other = (max(one.peak for one in same[name]) for name in ("claimwatch", "urlwatch"))
    where = f"{size.pages:,} pages; urlwatch {other:.0f} MiB"
    yield Figure("G18 peak", peak, where, len(same["claimwatch"]))
    fewer, most = peers.first(peers.Site(size.fewer)), peers.first(peers.Site(size.most))
    where = f"{size.pages:,} pages {first.peak:.0f} MiB, {size.fewer:,} {fewer.peak:.0f} MiB"
    yield Figure("G18 growth", first.peak / fewer.peak, where, 1)
    each, before = most.cpu / size.most, first.cpu / size.pages
    where = (
        f"{size.most:,} pages: {most.wall:.0f} s in all, {most.cpu:.0f} s CPU, "
        f"peak {most.peak:.0f} MiB"
    )
    yield Figure("5,000 pages", 1000 * each, where, 1)
    yield Figure("5,000 growth", each / before, f"{1000 * before:.1f} ms a page of fewer", 1)


def a_page(size: Size, envs: Path) -> Figures:
    """Measure what a page costs from its bytes to its rows, against a bare parse."""
    html = apage.measured(apage.HTML, size.few)
    yield Figure("G6", html.changed / html.bare, _page(html), size.few)
    text = apage.measured(apage.MARKDOWN, size.few)
    yield Figure("G7 first", text.first / text.bare, _page(text), size.few)
    yield Figure("G7 changed", text.changed / text.bare, _page(text), size.few)


def a_large_page(size: Size, envs: Path) -> Figures:
    """Measure what a page of 4 MB costs, against a bare parse;
    fails where reading it overruns the usual budget.
    """
    large = apage.measured(apage.HTML, 1, size.paragraphs)
    yield Figure("4 MB first", large.first / large.bare, _page(large), 1)
    yield Figure("4 MB changed", large.changed / large.bare, _page(large), 1)


def _page(spent: apage.Spent) -> str:
    first, changed, bare = (1000 * one for one in (spent.first, spent.changed, spent.bare))
    return f"first {first:.1f} ms, changed {changed:.1f} ms, bare parse {bare:.1f} ms"


def histories(size: Size, envs: Path) -> Figures:
    """Measure backfills from git, beside git-history; then a long one."""
    found = backfilling.beside(envs, size.histories, size.revisions)
    ours = median(one.ours.cpu for one in found)
    theirs = median(one.theirs.cpu for one in found if one.theirs)
    where = f"claimwatch {ours:.1f} s CPU, git-history {theirs:.1f} s CPU"
    for name, what in (("wall", "wall"), ("CPU", "cpu")):
        yield Figure(f"G8 {name}", backfilling.share(found, what), where, len(found))
    long = backfilling.backfilled(0, size.long, None).ours
    each, before = long.cpu / size.long, found[0].ours.cpu / size.revisions
    where = f"{size.long:,} revisions: {long.wall:.0f} s in all, peak {long.peak:.0f} MiB"
    yield Figure("1,000 revisions", 1000 * each, where, 1)
    yield Figure("1,000 growth", each / before, f"{1000 * before:.1f} ms a revision of 200", 1)


def quiet_runs(size: Size, envs: Path) -> Figures:
    """Measure runs without changes as states and looks grow, in this process; and count commits."""
    least = [_quiet(size, 1000, 1), _quiet(size, size.states, 1), _quiet(size, 1000, size.looks)]
    base, states, looks = ([seconds for seconds, _ in found] for found in least)
    shown = f"{1000 * min(base):.0f} ms CPU for {size.few} pages at 1,000 states"
    yield Figure("G10 states", min(states) / min(base), shown, len(base))
    yield Figure("G10 looks", min(looks) / min(base), shown, len(base))
    yield Figure("G20", least[0][0][1], "SQLite's own count of COMMIT", 1)


def _quiet(size: Size, states: int, looks: int) -> list[tuple[float, int]]:
    """Return the processor seconds of runs without changes, and the commits of one."""
    found = []
    with tempfile.TemporaryDirectory(prefix="claimwatch-quiet-") as work:
        given = quiet.configured(Path(work), size.few)
        big_store.built(given.database, states).close()
        quiet.stored(given, looks)
        asked = quiet.statements(given, days=50)
        commits = sum(one.strip().upper().startswith("COMMIT") for one in asked)
        for repeat in range(size.repeats + 2):
            gc.collect()
            begun = time.process_time()
            quiet.run(given, days=100 + repeat)
            found.append((time.process_time() - begun, commits))
    return found


def questions(size: Size, envs: Path) -> Figures:
    """Measure what is asked of a large store, each question in turn with its query by hand."""
    ids = {
        "a page as of a day": "G11 page",
        "changes since": "G11 changes",
        "rare word": "G12 rare",
        "two common": "G12 common",
    }
    with tempfile.TemporaryDirectory(prefix="claimwatch-queries-") as work:
        db = big_store.built(Path(work) / "claims.db", size.states)
        gc.freeze()
        for question in queries.questions(db, random.Random(1)):
            name = next((ids[one] for one in ids if question.name.startswith(one)), None)
            if name is None:
                continue
            by_hand, ours = queries.measured(question)
            value = ours if name.startswith("G12") else ours / max(by_hand, 1e-6)
            where = f"ours {ours:.2f} ms, by hand {by_hand:.2f} ms CPU"
            yield Figure(name, value, where, queries.TIMES)
        db.close()


def comparison(size: Size, envs: Path) -> Figures:
    """Measure the comparison of two readings, beside DeepDiff."""
    ways = comparing.ways(size.claims)
    asked = ("claims", "DeepDiff", "whole")
    took = comparing.medians({name: ways[name] for name in asked}, 3)
    where = (
        f"claims {took['claims']:.2f} s, DeepDiff {took['DeepDiff']:.2f} s; "
        f"with all text {took['whole']:.2f} s"
    )
    yield Figure("G13", took["claims"] / took["DeepDiff"], where, 3)


def snapshots(size: Size, envs: Path) -> Figures:
    """Measure what stored bodies take, beside git, and reading them back."""
    ratios, times, dice = [], list[tuple[float, ...]](), random.Random(5)
    for seed in range(size.histories):
        found = list(
            storage.continued([storage.generated(random.Random(seed))], size.revisions, dice)
        )
        with tempfile.TemporaryDirectory(prefix="claimwatch-storage-") as work:
            ratios.append(storage.taken(Path(work) / "history", found).ratio)
            times += storage.read(Path(work) / "history", found, dice)
    yield Figure("G15", median(ratios), f"{min(ratios):.2f} to {max(ratios):.2f}", len(ratios))
    together, _, plain = (storage.p95(list(column)) for column in zip(*times, strict=True))
    where = f"{1000 * together:.2f} ms ÷ {1000 * plain:.2f} ms"
    yield Figure("G16", together / plain, where, len(times))


def rows(size: Size, envs: Path) -> Figures:
    """Measure how fast claims are written, beside raw rows."""
    rate = writing.rates(writing.readings(size.claims)[0].claims)
    where = f"{rate['ours']:,.0f} claims a second, executemany {rate['executemany']:,.0f}"
    yield Figure("G17", rate["ours"] / rate["executemany"], where, writing.TIMES)


def starts(size: Size, envs: Path) -> Figures:
    """Measure what a start costs, beside a bare Python."""
    with tempfile.TemporaryDirectory(prefix="claimwatch-starting-") as work:
        took = starting.measured(Path(work), pages=20, repeats=3 * size.repeats)
    bare = median(took[()])
    for name, command in (("G19 help", "--help"), ("G19 status", "status")):
        cpu = median(took[(command,)])
        where = f"{1000 * cpu:.0f} ms, bare {1000 * bare:.0f} ms CPU"
        yield Figure(name, cpu / bare, where, len(took[()]))


MEASURES: dict[str, Callable[[Size, Path], Figures]] = {
    "starts": starts,
    "rows": rows,
    "comparison": comparison,
    "snapshots": snapshots,
    "pages": a_page,
    "histories": histories,
    "quiet": quiet_runs,
    "questions": questions,
    "urlwatch": beside_urlwatch,
    "large": a_large_page,
}

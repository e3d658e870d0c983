"""What is to be reached, and by how much it is: the table of `make bench` as values.

A goal's `must` and `aim` bound a ratio or an amount; `least` says that more is better. `was` is
what was measured before the work on speed began. Goals without a bound are there to be known.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """One line of the table."""

    id: str
    what: str
    was: float | None = None
    must: float | None = None
    aim: float | None = None
    unit: str = ""
    least: bool = False

    def met(self, value: float) -> bool | None:
        """Say whether a value is as good as it must be; None where nothing is asked."""
        if self.must is None:
            return None
        return value >= self.must if self.least else value <= self.must

    def missed_by(self, value: float) -> float:
        """Return how many times worse a value is than it must be; 1 and less is met."""
        assert self.must is not None
        return self.must / value if self.least else value / self.must


GOALS = (
    Goal("G1 wall", "no change, 1,000 pages ÷ urlwatch, wall", 1.6, 0.4, 0.15),
    Goal("G1 CPU", "the same, processor time", 1.2, 0.4, 0.15),
    Goal("G3 wall", "a tenth changed ÷ urlwatch, wall", 6.9, 0.8, 0.2),
    Goal("G3 CPU", "the same, processor time", 4.9, 0.8, 0.2),
    Goal("G4 wall", "first run ÷ urlwatch, wall", 4.8, 1.0, 0.25),
    Goal("G4 CPU", "the same, processor time", 4.9, 1.0, 0.25),
    Goal("G6", "changed HTML page ÷ bare BeautifulSoup(page, lxml)", 19, 2.0, 1.0),
    Goal("G7 first", "first look at a Markdown page ÷ bare markdown-it-py", 10, 2.5, 1.5),
    Goal("G7 changed", "changed Markdown page ÷ bare markdown-it-py", 19, 1.5, 0.5),
    Goal("G8 wall", "backfill of 200 revisions ÷ git-history --id, wall", 3.7, 0.4, 0.15),
    Goal("G8 CPU", "the same, processor time", 6.6, 0.4, 0.15),
    Goal("G10 states", "no change, 1M states ÷ 1k", 1.09, 1.05, 1.05),
    Goal("G10 looks", "no change, 500 looks a page more ÷ one look", 1.17, 1.05, 1.05),
    Goal("G11 page", "a page as of a day, 1M states, p95 ÷ a query by hand", 119, 3, 1.5),
    Goal("G11 changes", "changes since a day, 1M states, p95 ÷ a query by hand", 11, 3, 1.5),
    Goal("G12 rare", "search of a rare word, 1M states, newest 20, p95", 587, 20, 5, "ms"),
    Goal("G12 common", "search of common words, 1M states, newest 20, p95", 4377, 20, 5, "ms"),
    Goal("G13", "two readings of 10,000 claims compared ÷ DeepDiff keyed", 6.6, 0.3, 0.05),
    Goal("G15", "snapshots of 200 revisions ÷ git gc --aggressive", 8.2, 1.0, 0.7),
    Goal("G16", "a stored body read, p95 ÷ a gzip file", 1.4, 5, 3),
    Goal("G17", "claim rows a second ÷ raw executemany", 0.04, 0.4, 0.7, least=True),
    Goal("G18 peak", "peak memory, no change, 1,000 pages", 83, 60, 40, "MiB"),
    Goal("G18 growth", "peak memory, first run, 1,000 pages ÷ 200", 1.41, 1.2, 1.15),
    Goal("G19 help", "--help ÷ bare python, processor time", 3, 2, 1.6),
    Goal("G19 status", "status ÷ bare python, processor time", 25, 4, 2.5),
    Goal("G20", "commits of a run without changes", 3, 2, 1),
    Goal("5,000 pages", "first run over 5,000 pages, processor time a page", unit="ms"),
    Goal("5,000 growth", "the same ÷ a page of 1,000 pages"),
    Goal("4 MB first", "first look at an HTML page of 4 MB ÷ bare BeautifulSoup"),
    Goal("4 MB changed", "a changed HTML page of 4 MB ÷ bare BeautifulSoup"),
    Goal("1,000 revisions", "backfill of 1,000 revisions, processor time a revision", unit="ms"),
    Goal("1,000 growth", "the same ÷ a revision of 200"),
)
BY_ID = {goal.id: goal for goal in GOALS}

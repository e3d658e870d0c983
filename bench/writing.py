"""What a look did to many claims, written: against the same rows in plain `executemany`, and
through sqlite-utils.

    python bench/writing.py [CLAIMS ...]

Each claim is a row of `claim`, `state` and `wording`, indexed and searched. The plain rows are made
beforehand and go into the same tables in one transaction of a write-ahead log; ours are made of the
claims. CPU seconds, medians, in turn.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import sqlite_utils  # noqa: E402
from generated_pages import readings  # noqa: E402  (beside the tests, which hold the same)
from generated_store import START  # noqa: E402

from pipeline import history  # noqa: E402
from pipeline.history import Begun, Step, rows, timed  # noqa: E402
from pipeline.model import Claim, Page  # noqa: E402

SIZES = (100, 1_000, 10_000)
TIMES = 5
PAGE = Page("desk", "https://desk.example")
Rows = dict[str, list[dict[str, object]]]
Way = Callable[[history.Database], None]


def plain(claims: tuple[Claim, ...]) -> Rows:
    """Return the rows that the claims of a first look become, by table."""
    at, first = rows.text(START), timed.first(rows.text(START))
    found: Rows = {"claim": [], "state": [], "wording": []}
    for number, claim in enumerate(claims, 1):
        name, source = f"c{number}", claim.source
        found["claim"].append({"id": name, "page": PAGE.id, "kind": claim.kind, "key": name})
        values = dict(zip(rows.CLAIM, rows.claim_values(claim), strict=True))
        found["state"].append({"id": number, "claim": name, "seen_since": at} | values)
        where = {"section": rows.listed(source.section), "line": source.line}
        word = {"id": first + number - 1, "state": number, "since": at, "text": source.text}
        found["wording"].append(word | where)
    return found


def many(found: Rows) -> Way:
    """Return what writes rows with `executemany`."""
    made = []
    for table, entries in found.items():
        names = ", ".join(f'"{name}"' for name in entries[0])
        marks = ", ".join("?" * len(entries[0]))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"
        made.append((sql, [tuple(entry.values()) for entry in entries]))

    def write(db: history.Database) -> None:
        for sql, values in made:
            db.conn.executemany(sql, values)

    return write


def utils(found: Rows) -> Way:
    """Return what writes rows with sqlite-utils, in its own batches."""

    def write(db: history.Database) -> None:
        tables = sqlite_utils.Database(db.conn)
        for table, entries in found.items():
            tables[table].insert_all(entries)

    return write


def ours(claims: tuple[Claim, ...]) -> Way:
    """Return what writes down a look that found the claims."""
    begun = tuple(Begun(f"c{n}", claim, born=f"c{n}") for n, claim in enumerate(claims, 1))
    return lambda db: history.record_step(db, PAGE.id, Step(START, begun=begun))


def taken(way: Way, path: Path) -> float:
    """Return the CPU seconds of one transaction in a new database."""
    db = history.open(path)
    with history.transaction(db):
        history.know(db, PAGE)
    started = time.process_time()
    with history.transaction(db):
        way(db)
    seconds = time.process_time() - started
    db.close()
    return seconds


def rates(claims: tuple[Claim, ...]) -> dict[str, float]:
    """Return how many claims a second each way writes; all of them are taken in turn."""
    found = plain(claims)
    ways = {"executemany": many(found), "utils": utils(found), "ours": ours(claims)}
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(TIMES):
        for name, way in ways.items():
            with tempfile.TemporaryDirectory() as folder:
                took[name].append(taken(way, Path(folder) / "claims.db"))
    return {name: len(claims) / statistics.median(found) for name, found in took.items()}


def main() -> int:
    """Print the table: claims a second of each way, and ours against the plain rows."""
    print("| claims | executemany, claims/s | sqlite-utils | ours | ours ÷ executemany |")
    print("|---|---|---|---|---|")
    for size in [int(size) for size in sys.argv[1:]] or SIZES:
        rate = rates(readings(size)[0].claims)
        shown = " | ".join(f"{rate[name]:,.0f}" for name in rate)
        print(f"| {size:,} | {shown} | {rate['ours'] / rate['executemany']:.2f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())

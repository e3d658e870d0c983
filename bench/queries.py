"""Questions to a thousand, a hundred thousand and a million states, each against the query that a
person would write by hand.

    python bench/queries.py [STATES ...]

Every question is asked in turn with its hand-written query, of other pages, claims and words each
time. Prints the 95th percentile of both in CPU milliseconds, and their ratio. The queries by hand
give plain tuples of the same tables; searches have none, and are held against those by hand that
need not fill the shape of a row.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random

import big_store

from pipeline import history

SIZES = (1_000, 100_000, 1_000_000)
TIMES = 60
Ask = Callable[[], object]

PAGE = """SELECT claim.id, state.*, wording.text, wording.section, wording.line FROM claim
JOIN state ON state.claim = claim.id AND state.seen_since <= :at
AND (state.first_absent IS NULL OR state.first_absent > :at)
JOIN wording ON wording.state = state.id AND wording.since = (
    SELECT max(since) FROM wording AS other WHERE other.state = state.id AND other.since <= :at)
WHERE claim.page = :page ORDER BY wording.line, state.id"""
CLAIM = """SELECT claim.id, page.vendor, state.*, wording.text, wording.section, wording.line
FROM claim
JOIN page ON page.id = claim.page JOIN state ON state.claim = claim.id
JOIN wording ON wording.state = state.id
WHERE claim.id = ? ORDER BY state.seen_since"""
CHANGES = """SELECT change.*, page.url, page.vendor FROM change JOIN page ON page.id = change.page
WHERE change.first_seen >= ? ORDER BY change.first_seen DESC, change.page, change.position,
change.id"""
WORDS = """SELECT wording.text, wording.since, claim.id, claim.page, state.kind, state.standard
FROM passage
CROSS JOIN wording ON wording.id = passage.rowid CROSS JOIN state ON state.id = wording.state
CROSS JOIN claim ON claim.id = state.claim WHERE passage MATCH ? ORDER BY passage.rowid DESC
LIMIT 20"""


@dataclass(frozen=True)
class Question:
    """What is asked, by hand and by the product, of the same page, claim, day or words."""

    name: str
    by_hand: Callable[[], Ask]
    ours: Callable[[], Ask]


def questions(db: history.Database, random: Random) -> Iterator[Question]:
    """Yield what is asked, each with values of its own at every turn."""
    pages = [row[0] for row in db.conn.execute("SELECT id FROM page")]
    claims = [row[0] for row in db.conn.execute("SELECT id FROM claim LIMIT 5000")]
    times = [row[0] for row in db.conn.execute("SELECT captured_at FROM look LIMIT 5000")]
    newest = (
        "SELECT min(first_seen) FROM (SELECT first_seen FROM change ORDER BY first_seen "
        "DESC LIMIT 1000)"
    )
    (since,) = db.conn.execute(newest).fetchone()

    def by_hand(sql: str, values: Callable[[], object]) -> Callable[[], Ask]:
        def prepared() -> Ask:
            given = values()
            return lambda: db.conn.execute(sql, given).fetchall()  # type: ignore[arg-type]

        return prepared

    def as_of() -> Ask:
        page, at = random.choice(pages), datetime.fromisoformat(random.choice(times))
        return lambda: history.claims(db, page=page, at=at)

    def life() -> Ask:
        claim = random.choice(claims)
        return lambda: history.history(db, claim)

    yield Question(
        "a page as of a day, 50 claims",
        by_hand(PAGE, lambda: {"page": random.choice(pages), "at": random.choice(times)}),
        as_of,
    )
    yield Question("one claim's life", by_hand(CLAIM, lambda: (random.choice(claims),)), life)
    yield Question(
        "changes since a day, 1,000",
        by_hand(CHANGES, lambda: (since,)),
        lambda: lambda: history.changes(db, since=datetime.fromisoformat(since)),
    )
    for name, words in (
        ("rare word, newest 20", lambda: f"word{random.randrange(10_000, 20_000)}"),
        ("two common words, newest 20", lambda: " ".join(random.sample(big_store.COMMON, 2))),
    ):

        def search(words: Callable[[], str] = words) -> Ask:
            text = words()
            return lambda: history.search(db, text, limit=20)

        yield Question(name, by_hand(WORDS, lambda words=words: (words(),)), search)


def measured(question: Question) -> tuple[float, float]:
    """Return the 95th percentiles in milliseconds: by hand, and ours."""
    taken: tuple[list[float], list[float]] = ([], [])
    for turn in range(TIMES + 2):
        for side, prepare in zip(taken, (question.by_hand, question.ours), strict=True):
            ask = prepare()
            started = time.process_time()
            ask()
            if turn >= 2:
                side.append(time.process_time() - started)
    first, second = (sorted(side)[int(len(side) * 0.95)] * 1000 for side in taken)
    return first, second


def main() -> int:
    """Print the table of every size."""
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    print("| states | question | by hand, p95 ms | ours, p95 ms | ratio |\n|---|---|---|---|---|")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            db = big_store.built(Path(folder) / "claims.db", size)
            gc.freeze()
            for question in questions(db, Random(1)):
                by_hand, ours = measured(question)
                ratio = ours / max(by_hand, 1e-6)
                print(f"| {size:,} | {question.name} | {by_hand:.2f} | {ours:.2f} | {ratio:.2f} |")
                sys.stdout.flush()
            db.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

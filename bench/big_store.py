"""A database of up to a million states, for benches: a made-up store of 40 pages, copied until it
is big enough."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from generated_store import COMMON, Shape, filled  # noqa: E402  (beside the tests)

from pipeline import history  # noqa: E402
from pipeline.history import timed  # noqa: E402

__all__ = ["COMMON", "built"]
BASE = Shape(pages=40, claims=50, versions=10, vocabulary=20_000, rough=False)
STATES = BASE.pages * BASE.claims * BASE.versions
APART = 17 * BASE.pages
"""Seconds between a copy and the next: no second has rows of two."""

TIMES = ("captured_at", "recorded_at", "seen_since", "seen_until", "first_absent", "since")
TIMES += ("first_seen", "last_look_at", "last_good_at", "live_since", "at")
NAMED = {
    "page": ("id",),
    "look": ("page",),
    "claim": ("id", "page"),
    "state": ("claim",),
    "wording": (),
    "change": ("id", "page", "claim", "transition"),
    "review": ("id", "target", "page", "follows"),
}
COUNTED = {"look": "id", "state": "id"}


def built(path: Path, states: int) -> history.Database:
    """Return a new database of about that many states, with everything that goes with them, ready
    to be asked."""
    if states < STATES:
        pages = max(1, states * BASE.pages // STATES)
        return filled(path, Shape(pages, BASE.claims, BASE.versions, BASE.vocabulary, rough=False))
    db = filled(path, BASE)
    triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    db.conn.execute("PRAGMA cache_size = -400000")
    with history.transaction(db):
        for name, _ in triggers:
            db.conn.execute(f"DROP TRIGGER {name}")
        for copy in range(1, states // STATES):
            for table in NAMED:
                _copied(db, table, copy)
        for _, sql in triggers:
            db.conn.execute(sql)
        for words in ("passage", "told"):
            db.conn.execute(f"INSERT INTO {words} ({words}) VALUES ('rebuild')")
    db.conn.execute("ANALYZE")
    db.conn.execute("PRAGMA cache_size = -2000")
    return db


def _copied(db: history.Database, table: str, copy: int) -> None:
    """Add the rows of the base again, under other names and at other times."""
    columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(_value(table, name, copy) for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    of_base = " AND ".join(f"instr({name}, '~') = 0" for name in NAMED[table][:1])
    of_base = of_base or f"state <= {STATES}"
    db.conn.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE {of_base}")


def _value(table: str, name: str, copy: int) -> str:
    if name in NAMED[table]:
        return f"{name} || '~{copy}'"
    if name in TIMES:
        return f"strftime('%Y-%m-%dT%H:%M:%S', {name}, '+{APART * copy} seconds') || '+00:00'"
    if table == "wording" and name == "state":
        return f"state + {copy * STATES}"
    if (table, name) in {("wording", "id"), ("change", "number")}:
        return f"{name} + ({APART * copy} << {timed.BITS})"
    if COUNTED.get(table) == name:
        return f"{name} + {copy * STATES}"
    return f'"{name}"'

"""What one good look did to a page's claims → rows, table by table and many at once; and what was
derived, taken away again.

sqlite-utils makes the tables and brings them up to date; here every row is of the same columns,
so plain `executemany` writes them. Opens no transaction of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.history import reversions, rows, timed
from pipeline.history.database import Database
from pipeline.history.reading import select
from pipeline.history.rows import Row
from pipeline.history.values import Begun, Identified, Recorded, Step
from pipeline.model import Source

Values = tuple[Any, ...]

_STATE = ("id", "claim", "seen_since", *rows.CLAIM)
_WORDING = ("id", "state", "since", "text", "section", "line")
_REWORDED = """ ON CONFLICT (state, since) DO UPDATE
SET text = excluded.text, section = excluded.section, line = excluded.line"""
_STANDING = """SELECT state.claim, wording.id, state.id AS state, wording.text, wording.section
FROM json_each(?) JOIN state ON state.claim = json_each.value AND state.first_absent IS NULL
JOIN wording ON wording.state = state.id
    AND wording.since = (SELECT max(since) FROM wording AS other WHERE other.state = state.id)"""


def record_step(db: Database, page_id: str, step: Step) -> None:
    """Write down what one good look did to a page's claims."""
    at, until = rows.text(step.at), rows.text(step.until or step.at)
    db.conn.executemany(
        "UPDATE state SET seen_until = ?, first_absent = ? WHERE claim = ? AND "
        "first_absent IS NULL",
        [(until, at, claim_id) for claim_id in step.ended],
    )
    words = [*_begin(db, page_id, step.begun, at), *_move(db, step.moved)]
    _word(db, words, at)
    changes = [
        change_row(page_id, recorded, step, number) for number, recorded in enumerate(step.changes)
    ]
    insert_changes(db, changes)
    for recorded in step.changes:
        reversions.join(db, page_id, recorded, step.at)


def _begin(
    db: Database, page_id: str, begun: Sequence[Begun], at: str
) -> Iterable[tuple[int, Source]]:
    """Add the claims that are new and the states that begin; return the number of each state with
    where it stands."""
    _insert(
        db,
        "INTO claim",
        ("id", "page", "kind", "key"),
        [(one.id, page_id, one.claim.kind, one.born) for one in begun if one.born is not None],
    )
    (last,) = db.conn.execute("SELECT coalesce(max(id), 0) FROM state").fetchone()
    numbered = list(enumerate(begun, last + 1))
    _insert(
        db,
        "INTO state",
        _STATE,
        [(number, one.id, at, *rows.claim_values(one.claim)) for number, one in numbered],
    )
    return [(number, one.claim.source) for number, one in numbered]


def _move(db: Database, moved: Sequence[Identified]) -> Iterable[tuple[int, Source]]:
    """Write down new lines of the same words; return the states that stand in other words, or in
    another section."""
    ids = rows.listed(tuple(one.id for one in moved))
    standing = {row["claim"]: row for row in select(db, _STANDING, ids)}
    lines: list[Values] = []
    reworded: list[tuple[int, Source]] = []
    for one in moved:
        source, row = one.claim.source, standing[one.id]
        if (row["text"], row["section"]) == (source.text, rows.listed(source.section)):
            # A line that was put in above moves every claim below it:
            # that is no news of the claim, and no row.
            lines.append((source.line, row["id"]))
        else:
            reworded.append((row["state"], source))
    db.conn.executemany("UPDATE wording SET line = ? WHERE id = ?", lines)
    return reworded


def _word(db: Database, words: Iterable[tuple[int, Source]], at: str) -> None:
    numbers = timed.Numbers(db, "wording")
    values = [
        (numbers.next(at), state, at, source.text, rows.listed(source.section), source.line)
        for state, source in words
    ]
    _insert(db, "INTO wording", _WORDING, values, _REWORDED)


def change_row(page_id: str, recorded: Recorded, step: Step, position: int) -> Row:
    """Return the row of a change, which is also what a journal keeps of one that our own reading
    made."""
    return {
        "id": recorded.id,
        "page": page_id,
        "claim": recorded.claim_id,
        "transition": recorded.transition,
        "mirror": recorded.mirror,
        **rows.change(recorded.change),
        "seen_until": rows.text(step.until) if step.until else None,
        "first_seen": rows.text(step.at),
        "run": step.run,
        "position": position,
    }


def insert_changes(db: Database, changes: Sequence[Row], otherwise: str = "ABORT") -> None:
    """Add rows of changes, each with a number of its time; those of one call have the same
    columns."""
    numbers = timed.Numbers(db, "change")
    if changes:
        values = [(numbers.next(row["first_seen"]), *row.values()) for row in changes]
        _insert(db, f"OR {otherwise} INTO change", ("number", *changes[0]), values)
    for run in {row["run"] for row in changes}:
        open_run(db, run)


def open_run(db: Database, run: str | None) -> None:
    """Note a run that saw or tells something, until it is closed."""
    if run is not None:
        db.conn.execute(
            "INSERT OR IGNORE INTO open_run (id) SELECT ? WHERE NOT EXISTS (SELECT 1 FROM run "
            "WHERE id = ?)",
            (run, run),
        )


def _insert(
    db: Database, into: str, columns: Sequence[str], values: Sequence[Values], more: str = ""
) -> None:
    names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
    db.conn.executemany(f"INSERT {into} ({names}) VALUES ({marks}){more}", values)


def forget(db: Database, page_id: str) -> None:
    """Take away what was derived for a page; what our own re-readings made is a fact, and stays."""
    states = "SELECT state.id FROM state JOIN claim ON claim.id = state.claim WHERE claim.page = ?"
    db.conn.execute(f"DELETE FROM wording WHERE state IN ({states})", (page_id,))
    db.conn.execute(
        "DELETE FROM state WHERE claim IN (SELECT id FROM claim WHERE page = ?)", (page_id,)
    )
    db.conn.execute("DELETE FROM claim WHERE page = ?", (page_id,))
    db.conn.execute(
        "DELETE FROM change WHERE page = ? AND cause IN ('page', 'backfill')", (page_id,)
    )

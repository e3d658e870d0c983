"""Values ↔ SQLite. The only room that knows SQL; every write is a function of an open connection.

    database    a connection, and how migrations are applied
    schema      the tables, as migrations, of which `tables` has the first;
                `views` what people ask, for any SQLite tool
    notices     the table of what was told of outages, as migrations made it
    values      what travels between the store and the story
    rows        values ↔ rows
    writes      what is recorded of looks and of people
    steps       what a good look did to a page's claims
    reversions  which change undid an earlier one, and which pairs were a flap
    outages     which pages could not be read, and who was told so
    knowing     what older readers read, and what was known when
    corrections what a person said we read wrong
    holding     what is held back, what people said of that, and what it would change
    reviewing   what verdicts and old ids mean after a page was derived anew
    together    what pages say together: contradictions, dates that passed;
                `gaps` has the gaps, `finding` their rows
    matrices    who holds what, and why a cell is blank
    searching   words, found again
    looking     one page, its looks over time, and its captures
    showing     one change, with all that is known of it
    beginning   ids by their first letters, for the shell
    sights      which capture showed a state, and which run is meant
    profiling   all of one vendor
    facts       the copies of journals, as they are held against them
    days        when a day begins and ends, in the schedule's time zone
    standing    the claims that stand, or stood at a time, and one claim's life
    changing    the changes, with what people said of them
    queries     pages, verdicts, messages and ids, as the commands print them
    timed       numbers of rows that grow with time, for searching

Decides nothing about pages and keeps nothing that the journals in `snapshots/` do not have,
or that cannot be derived from them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import parts
from pipeline.errors import StoreError
from pipeline.history.database import Database

if TYPE_CHECKING:
    from pipeline.history.beginning import beginning
    from pipeline.history.changing import changes, told
    from pipeline.history.collecting import (
        dead,
        digests,
        last_run_at,
        newest,
        said,
        seen_between,
        told_since,
    )
    from pipeline.history.corrections import FIELDS, counts
    from pipeline.history.dated import dated, needs
    from pipeline.history.days import keep_zone, zone
    from pipeline.history.facts import (
        NOTED,
        differences,
        heads,
        journals,
        look_rows,
        looked_at,
        named,
        named_heads,
        noted,
        unsound,
    )
    from pipeline.history.holding import (
        foresee,
        held_back,
        last_held,
        rejected,
        released,
        releases,
        unanswered,
        unforeseen,
        unreleased,
    )
    from pipeline.history.knowing import reading as reading_in_force
    from pipeline.history.looking import captured, page, timeline
    from pipeline.history.lost import no_longer_claimed
    from pipeline.history.matrices import findings, matrix
    from pipeline.history.naming import names
    from pipeline.history.outages import situation
    from pipeline.history.profiling import profile
    from pipeline.history.queries import find, outbox, reviews, runs, status, undelivered
    from pipeline.history.reading import (
        aliases,
        births,
        changes_of,
        changes_seen,
        copied_to,
        copies,
        due,
        earlier_captures,
        given_up,
        good_capture,
        has_run,
        held,
        instants,
        is_gone,
        known,
        known_of,
        last_captures,
        last_good_at,
        last_reading,
        look_of,
        looks_of,
        past,
        readers,
        seen,
        stamp,
        stamps,
        unclosed,
        unseen,
        untold,
        watched,
    )
    from pipeline.history.reversions import folded
    from pipeline.history.reviewing import about, attach, current, successors
    from pipeline.history.searching import search
    from pipeline.history.showing import Shown, shown
    from pipeline.history.sights import capture, captures, looks
    from pipeline.history.sights import run as named_run
    from pipeline.history.standing import claims, history
    from pipeline.history.steps import change_row, forget, record_step
    from pipeline.history.values import (
        Begun,
        Born,
        Foreseen,
        Identified,
        Judged,
        Past,
        Recorded,
        Release,
        Step,
    )
    from pipeline.history.writes import (
        advance_page,
        copied,
        judge_look,
        keep_last_reading,
        know,
        record_look,
        record_note,
        record_old,
        refresh_page,
        watch,
    )
else:
    __getattr__ = parts.of(
        __name__,
        {
            "changing": "changes told",
            "beginning": "beginning",
            "corrections": "FIELDS counts",
            "days": "keep_zone zone",
            "facts": (
                "NOTED differences heads journals look_rows looked_at named named_heads "
                "noted unsound"
            ),
            "holding": (
                "foresee held_back last_held rejected released releases unanswered "
                "unforeseen unreleased"
            ),
            "knowing": "reading_in_force=reading",
            "looking": "captured page timeline",
            "lost": "no_longer_claimed",
            "matrices": "findings matrix",
            "naming": "names",
            "collecting": "dead digests last_run_at newest said seen_between told_since",
            "dated": "dated needs",
            "outages": "situation",
            "profiling": "profile",
            "queries": "find outbox reviews runs status undelivered",
            "reading": (
                "aliases births changes_of changes_seen copied_to copies due earlier_captures "
                "given_up good_capture has_run held instants is_gone known known_of last_captures "
                "last_good_at last_reading look_of looks_of past readers seen stamp "
                "stamps unclosed "
                "unseen untold watched"
            ),
            "reversions": "folded",
            "reviewing": "about attach current successors",
            "searching": "search",
            "sights": "capture captures looks named_run=run",
            "standing": "claims history",
            "steps": "change_row forget record_step",
            "showing": "Shown shown",
            "values": "Begun Born Foreseen Identified Judged Past Recorded Release Step",
            "writes": (
                "advance_page copied judge_look keep_last_reading know record_look record_note "
                "record_old refresh_page watch"
            ),
        },
    )
from pipeline.history.schema import migrations

__all__ = [
    "FIELDS",
    "NOTED",
    "Begun",
    "Born",
    "Database",
    "Foreseen",
    "Identified",
    "Judged",
    "Past",
    "Recorded",
    "Release",
    "Shown",
    "Step",
    "about",
    "advance_page",
    "aliases",
    "attach",
    "beginning",
    "births",
    "capture",
    "captured",
    "captures",
    "change_row",
    "changes",
    "changes_of",
    "changes_seen",
    "claims",
    "copied",
    "copied_to",
    "copies",
    "counts",
    "current",
    "dated",
    "dead",
    "differences",
    "digests",
    "due",
    "earlier_captures",
    "examined",
    "find",
    "findings",
    "folded",
    "foresee",
    "forget",
    "given_up",
    "good_capture",
    "has_run",
    "heads",
    "held",
    "held_back",
    "history",
    "hurried",
    "instants",
    "is_gone",
    "journals",
    "judge_look",
    "keep_last_reading",
    "keep_zone",
    "know",
    "known",
    "known_of",
    "last_captures",
    "last_good_at",
    "last_held",
    "last_reading",
    "last_run_at",
    "look_of",
    "look_rows",
    "looked_at",
    "looks",
    "looks_of",
    "matrix",
    "named",
    "named_heads",
    "named_run",
    "names",
    "needs",
    "newest",
    "no_longer_claimed",
    "noted",
    "open",
    "outbox",
    "page",
    "past",
    "profile",
    "readers",
    "reading_in_force",
    "record_look",
    "record_note",
    "record_old",
    "record_step",
    "refresh_page",
    "rejected",
    "released",
    "releases",
    "reviews",
    "runs",
    "said",
    "search",
    "seen",
    "seen_between",
    "shown",
    "situation",
    "stamp",
    "stamps",
    "status",
    "successors",
    "timeline",
    "told",
    "told_since",
    "transaction",
    "unanswered",
    "unclosed",
    "undelivered",
    "unforeseen",
    "unreleased",
    "unseen",
    "unsound",
    "untold",
    "unusable",
    "watch",
    "watched",
    "zone",
]


PATIENCE = 30.0
"""Seconds that a database which another program writes to is waited for."""

_REMADE = "move the file away and `rebuild` it from snapshots/"
_LASTING = f"restore it from a backup, or {_REMADE}"
_UNUSABLE = {
    sqlite3.SQLITE_BUSY: "wait until the program that writes to it is done, then run it again",
    sqlite3.SQLITE_LOCKED: "wait until the program that writes to it is done, then run it again",
    sqlite3.SQLITE_FULL: "free some space, then run it again",
    sqlite3.SQLITE_IOERR: "look at the disk and at its free space, then run it again",
    sqlite3.SQLITE_READONLY: "give this user the right to write the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "give this user the right to the file and its folder, or name another",
    sqlite3.SQLITE_PERM: "give this user the right to the file and its folder, or name another",
    sqlite3.SQLITE_NOMEM: "close other programs, then run it again",
    sqlite3.SQLITE_CORRUPT: _LASTING,
    sqlite3.SQLITE_NOTADB: f"name another file as store.database, or {_REMADE}",
}


def unusable(error: Exception, path: Path | str) -> str | None:
    """Return a line that says why the database at `path` cannot be used now, and what to do.

    None for a bug of ours.
    """
    code = getattr(error, "sqlite_errorcode", None)
    if not isinstance(error, sqlite3.DatabaseError) or code is None:
        return None
    # The low byte is the family: "read-only directory" is one of read-only.
    fix = _UNUSABLE.get(code & 0xFF)
    return f"{path}: {error}; {fix}" if fix else None


def open(path: Path | str) -> Database:
    """Open the database, made or brought up to date where needed;
    `:memory:` is a database of the moment.
    """
    try:
        if path != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        db = Database(sqlite3.connect(path, timeout=PATIENCE))
        db.conn.execute("PRAGMA journal_mode = WAL")
        db.conn.execute("PRAGMA foreign_keys = ON")
        db.conn.execute("PRAGMA recursive_triggers = ON")
        applied = migrations.applied(db)
        if not {*applied} <= {*migrations.names}:
            raise StoreError(
                f"{path}: was written by a newer claimwatch; "
                "bring this one up to date, or `rebuild` the database"
            )
        if len(applied) < len(migrations.names):
            migrations.apply(db)
    except sqlite3.DatabaseError as error:
        told = unusable(error, path) or f"{path}: cannot be used ({error}); {_REMADE}"
        raise StoreError(told) from error
    return db


@contextmanager
def examined(path: Path | str) -> Iterator[Database]:
    """Open the database to look through all of it.

    Raise StoreError where a part of it is damaged.
    """
    db = open(path)
    try:
        yield db
    except sqlite3.DatabaseError as error:
        raise StoreError(
            unusable(error, path) or f"{path}: is damaged ({error}); {_REMADE}"
        ) from error
    finally:
        db.close()


@contextmanager
def transaction(db: Database) -> Iterator[Database]:
    """Write all of the block or nothing; another writer is waited for, up to the busy timeout."""
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield db
    except BaseException:
        db.conn.rollback()
        raise
    db.conn.commit()


@contextmanager
def hurried(db: Database) -> Iterator[None]:
    """Let what is committed in the block be on the disk only with the next commit after it:
    a power cut may undo it.

    For what lies in the journals already: whatever is undone here is copied from there again.
    """
    db.conn.execute("PRAGMA synchronous = NORMAL")
    try:
        yield
    finally:
        db.conn.execute("PRAGMA synchronous = FULL")

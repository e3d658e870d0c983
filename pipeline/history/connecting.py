"""A path → the database that is open there, brought up to date;
and what is wrong where it cannot be.

Knows no table.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import StoreError
from pipeline.history.database import Database
from pipeline.history.schema import migrations

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

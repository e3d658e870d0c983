"""The first migrations of the database, and what all of them are written with.

`schema` has the rest.

Never edited: each was applied by some version.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from pipeline.history.database import Migrations
from pipeline.history.notices import ALL_NOTICES, NOTICES
from pipeline.history.tables import DERIVED, FACTS, JOINED, WORDS

if TYPE_CHECKING:
    from sqlite_utils import Database

migrations = Migrations("claimwatch")


def execute(db: Database, script: str) -> None:
    """Run each statement of a script; a trigger is one, with the semicolons within it."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.conn.execute(statement)
            statement = ""
    if statement.strip():
        db.conn.execute(statement)


def drop_views(db: Database) -> None:
    """Drop all views, for SQLite alters no table below one."""
    for name in db.view_names():
        db.conn.execute(f'DROP VIEW "{name}"')


@migrations()
def facts_and_claims(db: Database) -> None:
    """Create everything that version 0.1 keeps."""
    execute(db, FACTS + DERIVED)


@migrations()
def batches_reversions_and_words(db: Database) -> None:
    """Add what joins changes to each other, what older readers read, and the words to search;
    number what is searched.
    """
    drop_views(db)
    execute(db, JOINED + WORDS)


@migrations()
def revisions(db: Database) -> None:
    """Keep the commit that a capture was taken from."""
    db.conn.execute("ALTER TABLE look ADD COLUMN revision TEXT")
    drop_views(db)


@migrations()
def views_of_the_commands(db: Database) -> None:
    """Give every question that a command answers a view of its name."""
    drop_views(db)


@migrations()
def reviews_by_page(db: Database) -> None:
    """Find what was said of a page without reading all that was ever said."""
    db.conn.execute("CREATE INDEX review_page ON review(page, kind, verdict)")


@migrations()
def what_held_captures_show(db: Database) -> None:
    """Keep what a capture shows that is held back, to know the same one a day later."""
    db.conn.execute("ALTER TABLE look ADD COLUMN shown TEXT")


@migrations()
def attempts(db: Database) -> None:
    """Keep what was begun to be read and what was given up; `reason` is empty where it began."""
    execute(
        db,
        """CREATE TABLE attempt (
            page TEXT NOT NULL, at TEXT NOT NULL, stamp TEXT NOT NULL, digest TEXT NOT NULL,
            before TEXT NOT NULL, seconds REAL NOT NULL, reason TEXT
        ) STRICT;
        CREATE INDEX attempt_page ON attempt(page, stamp, digest)""",
    )


@migrations()
def days_and_ids(db: Database) -> None:
    """Say when days begin and end in the schedule's zone, and what an id once shown names now."""
    execute(
        db,
        """CREATE TABLE zone (
            since TEXT PRIMARY KEY, name TEXT NOT NULL, begins INTEGER NOT NULL,
            ends INTEGER NOT NULL
        ) STRICT;
        INSERT INTO zone (since, name, begins, ends) VALUES ('0000-01-01', 'UTC', 0, 0)""",
    )
    drop_views(db)


@migrations()
def notices(db: Database) -> None:
    """Keep who was told of which outage, and which runs died before they were closed."""
    execute(db, NOTICES)


@migrations()
def ids_that_are_gone(db: Database) -> None:
    """Keep what an id once shown said, where it names nothing any more."""
    execute(
        db, "CREATE TABLE gone (id TEXT PRIMARY KEY, page TEXT NOT NULL, said TEXT NOT NULL) STRICT"
    )


@migrations()
def what_held_captures_change(db: Database) -> None:
    """Keep what would change if a held capture were accepted: derived, and made again at need."""
    execute(
        db,
        """CREATE TABLE foreseen (
            page TEXT PRIMARY KEY, digest TEXT NOT NULL, good TEXT, stamp TEXT NOT NULL,
            changes TEXT NOT NULL, claims INTEGER NOT NULL, unsaid TEXT
        ) STRICT""",
    )


@migrations()
def what_is_no_longer_claimed(db: Database) -> None:
    """Keep what nothing claims any more in the views, too."""
    drop_views(db)


@migrations()
def rejections_are_no_sign_off(db: Database) -> None:
    """Count a page as signed off only where none of its captures was held back then."""
    drop_views(db)


@migrations()
def notices_of_two_outages(db: Database) -> None:
    """Keep all outages of a page that one message tells of, each by when it began."""
    execute(db, ALL_NOTICES)


@migrations()
def suppliers(db: Database) -> None:
    """Keep what a supplier does for the vendor, and where."""
    drop_views(db)
    for column in ("purpose", "location"):
        db.conn.execute(f"ALTER TABLE state ADD COLUMN {column} TEXT")


@migrations()
def names_of_standards(db: Database) -> None:
    """Keep what people call the standards that a supplier is said to hold."""
    drop_views(db)
    db.conn.execute("ALTER TABLE state ADD COLUMN standard_names TEXT NOT NULL DEFAULT '[]'")


@migrations()
def why_claims_were_read(db: Database) -> None:
    """Keep what kind of note a claim is, why it was read so, and how sure that is."""
    drop_views(db)
    db.conn.execute("ALTER TABLE state ADD COLUMN note_kind TEXT")
    db.conn.execute("ALTER TABLE state ADD COLUMN why TEXT NOT NULL DEFAULT '[]'")
    db.conn.execute("ALTER TABLE state ADD COLUMN margin REAL")
    db.conn.execute("ALTER TABLE change ADD COLUMN read TEXT NOT NULL DEFAULT '[]'")

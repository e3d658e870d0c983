"""The tables of the database, as migrations; the first ones are in `tables`, the views in `views`.

Only adds: a migration that was released is never edited. The views are made by the last migration
that changes them; those before it only drop them, for SQLite alters no table below a view of
columns that are still to come. Every instant is ISO 8601 in UTC as text
(`2026-11-22T06:00:00+00:00`), which sorts as time does; lists are JSON text. Facts are copies of
the journals in `snapshots/`; the rest is derived from them.

Facts:

    page      a page as the config names it, and how its looks stand
    look      every look, good or bad
    reader    the readers in order of first use
    review    verdicts of people, append-only
    run       every pass over the pages
    delivery  what was to be sent, and was it
    alias     an id that was shown once → the id it has now
    gone      an id that was shown once and names nothing any more
    journal   how far each journal was copied
    open_run  runs that saw or reported something and were not closed yet
    attempt   what was begun to be read, and what was given up
    zone      the schedule's time zone

Derived:

    claim     one claim of a page, whatever was changed or renamed of it
    state     what it said, and when that was seen
    wording   the sentence it stood in, and where
    change    one difference, reported once
    old_reading    what a reader that is no longer in force made of a page, until when
    passage, told  the words of claims and of changes, for full-text search

A state was first seen at `seen_since`, last seen at `seen_until`, and first seen to be gone at
`first_absent`; while it stands, the last two are empty in the table and `seen_until` is the page's
last good look in the views. `"group"`, `"from"` and `"to"` are words of SQL and need their quotes.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from pipeline.history import timed
from pipeline.history.database import Migrations
from pipeline.history.notices import ALL_NOTICES, NOTICES
from pipeline.history.tables import DERIVED, FACTS, JOINED, WORDS
from pipeline.history.views import VIEWS

if TYPE_CHECKING:
    from sqlite_utils import Database

migrations = Migrations("claimwatch")


@migrations()
def facts_and_claims(db: Database) -> None:
    """Create everything that version 0.1 keeps."""
    _execute(db, FACTS + DERIVED)


@migrations()
def batches_reversions_and_words(db: Database) -> None:
    """Add what joins changes to each other, what older readers read, and the words to search;
    number what is searched.
    """
    _drop_views(db)
    _execute(db, JOINED + WORDS)


@migrations()
def revisions(db: Database) -> None:
    """Keep the commit that a capture was taken from."""
    db.conn.execute("ALTER TABLE look ADD COLUMN revision TEXT")
    _drop_views(db)


@migrations()
def views_of_the_commands(db: Database) -> None:
    """Give every question that a command answers a view of its name."""
    _drop_views(db)


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
    _execute(
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
    _execute(
        db,
        """CREATE TABLE zone (
            since TEXT PRIMARY KEY, name TEXT NOT NULL, begins INTEGER NOT NULL,
            ends INTEGER NOT NULL
        ) STRICT;
        INSERT INTO zone (since, name, begins, ends) VALUES ('0000-01-01', 'UTC', 0, 0)""",
    )
    _drop_views(db)


@migrations()
def notices(db: Database) -> None:
    """Keep who was told of which outage, and which runs died before they were closed."""
    _execute(db, NOTICES)


@migrations()
def ids_that_are_gone(db: Database) -> None:
    """Keep what an id once shown said, where it names nothing any more."""
    _execute(
        db, "CREATE TABLE gone (id TEXT PRIMARY KEY, page TEXT NOT NULL, said TEXT NOT NULL) STRICT"
    )


@migrations()
def what_held_captures_change(db: Database) -> None:
    """Keep what would change if a held capture were accepted: derived, and made again at need."""
    _execute(
        db,
        """CREATE TABLE foreseen (
            page TEXT PRIMARY KEY, digest TEXT NOT NULL, good TEXT, stamp TEXT NOT NULL,
            changes TEXT NOT NULL, claims INTEGER NOT NULL, unsaid TEXT
        ) STRICT""",
    )


@migrations()
def what_is_no_longer_claimed(db: Database) -> None:
    """Keep what nothing claims any more in the views, too."""
    _drop_views(db)


@migrations()
def rejections_are_no_sign_off(db: Database) -> None:
    """Count a page as signed off only where none of its captures was held back then."""
    _drop_views(db)


@migrations()
def notices_of_two_outages(db: Database) -> None:
    """Keep all outages of a page that one message tells of, each by when it began."""
    _execute(db, ALL_NOTICES)


@migrations()
def suppliers(db: Database) -> None:
    """Keep what a supplier does for the vendor, and where."""
    _drop_views(db)
    for column in ("purpose", "location"):
        db.conn.execute(f"ALTER TABLE state ADD COLUMN {column} TEXT")


@migrations()
def names_of_standards(db: Database) -> None:
    """Keep what people call the standards that a supplier is said to hold."""
    _drop_views(db)
    db.conn.execute("ALTER TABLE state ADD COLUMN standard_names TEXT NOT NULL DEFAULT '[]'")


@migrations()
def why_claims_were_read(db: Database) -> None:
    """Keep what kind of note a claim is, why it was read so, and how sure that is."""
    _drop_views(db)
    db.conn.execute("ALTER TABLE state ADD COLUMN note_kind TEXT")
    db.conn.execute("ALTER TABLE state ADD COLUMN why TEXT NOT NULL DEFAULT '[]'")
    db.conn.execute("ALTER TABLE state ADD COLUMN margin REAL")
    db.conn.execute("ALTER TABLE change ADD COLUMN read TEXT NOT NULL DEFAULT '[]'")


@migrations()
def last_readings(db: Database) -> None:
    """Keep what was read last of each page, so that its old capture need not be read again."""
    _execute(db, "CREATE TABLE last_reading (page TEXT PRIMARY KEY, kept BLOB NOT NULL) STRICT")


@migrations()
def questions_by_index(db: Database) -> None:
    """Find held captures, corrections and what became of a claim by index."""
    _execute(
        db,
        """CREATE INDEX look_held ON look(page, captured_at, digest) WHERE fault = 'mass-change';
        CREATE INDEX review_corrects ON review(at) WHERE kind = 'claim';
        CREATE INDEX change_claim ON change(claim, first_seen);
        CREATE INDEX page_vendor ON page(vendor COLLATE NOCASE)""",
    )


@migrations()
def numbers_by_time(db: Database) -> None:
    """Number the rows that are searched by their time, to find the newest first."""
    _drop_views(db)
    timed.renumber(db, "wording", "id", "since")
    timed.renumber(db, "change", "number", "first_seen")
    for words in ("passage", "told"):
        db.conn.execute(f"INSERT INTO {words} ({words}) VALUES ('rebuild')")


@migrations()
def how_pages_stand(db: Database) -> None:
    """Keep with a page what each look asks of its past, and the runs nobody has answered for."""
    for column in ("full_url", "full_at", "captured_at", "captured_digest"):
        db.conn.execute(f"ALTER TABLE page ADD COLUMN {column} TEXT")
    _execute(
        db,
        """UPDATE page SET
        (full_url, full_at) = (SELECT url, captured_at FROM look WHERE look.page = page.id
            AND origin = 'live' AND NOT not_modified AND result IN ('first', 'unchanged', 'changed')
            ORDER BY captured_at DESC, digest DESC LIMIT 1),
        (captured_at, captured_digest) = (SELECT captured_at, digest FROM look
            WHERE look.page = page.id AND digest IS NOT NULL
            ORDER BY captured_at DESC, digest DESC LIMIT 1);
        CREATE INDEX run_finished ON run(finished_at);
        CREATE TABLE open_run (id TEXT PRIMARY KEY) STRICT;
        INSERT INTO open_run (id) SELECT run FROM look WHERE run IS NOT NULL
        AND run NOT IN (SELECT id FROM run)
        UNION SELECT run FROM change WHERE run IS NOT NULL AND run NOT IN (SELECT id FROM run)""",
    )


@migrations()
def reopened_changes(db: Database) -> None:
    """Say of a change that it is open again once a person has taken the last verdict back."""
    _drop_views(db)


@migrations()
def reminders(db: Database) -> None:
    """Keep what recipients were reminded of, which they are once."""
    _execute(
        db,
        """CREATE TABLE reminder (
            message TEXT NOT NULL, recipient TEXT NOT NULL, id TEXT NOT NULL, UNIQUE (message, id)
        ) STRICT""",
    )


@migrations()
def what_runs_look_for(db: Database) -> None:
    """Find what is still to be delivered, and the captures that people accepted, by index."""
    _execute(
        db,
        """CREATE INDEX delivery_open ON delivery(at, id) WHERE status <> 'sent';
        CREATE INDEX review_accepts ON review(page) WHERE kind = 'page' AND verdict = 'accept'""",
    )


@migrations()
def due_dates(db: Database) -> None:
    """Keep until when a change is to be followed up; an empty text takes its due date away."""
    _drop_views(db)
    db.conn.execute("ALTER TABLE review ADD COLUMN due TEXT")


@migrations()
def flaps_and_captures(db: Database) -> None:
    """Find flaps and the captures of a body by index.

    Nearly no change reverts another, which makes the index of all reverts look useless.
    """
    _drop_views(db)
    _execute(
        db,
        """CREATE INDEX change_flap ON change(reverts) WHERE flap;
        CREATE INDEX look_digest ON look(digest) WHERE NOT not_modified""",
    )
    _execute(db, VIEWS)


@migrations()
def tried_links(db: Database) -> None:
    """Keep what came of trying the links to documents that pages claim."""
    _execute(
        db,
        """CREATE TABLE link (url TEXT PRIMARY KEY, tried_at TEXT NOT NULL, status INTEGER,
            gone INTEGER NOT NULL, gone_since TEXT) STRICT""",
    )


@migrations()
def changes_by_severity(db: Database) -> None:
    """Find the most severe and newest changes without sorting all there are."""
    _execute(
        db,
        """CREATE INDEX change_listed ON change(
            (CASE WHEN flap THEN 'info' ELSE severity END), first_seen DESC, page, position, id, cause
        )""",
    )


def _execute(db: Database, script: str) -> None:
    # A trigger has semicolons within it.
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.conn.execute(statement)
            statement = ""
    if statement.strip():
        db.conn.execute(statement)


def _drop_views(db: Database) -> None:
    for name in db.view_names():
        db.conn.execute(f'DROP VIEW "{name}"')

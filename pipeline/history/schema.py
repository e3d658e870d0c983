"""The tables of the database, as migrations, which `earlier` begins and this goes on with.

`tables` has the tables as they were made first, `views` the views.

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

from typing import TYPE_CHECKING

from pipeline.history import timed
from pipeline.history.earlier import drop_views, execute, migrations
from pipeline.history.views import VIEWS

if TYPE_CHECKING:
    from sqlite_utils import Database

__all__ = ["migrations"]


@migrations()
def last_readings(db: Database) -> None:
    """Keep what was read last of each page, so that its old capture need not be read again."""
    execute(db, "CREATE TABLE last_reading (page TEXT PRIMARY KEY, kept BLOB NOT NULL) STRICT")


@migrations()
def questions_by_index(db: Database) -> None:
    """Find held captures, corrections and what became of a claim by index."""
    execute(
        db,
        """CREATE INDEX look_held ON look(page, captured_at, digest) WHERE fault = 'mass-change';
        CREATE INDEX review_corrects ON review(at) WHERE kind = 'claim';
        CREATE INDEX change_claim ON change(claim, first_seen);
        CREATE INDEX page_vendor ON page(vendor COLLATE NOCASE)""",
    )


@migrations()
def numbers_by_time(db: Database) -> None:
    """Number the rows that are searched by their time, to find the newest first."""
    drop_views(db)
    timed.renumber(db, "wording", "id", "since")
    timed.renumber(db, "change", "number", "first_seen")
    for words in ("passage", "told"):
        db.conn.execute(f"INSERT INTO {words} ({words}) VALUES ('rebuild')")


@migrations()
def how_pages_stand(db: Database) -> None:
    """Keep with a page what each look asks of its past, and the runs nobody has answered for."""
    for column in ("full_url", "full_at", "captured_at", "captured_digest"):
        db.conn.execute(f"ALTER TABLE page ADD COLUMN {column} TEXT")
    execute(
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
    drop_views(db)


@migrations()
def reminders(db: Database) -> None:
    """Keep what recipients were reminded of, which they are once."""
    execute(
        db,
        """CREATE TABLE reminder (
            message TEXT NOT NULL, recipient TEXT NOT NULL, id TEXT NOT NULL, UNIQUE (message, id)
        ) STRICT""",
    )


@migrations()
def what_runs_look_for(db: Database) -> None:
    """Find what is still to be delivered, and the captures that people accepted, by index."""
    execute(
        db,
        """CREATE INDEX delivery_open ON delivery(at, id) WHERE status <> 'sent';
        CREATE INDEX review_accepts ON review(page) WHERE kind = 'page' AND verdict = 'accept'""",
    )


@migrations()
def due_dates(db: Database) -> None:
    """Keep until when a change is to be followed up; an empty text takes its due date away."""
    drop_views(db)
    db.conn.execute("ALTER TABLE review ADD COLUMN due TEXT")


@migrations()
def flaps_and_captures(db: Database) -> None:
    """Find flaps and the captures of a body by index.

    Nearly no change reverts another, which makes the index of all reverts look useless.
    """
    drop_views(db)
    execute(
        db,
        """CREATE INDEX change_flap ON change(reverts) WHERE flap;
        CREATE INDEX look_digest ON look(digest) WHERE NOT not_modified""",
    )
    execute(db, VIEWS)


@migrations()
def tried_links(db: Database) -> None:
    """Keep what came of trying the links to documents that pages claim."""
    execute(
        db,
        """CREATE TABLE link (url TEXT PRIMARY KEY, tried_at TEXT NOT NULL, status INTEGER,
            gone INTEGER NOT NULL, gone_since TEXT) STRICT""",
    )


@migrations()
def changes_by_severity(db: Database) -> None:
    """Find the most severe and newest changes without sorting all there are."""
    execute(
        db,
        """CREATE INDEX change_listed ON change(
            (CASE WHEN flap THEN 'info' ELSE severity END), first_seen DESC, page, position, id,
            cause
        )""",
    )


@migrations()
def watched_sitemaps(db: Database) -> None:
    """Keep when sitemaps were read, and since when they have each address."""
    execute(
        db,
        """CREATE TABLE sitemap_look (
            sitemap TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (sitemap, at)
        ) STRICT;
        CREATE TABLE sitemap_page (
            sitemap TEXT NOT NULL, url TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (sitemap, url)
        ) STRICT""",
    )

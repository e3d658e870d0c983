"""The tables of the database, as migrations that are each applied once; the views on them are in `views`.

Only adds: a migration that was released is never edited. The views are made by the last migration that changes them; those
before it only drop them, for SQLite alters no table below a view of columns that are still to come. Every instant is ISO 8601
in UTC as text (`2026-11-22T06:00:00+00:00`), which sorts as time does; lists are JSON text. Facts are copies of the journals
in `snapshots/`; the rest is derived from them.

    facts     page      a page as the config names it, and how its looks stand       look     every look, good or bad
              reader    the readers in order of first use                            review   verdicts of people, append-only
              run       every pass over the pages                                    delivery what was to be sent, and was it
              alias     an id that was shown once → the id it has now                journal  how far each journal was copied
              gone      an id that was shown once and names nothing any more
              attempt   what was begun to be read, and what was given up     zone     the schedule's time zone
    derived   claim     one claim of a page, whatever was changed or renamed of it   state    what it said, and when that was seen
              wording   the sentence it stood in, and where                          change   one difference, told once

              old_reading  what a reader that is no longer in force made of a page, until when
              passage, told  the words of claims and of changes, for full-text search

A state was first seen at `seen_since`, last seen at `seen_until`, and first seen to be gone at `first_absent`; while it stands,
the last two are empty in the table and `seen_until` is the page's last good look in the views. `"group"`, `"from"` and `"to"`
are words of SQL and need their quotes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.history.database import Migrations
from pipeline.history.notices import ALL_NOTICES, NOTICES
from pipeline.history.views import VIEWS

if TYPE_CHECKING:
    from sqlite_utils import Database

migrations = Migrations("claimwatch")

CLAIM = """subject TEXT, standard TEXT, standard_name TEXT, edition TEXT, level TEXT, stance TEXT, basis TEXT, authority TEXT,
assessor TEXT, valid TEXT, cadence TEXT, service TEXT, scope TEXT, "group" TEXT, members TEXT NOT NULL, condition TEXT, alias TEXT,
name TEXT, url TEXT, document TEXT, standards TEXT NOT NULL, mismatch INTEGER NOT NULL, value TEXT"""

FACTS = """
CREATE TABLE page (
    id TEXT PRIMARY KEY, url TEXT NOT NULL, vendor TEXT, product TEXT, owner TEXT, tier TEXT, ref TEXT, format TEXT,
    watched INTEGER NOT NULL DEFAULT 0, stamp TEXT NOT NULL DEFAULT '',
    last_look_at TEXT, last_good_at TEXT, last_good_digest TEXT, live_since TEXT, etag TEXT, last_modified TEXT, size INTEGER,
    failures INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE look (
    id INTEGER PRIMARY KEY, page TEXT NOT NULL REFERENCES page(id), captured_at TEXT NOT NULL, recorded_at TEXT NOT NULL,
    origin TEXT NOT NULL, asked TEXT NOT NULL, url TEXT NOT NULL, redirects TEXT NOT NULL, status INTEGER,
    headers TEXT NOT NULL, media_type TEXT NOT NULL,
    digest TEXT, not_modified INTEGER NOT NULL, run TEXT, line_end INTEGER NOT NULL,
    result TEXT NOT NULL, fault TEXT, reason TEXT, form INTEGER NOT NULL, size INTEGER, UNIQUE (page, line_end)
) STRICT;
CREATE INDEX look_page ON look(page, captured_at, digest);
CREATE TABLE reader (stamp TEXT PRIMARY KEY, first_used_at TEXT NOT NULL) STRICT;
CREATE TABLE review (
    id TEXT PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, target TEXT NOT NULL, page TEXT, follows TEXT, verdict TEXT NOT NULL,
    note TEXT, owner TEXT, ref TEXT, who TEXT, about TEXT NOT NULL
) STRICT;
CREATE INDEX review_follows ON review(follows);
CREATE TABLE run (id TEXT PRIMARY KEY, finished_at TEXT, pages INTEGER, read INTEGER, failed INTEGER, held_back INTEGER,
    changes INTEGER, report TEXT) STRICT;
CREATE TABLE delivery (
    id TEXT PRIMARY KEY, run TEXT NOT NULL, at TEXT NOT NULL, recipient TEXT NOT NULL, message TEXT NOT NULL,
    status TEXT NOT NULL, attempts INTEGER NOT NULL, tried_at TEXT, error TEXT
) STRICT;
CREATE TABLE alias (old TEXT PRIMARY KEY, new TEXT NOT NULL) STRICT;
CREATE TABLE journal (name TEXT PRIMARY KEY, "end" INTEGER NOT NULL, chain TEXT NOT NULL) STRICT;
"""

DERIVED = f"""
CREATE TABLE claim (id TEXT PRIMARY KEY, page TEXT NOT NULL REFERENCES page(id), kind TEXT NOT NULL, key TEXT NOT NULL) STRICT;
CREATE INDEX claim_page ON claim(page, key);
CREATE TABLE state (
    id INTEGER PRIMARY KEY, claim TEXT NOT NULL REFERENCES claim(id), kind TEXT NOT NULL, {CLAIM},
    seen_since TEXT NOT NULL, seen_until TEXT, first_absent TEXT
) STRICT;
CREATE UNIQUE INDEX state_open ON state(claim) WHERE first_absent IS NULL;
CREATE INDEX state_claim ON state(claim, seen_since);
CREATE INDEX state_standard ON state(standard, kind);
CREATE TABLE wording (
    state INTEGER NOT NULL REFERENCES state(id), since TEXT NOT NULL, text TEXT NOT NULL, section TEXT NOT NULL, line INTEGER,
    PRIMARY KEY (state, since)
) STRICT;
CREATE TABLE change (
    id TEXT PRIMARY KEY, page TEXT NOT NULL REFERENCES page(id), claim TEXT, transition TEXT NOT NULL,
    kind TEXT NOT NULL, change TEXT NOT NULL, field TEXT, severity TEXT NOT NULL, why TEXT NOT NULL, summary TEXT NOT NULL,
    standard TEXT, standard_name TEXT, subject TEXT, before TEXT, after TEXT, "from" TEXT, "to" TEXT, name TEXT,
    text_before TEXT, section_before TEXT, line_before INTEGER, text_after TEXT, section_after TEXT, line_after INTEGER,
    marks TEXT NOT NULL, count INTEGER NOT NULL, examples TEXT NOT NULL, confidence REAL, reason TEXT, cause TEXT NOT NULL,
    seen_until TEXT, first_seen TEXT NOT NULL, run TEXT, position INTEGER NOT NULL
) STRICT;
CREATE INDEX change_page ON change(page, first_seen);
CREATE INDEX change_newest ON change(first_seen);
CREATE INDEX change_transition ON change(page, transition);
CREATE INDEX change_run ON change(run);
"""

# A row that is searched needs a number of its own: those that SQLite gives by itself are given anew by VACUUM.
JOINED = """
CREATE TABLE numbered_wording (
    id INTEGER PRIMARY KEY, state INTEGER NOT NULL REFERENCES state(id), since TEXT NOT NULL, text TEXT NOT NULL,
    section TEXT NOT NULL, line INTEGER, UNIQUE (state, since)
) STRICT;
INSERT INTO numbered_wording (state, since, text, section, line) SELECT state, since, text, section, line FROM wording;
DROP TABLE wording;
ALTER TABLE numbered_wording RENAME TO wording;
CREATE TABLE numbered_change (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE, page TEXT NOT NULL REFERENCES page(id), claim TEXT, transition TEXT NOT NULL,
    kind TEXT NOT NULL, change TEXT NOT NULL, field TEXT, severity TEXT NOT NULL, why TEXT NOT NULL, summary TEXT NOT NULL,
    standard TEXT, standard_name TEXT, subject TEXT, before TEXT, after TEXT, "from" TEXT, "to" TEXT, name TEXT,
    text_before TEXT, section_before TEXT, line_before INTEGER, text_after TEXT, section_after TEXT, line_after INTEGER,
    marks TEXT NOT NULL, count INTEGER NOT NULL, examples TEXT NOT NULL, confidence REAL, reason TEXT, cause TEXT NOT NULL,
    seen_until TEXT, first_seen TEXT NOT NULL, run TEXT, position INTEGER NOT NULL,
    batch TEXT, mirror TEXT, reverts TEXT, flap INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO numbered_change (id, page, claim, transition, kind, change, field, severity, why, summary, standard, standard_name, subject,
    before, after, "from", "to", name, text_before, section_before, line_before, text_after, section_after, line_after, marks, count,
    examples, confidence, reason, cause, seen_until, first_seen, run, position)
SELECT id, page, claim, transition, kind, change, field, severity, why, summary, standard, standard_name, subject,
    before, after, "from", "to", name, text_before, section_before, line_before, text_after, section_after, line_after, marks, count,
    examples, confidence, reason, cause, seen_until, first_seen, run, position FROM change;
DROP TABLE change;
ALTER TABLE numbered_change RENAME TO change;
CREATE INDEX change_page ON change(page, first_seen);
CREATE INDEX change_newest ON change(first_seen);
CREATE INDEX change_transition ON change(page, transition);
CREATE INDEX change_mirror ON change(page, mirror);
CREATE INDEX change_reverts ON change(reverts);
CREATE INDEX change_run ON change(run);
CREATE TABLE old_reading (
    page TEXT NOT NULL, stamp TEXT NOT NULL, until TEXT NOT NULL, states TEXT NOT NULL, PRIMARY KEY (page, until)
) STRICT;
"""

WORDS = """
CREATE VIRTUAL TABLE passage USING fts5(text, content = 'wording', content_rowid = 'id', tokenize = 'porter unicode61');
CREATE VIRTUAL TABLE told USING fts5(summary, text_before, text_after, content = 'change', content_rowid = 'number',
    tokenize = 'porter unicode61');
INSERT INTO passage (passage) VALUES ('rebuild');
INSERT INTO told (told) VALUES ('rebuild');
CREATE TRIGGER wording_added AFTER INSERT ON wording BEGIN
    INSERT INTO passage (rowid, text) VALUES (new.id, new.text); END;
CREATE TRIGGER wording_gone AFTER DELETE ON wording BEGIN
    INSERT INTO passage (passage, rowid, text) VALUES ('delete', old.id, old.text); END;
CREATE TRIGGER wording_changed AFTER UPDATE OF text ON wording BEGIN
    INSERT INTO passage (passage, rowid, text) VALUES ('delete', old.id, old.text); INSERT INTO passage (rowid, text)
    VALUES (new.id, new.text); END;
CREATE TRIGGER change_added AFTER INSERT ON change BEGIN
    INSERT INTO told (rowid, summary, text_before, text_after) VALUES (new.number, new.summary, new.text_before, new.text_after); END;
CREATE TRIGGER change_gone AFTER DELETE ON change BEGIN
    INSERT INTO told (told, rowid, summary, text_before, text_after)
    VALUES ('delete', old.number, old.summary, old.text_before, old.text_after); END;
"""


@migrations()
def facts_and_claims(db: Database) -> None:
    """Create everything that version 0.1 keeps."""
    _execute(db, FACTS + DERIVED)


@migrations()
def batches_reversions_and_words(db: Database) -> None:
    """Add what joins changes to each other, what older readers read, and the words to search; number what is searched."""
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
    """Find what was said of a page without reading all that was ever said: every look asks for it."""
    db.conn.execute("CREATE INDEX review_page ON review(page, kind, verdict)")


@migrations()
def what_held_captures_show(db: Database) -> None:
    """Keep what a capture shows that is held back, by which one a day later is known to be the same."""
    db.conn.execute("ALTER TABLE look ADD COLUMN shown TEXT")


@migrations()
def attempts(db: Database) -> None:
    """Keep what was begun to be read, and what was given up: `reason` says why, and is empty where a reading began."""
    _execute(
        db,
        """CREATE TABLE attempt (
            page TEXT NOT NULL, at TEXT NOT NULL, stamp TEXT NOT NULL, digest TEXT NOT NULL, before TEXT NOT NULL,
            seconds REAL NOT NULL, reason TEXT
        ) STRICT;
        CREATE INDEX attempt_page ON attempt(page, stamp, digest)""",
    )


@migrations()
def days_and_ids(db: Database) -> None:
    """Say when days begin and end in the schedule's time zone, and what an id that was shown names now."""
    _execute(
        db,
        """CREATE TABLE zone (
            since TEXT PRIMARY KEY, name TEXT NOT NULL, begins INTEGER NOT NULL, ends INTEGER NOT NULL
        ) STRICT;
        INSERT INTO zone (since, name, begins, ends) VALUES ('0000-01-01', 'UTC', 0, 0)""",
    )
    _drop_views(db)


@migrations()
def notices(db: Database) -> None:
    """Keep what was told of outages, to whom, and which runs died before they were closed (unknown of earlier runs)."""
    _execute(db, NOTICES)


@migrations()
def ids_that_are_gone(db: Database) -> None:
    """Keep what an id said that was shown, and that names nothing any more as the captures are read now."""
    _execute(
        db, "CREATE TABLE gone (id TEXT PRIMARY KEY, page TEXT NOT NULL, said TEXT NOT NULL) STRICT"
    )


@migrations()
def what_held_captures_change(db: Database) -> None:
    """Keep what would change if a capture were accepted that is held back: derived, and worked out again where it is not."""
    _execute(
        db,
        """CREATE TABLE foreseen (
            page TEXT PRIMARY KEY, digest TEXT NOT NULL, good TEXT, stamp TEXT NOT NULL, changes TEXT NOT NULL,
            claims INTEGER NOT NULL, unsaid TEXT
        ) STRICT""",
    )


@migrations()
def what_is_no_longer_claimed(db: Database) -> None:
    """Keep what nothing claims any more in the views, too."""
    _drop_views(db)


@migrations()
def rejections_are_no_sign_off(db: Database) -> None:
    """Say of a page that it was signed off only where no capture of it was held back then: that is a rejection."""
    _drop_views(db)


@migrations()
def notices_of_two_outages(db: Database) -> None:
    """Keep all that one message told of a page: where runs had died, it may tell of two outages, each by when it began."""
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
    _execute(db, VIEWS)


@migrations()
def last_readings(db: Database) -> None:
    """Keep what was read last of each page, so that its old capture need not be read again when it changes: derived."""
    _execute(db, "CREATE TABLE last_reading (page TEXT PRIMARY KEY, kept BLOB NOT NULL) STRICT")


def _execute(db: Database, script: str) -> None:
    for statement in script.split(";\n"):
        if statement.strip():
            db.conn.execute(statement)


def _drop_views(db: Database) -> None:
    for name in db.view_names():
        db.conn.execute(f'DROP VIEW "{name}"')

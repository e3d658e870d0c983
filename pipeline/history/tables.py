"""The tables of the database as the first migrations made them: SQL text only, for `schema`.

Never edited once released.
"""

from __future__ import annotations

CLAIM = """subject TEXT, standard TEXT, standard_name TEXT, edition TEXT, level TEXT, stance TEXT,
basis TEXT, authority TEXT, assessor TEXT, valid TEXT, cadence TEXT, service TEXT, scope TEXT,
"group" TEXT, members TEXT NOT NULL, condition TEXT, alias TEXT, name TEXT, url TEXT, document TEXT,
standards TEXT NOT NULL, mismatch INTEGER NOT NULL, value TEXT"""

FACTS = """
CREATE TABLE page (
    id TEXT PRIMARY KEY, url TEXT NOT NULL, vendor TEXT, product TEXT, owner TEXT, tier TEXT,
    ref TEXT, format TEXT, watched INTEGER NOT NULL DEFAULT 0, stamp TEXT NOT NULL DEFAULT '',
    last_look_at TEXT, last_good_at TEXT, last_good_digest TEXT, live_since TEXT, etag TEXT,
    last_modified TEXT, size INTEGER, failures INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE look (
    id INTEGER PRIMARY KEY, page TEXT NOT NULL REFERENCES page(id), captured_at TEXT NOT NULL,
    recorded_at TEXT NOT NULL, origin TEXT NOT NULL, asked TEXT NOT NULL, url TEXT NOT NULL,
    redirects TEXT NOT NULL, status INTEGER, headers TEXT NOT NULL, media_type TEXT NOT NULL,
    digest TEXT, not_modified INTEGER NOT NULL, run TEXT, line_end INTEGER NOT NULL,
    result TEXT NOT NULL, fault TEXT, reason TEXT, form INTEGER NOT NULL, size INTEGER,
    UNIQUE (page, line_end)
) STRICT;
CREATE INDEX look_page ON look(page, captured_at, digest);
CREATE TABLE reader (stamp TEXT PRIMARY KEY, first_used_at TEXT NOT NULL) STRICT;
CREATE TABLE review (
    id TEXT PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, target TEXT NOT NULL, page TEXT,
    follows TEXT, verdict TEXT NOT NULL, note TEXT, owner TEXT, ref TEXT, who TEXT,
    about TEXT NOT NULL
) STRICT;
CREATE INDEX review_follows ON review(follows);
CREATE TABLE run (id TEXT PRIMARY KEY, finished_at TEXT, pages INTEGER, read INTEGER,
    failed INTEGER, held_back INTEGER, changes INTEGER, report TEXT) STRICT;
CREATE TABLE delivery (
    id TEXT PRIMARY KEY, run TEXT NOT NULL, at TEXT NOT NULL, recipient TEXT NOT NULL,
    message TEXT NOT NULL, status TEXT NOT NULL, attempts INTEGER NOT NULL, tried_at TEXT,
    error TEXT
) STRICT;
CREATE TABLE alias (old TEXT PRIMARY KEY, new TEXT NOT NULL) STRICT;
CREATE TABLE journal (name TEXT PRIMARY KEY, "end" INTEGER NOT NULL, chain TEXT NOT NULL) STRICT;
"""

DERIVED = f"""
CREATE TABLE claim (id TEXT PRIMARY KEY, page TEXT NOT NULL REFERENCES page(id), kind TEXT NOT NULL,
    key TEXT NOT NULL) STRICT;
CREATE INDEX claim_page ON claim(page, key);
CREATE TABLE state (
    id INTEGER PRIMARY KEY, claim TEXT NOT NULL REFERENCES claim(id), kind TEXT NOT NULL, {CLAIM},
    seen_since TEXT NOT NULL, seen_until TEXT, first_absent TEXT
) STRICT;
CREATE UNIQUE INDEX state_open ON state(claim) WHERE first_absent IS NULL;
CREATE INDEX state_claim ON state(claim, seen_since);
CREATE INDEX state_standard ON state(standard, kind);
CREATE TABLE wording (
    state INTEGER NOT NULL REFERENCES state(id), since TEXT NOT NULL, text TEXT NOT NULL,
    section TEXT NOT NULL, line INTEGER, PRIMARY KEY (state, since)
) STRICT;
CREATE TABLE change (
    id TEXT PRIMARY KEY, page TEXT NOT NULL REFERENCES page(id), claim TEXT,
    transition TEXT NOT NULL, kind TEXT NOT NULL, change TEXT NOT NULL, field TEXT,
    severity TEXT NOT NULL, why TEXT NOT NULL, summary TEXT NOT NULL, standard TEXT,
    standard_name TEXT, subject TEXT, before TEXT, after TEXT, "from" TEXT, "to" TEXT, name TEXT,
    text_before TEXT, section_before TEXT, line_before INTEGER, text_after TEXT, section_after TEXT,
    line_after INTEGER, marks TEXT NOT NULL, count INTEGER NOT NULL, examples TEXT NOT NULL,
    confidence REAL, reason TEXT, cause TEXT NOT NULL, seen_until TEXT, first_seen TEXT NOT NULL,
    run TEXT, position INTEGER NOT NULL
) STRICT;
CREATE INDEX change_page ON change(page, first_seen);
CREATE INDEX change_newest ON change(first_seen);
CREATE INDEX change_transition ON change(page, transition);
CREATE INDEX change_run ON change(run);
"""

# A row that is searched needs a number of its own: those that SQLite gives
# by itself are given anew by VACUUM.
JOINED = """
CREATE TABLE numbered_wording (
    id INTEGER PRIMARY KEY, state INTEGER NOT NULL REFERENCES state(id), since TEXT NOT NULL,
    text TEXT NOT NULL, section TEXT NOT NULL, line INTEGER, UNIQUE (state, since)
) STRICT;
INSERT INTO numbered_wording (state, since, text, section, line) SELECT state, since, text, section,
    line FROM wording;
DROP TABLE wording;
ALTER TABLE numbered_wording RENAME TO wording;
CREATE TABLE numbered_change (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE, page TEXT NOT NULL REFERENCES page(id), claim TEXT,
    transition TEXT NOT NULL, kind TEXT NOT NULL, change TEXT NOT NULL, field TEXT,
    severity TEXT NOT NULL, why TEXT NOT NULL, summary TEXT NOT NULL, standard TEXT,
    standard_name TEXT, subject TEXT, before TEXT, after TEXT, "from" TEXT, "to" TEXT, name TEXT,
    text_before TEXT, section_before TEXT, line_before INTEGER, text_after TEXT, section_after TEXT,
    line_after INTEGER, marks TEXT NOT NULL, count INTEGER NOT NULL, examples TEXT NOT NULL,
    confidence REAL, reason TEXT, cause TEXT NOT NULL, seen_until TEXT, first_seen TEXT NOT NULL,
    run TEXT, position INTEGER NOT NULL, batch TEXT, mirror TEXT, reverts TEXT,
    flap INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO numbered_change (id, page, claim, transition, kind, change, field, severity, why,
    summary, standard, standard_name, subject, before, after, "from", "to", name, text_before,
    section_before, line_before, text_after, section_after, line_after, marks, count,
    examples, confidence, reason, cause, seen_until, first_seen, run, position)
SELECT id, page, claim, transition, kind, change, field, severity, why, summary, standard,
    standard_name, subject, before, after, "from", "to", name, text_before, section_before,
    line_before, text_after, section_after, line_after, marks, count, examples, confidence, reason,
    cause, seen_until, first_seen, run, position FROM change;
DROP TABLE change;
ALTER TABLE numbered_change RENAME TO change;
CREATE INDEX change_page ON change(page, first_seen);
CREATE INDEX change_newest ON change(first_seen);
CREATE INDEX change_transition ON change(page, transition);
CREATE INDEX change_mirror ON change(page, mirror);
CREATE INDEX change_reverts ON change(reverts);
CREATE INDEX change_run ON change(run);
CREATE TABLE old_reading (
    page TEXT NOT NULL, stamp TEXT NOT NULL, until TEXT NOT NULL, states TEXT NOT NULL,
    PRIMARY KEY (page, until)
) STRICT;
"""

WORDS = """
CREATE VIRTUAL TABLE passage USING fts5(text, content = 'wording', content_rowid = 'id',
    tokenize = 'porter unicode61');
CREATE VIRTUAL TABLE told USING fts5(summary, text_before, text_after, content = 'change',
    content_rowid = 'number', tokenize = 'porter unicode61');
INSERT INTO passage (passage) VALUES ('rebuild');
INSERT INTO told (told) VALUES ('rebuild');
CREATE TRIGGER wording_added AFTER INSERT ON wording BEGIN
    INSERT INTO passage (rowid, text) VALUES (new.id, new.text); END;
CREATE TRIGGER wording_gone AFTER DELETE ON wording BEGIN
    INSERT INTO passage (passage, rowid, text) VALUES ('delete', old.id, old.text); END;
CREATE TRIGGER wording_changed AFTER UPDATE OF text ON wording BEGIN
    INSERT INTO passage (passage, rowid, text) VALUES ('delete', old.id, old.text);
    INSERT INTO passage (rowid, text) VALUES (new.id, new.text); END;
CREATE TRIGGER change_added AFTER INSERT ON change BEGIN
    INSERT INTO told (rowid, summary, text_before, text_after)
    VALUES (new.number, new.summary, new.text_before, new.text_after); END;
CREATE TRIGGER change_gone AFTER DELETE ON change BEGIN
    INSERT INTO told (told, rowid, summary, text_before, text_after)
    VALUES ('delete', old.number, old.summary, old.text_before, old.text_after); END;
"""

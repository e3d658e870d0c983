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

CREATE TABLE claim (id TEXT PRIMARY KEY, page TEXT NOT NULL REFERENCES page(id), kind TEXT NOT NULL, key TEXT NOT NULL) STRICT;
CREATE INDEX claim_page ON claim(page, key);
CREATE TABLE state (
    id INTEGER PRIMARY KEY, claim TEXT NOT NULL REFERENCES claim(id), kind TEXT NOT NULL, subject TEXT, standard TEXT, standard_name TEXT, edition TEXT, level TEXT, stance TEXT, basis TEXT, authority TEXT,
assessor TEXT, valid TEXT, cadence TEXT, service TEXT, scope TEXT, "group" TEXT, members TEXT NOT NULL, condition TEXT, alias TEXT,
name TEXT, url TEXT, document TEXT, standards TEXT NOT NULL, mismatch INTEGER NOT NULL, value TEXT,
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

CREATE VIEW claims_now AS
SELECT claim.id, claim.page, page.vendor, state.kind, state.subject, state.standard, state.standard_name, state.edition, state.level,
    state.stance, state.service, state.scope, state."group", state.members, state.condition, state.alias, state.basis, state.authority,
    state.assessor, state.valid, state.cadence, state.name, state.url, state.document, state.standards, state.mismatch, state.value,
    wording.text, wording.section, wording.line, state.seen_since, page.last_good_at AS seen_until, state.first_absent
FROM state JOIN claim ON claim.id = state.claim JOIN page ON page.id = claim.page
JOIN wording ON wording.state = state.id AND wording.since = (SELECT max(since) FROM wording WHERE wording.state = state.id)
WHERE state.first_absent IS NULL;
CREATE VIEW claim_life AS
SELECT claim.id, claim.page, page.vendor, state.kind, state.subject, state.standard, state.edition, state.level, state.stance,
    state.service, state.scope, state."group", state.condition, state.name, state.url, state.value, wording.text, wording.section,
    wording.line, wording.since AS worded_since, state.seen_since, coalesce(state.seen_until, page.last_good_at) AS seen_until,
    state.first_absent
FROM state JOIN claim ON claim.id = state.claim JOIN page ON page.id = claim.page JOIN wording ON wording.state = state.id
ORDER BY claim.page, claim.id, state.seen_since, wording.since;
CREATE VIEW changes_newest AS
SELECT change.id, change.page, page.vendor, change.change, change.kind, change.field, change.standard, change.subject, change.before,
    change.after, change."from", change."to", change.name, change.severity, change.summary, change.why, change.text_before,
    change.text_after, change.seen_until, change.first_seen, change.cause, change.claim,
    coalesce((SELECT CASE verdict WHEN 'accept' THEN 'accepted' WHEN 'dismiss' THEN 'dismissed' WHEN 'ask' THEN 'asked' END
        FROM review WHERE review.follows = change.id AND verdict IN ('accept', 'dismiss', 'ask')
        ORDER BY at DESC, review.rowid DESC LIMIT 1), 'open') AS status
FROM change JOIN page ON page.id = change.page
ORDER BY change.first_seen DESC, change.page, change.position;
CREATE VIEW page_status AS
SELECT page.id AS page, page.vendor, page.product, page.url, page.watched, look.result AS last_result, look.fault, look.reason,
    page.last_look_at, page.last_good_at, page.failures,
    (SELECT count(*) FROM state JOIN claim ON claim.id = state.claim
        WHERE claim.page = page.id AND state.first_absent IS NULL) AS claims,
    (SELECT count(*) FROM changes_newest WHERE changes_newest.page = page.id AND status = 'open'
        AND severity IN ('critical', 'high', 'medium') AND cause = 'page') AS open_changes
FROM page LEFT JOIN look ON look.id = (SELECT id FROM look WHERE look.page = page.id
    ORDER BY captured_at DESC, coalesce(digest, '') DESC, id DESC LIMIT 1);
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY, "migration_set" TEXT, "name" TEXT, "applied_at" TEXT
);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name" ON "_sqlite_migrations" ("migration_set", "name");
INSERT INTO "_sqlite_migrations" (migration_set, name, applied_at) VALUES ('claimwatch', 'facts_and_claims', '2026-03-01');
INSERT INTO page (id, url, vendor, watched, last_good_at) VALUES ('desk', 'https://example.org/desk', 'Northwind', 1, '2026-03-01T06:00:00+00:00');
INSERT INTO look (page, captured_at, recorded_at, origin, asked, url, redirects, headers, media_type, digest, not_modified, line_end, result, form)
VALUES ('desk', '2026-03-01T06:00:00+00:00', '2026-03-01T06:00:00+00:00', 'live', 'u', 'u', '[]', '[]', '', 'd', 0, 1, 'first', 0);
INSERT INTO claim VALUES ('c1', 'desk', 'standard', 'k1');
INSERT INTO state (claim, kind, standard, edition, members, standards, mismatch, seen_since)
VALUES ('c1', 'standard', 'iso-27001', '2022', '[]', '[]', 0, '2026-03-01T06:00:00+00:00');
INSERT INTO wording VALUES (1, '2026-03-01T06:00:00+00:00', 'Certified to ISO 27001:2022.', '[]', 7);
INSERT INTO change (id, page, transition, kind, change, severity, why, summary, marks, count, examples, cause, first_seen, position)
VALUES ('aaaa00000001', 'desk', 't1', 'note', 'added', 'high', 'note added', 'a note added', '[]', 1, '[]', 'page',
    '2026-03-01T06:00:00+00:00', 0);

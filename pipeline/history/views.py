"""The questions of people as views, for any SQLite tool:
each answers as the command of its name does.

    claims (claims_now) · changes (changes_newest) · history (claim_life) · status (page_status) ·
    matrix · search
    claims_at    the claims of every day, one row a claim:
                 ask for one with `WHERE date = '2024-04-30'`
    no_longer_claimed  the last claim of each vendor, subject and standard of which none stands
    day          when a day begins and ends in the schedule's time zone,
                 as the other columns write instants
    reviews      what people said, and of which change, claim or page: a flap is one change
    ids          every id that was shown → the id it has now
    corrections  what people said that we read wrong
    wordings     every sentence that a claim stood in, and how long

Text only; `schema` creates them. A view that changes gets a migration
that creates all of them anew.
"""

from __future__ import annotations


def _corrected(name: str) -> str:
    """Return a column of a state as a person's correction of it has it."""
    said = f"corrections.should_be, '$.{name}'"
    return (
        f'CASE WHEN json_type({said}) IS NULL THEN state."{name}" ELSE json_extract({said}) '
        f'END AS "{name}"'
    )


READ = (
    *(
        "subject",
        "standard",
        "standard_name",
        "edition",
        "level",
        "stance",
        "service",
        "scope",
        "group",
        "condition",
        "alias",
    ),
    *("basis", "authority", "assessor", "valid", "cadence", "name", "document"),
    *("purpose", "location"),
)

_SAID = """
CREATE VIEW reviews AS
SELECT review.id, review.at, review.kind, review.verdict, review.who, review.note, review.owner,
    review.ref, review.due, review.page, coalesce(flap.id, change.id) AS change, claim.id AS claim,
    review.follows, review.target, review.follows IS NULL AS detached
FROM review LEFT JOIN change ON review.kind = 'change' AND change.id = review.follows
LEFT JOIN change AS flap ON flap.reverts = change.id AND flap.flap
LEFT JOIN claim ON review.kind = 'claim' AND claim.id = review.follows;
CREATE VIEW corrections AS
SELECT review.follows AS claim, review.id AS review, review.at, review.who, review.note,
    json_extract(review.about, '$.text') AS text,
    coalesce(json_extract(review.about, '$.should_be'), '{}') AS should_be
FROM review WHERE review.kind = 'claim' AND review.verdict = 'wrong' AND review.follows IS NOT NULL
AND NOT EXISTS (
    SELECT 1 FROM review AS later WHERE later.follows = review.follows AND later.kind = 'claim'
    AND later.verdict IN ('wrong', 'accept')
    AND (later.at, later.rowid) > (review.at, review.rowid));
CREATE VIEW ids AS
WITH RECURSIVE live AS (SELECT id FROM change UNION ALL SELECT id FROM claim),
leads(shown, id, steps) AS (
    SELECT old, new, 1 FROM alias WHERE old NOT IN live
    UNION ALL SELECT leads.shown, alias.new, steps + 1 FROM leads JOIN alias ON alias.old = leads.id
    WHERE leads.id NOT IN live AND steps < 100)
SELECT id AS shown, id FROM live UNION ALL SELECT shown, id FROM leads WHERE id IN live;
"""

# The days from 1990 to 2099: no page was read before,
# and a day without a row would be a day without claims.
_DAYS = """
CREATE VIEW day AS
WITH RECURSIVE dates(date) AS (SELECT '1990-01-01' UNION ALL SELECT date(date, '+1 day') FROM dates
WHERE date < '2099-12-31')
SELECT dates.date, strftime('%Y-%m-%dT%H:%M:%S', dates.date,
    (-zone.begins) || ' minutes') || '+00:00' AS begins, strftime('%Y-%m-%dT%H:%M:%S', dates.date,
    '+86399 seconds', (-zone.ends) || ' minutes') || '.999999+00:00' AS ends
FROM dates JOIN zone ON zone.since = (SELECT max(since) FROM zone WHERE since <= dates.date);
"""

_DISPUTED = """SELECT min(look.captured_at) FROM look JOIN page ON page.id = look.page
WHERE page.id = wordings.page
    AND look.fault = 'mass-change' AND (look.captured_at, look.digest) > (page.last_good_at,
    page.last_good_digest)"""

_CLAIMS = """
CREATE VIEW wordings AS
SELECT claim.id, claim.page, page.vendor, state.kind, {corrected},
    state.members, state.url, state.standards, state.standard_names, state.mismatch, state.value,
    state.note_kind, state.why, state.margin, wording.text, wording.section, wording.line,
    wording.since AS worded_since, coalesce((SELECT min(since) FROM wording AS next
    WHERE next.state = state.id
        AND next.since > wording.since), state.first_absent) AS worded_until,
    state.seen_since, coalesce(state.seen_until, page.last_good_at) AS seen_until,
    state.first_absent, corrections.should_be AS correction, corrections.who AS corrected_by,
    corrections.at AS corrected_at
FROM state JOIN claim ON claim.id = state.claim JOIN page ON page.id = claim.page
JOIN wording ON wording.state = state.id
LEFT JOIN corrections ON corrections.claim = claim.id AND corrections.text = wording.text;
CREATE VIEW claims_now AS
SELECT wordings.*, ({disputed}) AS disputed_since FROM wordings WHERE first_absent IS NULL
AND worded_until IS NULL;
CREATE VIEW claims_at AS
SELECT day.date, (SELECT max(captured_at) FROM look WHERE look.page = wordings.page
AND captured_at <= day.ends
        AND result IN ('first', 'unchanged', 'changed')) AS as_of, wordings.*,
    ({disputed} AND look.captured_at <= day.ends) AS disputed_since
FROM day JOIN wordings ON worded_since <= day.ends AND coalesce(worded_until, '9999') > day.ends;
CREATE VIEW claim_life AS SELECT * FROM wordings ORDER BY page, id, seen_since, worded_since;
"""

# Written out in place, not joined: what a page's changes are asked for must not be worked out
# for all pages first.
_HOURS = "((julianday(change.first_seen) - julianday(undone.first_seen)) * 24)"
_LONG = f"""CASE WHEN round({_HOURS}) < 48
    THEN CAST(round({_HOURS}) AS INTEGER) || iif(round({_HOURS}) = 1, ' hour', ' hours')
    ELSE CAST(round({_HOURS} / 24) AS INTEGER) || ' days' END"""
_SAID_OF_IT = (
    """FROM review WHERE review.follows IN (change.id, iif(change.flap, change.reverts, NULL))"""
)
_LAST = "ORDER BY at DESC, review.rowid DESC LIMIT 1"
_VERDICT = f"{_SAID_OF_IT} AND verdict IN ('accept', 'dismiss', 'ask', 'reopen') {_LAST}"
_UNFLAPPED = """NOT EXISTS (SELECT 1 FROM change AS flap
    WHERE flap.reverts = change.id AND flap.flap)"""


def _last(name: str) -> str:
    """Return the column with what people said last under a name; an empty text took it back."""
    said = f"SELECT {name} {_SAID_OF_IT} AND {name} IS NOT NULL {_LAST}"
    return f"nullif(({said}), '') AS {name}"


_CHANGES = f"""
CREATE VIEW changes_newest AS
SELECT change.id, change.page, page.vendor, change.change, change.kind, change.field,
    change.standard, change.standard_name, change.subject, change.before, change.after,
    change."from", change."to", change.name,
    CASE WHEN change.flap THEN 'info' ELSE change.severity END AS severity,
    CASE WHEN undone.id IS NULL THEN change.summary
    WHEN change.flap THEN undone.summary || ', and back after ' || {_LONG}
        ELSE change.summary || ' (as it was before, after ' || {_LONG} || ')' END AS summary,
    CASE WHEN undone.id IS NULL THEN change.why WHEN change.flap THEN
        'a flap, seen in fewer than three captures and for less than 48 hours (each way: ' ||
        undone.severity || ', ' || undone.why || ')'
        ELSE change.why || '; it undoes ' || undone.id END AS why,
    change.text_before, change.text_after, change.seen_until, change.first_seen, change.cause,
    change.claim, change.batch, change.reverts, round({_HOURS}, 1) AS dwell_hours, change.flap,
    coalesce((SELECT CASE verdict WHEN 'accept' THEN 'accepted' WHEN 'dismiss' THEN 'dismissed'
    WHEN 'ask' THEN 'asked' END {_VERDICT}), 'open') AS status,
    {_last("owner")}, {_last("ref")}, {_last("due")},
    (SELECT json_group_array(note) FROM (SELECT note {_SAID_OF_IT} AND note <> ''
    ORDER BY at, review.rowid)) AS notes
FROM change JOIN page ON page.id = change.page
LEFT JOIN change AS undone ON undone.id = change.reverts
WHERE {_UNFLAPPED}
ORDER BY change.first_seen DESC, change.page, change.position, change.id;
"""

# The open changes of a page are counted among its own: `changes_newest` would be worked out whole.
# Said of a page that is held back, it rejects that capture and signs nothing off.
SIGNED_OFF = """FROM review WHERE review.page = page.id AND review.kind = 'page'
AND verdict = 'no-change'
    AND json_extract(about, '$.digest') IS NULL"""
_PAGES = f"""
CREATE VIEW page_status AS
SELECT page.id AS page, page.vendor, page.product, page.url, page.watched,
    look.result AS last_result, look.fault, look.reason, page.last_look_at, page.last_good_at,
    page.failures, (SELECT count(*) FROM state JOIN claim ON claim.id = state.claim
        WHERE claim.page = page.id AND state.first_absent IS NULL) AS claims,
    (SELECT count(*) FROM change WHERE change.page = page.id AND cause = 'page' AND NOT flap
        AND severity IN ('critical', 'high', 'medium') AND {_UNFLAPPED}
        AND coalesce((SELECT verdict {_VERDICT}), 'reopen') = 'reopen') AS open_changes,
    (SELECT max(at) {SIGNED_OFF}) AS signed_off_at,
    (SELECT who {SIGNED_OFF} ORDER BY at DESC, rowid DESC LIMIT 1) AS signed_off_by
FROM page LEFT JOIN look ON look.id = (SELECT id FROM look WHERE look.page = page.id
    ORDER BY captured_at DESC, coalesce(digest, '') DESC, id DESC LIMIT 1);
"""

# What nothing stands of is asked once of all that stand, not of each claim:
# there are as many as ever were lost.
_LOST = """
CREATE VIEW no_longer_claimed AS
SELECT * FROM (
    SELECT wordings.*, row_number() OVER (PARTITION BY vendor, subject, standard
    ORDER BY first_absent DESC, id) AS latest
    FROM wordings WHERE kind = 'standard' AND first_absent IS NOT NULL
    AND worded_until = first_absent
    AND coalesce(correction, '') <> '{}'
    AND NOT EXISTS (SELECT 1 FROM state AS later WHERE later.claim = wordings.id
    AND later.seen_since > wordings.seen_since)
    AND (coalesce(vendor, ''), coalesce(subject, ''), standard) NOT IN (
        SELECT coalesce(vendor, ''), coalesce(subject, ''), standard FROM claims_now
        WHERE kind = 'standard' AND coalesce(correction, '') <> '{}')
) WHERE latest = 1;
"""

# The columns of both halves of `search` are of one type: else SQLite makes all rows
# of it before it looks for any.
_NAMES = """
CREATE VIEW claims AS SELECT * FROM claims_now;
CREATE VIEW changes AS SELECT * FROM changes_newest;
CREATE VIEW history AS SELECT * FROM claim_life;
CREATE VIEW status AS SELECT * FROM page_status WHERE watched;
CREATE VIEW matrix AS
SELECT held.vendor, subject, standard, standard_name, edition, level, stance, page.id AS page,
    seen_since, seen_until, first_absent, page.last_good_at AS as_of,
    CAST(julianday('now') - julianday(page.last_good_at) AS INTEGER) AS age_days, text, held.id
FROM (
    SELECT vendor, subject, standard, standard_name, edition, level, stance, page, seen_since,
        seen_until, first_absent, text, id
    FROM claims_now WHERE kind = 'standard' AND coalesce(correction, '') <> '{}'
    UNION ALL
    SELECT vendor, subject, standard, standard_name, NULL, NULL, NULL, page, seen_since, seen_until,
        first_absent, text, id
    FROM no_longer_claimed
) AS held JOIN page ON page.id = held.page ORDER BY held.vendor, subject, standard;
CREATE VIEW search AS
SELECT 'claim' AS what, wording.id AS number, state.kind, claim.id, claim.page, page.vendor,
    wording.since, coalesce((SELECT min(since) FROM wording AS next WHERE next.state = state.id
    AND next.since > wording.since),
        state.first_absent) AS until, state.standard, wording.text
FROM wording JOIN state ON state.id = wording.state JOIN claim ON claim.id = state.claim
JOIN page ON page.id = claim.page
UNION ALL
SELECT 'change', change.number, CAST('change' AS TEXT), change.id, change.page, page.vendor,
    change.first_seen, NULL, change.standard,
    CAST(coalesce(change.text_after, change.text_before, change.summary) AS TEXT)
FROM change JOIN page ON page.id = change.page;
"""

VIEWS = "".join((_SAID, _DAYS, _CLAIMS, _CHANGES, _PAGES, _LOST, _NAMES))
VIEWS = VIEWS.replace("{corrected}", ", ".join(map(_corrected, READ)))
VIEWS = VIEWS.replace("{disputed}", _DISPUTED)

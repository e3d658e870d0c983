"""Questions are answered by index, with the rows that whole tables gave: plain old forms stand
here beside the new ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from generated_store import KINDS, STANCES, STANDARDS, START, VENDORS, Shape, filled
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import history
from pipeline.history import corrections, knowing, reversions, rows, searching, standing
from pipeline.history.reading import GOOD, select
from pipeline.words import fold

LAST = "9999-12-31T00:00:00+00:00"
Row = dict[str, Any]


@cache
def store(seed: int) -> history.Database:
    return filled(":memory:", Shape(pages=6), seed)


seeds = st.integers(0, 5)
moments = st.none() | st.integers(0, 70 * 24).map(lambda hours: START + timedelta(hours=hours))
pages = st.none() | st.sampled_from(("page-00000", "page-00004", "nowhere"))
vendors = st.none() | st.sampled_from(
    (*(name for name in VENDORS if name), "lARKFIELD", "Vendor 0")
)

# --------------------------------------------------------------------------- claims

CLAIMS = f"""
WITH sight AS (
    SELECT page.*, (SELECT captured_at FROM look WHERE look.page = page.id AND {GOOD}
    AND captured_at <= :at AND recorded_at <= :known_at
        ORDER BY captured_at DESC LIMIT 1) AS as_of FROM page
)
SELECT state.*, claim.id AS claim_id, sight.id AS page, sight.vendor, sight.product AS page_product,
    sight.as_of, wording.text, wording.section, wording.line,
    (SELECT min(captured_at) FROM look WHERE look.page = sight.id AND {GOOD}
    AND recorded_at <= :known_at
        AND captured_at >= state.seen_since) AS since,
    (SELECT max(captured_at) FROM look WHERE look.page = sight.id AND {GOOD}
    AND recorded_at <= :known_at
        AND captured_at <= coalesce(state.seen_until, sight.last_good_at)) AS until,
    (SELECT min(captured_at) FROM look WHERE look.page = sight.id AND {GOOD}
    AND recorded_at <= :known_at
        AND captured_at >= state.first_absent) AS absent,
    (SELECT min(captured_at) FROM look WHERE look.page = sight.id AND fault = 'mass-change'
    AND captured_at <= :at
        AND recorded_at <= :known_at AND (captured_at, digest) > (sight.last_good_at,
        sight.last_good_digest)) AS disputed
FROM sight JOIN claim ON claim.page = sight.id
JOIN state ON state.claim = claim.id AND state.seen_since <= sight.as_of
    AND (state.first_absent IS NULL OR state.first_absent > sight.as_of)
JOIN wording ON wording.state = state.id
    AND wording.since = (SELECT max(since) FROM wording WHERE wording.state = state.id
    AND wording.since <= sight.as_of)
ORDER BY sight.id, wording.line IS NULL, wording.line, state.id
"""


def claims_of_all(db: history.Database, wanted: Row, at: Any, known_at: Any) -> list[Row]:
    """Return the claims as whole tables give them, each chosen in Python."""
    times = {
        "at": rows.text(at) if at else LAST,
        "known_at": rows.text(known_at) if known_at else LAST,
    }
    said = corrections.load(db, known_at)
    found = []
    for row in select(db, CLAIMS, **times):
        disputed, read = row.pop("disputed"), corrections.applied(row, said)
        if chosen(read, wanted):
            found.append(standing.claim_row(read, disputed))
    return found


def chosen(row: Row, wanted: Row) -> bool:
    alike: dict[str, Callable[[str], bool]] = {
        "page": lambda value: row["page"] == value,
        "vendor": lambda value: fold(row["vendor"] or "") == fold(value),
        "kind": lambda value: row["kind"] == value,
        "stance": lambda value: row["stance"] == value,
        "service": lambda value: fold(value) in fold(row["service"] or ""),
        "product": lambda value: (
            fold(value) in (fold(row["subject"] or ""), fold(row["page_product"] or ""))
        ),
        "standard": lambda value: (
            value in (row["standard"], *rows.unlisted(row["standards"]))
            or fold(row["standard_name"] or "") == fold(value)
        ),
    }
    return all(alike[name](value) for name, value in wanted.items() if value is not None)


@settings(max_examples=150, deadline=None)
@given(
    seeds,
    st.fixed_dictionaries(
        {
            "page": pages,
            "vendor": vendors,
            "kind": st.none() | st.sampled_from(KINDS),
            "stance": st.none() | st.sampled_from(STANCES),
            "standard": st.none() | st.sampled_from((*STANDARDS, "Soc-2")),
            "product": st.none() | st.just("vault"),
            "service": st.none() | st.just("DATA"),
        }
    ),
    moments,
    moments,
)
def test_claims_by_index_are_the_claims_of_whole_tables(
    seed: int, wanted: Row, at: datetime | None, known_at: datetime | None
) -> None:
    db = store(seed)
    assert not knowing.claims(db, START, START)[0]
    found = history.claims(db, at=at, known_at=known_at, **wanted)
    assert found == claims_of_all(db, wanted, at, known_at)


# --------------------------------------------------------------------------- changes


CHANGES = """SELECT change.* FROM change JOIN page ON page.id = change.page
WHERE (:page IS NULL OR change.page = :page)
AND (:vendor IS NULL OR page.vendor = :vendor COLLATE NOCASE)
AND (:standard IS NULL OR change.standard = :standard
OR change.standard_name = :standard COLLATE NOCASE)
AND (:kind IS NULL OR change.kind = :kind) AND (:cause IS NULL OR change.cause = :cause)
AND change.first_seen BETWEEN :since AND :until ORDER BY change.first_seen DESC, change.page,
change.position, change.id"""


@settings(max_examples=150, deadline=None)
@given(
    seeds,
    st.fixed_dictionaries(
        {
            "page": pages,
            "vendor": vendors,
            "kind": st.none() | st.sampled_from(KINDS),
            "cause": st.none() | st.sampled_from(("page", "reader")),
            "standard": st.none() | st.sampled_from((*STANDARDS, "Soc-2")),
        }
    ),
    st.none() | st.sampled_from(("open", "accepted")),
    moments,
    moments,
)
def test_changes_by_index_are_the_changes_of_whole_tables(
    seed: int, wanted: Row, status: str | None, since: datetime | None, until: datetime | None
) -> None:
    db = store(seed)
    times = {
        "since": rows.text(since) if since else "",
        "until": rows.text(until) if until else LAST,
    }
    expected = reversions.folded(db, select(db, CHANGES, **times, **wanted))
    told = [item.id for item in history.told(db, expected) if status in (None, item.status)]
    found = history.changes(db, since=since, until=until, status=status, **wanted)
    assert [row["id"] for row in found] == told


@settings(max_examples=6, deadline=None)
@given(seeds)
def test_what_is_told_of_a_change_is_what_the_view_tells(seed: int) -> None:
    same = (
        "id",
        "page",
        "vendor",
        "severity",
        "summary",
        "why",
        "status",
        "owner",
        "ref",
        "reverts",
    )
    found = history.changes(store(seed))
    assert [[row[name] for name in same] for row in found] == [
        [row[name] for name in same] for row in select(store(seed), "SELECT * FROM changes_newest")
    ]


# --------------------------------------------------------------------------- words

FOUND = """SELECT search.kind, search.id, search.page, search.vendor, search.since, search.until,
search.standard, search.text
FROM (SELECT 'claim' AS what, rowid FROM passage WHERE passage MATCH :words
    UNION ALL SELECT 'change', rowid FROM told WHERE told MATCH :words) AS hit
JOIN search ON search.what = hit.what AND search.number = hit.rowid
WHERE (:vendor IS NULL OR vendor = :vendor COLLATE NOCASE) AND (:page IS NULL OR page = :page)
AND (:kind IS NULL OR kind = :kind) AND since BETWEEN :since AND :until
ORDER BY search.since DESC, search.page, search.kind, search.id LIMIT :limit"""
texts = st.sampled_from(
    (
        "certified",
        "data residency",
        "word1",
        "word3*",
        '"audit report"',
        "customers reporting",
        "nowhere",
    )
)
places = st.fixed_dictionaries(
    {
        "page": pages,
        "vendor": vendors,
        "kind": st.none() | st.sampled_from((*KINDS, "change")),
    }
)


def searched(db: history.Database, text: str, wanted: Row, since: Any, until: Any) -> list[Row]:
    words = " ".join(searching._quoted(match) for match in searching._WORD.finditer(text))
    times = {
        "since": rows.text(since) if since else "",
        "until": rows.text(until) if until else "9999",
    }
    return [
        row | {name: rows.shown(row[name]) for name in ("since", "until")}
        for row in select(db, FOUND, words=words, limit=1000, **times, **wanted)
    ]


@settings(max_examples=200, deadline=None)
@given(seeds, texts, places, moments, moments, st.sampled_from((1, 3, 20, 1000)))
def test_the_newest_hits_are_those_of_a_search_that_joins_and_sorts_all(
    seed: int, text: str, wanted: Row, since: Any, until: Any, limit: int
) -> None:
    db = store(seed)
    found = history.search(db, text, since=since, until=until, limit=limit, **wanted)
    assert found == searched(db, text, wanted, since, until)[:limit]
    best = history.search(db, text, since=since, until=until, best=True, limit=1000, **wanted)
    assert sorted(map(repr, best)) == sorted(map(repr, searched(db, text, wanted, since, until)))


def test_the_best_match_comes_first_where_that_is_asked_for() -> None:
    db = store(0)
    db.conn.execute("SAVEPOINT rare")
    (number,) = db.conn.execute("SELECT min(id) FROM wording").fetchone()
    db.conn.execute("UPDATE wording SET text = 'data' WHERE id = ?", (number,))
    newest, best = history.search(db, "data"), history.search(db, "data", best=True)
    db.conn.execute("ROLLBACK TO rare")
    assert [row["text"] for row in (best[0],)] == ["data"] != [newest[0]["text"]]

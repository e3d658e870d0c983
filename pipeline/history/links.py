"""Documents that pages claim → whether their links still lead anywhere: which are to be tried, and
which were gone twice. Only reads, but for what a trial found.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from pipeline.history import rows
from pipeline.history.database import Database
from pipeline.history.reading import select
from pipeline.history.rows import Row
from pipeline.history.writes import insert
from pipeline.model import Gone

EVERY, AGAIN = timedelta(days=7), timedelta(days=1)
"""How often a link is tried, and how soon again where it was gone once."""
SETTLED = timedelta(days=1)
"""For how long a page must have had a link: what is being edited is left alone."""
TWICE = 2
GONE = (404, 410)
_LINKED = """SELECT DISTINCT state.url FROM page JOIN claim ON claim.page = page.id
JOIN state ON state.claim = claim.id AND state.first_absent IS NULL
WHERE page.watched AND claim.kind = 'evidence' AND state.url LIKE 'http%'
AND state.document IN ('report', 'certificate', 'letter', 'registry')"""
_DUE = f"""SELECT linked.url FROM ({_LINKED} AND state.seen_since <= :settled) AS linked
LEFT JOIN link ON link.url = linked.url WHERE link.tried_at IS NULL OR link.tried_at <= :weekly
OR (link.gone = 1 AND link.tried_at <= :daily) ORDER BY link.tried_at, linked.url LIMIT :most"""
_GONE = f"""SELECT page.*, claim.id AS claim_id, state.name AS called, state.url AS leads,
link.status, link.gone_since FROM page JOIN claim ON claim.page = page.id JOIN state ON state.claim
= claim.id AND state.first_absent IS NULL JOIN link ON link.url = state.url WHERE page.watched AND
link.gone >= {TWICE} AND claim.kind = 'evidence' ORDER BY page.id, state.url"""


def links_due(db: Database, now: datetime, most: int) -> list[str]:
    """Return the links to certificates, reports, letters and registries that are to be tried,
    those that were longest not first, so many at most.
    """
    found = select(
        db,
        _DUE,
        settled=rows.text(now - SETTLED),
        weekly=rows.text(now - EVERY),
        daily=rows.text(now - AGAIN),
        most=most,
    )
    return [row["url"] for row in found]


def gone(db: Database) -> tuple[Gone, ...]:
    """Return the documents that watched pages claim whose links were gone twice."""
    return tuple(
        Gone(
            rows.to_page(row),
            row["called"] or row["leads"],
            row["leads"],
            row["status"],
            datetime.fromisoformat(row["gone_since"]),
        )
        for row in select(db, _GONE)
    )


def record_links(db: Database, facts: Row) -> None:
    """Add what a trial of links found, as a line of the top journal says it."""
    before = {row["url"]: row for row in _known(db, (one["url"] for one in facts["tried"]))}
    for one in facts["tried"]:
        was = before.get(one["url"], {"gone": 0, "gone_since": None})
        # A server that does not answer says nothing: what was known of the link stands.
        missing = one["status"] in GONE or (one["status"] is None and was["gone"] > 0)
        more = 1 if one["status"] in GONE else 0
        row = {
            "url": one["url"],
            "tried_at": facts["at"],
            "status": one["status"] if one["status"] is not None else was.get("status"),
            "gone": was["gone"] + more if missing else 0,
            "gone_since": (was["gone_since"] or facts["at"]) if missing else None,
        }
        insert(db, "link", row, otherwise="REPLACE")


def _known(db: Database, urls: Iterable[str]) -> list[Row]:
    sql = "SELECT link.* FROM json_each(?) JOIN link ON link.url = json_each.value"
    return select(db, sql, json.dumps(list(urls)))

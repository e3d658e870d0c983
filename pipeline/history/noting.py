"""Lines of the top journal → rows: reviews, runs, deliveries, re-readings,
and what else is of no page.

Opens no transaction of its own, and decides nothing: the facts are the lines' own.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from pipeline.history import links, rows, sitemaps, steps
from pipeline.history.database import Database
from pipeline.history.rows import Row
from pipeline.history.writes import insert


def record_note(db: Database, facts: Row) -> None:
    """Add what a line of the top journal says; nothing where it is of no table."""
    if (record := _RECORDED.get(facts["what"])) is not None:
        record(db, facts)


def _record_reader(db: Database, facts: Row) -> None:
    row = {"stamp": facts["stamp"], "first_used_at": facts["at"]}
    insert(db, "reader", row, otherwise="IGNORE")


def _record_review(db: Database, facts: Row) -> None:
    row = {name: facts.get(name) for name in _REVIEW}
    about = json.dumps(facts.get("about", {}), ensure_ascii=False)
    insert(db, "review", row | {"about": about})


def _record_alias(db: Database, facts: Row) -> None:
    for old, new in facts["ids"]:
        insert(db, "alias", {"old": old, "new": new}, otherwise="REPLACE")
    for old, said in facts.get("gone", ()):
        row = {"id": old, "page": facts["page"], "said": said}
        insert(db, "gone", row, otherwise="REPLACE")


def _record_rereading(db: Database, facts: Row) -> None:
    # The page may be one that the config names no more and that was not derived yet.
    insert(db, "page", {"id": facts["page"], "url": ""}, otherwise="IGNORE")
    for row in facts["changes"]:
        steps.insert_changes(db, [row], otherwise="IGNORE")


def _record_attempt(db: Database, facts: Row) -> None:
    row = {name: facts[name] for name in ("page", "at", "stamp", "digest", "seconds")}
    given = {"before": facts.get("before", ""), "reason": facts.get("reason")}
    insert(db, "attempt", row | given)


def _record_run(db: Database, facts: Row) -> None:
    # A version that only named the runs that had died, and did not report them,
    # said nothing of `cut_off`.
    died = [died if isinstance(died, dict) else {"id": died} for died in facts.get("also", ())]
    for died_facts in died:
        insert(db, "run", _run(died_facts), otherwise="IGNORE")
    insert(db, "run", _run(facts), otherwise="REPLACE")
    db.conn.execute("DELETE FROM open_run WHERE id IN (SELECT id FROM run)")
    for message in facts.get("messages", ()):
        row = {
            "id": message["id"],
            "run": facts["id"],
            "at": facts["finished_at"],
            "recipient": message["to"],
        }
        row |= {
            "message": json.dumps(message, ensure_ascii=False),
            "status": "waiting",
            "attempts": 0,
        }
        insert(db, "delivery", row, otherwise="IGNORE")
        _record_notices(db, message)


def _run(facts: Row) -> Row:
    names = ("id", "finished_at", "pages", "read", "failed", "held_back", "changes", "report")
    cut_off = facts.get("cut_off")
    return {name: facts.get(name) for name in names} | {
        "cut_off": None if cut_off is None else int(cut_off)
    }


def _record_notices(db: Database, message: Row) -> None:
    """Add what a message tells of outages and reminds of, as its JSON has it."""
    payload = json.loads(message["payload"])
    for list_name in ("unread", "recovered"):
        for told in payload.get(list_name, ()):
            kind = "doubted" if told.get("confirmed") is False else list_name
            row = {
                "message": message["id"],
                "recipient": message["to"],
                "kind": kind,
                "page": told["page"],
                "looks": told["looks"],
                **{name: rows.stored(told.get(name)) for name in ("since", "last_good_at")},
            }
            insert(db, "notice", row, otherwise="IGNORE")
    for told in payload.get("reminders", ()):
        row = {"message": message["id"], "recipient": message["to"], "id": told["id"]}
        insert(db, "reminder", row, otherwise="IGNORE")


def _record_delivery(db: Database, facts: Row) -> None:
    db.conn.execute(
        "UPDATE delivery SET status = ?, attempts = attempts + 1, tried_at = ?, "
        "error = ? WHERE id = ?",
        (facts["status"], facts["at"], facts.get("error"), facts["id"]),
    )


def record_old(db: Database, facts: Row, states: str) -> None:
    """Add what a reader that is no longer in force made of a page."""
    row = {"page": facts["page"], "stamp": facts["stamp"], "until": facts["at"], "states": states}
    insert(db, "old_reading", row, otherwise="REPLACE")


def copied(db: Database, journal: str, end: int, chain: str) -> None:
    """Remember how far a journal was copied: the offset behind the last line, and its SHA-256."""
    insert(db, "journal", {"name": journal, "end": end, "chain": chain}, otherwise="REPLACE")


_REVIEW = ("id", "at", "kind", "target", "page", "verdict", "note", "owner", "ref", "due", "who")
_RECORDED: dict[str, Callable[[Database, Row], None]] = {
    "reader": _record_reader,
    "review": _record_review,
    "alias": _record_alias,
    "rereading": _record_rereading,
    "attempt": _record_attempt,
    "run": _record_run,
    "delivery": _record_delivery,
    "links": links.record_links,
    "sitemap": sitemaps.record_sitemap,
}

"""A change, a claim or a vendor → the evidence of it: claims, changes,
and every capture that they rest on. Only reads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pipeline
from pipeline import errors, history, words
from pipeline.archive import Archive
from pipeline.cli import showing
from pipeline.cli.marked import Text
from pipeline.report import evidence as summary
from pipeline.report import phrases
from pipeline.report import statement as stated
from pipeline.track import bundle, stating
from pipeline.track.bundle import Captured, Evidence

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.history import Database
    from pipeline.model import Statement

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a bundle is of, in words, with its claims and changes as lists have them."""

    what: str
    claims: tuple[Row, ...]
    changes: tuple[Row, ...]
    statement: Statement | None = None


def of_id(config: Config, db: Database, shown_id: str) -> Chosen:
    """Return a change with its claim's life, or a claim with its changes.

    Raise NotFound for an id of neither.
    """
    kind, row = history.find(db, shown_id)
    if kind == "change":
        shown = history.shown(db, row["id"], config.in_force)
        return Chosen(f"Change {row['id']}: {row['summary']}", shown.life, (shown.row,))
    if kind == "claim":
        life = tuple(history.history(db, row["id"]))
        ids = {
            change["id"] for state in life for change in state["began_with"] + state["ended_with"]
        }
        listed = history.changes(db, page=row["page"], rules=config.in_force)
        return Chosen(
            f"Claim {row['id']}", life, tuple(change for change in listed if change["id"] in ids)
        )
    raise errors.NotFound(f'"{shown_id}" is a page; evidence is of a change, a claim or a --vendor')


def of_vendor(
    config: Config,
    db: Database,
    vendor: str,
    period: tuple[datetime | None, datetime],
    *,
    made_at: datetime,
) -> Chosen:
    """Return a vendor's claims at the end of a period, what changed in it,
    and the statement on it.
    """
    since, until = period
    claims = history.claims(db, vendor=vendor, at=until)
    changes = history.changes(db, vendor=vendor, since=since, until=until, rules=config.in_force)
    zone = config.schedule.timezone
    opening = f"from {phrases.minute(since, zone)} " if since else ""
    what = f"{vendor}, {opening}to {phrases.minute(until, zone)}"
    made = stating.statement(config, db, vendor, stating.Period(since, until), made_at=made_at)
    return Chosen(what, tuple(claims), tuple(changes), made)


def packed(config: Config, db: Database, chosen: Chosen, *, made_at: datetime) -> tuple[bytes, str]:
    """Return the bundle, and what it holds, in words."""
    archive, zone = Archive(config.snapshots), config.schedule.timezone
    rests = list(_rests(db, chosen))
    looks = {(look["page"], look["digest"]): look for _, _, look in rests}
    captures = tuple(_captured(config, archive, look) for look in looks.values())
    texts = {one.look["digest"]: words.squeeze(one.text) for one in captures}
    found, missing = _sought(rests, texts)
    journals = {
        page: archive.path(page).read_bytes() for page in sorted({page for page, _ in looks})
    }
    heads = {page: _head(journal) for page, journal in journals.items()}
    about = {
        "what": chosen.what,
        "made_at": made_at.isoformat(),
        "claimwatch": pipeline.__version__,
        "record": dict(history.named_heads(db)).get("journal.jsonl"),
        "not_in_one_piece": missing,
    }
    shown = {
        "claims": chosen.claims,
        "changes": chosen.changes,
        "captures": tuple(one.look for one in captures),
    }
    made = Evidence(
        about,
        captures,
        chosen.claims,
        chosen.changes,
        tuple(found),
        journals,
        heads,
        summary.html(about, shown, heads, zone),
        stated.html(chosen.statement, zone) if chosen.statement else None,
    )
    holds = (
        phrases.count(len(chosen.changes), "change"),
        phrases.count(len(chosen.claims), "claim"),
        phrases.count(len(captures), "capture"),
    )
    return bundle.pack(made), phrases.listing(holds)


def _sought(
    rests: Iterable[tuple[str, str, Row]], texts: Mapping[str, str]
) -> tuple[list[Row], list[Row]]:
    """Return the sentences that stand in their captures' texts in one piece,
    and those that do not.
    """
    found: list[Row] = []
    missing: list[Row] = []
    for of, sentence, look in rests:
        whole = words.squeeze(sentence) in texts[look["digest"]]
        (found if whole else missing).append({"of": of, "digest": look["digest"], "text": sentence})
    return found, missing


def _rests(db: Database, chosen: Chosen) -> Iterator[tuple[str, str, Row]]:
    """Yield every sentence of the changes and claims with the capture that shows it."""
    for change in chosen.changes:
        for text, at in (("text_before", "seen_until"), ("text_after", "first_seen")):
            look = history.capture(db, change["page"], change[at])
            if look and change[text]:
                yield change["id"], change[text], look
    for claim in chosen.claims:
        at = claim.get("worded_since") or claim["as_of"] or claim["seen_since"]
        look = history.capture(db, claim["page"], at)
        if look and claim["kind"] != "metadata":
            yield claim["id"], claim["text"], look


def _captured(config: Config, archive: Archive, look: Row) -> Captured:
    snapshot = showing.snapshot(config, archive, look)
    return Captured(look, snapshot.body, "\n".join(_text(config, snapshot)))


def _text(config: Config, snapshot: Any) -> Sequence[str]:
    return list(Text(showing.read(config, snapshot).document, ()).lines())


def _head(journal: bytes) -> str:
    """Return the SHA-256 of the last line of a journal."""
    lines = journal.splitlines()
    return hashlib.sha256(lines[-1]).hexdigest() if lines else ""

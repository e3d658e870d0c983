"""A person's word on a change, a claim or a page → the top journal, then the table.

Append-only; never judged here.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from pipeline import history
from pipeline.errors import NotFound, ReviewError
from pipeline.history import Database
from pipeline.history.rows import Row
from pipeline.model import Accepted, Failed, HeldBack, Run, Word
from pipeline.standards import Catalogue
from pipeline.track import closing, delivering, foreseeing, resuming
from pipeline.track.desk import Desk
from pipeline.track.store import Store

VERDICTS = {
    "change": ("accept", "dismiss", "ask", "reopen", "note"),
    "claim": ("wrong", "accept", "note"),
    "page": ("no-change", "accept", "note"),
}
"""What may be said of what; a bare `note` carries a note, an owner or a reference
and leaves the status as it is.

Of a change, `reopen` takes the last verdict back; of a claim, `accept` takes a correction back;
of a page, it says that the capture held back is really the page.
"""
_KEPT = ("verdict", "note", "owner", "ref", "due", "who")


@dataclass(frozen=True, slots=True)
class Review:
    """A verdict, who gives it and when, and what is kept beside it.

    `due` is a date, by which a change is to be followed up; an empty text clears it. `should_be` is
    how a claim reads from now on, until its sentence changes.
    """

    verdict: str
    at: datetime
    who: str | None = None
    note: str | None = None
    owner: str | None = None
    ref: str | None = None
    due: str | None = None
    should_be: Mapping[str, str | None] = field(default_factory=dict)


def review(store: Store, target: str, given: Review) -> str:
    """Keep a verdict for ever and return its id.

    Raise NotFound for an id that names nothing, or not what the verdict is for.
    """
    kind, row = history.find(store.db, target)
    if given.due is not None and kind != "change":
        raise NotFound(f'"{target}" is a {kind}; only a change has a due date')
    if given.verdict not in VERDICTS[kind]:
        possible = ", ".join(VERDICTS[kind])
        raise NotFound(f'"{target}" is a {kind}; it can be given {possible}, not {given.verdict}')
    facts = {
        "at": given.at.astimezone(UTC).isoformat(),
        "kind": kind,
        "target": row["id"],
        "page": row["id"] if kind == "page" else row["page"],
        **{name: getattr(given, name) for name in _KEPT},
        "about": _about(store, kind, row, given),
    }
    facts["id"] = hashlib.sha256(
        json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()
    ).hexdigest()[:12]
    store.note("review", {name: value for name, value in facts.items() if value is not None})
    return str(facts["id"])


def release(
    store: Store,
    catalogue: Catalogue,
    word: Word,
    *,
    now: Callable[[], datetime],
    environ: Mapping[str, str] = os.environ,
) -> Run:
    """Take the capture that is held back for what the page says, by a person's word,
    and tell what it changes.

    It is compared, reported and sent as it would be if time had let it go.
    Raise NotFound where none is held back, and ReviewError where that capture cannot be read.
    """
    page = store.page(word.page)
    with store.lock(), Desk(catalogue, store.config.budget) as desk:
        started_at = now().astimezone(UTC)
        resuming.prepare(store, (page,), desk, at=started_at)
        outcome = foreseeing.accepted(store, desk, page)
        if isinstance(outcome, Failed | HeldBack):
            raise ReviewError(f"{page.id}: {_unreadable(outcome)}")
        run_id, held = closing.run_id(store, started_at), history.last_held(store.db, page.id)
        review(store, page.id, Review("accept", started_at, word.who, word.note))
        store.derive(page, desk, at=started_at, run=run_id)
        since = datetime.fromisoformat(held["since"]) if held else started_at
        begun = Run(
            started_at,
            now().astimezone(UTC),
            (resuming.kept(outcome),),
            id=run_id,
            accepted=Accepted(replace(word, at=started_at), since),
        )
        done = closing.close(store, desk, begun)
        delivering.deliver(store, now, environ, store.tell)
    return done


def _unreadable(outcome: Failed | HeldBack) -> str:
    why = outcome.failure if isinstance(outcome, Failed) else outcome.verdict
    return f"the capture that is held back cannot be read, and so cannot be accepted: {why.reason}"


def _capture(db: Database, page_id: str) -> Row:
    """Return what names the capture of a page that is held back; empty where none is."""
    held = history.last_held(db, page_id)
    names = ("digest", "captured_at", "since", "shown")
    return {name: held[name] for name in names if held[name]} if held else {}


def _about(store: Store, kind: str, row: Row, given: Review) -> Row:
    """Return what lets the verdict be found again, whatever ids come to be."""
    if kind == "change":
        return history.about(row)
    if kind == "claim":
        states = history.history(store.db, str(row["id"]))
        return {
            "key": row["key"],
            "text": states[-1]["text"],
            **({"should_be": given.should_be} if given.should_be else {}),
        }
    capture = _capture(store.db, str(row["id"])) if given.verdict != "note" else {}
    if given.verdict != "accept":
        return capture
    if not capture:
        raise NotFound(f"{row['id']}: no capture is held back since its last good look")
    # The run that tells what the capture changed: this one,
    # or the next where it dies before it could.
    return {**capture, "run": closing.run_id(store, given.at)}

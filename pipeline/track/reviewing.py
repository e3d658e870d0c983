"""A person's word on a change, a claim or a page → the top journal, then the table.

Append-only; never judged here.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
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


def review(
    store: Store,
    target: str,
    verdict: str,
    *,
    at: datetime,
    note: str | None = None,
    owner: str | None = None,
    ref: str | None = None,
    due: str | None = None,
    who: str | None = None,
    should_be: dict[str, str | None] | None = None,
) -> str:
    """Keep a verdict for ever and return its id.

    Raise NotFound for an id that names nothing, or not what the verdict is for.

    What `should_be` says of a claim is how it reads from now on, until its sentence changes. `due`
    is a date, by which a change is to be followed up; an empty text clears it.
    """
    kind, row = history.find(store.db, target)
    if due is not None and kind != "change":
        raise NotFound(f'"{target}" is a {kind}; only a change has a due date')
    if verdict not in VERDICTS[kind]:
        raise NotFound(
            f'"{target}" is a {kind}; it can be given {", ".join(VERDICTS[kind])}, not {verdict}'
        )
    facts = {
        "at": at.astimezone(UTC).isoformat(),
        "kind": kind,
        "target": row["id"],
        "page": row["id"] if kind == "page" else row["page"],
        "verdict": verdict,
        "note": note,
        "owner": owner,
        "ref": ref,
        "due": due,
        "who": who,
        "about": _about(store, (kind, verdict, at), row, should_be),
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
        review(store, page.id, "accept", at=started_at, note=word.note, who=word.who)
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


def _about(
    store: Store,
    said: tuple[str, str, datetime],
    row: Row,
    should_be: dict[str, str | None] | None,
) -> Row:
    """Return what lets the verdict be found again, whatever ids come to be."""
    kind, verdict, at = said
    if kind == "change":
        return history.about(row)
    if kind == "claim":
        states = history.history(store.db, str(row["id"]))
        return {
            "key": row["key"],
            "text": states[-1]["text"],
            **({"should_be": should_be} if should_be else {}),
        }
    capture = _capture(store.db, str(row["id"])) if verdict != "note" else {}
    if verdict != "accept":
        return capture
    if not capture:
        raise NotFound(f"{row['id']}: no capture is held back since its last good look")
    # The run that tells what the capture changed: this one,
    # or the next where it dies before it could.
    return {**capture, "run": closing.run_id(store, at)}

"""A person's word on a change, a claim or a page → the top journal, then the table. Append-only; never judged here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime

from pipeline import history
from pipeline.errors import NotFound
from pipeline.history import Database
from pipeline.model import Page
from pipeline.standards import Catalogue
from pipeline.track.desk import Desk
from pipeline.track.store import Store

VERDICTS = {
    "change": ("accept", "dismiss", "ask", "note"),
    "claim": ("wrong", "accept", "note"),
    "page": ("no-change", "accept", "note"),
}
"""What may be said of what; a bare `note` carries a note, an owner or a reference and leaves the status as it is.

Of a claim, `accept` takes a correction back; of a page, it says that the capture held back is really the page.
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
    who: str | None = None,
    should_be: dict[str, str | None] | None = None,
) -> str:
    """Keep a verdict for ever and return its id; raise NotFound for an id that names nothing, or not what the verdict is for.

    What `should_be` says of a claim is how it reads from now on, until its sentence changes.
    """
    kind, row = history.find(store.db, target)
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
        "who": who,
        "about": _about(store.db, kind, verdict, row, should_be),
    }
    facts["id"] = hashlib.sha256(
        json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()
    ).hexdigest()[:12]
    store.note("review", {name: value for name, value in facts.items() if value is not None})
    return str(facts["id"])


def release(
    store: Store,
    page: Page,
    catalogue: Catalogue,
    *,
    now: Callable[[], datetime],
    note: str | None,
    who: str | None,
) -> str:
    """Take the capture that is held back for what the page says, by a person's word; return the verdict's id.

    Nobody is alerted: whoever releases it has seen it.
    """
    with store.lock(), Desk(catalogue, store.config.budget) as desk:
        found = review(store, page.id, "accept", at=now(), note=note, who=who)
        store.derive(page, desk, at=now())
    return found


def _about(
    db: Database,
    kind: str,
    verdict: str,
    row: dict[str, object],
    should_be: dict[str, str | None] | None,
) -> dict[str, object]:
    """Return what lets the verdict be found again, whatever ids come to be."""
    if kind == "change":
        return history.about(row)
    if kind == "claim":
        states = history.history(db, str(row["id"]))
        return {
            "key": row["key"],
            "text": states[-1]["text"],
            **({"should_be": should_be} if should_be else {}),
        }
    if verdict == "accept":
        held = history.last_held(db, str(row["id"]))
        if held is None:
            raise NotFound(f"{row['id']}: no capture is held back since its last good look")
        return {"digest": held["digest"], "captured_at": held["captured_at"]}
    return {}

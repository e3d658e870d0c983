"""One change → all that is known of it, for a page that shows it alone. Only reads."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline import rules
from pipeline.errors import NotFound
from pipeline.history import changing, queries, standing
from pipeline.history.database import Database
from pipeline.history.reading import GOOD, select
from pipeline.history.rows import Row
from pipeline.model import Told

_CAPTURES = f"""SELECT id, captured_at, recorded_at, origin, url, status, digest, media_type,
revision FROM look
WHERE page = ? AND {GOOD} AND digest IS NOT NULL AND captured_at = ? ORDER BY digest DESC LIMIT 1"""
_RELATED = """SELECT * FROM change WHERE page = :page AND id <> :id
AND (claim = :claim OR batch = :batch OR id = :reverts OR reverts = :id) ORDER BY first_seen DESC,
position LIMIT 50"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A change as a report tells it (`told`) and as listings have it (`row`),
    with the life of its claim, oldest first.

    `captures` are the last with the old state and the first with the new one, None where there is
    none; `related` are changes of the same claim or batch, and those that it undid or that undid
    it.
    """

    told: Told
    row: Row
    life: tuple[Row, ...]
    captures: tuple[Row | None, Row | None]
    related: tuple[Row, ...]


def shown(db: Database, shown_id: str, in_force: rules.InForce = ()) -> Shown:
    """Return all that is known of a change.

    Raise NotFound where an id, or the first letters of one, names none.
    """
    kind, found = queries.find(db, shown_id)
    if kind != "change":
        raise NotFound(f'"{shown_id}" is a {kind}, no change')
    [(item, row)] = changing.listed(db, [found], in_force)
    related = select(
        db, _RELATED, **{name: found[name] for name in ("page", "id", "claim", "batch", "reverts")}
    )
    return Shown(
        item,
        row,
        _life(db, found["claim"]),
        (_capture(db, found, "seen_until"), _capture(db, found, "first_seen")),
        tuple(one for _, one in changing.listed(db, related, in_force)),
    )


def _life(db: Database, claim: str | None) -> tuple[Row, ...]:
    try:
        return tuple(standing.history(db, claim)) if claim else ()
    except NotFound:  # what a re-reading told of a claim that there is not as it is read now
        return ()


def _capture(db: Database, change: Row, at: str) -> Row | None:
    return next(iter(select(db, _CAPTURES, change["page"], change[at])), None)

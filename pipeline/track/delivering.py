"""Outbox → recipients: what is waiting is handed over, and what became of it is kept in the record.

A message is sent until it was taken: tried at once, then less and less often, and given up where
nobody takes it. One that was given up is tried again as soon as its recipient takes another, and
whenever a person asks for it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline import alert, egress, history
from pipeline.alert import trying
from pipeline.errors import DeliveryError
from pipeline.history.rows import Row
from pipeline.model import Message
from pipeline.track.store import Store

Now = Callable[[], datetime]
Said = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Post:
    """What handing over goes by: the store, the time, the environment,
    and who hears of what went wrong.
    """

    store: Store
    now: Now
    environ: Mapping[str, str]
    tell: Said


def deliver(store: Store, now: Now, environ: Mapping[str, str], tell: Said) -> None:
    """Hand over every message that is due; keep and say what went wrong."""
    post = Post(store, now, environ, tell)
    rows = history.undelivered(store.db)
    due = [row for row in rows if _is_due(row, now())]
    taken = _all(post, due)
    again = [row for row in rows if row["status"] == "dead" and row["recipient"] in taken]
    _all(post, [row for row in again if row["attempts"] < trying.MOST])


def again(
    store: Store, recipients: Iterable[str], now: Now, tell: Said, environ: Mapping[str, str]
) -> tuple[int, int]:
    """Hand over all that those recipients, or all where none is named, did not get,
    the dead too; return how many they took of how many.
    """
    rows = undelivered(store.db, recipients)
    _all(Post(store, now, environ, tell), rows)
    left = {row["id"] for row in undelivered(store.db, recipients)}
    return sum(row["id"] not in left for row in rows), len(rows)


def discard(store: Store, recipients: Iterable[str], now: Now) -> int:
    """Keep that nobody is to get any more what those recipients, or all where none is named,
    did not get; return how much.
    """
    rows = undelivered(store.db, recipients)
    for row in rows:
        _note(store, row["id"], now(), "discarded", row["error"])
    return len(rows)


def undelivered(db: history.Database, recipients: Iterable[str] = ()) -> list[Row]:
    """Return the messages that those recipients, or all where none is named,
    did not get, oldest first.
    """
    wanted = set(recipients)
    return [
        row
        for row in history.outbox(db)
        if row["status"] not in ("sent", "discarded") and (not wanted or row["recipient"] in wanted)
    ]


def _is_due(row: Row, now: datetime) -> bool:
    tried_at = datetime.fromisoformat(row["tried_at"]) if row["tried_at"] else None
    return trying.is_due(row["status"], row["attempts"], tried_at, now)


def _all(post: Post, rows: list[Row]) -> set[str]:
    """Hand messages over, and return the recipients that took one."""
    taken: set[str] = set()
    if not rows:
        return taken
    with egress.Client(post.store.config.limits) as client:
        for row in rows:
            if _one(post, row, client):
                taken.add(row["recipient"])
    return taken


def _one(post: Post, row: Row, client: egress.Client) -> bool:
    config, now = post.store.config, post.now().astimezone(UTC)
    means = alert.Means(config.smtp, client, post.environ, now)
    try:
        alert.deliver(Message(**json.loads(row["message"])), config.alerts, means)
    except DeliveryError as error:
        age = now - datetime.fromisoformat(row["at"])
        status = trying.after(lasting=error.lasting, attempts=row["attempts"] + 1, age=age)
        _note(post.store, row["id"], post.now(), status, str(error))
        post.tell(f"not delivered, {_outlook(status)}: {error}")
        return False
    _note(post.store, row["id"], post.now(), "sent", None)
    return True


def _outlook(status: trying.Status) -> str:
    if status == "dead":
        return "and given up; correct the cause, then: claimwatch deliver"
    return "it is tried again later" if status == "refused" else "it is tried again at the next run"


def _note(store: Store, message_id: str, at: datetime, status: str, error: str | None) -> None:
    facts = {"id": message_id, "at": at.astimezone(UTC).isoformat(), "status": status}
    store.note("delivery", {**facts, "error": error})


def trial(
    store: Store, recipients: Iterable[str], now: Now, environ: Mapping[str, str] = os.environ
) -> tuple[tuple[str, str | None], ...]:
    """Send a message that says it is a trial to those recipients, or all where none is named;
    return each with the reason why it was not taken, None where it was. Nothing is recorded.
    """
    wanted, config, at = set(recipients), store.config, now().astimezone(UTC)
    alerts = {one.name or one.to: one for one in config.alerts}
    found: list[tuple[str, str | None]] = []
    with egress.Client(config.limits) as client:
        for name, one in alerts.items():
            if wanted and name not in wanted:
                continue
            try:
                alert.deliver(
                    alert.trial(name, at, config.schedule.timezone),
                    (one,),
                    alert.Means(config.smtp, client, environ, at),
                )
                found.append((name, None))
            except DeliveryError as error:
                found.append((name, str(error)))
    return tuple(found)

"""`deliver`: what recipients did not get, and whether they can be reached at all."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from pipeline import errors
from pipeline.cli import options

if TYPE_CHECKING:
    from pipeline.track import Store

PARTLY = 1


def _now() -> datetime:
    return datetime.now(UTC)


@click.command()
@click.argument("recipients", nargs=-1, metavar="[RECIPIENT]...")
@click.option("--trial", is_flag=True, help="Send a trial message instead; nothing is recorded.")
@click.option(
    "--discard",
    is_flag=True,
    help="Send nothing, and give up what is waiting. It stays on record.",
)
@options.settings
def deliver(
    settings: options.Settings, recipients: tuple[str, ...], trial: bool, discard: bool
) -> int:
    """Send messages that were not delivered, or a trial message.

    To all recipients, or those named (as `status` names them).
    Messages that were given up are tried again, too. Exits 1 if a message was not accepted.
    """
    from pipeline import track
    from pipeline.track import delivering

    if trial and discard:
        raise click.UsageError("--trial sends, --discard does not: give one of them.")
    config = settings.load()
    with track.open(config) as store:
        _check(store, recipients)
        if trial:
            return _trial(delivering.trial(store, recipients, _now, os.environ))
        with store.lock():
            if discard:
                done = delivering.discard(store, recipients, _now)
                click.echo(f"{_messages(done)} discarded.")
                return 0
            done, of = delivering.again(store, recipients, _now, _say, os.environ)
    click.echo(f"{done} of {_messages(of)} sent." if of else "Nothing waits to be sent.")
    return PARTLY if done < of else 0


def _check(store: Store, recipients: tuple[str, ...]) -> None:
    """Raise NotFound where a recipient has no alert in the config and no message waiting."""
    from pipeline import history, words

    known = {alert.name or alert.to for alert in store.config.alerts}
    known |= {row["recipient"] for row in history.outbox(store.db)}
    for name in recipients:
        if name not in known:
            near = ", ".join(words.nearest(name, sorted(known)) or sorted(known)[:5]) or "none"
            raise errors.NotFound(f'no recipient is called "{name}"; there are: {near}')


def _trial(found: tuple[tuple[str, str | None], ...]) -> int:
    for name, reason in found:
        click.echo(
            f"{name}: taken." if reason is None else f"not taken: {reason}", err=bool(reason)
        )
    if not found:
        click.echo("The config has no [[alerts]].", err=True)
    return PARTLY if any(reason for _, reason in found) else 0


def _messages(number: int) -> str:
    return "1 message" if number == 1 else f"{number} messages"


def _say(text: str) -> None:
    from pipeline.cli import tables

    click.echo(f"claimwatch: {tables.safe(text)}", err=True)

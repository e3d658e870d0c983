"""Changes that a vendor was asked about → the mails to send, printed to copy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pipeline.track import Store


def mails(store: Store, ids: Iterable[str]) -> None:
    """Print a mail for each page that the changes stand on."""
    from pipeline import history
    from pipeline.report import asking

    rules = store.config.in_force
    told = [history.shown(store.db, one, rules).told for one in ids]
    for mail in asking.mails(told, store.config.schedule.timezone):
        head = f"Mail to {mail.vendor}" if mail.vendor else "Mail to the vendor"
        click.echo(f"\n{head}, about the page {mail.page}; nothing was sent:\n")
        click.echo(f"Subject: {mail.subject}\n\n{mail.body}", nl=False)

"""Page → Look: chooses http or file; the only place that knows both."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from pipeline import errors
from pipeline.egress import Limits
from pipeline.model import Known, Look, Page, Snapshot
from pipeline.sources import file, http
from pipeline.sources.client import Client

_URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def fetch(page: Page, known: Known, *, now: datetime, client: Client) -> Look:
    """Look at a page once; whatever the page, its server or the network does comes back
    as a Failure in the Look.

    With a validator in `known`, a server may answer that nothing changed. A page that was moved,
    retried or guarded against tells so in the snapshot's `redirects` or in the failure's reason.
    """
    if _URL.match(page.url):
        return http.look(page, known, now=now, client=client)
    return file.look(page, now=now, limits=client.limits)


def open(source: str, *, now: datetime, limits: Limits | None = None) -> Snapshot:
    """Return the capture of a URL or a path, as it is now.

    Raise SourceError with the reason when there is none.
    """
    is_url = _URL.match(source) is not None
    page = Page(
        id=_NOT_SLUG.sub("-", source.lower()).strip("-") or "source",
        url=source if is_url else str(Path(source).resolve()),
    )
    with Client(limits or Limits()) as client:
        look = fetch(page, Known(), now=now, client=client)
    if look.snapshot is None:
        raise errors.SourceError(look.failure.reason if look.failure else "the server sent no page")
    return look.snapshot

"""The Wayback Machine's captures of a page → Snapshots,
by EDGI's `wayback` (`claimwatch[archive]`), which keeps its rate limits.

Never asks for a capture that is known already, nor twice for the same bytes in a row;
and goes out by no other way than we do.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from pipeline import egress, errors
from pipeline.egress import Limits
from pipeline.model import Snapshot
from pipeline.sources import file
from pipeline.sources.query import Query

AGENT = "claimwatch (reads public compliance pages; one request at a time)"
_PACKING = ("content-encoding", "content-length", "transfer-encoding")
_MISSING = "the Wayback Machine needs the wayback library: pip install 'claimwatch[archive]'"


@dataclass(frozen=True, slots=True)
class Period:
    """The time whose captures are asked for; those taken at `known` instants are passed over."""

    since: datetime | None = None
    until: datetime | None = None
    known: Collection[datetime] = ()


def captures(
    query: Query, limits: Limits, period: Period = Period(), *, session: Any = None
) -> Iterator[Snapshot]:
    """Yield the Wayback Machine's good captures of a page in a period, oldest first.

    What it lists and cannot play back is told and left out. Raise SourceError where it cannot be
    asked, or asks us to wait longer than its own retries do: what was yielded before is good, and
    the next call goes on from there.
    """
    if importlib.util.find_spec("wayback") is None:
        raise errors.SourceError(_MISSING)
    import wayback
    from wayback.exceptions import WaybackException

    if "://" not in query.address:
        raise errors.SourceError(
            f"{query.page.id}: its url is no web address; name the one it had with --url"
        )
    with egress.Client(limits) as out:
        client = wayback.WaybackClient(
            session or _guarded(wayback.WaybackSession(user_agent=AGENT), out)
        )
        try:
            yield from _Machine(client, query).captures(period)
        except (WaybackException, OSError) as error:
            raise errors.SourceError(
                f"the Wayback Machine: {error}; run the same command again later, "
                "it goes on from here"
            ) from error
        finally:
            if session is None:
                client.close()


def _guarded(session: Any, out: egress.Client) -> Any:
    """Return the library's session, with every request of it, redirects too,
    sent by our one way out.
    """
    from requests.adapters import HTTPAdapter
    from requests.exceptions import ConnectionError, Timeout
    from urllib3 import HTTPHeaderDict, HTTPResponse

    class Guarded(HTTPAdapter):
        def send(self, request: Any, *_: object, **__: object) -> Any:
            headers = {
                name: value
                for name, value in request.headers.items()
                if name.lower() in ("user-agent", "accept")
            }
            try:
                got = out.request(request.method, request.url, headers=headers)
            except errors.EgressError as error:
                raise (Timeout if error.transient else ConnectionError)(
                    str(error), request=request
                ) from error
            kept = [(name, value) for name, value in got.headers if name not in _PACKING]
            body = HTTPResponse(
                BytesIO(got.body),
                HTTPHeaderDict(kept),
                got.status,
                reason=got.reason,
                preload_content=False,
            )
            return self.build_response(request, body)

    adapter = Guarded()
    session.get_adapter = lambda url: adapter
    return session


@dataclass(frozen=True, slots=True)
class _Machine:
    """The Wayback Machine, asked for a page by one of its addresses."""

    client: Any
    query: Query

    def captures(self, period: Period) -> Iterator[Snapshot]:
        """Yield the good captures of a period; raise SourceError where it lists none."""
        last: tuple[str, Snapshot] | None = None
        known, address, number = set(period.known), self.query.address, 0
        for record in self.client.search(address, from_date=period.since, to_date=period.until):
            if record.statuscode != 200:
                continue
            number += 1
            captured_at = record.timestamp.astimezone(UTC)
            if captured_at in known:
                continue
            if last and last[0] == record.digest:
                shot: Snapshot | None = replace(last[1], captured_at=captured_at)
            else:
                shot = self._played(record, captured_at)
            if shot is not None:
                last = record.digest, shot
                self.query.tell(f"{self.query.page.id}: capture {number} of {captured_at:%Y-%m-%d}")
                yield shot
        if not number:
            raise errors.SourceError(
                f"the Wayback Machine has no good capture of {address} in that time"
            )

    def _played(self, record: Any, captured_at: datetime) -> Snapshot | None:
        """Return a capture as it is played back; tell why it is left out where it is."""
        from wayback.exceptions import BlockedSiteError, MementoPlaybackError

        query = self.query
        left_out = f"{query.page.id}: the capture of {captured_at:%Y-%m-%d %H:%M} left out"
        try:
            with self.client.get_memento(record, exact=True, follow_redirects=False) as memento:
                body, headers = memento.content, memento.headers
        except (MementoPlaybackError, BlockedSiteError) as error:
            query.tell(f"{left_out}: {error}")
            return None
        if len(body) > query.max_bytes:
            query.tell(f"{left_out}: larger than {query.max_bytes:,} bytes (fetch.max_bytes)")
            return None
        plain = tuple(
            (name.lower(), value) for name, value in headers.items() if name.lower() not in _PACKING
        )
        kind = dict(reversed(plain)).get("content-type") or file.media_type(query.page.url, body)
        return Snapshot(
            query.page,
            captured_at,
            query.recorded_at,
            "wayback",
            query.page.url,
            kind,
            body,
            200,
            plain,
        )

"""Look ↔ one line of its page's journal.

Leaves out what is empty, cookies, and credentials; adds nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from pipeline import model

if TYPE_CHECKING:
    from pipeline.model import Failure, Look, Origin, Page, Verdict


SECRET_HEADERS = frozenset(
    (
        "set-cookie",
        "set-cookie2",
        "cookie",
        "authorization",
        "proxy-authorization",
        "www-authenticate",
        "authentication-info",
        "x-api-key",
    )
)
_PAGE_FIELDS = ("url", "vendor", "product", "owner", "tier", "ref", "format", "selector")


@dataclass(frozen=True, slots=True)
class Entry:
    """One look as its journal has it.

    `digest` is that of the body got, or of the one the server said still stands.

    `screenshot` is the digest of the picture of a body that had not been seen just before.
    """

    page: Page
    captured_at: datetime
    recorded_at: datetime
    origin: Origin
    url: str
    media_type: str = ""
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    redirects: tuple[str, ...] = ()
    digest: str | None = None
    not_modified: bool = False
    failure: Failure | None = None
    verdict: Verdict | None = None
    stamp: str = ""
    run: str | None = None
    revision: str | None = None
    screenshot: str | None = None


def of(
    look: Look,
    *,
    digest: str | None = None,
    verdict: Verdict | None = None,
    stamp: str = "",
    run: str | None = None,
) -> Entry:
    """Return what the journal says of a look.

    `digest` names the body that stands when the look says "not modified".
    """
    shot, at = look.snapshot, look.looked_at
    base = Entry(look.page, at, at, "live", look.page.url, verdict=verdict, stamp=stamp, run=run)
    base = replace(base, failure=look.failure)
    if shot is None:
        stands = digest if look.not_modified else None
        return replace(base, digest=stands, not_modified=look.not_modified)
    new = shot.screenshot if shot.digest != digest else None
    return replace(
        base,
        captured_at=shot.captured_at,
        recorded_at=shot.recorded_at,
        origin=shot.origin,
        url=shot.url,
        media_type=shot.media_type,
        status=shot.status,
        headers=shot.headers,
        redirects=shot.redirects,
        digest=shot.digest,
        revision=shot.revision,
        screenshot=hashlib.sha256(new).hexdigest() if new else None,
    )


def facts(entry: Entry) -> dict[str, Any]:
    """Return an entry as JSON, short: what is empty is left out."""
    page = {name: value for name in _PAGE_FIELDS if (value := getattr(entry.page, name))}
    found = {
        "captured_at": entry.captured_at.astimezone(UTC).isoformat(),
        "recorded_at": entry.recorded_at.astimezone(UTC).isoformat(),
        "origin": entry.origin,
        "page": {
            **page,
            "url": _public(entry.page.url),
            **({"ignore": list(entry.page.ignore)} if entry.page.ignore else {}),
        },
        "url": _public(entry.url),
        "redirects": [_public_hop(hop) for hop in entry.redirects],
        "status": entry.status,
        "headers": [
            [name, value] for name, value in entry.headers if name.lower() not in SECRET_HEADERS
        ],
        "media_type": entry.media_type,
        "digest": entry.digest,
        "not_modified": entry.not_modified,
        "failure": entry.failure and {"stage": entry.failure.stage, "reason": entry.failure.reason},
        "verdict": entry.verdict and {"name": entry.verdict.name, "reason": entry.verdict.reason},
        "stamp": entry.stamp,
        "run": entry.run,
        "revision": entry.revision,
        "screenshot": entry.screenshot,
    }
    return {name: value for name, value in found.items() if value not in (None, "", [], False)}


def from_facts(page_id: str, facts: dict[str, Any]) -> Entry:
    """Return the entry that a line holds."""
    page = facts["page"]
    failure, verdict = facts.get("failure"), facts.get("verdict")
    return Entry(
        page=model.Page(id=page_id, **{**page, "ignore": tuple(page.get("ignore", ()))}),
        captured_at=datetime.fromisoformat(facts["captured_at"]),
        recorded_at=datetime.fromisoformat(facts["recorded_at"]),
        origin=facts["origin"],
        url=facts["url"],
        media_type=facts.get("media_type", ""),
        status=facts.get("status"),
        headers=tuple((name, value) for name, value in facts.get("headers", ())),
        redirects=tuple(facts.get("redirects", ())),
        digest=facts.get("digest"),
        not_modified=facts.get("not_modified", False),
        failure=model.Failure(**failure) if failure else None,
        verdict=model.Verdict(**verdict) if verdict else None,
        stamp=facts.get("stamp", ""),
        run=facts.get("run"),
        revision=facts.get("revision"),
        screenshot=facts.get("screenshot"),
    )


def _public(url: str) -> str:
    """Return the address without a name and password written into it."""
    if "@" not in url or "://" not in url:
        return url
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _public_hop(hop: str) -> str:
    status, _, url = hop.rpartition(" ")
    return f"{status} {_public(url)}".strip()

"""WARC file → Snapshots of one page. Reads with warcio (`claimwatch[archive]`); writes nothing.

Only answers of a server that hold the page count: an error or a redirect in an archive says nothing of what the page claimed.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipeline import errors
from pipeline.model import Page, Snapshot
from pipeline.sources import file

KINDS = ("response", "resource", "revisit")


def captures(
    path: Path,
    page: Page,
    *,
    recorded_at: datetime,
    max_bytes: int,
    tell: Callable[[str], None],
    url: str | None = None,
) -> Iterator[Snapshot]:
    """Yield the captures of a page that a WARC file holds, in the file's order; raise SourceError where there is none.

    The page is found by its address, or by `url` where the archive knows it by another; scheme and a last slash do not
    count. A record that only refers to an earlier body ("revisit") is a capture with that body.
    """
    wanted = _same(url or page.url)
    left_out: dict[str, int] = {}
    bodies: dict[str, Snapshot] = {}
    number = 0
    for record in _records(path):
        if (
            record.rec_type not in KINDS
            or _same(record.rec_headers.get_header("WARC-Target-URI") or "") != wanted
        ):
            continue
        shot = _capture(record, page, recorded_at, bodies, max_bytes)
        if isinstance(shot, str):
            left_out[shot] = left_out.get(shot, 0) + 1
            continue
        number += 1
        yield shot
    for reason, count in left_out.items():
        tell(f"{path}: {count} records of {page.id} left out: {reason}")
    if not number:
        raise errors.SourceError(
            f"{path}: holds no readable capture of {url or page.url}; name the address it has there with --url"
        )


def _records(path: Path) -> Iterator[Any]:
    if importlib.util.find_spec("warcio") is None:
        raise errors.SourceError("WARC files need warcio: pip install 'claimwatch[archive]'")
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    try:
        with path.open("rb") as stream:
            yield from ArchiveIterator(stream)
    except ArchiveLoadFailed as error:
        raise errors.SourceError(f"{path}: is not a WARC file, or is damaged: {error}") from error
    except OSError as error:
        raise errors.SourceError(f"{path}: cannot be read: {error.strerror or error}") from error


def _capture(
    record: Any, page: Page, recorded_at: datetime, bodies: dict[str, Snapshot], max_bytes: int
) -> Snapshot | str:
    """Return the capture that a record is, or why it is none; `bodies` keeps those that later records refer to."""
    http = record.http_headers
    status = (
        int(http.get_statuscode())
        if http is not None and (http.get_statuscode() or "").isdigit()
        else None
    )
    if status is not None and not 200 <= status < 300:
        return f"the server answered {status}"
    captured_at = datetime.fromisoformat(
        record.rec_headers.get_header("WARC-Date").replace("Z", "+00:00")
    )
    digest = record.rec_headers.get_header("WARC-Payload-Digest")
    if record.rec_type == "revisit":
        earlier = bodies.get(digest or "")
        if earlier is None:
            return "the file does not hold the body that they refer to"
        body, kind, headers, status = (
            earlier.body,
            earlier.media_type,
            earlier.headers,
            earlier.status,
        )
    else:
        body = record.content_stream().read(max_bytes + 1)
        headers = (
            tuple((name.lower(), value) for name, value in http.headers) if http is not None else ()
        )
        kind = _media_type(record, headers, page.url, body)
    if len(body) > max_bytes:
        return f"larger than {max_bytes:,} bytes (fetch.max_bytes)"
    shot = Snapshot(
        page, captured_at, recorded_at, "warc", page.url, kind, body, status, _plain(headers)
    )
    if digest:
        bodies[digest] = shot
    return shot


def _media_type(record: Any, headers: tuple[tuple[str, str], ...], url: str, body: bytes) -> str:
    given = next((value for name, value in headers if name == "content-type"), None)
    if given is None and record.rec_type == "resource":
        given = record.rec_headers.get_header("Content-Type")
    return given or file.media_type(url.partition("?")[0].rpartition("/")[2], body)


def _plain(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return the headers without those that speak of how the body was packed: it is unpacked here."""
    return tuple(
        (name, value)
        for name, value in headers
        if name not in ("content-encoding", "transfer-encoding", "content-length")
    )


def _same(url: str) -> str:
    """Return what two addresses of one page have in common."""
    parts = urlsplit(url.strip())
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"

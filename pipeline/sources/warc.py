"""WARC file → Snapshots of one page. Reads with warcio (`claimwatch[archive]`); writes nothing.

Only answers of a server that hold the page count: an error or a redirect
in an archive says nothing of what the page claimed.
"""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipeline import errors, files
from pipeline.model import Snapshot
from pipeline.sources import file
from pipeline.sources.query import Query

KINDS = ("response", "resource", "revisit")
_PIECE = 1 << 16


def captures(path: Path, query: Query) -> Iterator[Snapshot]:
    """Yield the captures of a page that a WARC file holds, in the file's order.

    Raise SourceError where there is none.

    The page is found by its address; scheme and a last slash do not count. A record that only
    refers to an earlier body ("revisit") is a capture with that body.
    """
    left_out: Counter[str] = Counter()
    bodies: dict[str, Snapshot] = {}
    number = 0
    for record in _of_page(_records(path), query):
        shot = _capture(record, query, bodies)
        if isinstance(shot, str):
            left_out[shot] += 1
        else:
            number += 1
            yield shot
    reasons = [f"{_records_of(count)} left out: {reason}" for reason, count in left_out.items()]
    if not number:
        raise errors.SourceError(_nothing(path, query, reasons))
    for reason in reasons:
        query.tell(f"{path}: {query.page.id}: {reason}")


def _of_page(records: Iterator[Any], query: Query) -> Iterator[Any]:
    wanted = _same(query.address)
    for record in records:
        address = record.rec_headers.get_header("WARC-Target-URI") or ""
        if record.rec_type in KINDS and _same(address) == wanted:
            yield record


def _nothing(path: Path, query: Query, reasons: list[str]) -> str:
    """Return why a file has no capture of a page, and what to do."""
    if reasons:
        return (
            f"{path}: holds no capture of {query.address} that can be used "
            f"({'; '.join(reasons)}); name another file"
        )
    return (
        f"{path}: holds no readable capture of {query.address}; "
        "name the address it has there with --url"
    )


def _records_of(count: int) -> str:
    return "1 record" if count == 1 else f"{count} records"


def _records(path: Path) -> Iterator[Any]:
    if importlib.util.find_spec("warcio") is None:
        raise errors.SourceError("WARC files need warcio: pip install 'claimwatch[archive]'")
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    try:
        with path.open("rb") as stream:
            yield from ArchiveIterator(stream)
    except (ArchiveLoadFailed, AttributeError) as error:
        # warcio takes the address of an answer for granted, and fails where the record has none.
        reason = "is not a WARC file, or is damaged; fetch it again, or try: warcio recompress"
        raise errors.SourceError(f"{path}: {reason}") from error
    except OSError as error:
        raise errors.SourceError(f"{path}: cannot be read: {files.reason(error)}") from error


def _capture(record: Any, query: Query, bodies: dict[str, Snapshot]) -> Snapshot | str:
    """Return the capture that a record is, or why it is none;
    `bodies` keeps those that later records refer to.
    """
    status = _status(record)
    captured_at = _captured_at(record)
    if status is not None and not 200 <= status < 300:
        return f"the server answered {status}" if status else "the answer has no status"
    if captured_at is None:
        return "no date that can be read (WARC-Date)"
    digest = record.rec_headers.get_header("WARC-Payload-Digest")
    if record.rec_type == "revisit":
        earlier = bodies.get(digest or "")
        if earlier is None:
            return "the body that it refers to is not in the file"
        return replace(earlier, captured_at=captured_at)
    body = _body(record, query.max_bytes)
    if isinstance(body, str):
        return body
    http = record.http_headers
    headers = tuple((name.lower(), value) for name, value in http.headers) if http else ()
    page, at = query.page, query.recorded_at
    kind, kept = _media_type(record, headers, page.url, body), _plain(headers)
    shot = Snapshot(page, captured_at, at, "warc", page.url, kind, body, status, kept)
    if digest:
        bodies[digest] = shot
    return shot


def _status(record: Any) -> int | None:
    """Return the status of an answer, 0 where it has none that can be read.

    None of what is no answer of a server.
    """
    if record.http_headers is None:
        answers = (record.content_type or "").startswith("application/http")
        return 0 if answers and record.rec_type == "response" else None
    given = record.http_headers.get_statuscode() or ""
    return int(given) if given.isascii() and given.isdigit() else 0


def _captured_at(record: Any) -> datetime | None:
    """Return the record's date, which is UTC where it names no zone.

    None where it has none that can be read.
    """
    try:
        given = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date") or "")
        return (given if given.tzinfo else given.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _body(record: Any, max_bytes: int) -> bytes | str:
    """Return the body of a record, or why it cannot be used."""
    body = bytes(record.content_stream().read(max_bytes + 1))
    if len(body) > max_bytes:
        return f"larger than {max_bytes:,} bytes (fetch.max_bytes)"
    while record.raw_stream.read(_PIECE):  # what stands behind the last chunk
        pass
    # A file that a crawler was still writing, or a copy that broke off, ends within a record.
    return (
        "the file ends before the record does" if getattr(record.raw_stream, "limit", 0) else body
    )


def _media_type(record: Any, headers: tuple[tuple[str, str], ...], url: str, body: bytes) -> str:
    given = next((value for name, value in headers if name == "content-type"), None)
    if given is None and record.rec_type == "resource":
        given = record.rec_headers.get_header("Content-Type")
    return given or file.media_type(url.partition("?")[0].rpartition("/")[2], body)


def _plain(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return the headers without those that speak of how the body was packed:
    it is unpacked here.
    """
    return tuple(
        (name, value)
        for name, value in headers
        if name not in ("content-encoding", "transfer-encoding", "content-length")
    )


def _same(url: str) -> str:
    """Return what two addresses of one page have in common.

    One that cannot be parsed is like itself alone.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"

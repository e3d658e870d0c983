"""Local path → Look, directory of dated files → Snapshots.

Reads; never writes, never follows a name out of the folder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from pipeline import errors, files
from pipeline.egress import Limits
from pipeline.model import Failure, Look, Page, Snapshot
from pipeline.sources.query import Query

MEDIA_TYPES = {
    **dict.fromkeys(("md", "markdown", "mdx", "mdown"), "text/markdown"),
    **dict.fromkeys(("html", "htm", "xhtml", "xht"), "text/html"),
    "txt": "text/plain",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/json",
    **dict.fromkeys(("jsonl", "ndjson"), "application/x-ndjson"),
    "pdf": "application/pdf",
    "rst": "text/x-rst",
    **dict.fromkeys(("adoc", "asciidoc"), "text/asciidoc"),
}
_INSTANT = re.compile(r"(\d{8}T\d{6}Z)(?![0-9A-Za-z])")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?!\d)")


def look(page: Page, *, now: datetime, limits: Limits) -> Look:
    """Read the page's file as it is now."""
    path = Path(page.url)
    try:
        body = _read(path, limits)
    except errors.SourceError as error:
        return Look(page, now, failure=Failure("fetch", str(error)))
    return Look(
        page,
        now,
        snapshot=Snapshot(page, now, now, "live", str(path), media_type(path.name, body), body),
    )


def dated(directory: Path, query: Query) -> Iterator[Snapshot]:
    """Yield a capture of the page for every file whose name begins with its date, oldest first.

    `YYYYMMDDTHHMMSSZ` is that instant, `YYYY-MM-DD` the first instant of that day in UTC, so that a
    question about the day finds it. Files named otherwise, too large, or that a link leads to
    outside the folder are told and left out; `page.json` and dot-files are passed over.
    Raise SourceError when the folder or a file cannot be read, or when there is no such file.
    """
    found: list[tuple[datetime, Path]] = []
    for path in _files(directory, query.tell):
        captured_at = _captured_at(path.name)
        if captured_at is not None:
            found.append((captured_at, path))
        else:
            query.tell(
                f"{path}: left out; its name does not begin with YYYYMMDDTHHMMSSZ or YYYY-MM-DD"
            )
    if not found:
        raise errors.SourceError(
            f"{directory}: no file whose name begins with YYYYMMDDTHHMMSSZ or YYYY-MM-DD; "
            "rename the files to their dates"
        )
    for captured_at, path in sorted(found):
        body = _beginning(path, query.max_bytes)
        if len(body) > query.max_bytes:
            query.tell(
                f"{path}: left out; it is larger than {query.max_bytes:,} bytes (fetch.max_bytes)"
            )
            continue
        page, kind = query.page, media_type(path.name, body)
        yield Snapshot(page, captured_at, query.recorded_at, "dir", page.url, kind, body)


def media_type(name: str, body: bytes) -> str:
    """Return the media type that a file's name says, else what its first bytes look like."""
    suffix = name.lower().rpartition(".")[2]
    if suffix in MEDIA_TYPES:
        return MEDIA_TYPES[suffix]
    start = body[:512].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"%PDF-"):
        return "application/pdf"
    if start.startswith(b"<"):
        return "text/html"
    return (
        "application/octet-stream"
        if b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff"))
        else "text/plain"
    )


def _read(path: Path, limits: Limits) -> bytes:
    body = _beginning(path, limits.max_bytes)
    if len(body) > limits.max_bytes:
        raise errors.SourceError(
            f"{path} is larger than {limits.max_bytes:,} bytes (fetch.max_bytes)"
        )
    return body


def _beginning(path: Path, most: int) -> bytes:
    """Return what a file holds; of one with more than so many bytes, one byte more than those."""
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except FileNotFoundError as error:
        raise errors.SourceError(
            f"there is no file {path}; put it there, or correct its path"
        ) from error
    except OSError as error:
        raise errors.SourceError(f"{path} cannot be read: {files.reason(error)}") from error


def _files(directory: Path, tell: Callable[[str], None]) -> list[Path]:
    """Return the files of a folder by name, without those that a link leads to elsewhere:
    they are not of this folder.
    """
    try:
        home, entries = directory.resolve(), sorted(directory.iterdir())
    except OSError as error:
        raise errors.SourceError(
            f"{directory} cannot be read as a folder: {files.reason(error)}"
        ) from error
    found = []
    for path in entries:
        if path.name.startswith(".") or path.name == "page.json" or path.is_dir():
            continue
        if not path.is_file():
            tell(f"{path}: left out; it is no file, or a link that leads nowhere")
        elif not path.resolve().is_relative_to(home):
            tell(f"{path}: left out; it is a link to {path.resolve()}, outside the folder")
        else:
            found.append(path)
    return found


def _captured_at(name: str) -> datetime | None:
    for pattern, form in ((_INSTANT, "%Y%m%dT%H%M%SZ"), (_DAY, "%Y-%m-%d")):
        matched = pattern.match(name)
        if matched:
            try:
                return datetime.strptime(matched[1], form).replace(tzinfo=UTC)
            except ValueError:  # digits in the form of a date that no calendar has
                return None
    return None

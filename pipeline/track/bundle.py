"""Evidence → one zip that proves itself: files, a manifest with their digests,
and a verifier in plain Python.

    captures/<sha256>.body, .txt   the exact bytes, and their readable text
    captures.warc                  the same with the headers they came with
    claims.json, changes.json      what was read, with sentences, dates and reviews;
                                   sentences.json says where each stands
    journals/<page>.jsonl          the chained record of every look at the page
    summary.html                   the whole to print; of a vendor and period, statement.html too

Holds no clock and no database: what goes in is given. The same things give the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from typing import Any

Row = Mapping[str, Any]
_EPOCH = (1980, 1, 1, 0, 0, 0)
_CHANGED = ("content-encoding", "transfer-encoding", "content-length")
"""Headers of the wire, which are not true of a body that was unpacked."""


@dataclass(frozen=True, slots=True)
class Captured:
    """A capture with its bytes and its readable text.

    `look` is its row, `journal` the page's record.
    """

    look: Row
    body: bytes
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that goes into a bundle.

    `about` says of what and when it was made, `heads` are those of the journals by page.
    """

    about: Row
    captures: tuple[Captured, ...]
    claims: tuple[Row, ...]
    changes: tuple[Row, ...]
    sentences: tuple[Row, ...]
    journals: Mapping[str, bytes]
    heads: Mapping[str, str]
    summary: str
    statement: str | None = None


def pack(evidence: Evidence) -> bytes:
    """Return the zip."""
    files = dict(sorted(_files(evidence)))
    manifest = {
        **evidence.about,
        "heads": dict(evidence.heads),
        "files": {
            name: {"sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)}
            for name, body in files.items()
        },
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in {**files, "manifest.json": _json(manifest)}.items():
            made.writestr(zipfile.ZipInfo(name, _EPOCH), body, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _files(evidence: Evidence) -> Iterable[tuple[str, bytes]]:
    for one in evidence.captures:
        yield f"captures/{one.look['digest']}.body", one.body
        yield f"captures/{one.look['digest']}.txt", one.text.encode()
    yield "captures.warc", b"".join(map(_record, evidence.captures))
    yield "claims.json", _json(list(evidence.claims))
    yield "changes.json", _json(list(evidence.changes))
    yield "sentences.json", _json(list(evidence.sentences))
    for page, journal in evidence.journals.items():
        yield f"journals/{page}.jsonl", journal
    yield "summary.html", evidence.summary.encode()
    if evidence.statement is not None:
        yield "statement.html", evidence.statement.encode()
    source = resources.files("pipeline.track").joinpath("verifier.py")
    yield "verify.py", source.read_bytes()


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n").encode()


# --------------------------------------------------------------------------- WARC


def _record(one: Captured) -> bytes:
    """Return a capture as a record of a WARC file: a response with the headers
    that are recorded, a resource without a status.
    """
    look, web = one.look, one.look["status"] is not None
    block = _response(one) if web else one.body
    media_type = "application/http; msgtype=response" if web else look["media_type"]
    at = datetime.fromisoformat(look["captured_at"]).astimezone(UTC)
    name = hashlib.sha256(f"{look['page']} {look['captured_at']} {look['digest']}".encode())
    head = {
        "WARC-Type": "response" if web else "resource",
        "WARC-Record-ID": f"<urn:sha256:{name.hexdigest()}>",
        "WARC-Date": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "WARC-Target-URI": _line(str(look["url"])),
        "WARC-Payload-Digest": f"sha256:{look['digest']}",
        "Content-Type": _line(media_type or "application/octet-stream"),
        "Content-Length": str(len(block)),
    }
    lines = "".join(f"{key}: {value}\r\n" for key, value in head.items())
    return f"WARC/1.1\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"


def _response(one: Captured) -> bytes:
    kept = [
        (name, value)
        for name, value in json.loads(one.look["headers"])
        if name.lower() not in _CHANGED
    ]
    headers = "".join(
        f"{_line(name)}: {_line(value)}\r\n"
        for name, value in (*kept, ("content-length", str(len(one.body))))
    )
    return f"HTTP/1.1 {one.look['status']}\r\n{headers}\r\n".encode() + one.body


def _line(text: str) -> str:
    """Return a text that ends no header."""
    return text.replace("\r", " ").replace("\n", " ")

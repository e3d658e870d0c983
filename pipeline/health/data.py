"""A body that is JSON → is it what a page is watched for, or a program's answer
in its place? Reads no claim.
"""

from __future__ import annotations

import json
from typing import Any

from pipeline import standards, visible
from pipeline.health import shown
from pipeline.model import Snapshot, Verdict

TROUBLE = ("error", "errors", "message", "detail", "details", "fault", "reason", "title")
AROUND = (
    *("code", "status", "statuscode", "type", "instance", "timestamp", "path", "method", "success"),
    *("ok", "requestid", "request_id", "traceid", "trace_id", "documentation_url", "exception"),
)
"""Keys of an object that tells what went wrong, and of what stands around them (RFC 9457
and the habits of frameworks).
"""
READ = 200_000
"""Characters of a JSON text in which standards are looked for."""


def verdict(snapshot: Snapshot, first: bool) -> Verdict | None:
    """Return what is wrong with a body that is JSON, None where it is the page, or no JSON.

    `first` says that nothing is known of the page yet. Without a format of its own,
    a page is JSON if it names a standard.
    """
    if not shown.is_json(snapshot.body):
        return None
    asked = snapshot.page.format
    if asked not in (None, "json"):
        return Verdict(
            "unreadable",
            f'the body is JSON, where format is "{asked}"; set it to "json" if it is right',
        )
    value = json.loads(snapshot.body)
    trouble = _trouble(value)
    if trouble is not None or snapshot.media_type == "application/problem+json":
        return Verdict(
            "unreadable", f"the body is JSON that tells of an error: {trouble or value}"[:200]
        )
    text = json.dumps(value, ensure_ascii=False)[:READ]
    if asked is None and first and not standards.load().mentions(text):
        return Verdict(
            "unreadable",
            "the body is JSON that names no standard, an answer for programs; "
            'set format = "json" if it is right',
        )
    return None


def _trouble(value: Any) -> str | None:
    """Return the words of an error, None where an object is more than one."""
    if not isinstance(value, dict) or not value:
        return None
    names = {key.lower(): said for key, said in value.items()}
    if not names.keys() <= {*TROUBLE, *AROUND} or names.keys().isdisjoint(TROUBLE):
        return None
    told = next(names[key] for key in TROUBLE if key in names)
    return visible.line(told if isinstance(told, str) else json.dumps(told))

"""A vendor's profile → one HTML page that a person signs.

Draws; what stands in it was found by `history.profile`.
"""

from __future__ import annotations

import json as text
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import Any

from pipeline import visible
from pipeline.report import drawing, due, phrases

Object = dict[str, Any]
Group = tuple[Any, list[Object], int]
"""What rows have in common, the rows that are drawn, and how many there are."""
ATTRIBUTES = (
    ("basis", "basis"),
    ("authority", "granted by"),
    ("assessor", "assessed by"),
    ("valid", "valid"),
    ("cadence", "how often"),
)
_BLANK = dict.fromkeys(
    ("correction", "asks_again", "condition", "document", "purpose", "location", "standard_names")
)


SECTIONS = (
    *("gone", "notes", "documents", "suppliers", "findings", "waiting", "superseded"),
    *("corrected", "reviewed", "captured"),
)
"""The lists that may be cut short."""


def html(profile: Object, zone: tzinfo = UTC) -> str:
    """Return the profile as one self-contained page, made to be printed on A4 or Letter:
    no script, no outside resource.
    """
    style = drawing.style("style.css", "profile.css")
    made = drawing.pages(zone).get_template("profile.html")
    return made.render(**values(profile, zone), **style)


def values(profile: Object, zone: tzinfo = UTC) -> Object:
    """Return what the template of a profile draws, and the words it draws that with,
    of that zone's days.
    """
    claims = [_BLANK | claim for claim in profile["claims"]]
    words: dict[str, Callable[..., object]] = {
        "at": partial(_instant, zone=zone),
        "day": partial(phrases.day, zone=zone),
        "attributes": _attributes,
        "verdict": partial(_verdict, zone=zone),
    }
    return {
        "profile": profile,
        "subjects": _grouped((claim for claim in claims if claim["kind"] == "standard"), "subject"),
        "services": services(claims),
        "gone": profile["no_longer_claimed"],
        "waiting": profile["open"],
        "captured": profile["pages"],
        "smaller": _smaller(profile),
        "reviewed": [row for row in profile["changes"] if row["status"] not in ("open", "asked")],
        "notes": [claim for claim in claims if claim["kind"] == "note"],
        "documents": [claim for claim in claims if claim["kind"] == "evidence"],
        "suppliers": [claim for claim in claims if claim["kind"] == "supplier"],
        "corrected": [
            claim for claim in (*claims, *profile["not_claims"]) if claim.get("correction")
        ],
        "flags": _flags(profile["findings"]),
        "findings": [row for row in profile["findings"] if row["kind"] != "superseded"],
        "superseded": [row for row in profile["findings"] if row["kind"] == "superseded"],
        "named": phrases.FINDINGS,
        **words,
    }


def cut(drawn: Object, most: int) -> tuple[Object, int]:
    """Return what `values` returned with at most so many rows in each section,
    and how many rows that leaves out.
    """
    short: Object = {name: drawn[name][:most] for name in SECTIONS}
    left = sum(len(drawn[name]) - len(short[name]) for name in SECTIONS)
    for name in ("subjects", "services"):
        short[name], more = _cut(drawn[name], most)
        left += more
    return {**drawn, **short}, left


def _cut(groups: list[Group], most: int) -> tuple[list[Group], int]:
    """Return the first groups with at most so many rows in all, and how many rows are left out."""
    kept: list[Group] = []
    room = most
    for name, rows, number in groups:
        if room > 0:
            kept.append((name, rows[:room], number))
        room -= number
    return kept, max(0, -room)


def json(profile: Object) -> str:
    """Return the profile as JSON."""
    return text.dumps(visible.values(profile), ensure_ascii=False, indent=2) + "\n"


def _smaller(profile: Object) -> int:
    """Return how many changes nobody settled that raise no question."""
    waiting = {change["id"] for change in profile["open"]}
    return sum(
        change["status"] in ("open", "asked") and change["id"] not in waiting
        for change in profile["changes"]
    )


def _grouped(rows: Iterable[Object], name: str) -> list[Group]:
    found: dict[str | None, list[Object]] = defaultdict(list)
    for row in rows:
        found[row[name]].append(row)
    return [(value, same, len(same)) for value, same in found.items()]


def services(claims: Iterable[Object]) -> list[Group]:
    """Return the lists of services: the first of each, which names page, standard,
    scope and group, and all.
    """
    found: dict[tuple[str | None, ...], list[Object]] = defaultdict(list)
    for claim in claims:
        if claim["kind"] == "service":
            found[
                claim["standard_name"] or claim["standard"],
                claim["scope"],
                claim["group"],
                claim["page"],
            ].append(claim)
    return [
        (rows[0], rows, len(rows))
        for _, rows in sorted(found.items(), key=lambda item: tuple(part or "" for part in item[0]))
    ]


def _flags(findings: Iterable[Object]) -> dict[str, list[str]]:
    """Return what is flagged of each claim, by its id."""
    found: dict[str, list[str]] = defaultdict(list)
    for finding in findings:
        for claim in finding["claims"]:
            if (name := phrases.FINDINGS[finding["kind"]].lower()) not in found[claim]:
                found[claim].append(name)
    return dict(found)


def _attributes(claim: Object) -> list[tuple[str, str]]:
    return [
        (shown, claim[name])
        for name, shown in ATTRIBUTES
        if claim.get(name) and claim[name] != "listed"
    ]


def _verdict(review: Object, zone: tzinfo) -> str:
    on = phrases.day(review["at"], zone)
    return verdict(review, on)


def verdict(review: Object, on: str = "") -> str:
    """Return what somebody said of a change, with the day where one is given,
    and owner, ticket, due date and note."""
    word = {
        "accept": "accepted",
        "dismiss": "dismissed",
        "ask": "asked",
        "reopen": "reopened",
        "note": "noted",
    }.get(review["verdict"], review["verdict"])
    who = f" by {review['who']}" if review["who"] else ""
    owner = f"owner {review['owner']}" if review["owner"] else ""
    more = ", ".join(filter(None, (owner, review["ref"], due.said(review.get("due")))))
    note = f": {review['note']}" if review["note"] else ""
    return f"{word}{who}{f' on {on}' if on else ''}{f' ({more})' if more else ''}{note}"


def _instant(at: str | None, zone: tzinfo) -> str:
    return phrases.instant(datetime.fromisoformat(at), zone) if at else "never"

"""Evidence → one HTML page to print. Draws; what stands in it was chosen and proved by others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import Any

from pipeline.report import drawing, phrases, profile

Row = Mapping[str, Any]


def html(about: Row, shown: Mapping[str, Sequence[Row]], heads: Row, zone: tzinfo = UTC) -> str:
    """Return the summary of a bundle as one self-contained page:
    `shown` has its `changes`, `claims` and `captures`.
    """
    return (
        drawing.pages(zone)
        .get_template("evidence.html")
        .render(
            about=about,
            heads=heads,
            moment=partial(_moment, zone=zone),
            day=partial(phrases.day, zone=zone),
            verdict=profile.verdict,
            pages=_by_page(shown["claims"]),
            **shown,
            **drawing.style("style.css", "profile.css"),
        )
    )


def _by_page(claims: Sequence[Row]) -> list[tuple[str, list[Row], list[profile.Group]]]:
    """Return each page with its claims but for services, and the lists of those."""
    found: dict[str, list[Row]] = {}
    for claim in claims:
        found.setdefault(claim["page"], []).append(claim)
    return [
        (
            page,
            [claim for claim in its if claim["kind"] != "service"],
            profile.services(dict(claim) for claim in its),
        )
        for page, its in found.items()
    ]


def _moment(at: str | None, zone: tzinfo) -> str:
    return phrases.instant(datetime.fromisoformat(at), zone) if at else "never"

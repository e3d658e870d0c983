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
            verdict=profile.verdict,
            **shown,
            **drawing.style("style.css", "profile.css"),
        )
    )


def _moment(at: str | None, zone: tzinfo) -> str:
    return phrases.instant(datetime.fromisoformat(at), zone) if at else "never"

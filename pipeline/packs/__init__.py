"""Packs: pages of well-known vendors that speak of compliance, to add by the pack.

Data, read from `packs.csv`; opens no page.

Each row says how its address was confirmed. A page of a pack that fails is told as any other.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class PackPage:
    """A page of a pack: `page` is a slug among its vendor's, `kind` what it lists,
    `browser` whether a script fills it in.
    """

    pack: str
    vendor: str
    page: str
    url: str
    kind: str
    browser: bool
    confirmed: str


@cache
def pages() -> tuple[PackPage, ...]:
    """Return the pages of all packs, in their order."""
    text = (files(__name__) / "packs.csv").read_text(encoding="utf-8")
    return tuple(
        PackPage(
            row["pack"],
            row["vendor"],
            row["page"],
            row["url"],
            row["kind"],
            row["needs_browser"] == "yes",
            row["confirmed"],
        )
        for row in csv.DictReader(text.splitlines())
    )


def names() -> tuple[str, ...]:
    """Return the names of all packs, in their order."""
    return tuple(dict.fromkeys(page.pack for page in pages()))


def usual(domain: str) -> tuple[str, ...]:
    """Return the addresses at which vendors usually say what they hold, of a domain."""
    text = (files(__name__) / "usual.txt").read_text(encoding="utf-8")
    lines = (line.strip() for line in text.splitlines())
    return tuple(line.format(domain=domain) for line in lines if line and line[0] != "#")

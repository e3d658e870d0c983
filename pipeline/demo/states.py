"""A folder of dated states → Site: which pages stood when. Serves nothing, runs nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

SITE = Path(__file__).parent / "site"


@dataclass(frozen=True, slots=True)
class State:
    """The site as it stood from one day on: every page's bytes by file name;
    `unavailable` ones answer 503.
    """

    on: date
    story: str
    files: Mapping[str, bytes]
    unavailable: frozenset[str]


@dataclass(frozen=True, slots=True)
class Site:
    """An example vendor's pages (page id → file name), and its states in order of time."""

    vendor: str
    pages: Mapping[str, str]
    states: tuple[State, ...]


def load(folder: Path = SITE) -> Site:
    """Return the site of a folder: `states.toml`, and a folder for each date
    with the pages that changed then.
    """
    told = tomllib.loads((folder / "states.toml").read_text(encoding="utf-8"))
    pages = {page["id"]: page["file"] for page in told["pages"]}
    files: dict[str, bytes] = {}
    states = []
    for state in sorted(told["states"], key=lambda state: state["on"]):
        changed = folder / state["on"].isoformat()
        files = files | {path.name: path.read_bytes() for path in changed.iterdir()}
        states.append(
            State(state["on"], state["story"], files, frozenset(state.get("unavailable", ())))
        )
    return Site(told["vendor"], pages, tuple(states))

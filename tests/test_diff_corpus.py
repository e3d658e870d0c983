"""What holds for every step of every real page: nothing is lost, nothing is told
of a page and itself, form alerts nobody.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline import diff, extract, parse, standards
from pipeline.model import ALERTING, Page, Reading, Snapshot

CORPUS = Path(os.environ.get("CLAIMWATCH_CORPUS") or "no-corpus")
PAGES = sorted(path.parent for path in CORPUS.glob("*/page.json"))
QUIET = ("front-matter", "front_matter", "whitespace", "markup", "link")
STEPS = 2
"""How many steps of a page are looked at: the first, the last, and some between."""

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not PAGES, reason="CLAIMWATCH_CORPUS names no folder of pages"),
]


@cache
def reading(path: Path) -> Reading:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    media = "text/html" if path.suffix == ".html" else "text/markdown"
    snapshot = Snapshot(
        Page(path.parent.name, str(path)), now, now, "dir", str(path), media, path.read_bytes()
    )
    return extract.reading(parse.document(snapshot), standards.load())


def steps(page: Path) -> list[tuple[Path, Path, str]]:
    kinds = {
        entry["file"]: entry.get("auto_change_kind") or ""
        for entry in json.loads((page / "page.json").read_text())["revisions"]
    }
    files = sorted(path for path in page.iterdir() if path.name in kinds)
    every = [(old, new, kinds[new.name]) for old, new in pairwise(files)]
    return every[:: max(len(every) // STEPS, 1)][:STEPS] + every[-1:]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_text_is_lost_and_every_claim_is_paired(page: Path) -> None:
    for old, new, _ in steps(page):
        before, after = reading(old), reading(new)
        found = diff.comparison(before, after, standards.load())
        assert diff.unaccounted(before, after, found, standards.load()) == (), (
            f"{old.name} → {new.name}"
        )
        assert sorted(id(b) for b, _ in found.pairs if b) == sorted(map(id, before.claims))
        assert sorted(id(a) for _, a in found.pairs if a) == sorted(map(id, after.claims))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_and_itself_are_silent_and_form_alerts_nobody(page: Path) -> None:
    for old, new, kind in steps(page):
        assert diff.comparison(reading(old), reading(old), standards.load()).changes == ()
        if any(word in kind for word in QUIET):
            found = diff.comparison(reading(old), reading(new), standards.load())
            assert [
                change.summary for change in found.changes if change.severity in ALERTING
            ] == [], f"{old.name} → {new.name}"

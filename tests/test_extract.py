"""The reader, by golden cases: pages of fictional vendors in plain Markdown,
and the claims that they make.

A case file holds cases `=== title`, then the page between two lines of `~~~~`, then the claims.
Each line of claims is `kind | attribute=value | …`: for every kind that is named, the page makes
exactly those claims; `no kind` says none. A title that begins with `known miss:` is a strict
expected failure; a page that begins with `<` is HTML.
"""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import extract, parse, standards
from pipeline.model import Claim, Page, Reading, Snapshot

CASES = Path(__file__).parent / "cases"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def read(text: str, media_type: str = "text/markdown") -> Reading:
    snapshot = Snapshot(
        Page("page", "page.md"), NOW, NOW, "live", "page.md", media_type, text.encode()
    )
    return extract.reading(parse.document(snapshot), standards.load())


def cases() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("extract-*.md")):
        for part in path.read_text(encoding="utf-8").split("\n=== ")[1:]:
            title, page, wanted = (piece.strip("\n") for piece in part.split("\n~~~~\n"))
            title = title.strip()
            marks = (
                [pytest.mark.xfail(strict=True, reason="known miss")]
                if title.startswith("known miss:")
                else []
            )
            found.append(
                pytest.param(
                    page + "\n", wanted.splitlines(), id=f"{path.stem}: {title}", marks=marks
                )
            )
    return found


def shown(claim: Claim) -> str:
    fields = {
        f.name: getattr(claim, f.name)
        for f in dataclasses.fields(claim)
        if f.name not in ("kind", "source", "standard_name")
    }
    return f"{claim.kind} | " + " | ".join(
        f"{k}={v}" for k, v in fields.items() if v not in (None, (), False)
    )


def fits(claim: Claim, wanted: dict[str, str]) -> bool:
    for name, value in wanted.items():
        found = getattr(claim, name)
        text = ", ".join(found) if isinstance(found, tuple) else "" if found is None else str(found)
        if (not text.startswith(value[:-1])) if value.endswith("…") else text != value:
            return False
    return True


@pytest.mark.parametrize(("page", "wanted"), cases())
def test_case(page: str, wanted: list[str]) -> None:
    reading = read(page, "text/html" if page.startswith("<") else "text/markdown")
    by_kind: dict[str, list[dict[str, str]]] = {}
    for line in filter(None, (line.strip() for line in wanted)):
        if line.startswith("no "):
            by_kind.setdefault(line.removeprefix("no "), [])
        else:
            kind, *attributes = (part.strip() for part in line.split(" | "))
            by_kind.setdefault(kind, []).append(dict(a.split("=", 1) for a in attributes))
    for kind, lines in by_kind.items():
        if kind == "not understood":
            assert len(reading.not_understood) == len(lines), reading.not_understood
            continue
        claims = [claim for claim in reading.claims if claim.kind == kind]
        listing = "\n".join(map(shown, claims))
        for line in lines:
            match = next((claim for claim in claims if fits(claim, line)), None)
            assert match is not None, f"no {kind} like {line} in\n{listing}"
            claims.remove(match)
        assert not claims, f"also found {[shown(claim) for claim in claims]}"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_text_gives_a_reading(text: str) -> None:
    reading = read(f"# Page\n\nAcme is certified to ISO 9001:2015.\n\n{text}\n")
    assert all(claim.text for claim in reading.claims)

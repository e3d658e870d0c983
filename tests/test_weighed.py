"""What is remembered of a page's sentences never changes how the next capture is read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import extract, parse, standards
from pipeline.extract import frames, weighed
from pipeline.model import Page, Reading, Snapshot

AT = datetime(2026, 5, 4, tzinfo=UTC)
TITLES = ("Fernbrook security", "Fernbrook trust center", "The CSF for beginners", "Oldacre")
HEADINGS = (
    "## Certifications",
    "## HIPAA",
    "### In progress",
    "## What is the NIST CSF?",
    "# Oldacre",
)
TEXTS = (
    "Fernbrook is certified to ISO/IEC 27001:2022.",
    "Oldacre holds a SOC 2 Type II report.",
    "- HIPAA",
    "- SOC 2: in progress",
    "The CSF guides our programme.",
    "We are working towards PCI DSS 4.0.1 by May 2027.",
    "The report is available under NDA only.",
    "These exclude our Canadian region.",
    "Our payment provider Oldacre is PCI DSS certified.",
    "**GDPR**",
)
PAGES = st.builds(
    lambda title, parts, vendor: (f"---\ntitle: {title}\n---\n\n" + "\n\n".join(parts), vendor),
    st.sampled_from(TITLES),
    st.lists(st.sampled_from(HEADINGS + TEXTS), min_size=1, max_size=12),
    st.sampled_from((None, "Fernbrook", "Oldacre")),
)


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    weighed.forget()
    yield
    weighed.forget()


def read(made: tuple[str, str | None]) -> Reading:
    text, vendor = made
    page = Page("p", "p.md", vendor=vendor)
    snapshot = Snapshot(page, AT, AT, "dir", "p.md", "text/markdown", text.encode())
    return extract.reading(parse.document(snapshot), standards.load(), page)


def told(reading: Reading) -> tuple[object, ...]:
    """Return all that a reading says, with what equality of claims leaves out."""
    claims = [(claim, claim.source, claim.why, claim.margin) for claim in reading.claims]
    return claims, reading.products, reading.not_understood, reading.remarks


@settings(deadline=None)
@given(st.lists(PAGES, max_size=3), PAGES)
def test_a_page_is_read_alike_whatever_was_read_before(
    before: list[tuple[str, str | None]], page: tuple[str, str | None]
) -> None:
    for other in before:
        read(other)
    warm = told(read(page))
    weighed.forget()
    assert warm == told(read(page))


@given(st.lists(PAGES, max_size=3), PAGES)
def test_a_page_is_read_alike_whatever_its_last_readings_in_other_processes_found(
    before: list[tuple[str, str | None]], page: tuple[str, str | None]
) -> None:
    weighed.forget()
    kept = [read(other) for other in before]
    weighed.forget()
    for reading in kept:
        extract.recall(reading)
    recalled = read(page)
    weighed.forget()
    cold = read(page)
    assert told(recalled) == told(cold)
    assert dict(recalled.weighed) == dict(cold.weighed)


def test_a_sentence_that_was_no_note_in_another_process_is_not_weighed_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = [f"The cable of printer number {number} is audited blue." for number in range(9)]
    first = read(("# Fernbrook\n\n" + "\n\n".join(plain), None))
    weighed.forget()
    extract.recall(first)
    weighed_anew, judged = list[str](), weighed.note
    monkeypatch.setattr(
        weighed, "note", lambda page, unit: weighed_anew.append(unit.text) or judged(page, unit)
    )
    new = "The cable of the new printer is audited red."
    second = read(("# Fernbrook\n\n" + "\n\n".join([*plain[:4], new, *plain[4:]]), None))
    assert weighed_anew == [new]
    assert len(dict(second.weighed).keys() - dict(first.weighed).keys()) == 1


def test_a_sentence_read_before_is_not_weighed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    page = "# Fernbrook\n\n" + "\n\n".join(TEXTS)
    first = told(read((page, "Fernbrook")))
    monkeypatch.setattr(frames, "of_unit", lambda *_: pytest.fail("weighed again"))
    monkeypatch.setattr(frames, "for_note", lambda *_: pytest.fail("weighed again"))
    assert told(read((page, "Fernbrook"))) == first


def test_what_is_remembered_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weighed, "_REMEMBERED", 5)
    monkeypatch.setattr(weighed, "_MARKS", 5)
    for number in range(20):
        read((f"# Fernbrook\n\nFernbrook is certified to ISO 27001 since 20{number + 10}.", None))
        assert len(weighed._standards) <= 5
        assert len(weighed._notes) <= 5
        assert len(weighed._known) <= 5

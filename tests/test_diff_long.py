"""Long texts are compared in step with their length, and as short ones are:
nothing is lost, and what stayed is found.
"""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import words
from pipeline.diff import thresholds
from pipeline.diff.texts import alignment, layouts, units
from pipeline.diff.texts.units import Unit
from pipeline.model import Block, Document, Link


def lines(texts: list[str]) -> tuple[Unit, ...]:
    return units.of(Document(None, (), tuple(Block("paragraph", text) for text in texts)))


def aligned(before: list[str], after: list[str]) -> alignment.Alignment:
    return alignment.align(lines(before), lines(after), words.fold)


def said(pairs: tuple[tuple[Unit, Unit], ...]) -> list[tuple[str, str]]:
    return [(one.text, other.text) for one, other in pairs]


NUMBERS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
TEXTS = [f"Sentence {word} says something of its own about {word}." for word in NUMBERS]


@pytest.mark.parametrize("limit", [0, 20, thresholds.LARGE])
def test_what_both_pages_have_once_holds_two_long_pages_together(
    monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(thresholds, "LARGE", limit)
    after = [
        *TEXTS[:3],
        "Quite a herd: 99 zebras!",
        *TEXTS[4:9],
        *TEXTS[10:],
    ]
    found = aligned(TEXTS, after)
    assert [b for b, _ in said(found.same)] == [*TEXTS[:3], *TEXTS[4:9], *TEXTS[10:]]
    assert [unit.text for unit in found.gone] == [TEXTS[3], TEXTS[9]]
    assert [unit.text for unit in found.new] == [after[3]]


@given(st.lists(st.sampled_from(TEXTS)), st.lists(st.sampled_from(TEXTS)))
def test_every_text_of_a_long_page_is_accounted_for_once(
    before: list[str], after: list[str]
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(thresholds, "LARGE", 0)
        found = aligned(before, after)
    pairs = [*said(found.same), *said(found.moved), *said(found.reworded)]
    assert sorted([b for b, _ in pairs] + [unit.text for unit in found.gone]) == sorted(before)
    assert sorted([a for _, a in pairs] + [unit.text for unit in found.new]) == sorted(after)
    assert all(b == a for b, a in said(found.same))


def test_a_long_list_in_another_order_is_all_there() -> None:
    before = [f"Line {number} says this and that of number {number}." for number in range(500)]
    after = random.Random(1).sample(before, len(before))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(thresholds, "LARGE", 10)
        found = aligned(before, after)
    assert len(found.same) + len(found.moved) == 500
    assert len(found.same) > 10


def test_every_link_of_a_block_is_with_the_first_sentence_that_has_its_words() -> None:
    said = " ".join(f"Report {n} is at hand, see paper {n}x." for n in range(300))
    links = [Link(f"paper {n}x", f"/{n}") for n in range(300)]
    picture = Link("A picture", "/picture")
    block = Block("paragraph", said, links=(picture, *links))
    found = units.of(Document(None, (), (block,)))
    assert len(found) == 300
    assert [unit.links[0].url for unit in found[:-1]] == [f"/{n}" for n in range(299)]
    assert {link.url for link in found[-1].links} == {"/299", "/picture"}


def test_a_long_text_has_the_sentences_of_its_parts() -> None:
    short = [f"Acme Inc. holds report no. {n} of the U.S. government." for n in range(20)]
    assert list(words.sentences(" ".join(short))) == short
    assert list(words.sentences(" ".join(short * 100))) == short * 100


@pytest.mark.parametrize("mark", ['" ', "' ", "“ ", "![", "( ", "a. ", "? ", "aB"])
def test_no_letter_of_a_long_text_is_lost(mark: str) -> None:
    text = (mark * 20_000).strip()
    assert "".join("".join(words.sentences(text)).split()) == "".join(text.split())


def test_lines_that_begin_alike_are_not_all_weighed_against_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[int] = []
    run = layouts.Texts._run

    def counted(self: layouts.Texts, start: int, line: tuple[str, ...]) -> list[int]:
        tried.append(start)
        return run(self, start, line)

    monkeypatch.setattr(layouts.Texts, "_run", counted)
    before = [f"The lamp {number} burns here." for number in range(300)]
    after = [f"The desk {number} stands there." for number in range(300)]
    aligned(before, [*after, "The lamp 7", "burns here."])
    assert len(tried) <= 10

"""A note's clauses are looked for on both pages, and the texts that both have cost next to
nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.diff.claims import caveats, overlaps
from pipeline.diff.names.lens import Lens, Rename

LENSES = (Lens([]), Lens([Rename("Alder Cloud", "Alder One", True, 1.0, "")]))
CLAUSES = (
    "data is kept in Ireland only",
    "it is not for the public sector",
    "Alder Cloud will be audited each year",
    "Alder One will be audited each year",
)
TEXTS = (
    *CLAUSES,
    "Data is kept in Ireland only, and it is not for the public sector.",
    "data is kept in Ireland",
    "It isn't for the public sector.",
)
PAGE = st.lists(st.sampled_from(TEXTS), max_size=8)


@given(PAGE, PAGE, st.sampled_from(CLAUSES), st.sampled_from(LENSES))
def test_a_clause_stands_where_as_many_texts_of_either_page_hold_it(
    before: list[str], after: list[str], clause: str, lens: Lens
) -> None:
    plain = caveats.bare(clause, lens)
    old, new = (sum(plain in caveats.bare(text, lens) for text in page) for page in (before, after))
    assert overlaps._Pages(before, after, lens).stands(plain) is (old == new > 0)


def test_what_both_pages_print_is_not_taken_apart_for_a_note_that_came(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, plain = list[str](), caveats.plain
    monkeypatch.setattr(caveats, "plain", lambda text: asked.append(text) or plain(text))
    page = [f"Sentence {number} of a long page stays." for number in range(500)]
    pages = overlaps._Pages(page, [*page, "It is for the public sector alone."], LENSES[0])
    assert not pages.stands(" it is for public sector alone ")
    assert len(asked) == 1

"""Two pages side by side, whole: every line of both once, and what differs marked
as where it alone is shown.
"""

from __future__ import annotations

from test_diff import Known, reading

from pipeline import diff

BEFORE = "\n".join(f"Sentence number {n} of the page." for n in range(60))
AFTER = BEFORE.replace("number 30 of", "number thirty of").replace(
    "Sentence number 45 of the page.", ""
)


def marked(stretches: object) -> list[tuple[str, str]]:
    lines = (line for one in stretches for line in one.lines)  # type: ignore[attr-defined]
    return [(mark.op, mark.text.strip()) for line in lines for mark in line.marks]


def test_nothing_is_left_out_and_the_same_words_are_marked() -> None:
    before, after = reading(BEFORE), reading(AFTER)
    some = diff.comparison(before, after, Known()).stretches  # type: ignore[arg-type]
    (whole,) = diff.whole(before, after, Known())  # type: ignore[arg-type]
    assert sum(one.skipped for one in some) > 0
    assert whole.skipped == 0
    assert len(whole.lines) == 60
    apart = [[mark for mark in marked(one) if mark[0] != "same"] for one in (some, (whole,))]
    assert apart[0] == apart[1] != []


def test_of_equal_pages_all_is_shown_once() -> None:
    page = reading(BEFORE)
    (whole,) = diff.whole(page, page, Known())  # type: ignore[arg-type]
    assert [mark for mark in marked((whole,)) if mark[0] != "same"] == []
    assert len(whole.lines) == 60

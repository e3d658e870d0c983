"""Is this still that page? Small pages, what comes in their place, and what becomes of them while
they stay themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import small_pages
from small_pages import Small

from pipeline.model import (
    Changed,
    HeldBack,
    Known,
    Look,
    Outcome,
    Snapshot,
    Unchanged,
)
from pipeline.track import judging
from pipeline.track.judging import Case
from pipeline.track.reader import Reader

PAGES = small_pages.pages()
WALLS = small_pages.walls()
EDITS = small_pages.sections("small-edits.md")


@pytest.fixture(scope="module")
def reader() -> Reader:
    return small_pages.reader()


def test_there_are_enough_small_pages() -> None:
    assert sorted(len(page.claims) for page in PAGES.values()) == [1, 2, 2, 2, 2, 3, 3, 4, 5]
    assert sum(len(small_pages.watched(fields)) for fields in WALLS.values()) >= 400
    assert sum(len(small_pages.watched(fields)) for fields in EDITS.values()) >= 200


@pytest.mark.parametrize("name", WALLS)
def test_what_stands_in_the_place_of_a_page_is_not_the_page(name: str, reader: Reader) -> None:
    assert small_pages.told(WALLS[name], reader) == {}


@pytest.mark.parametrize("name", EDITS)
def test_a_page_that_stays_itself_is_told_at_once(name: str, reader: Reader) -> None:
    assert small_pages.untold(EDITS[name], reader) == {}


# ---------------------------------------------------------- what a verdict says and what lets it go

THREE = PAGES["three"]
HOME = small_pages.wall(WALLS["redirect to the front page"], THREE)
AGAIN = small_pages.wall(WALLS["a page of the same trade that claims standards"], THREE)
SHORTER, _ = small_pages.edited(EDITS["drops all standards"], THREE)


def _outcome(after: Snapshot, reader: Reader, known: Known, held: judging.Held = ()) -> Outcome:
    return judging.judge(
        reader, Case(Look(after.page, after.captured_at, after), known, small_pages.LIMITS, held)
    )


def _known(page: Small, *earlier: Small, url: str | None = small_pages.URL) -> Known:
    good = small_pages.capture(page)
    captures = tuple(small_pages.capture(one) for one in earlier)
    return Known(digest=good.digest, size=len(good.body), snapshot=good, url=url, earlier=captures)


def test_the_reason_says_what_is_missing_and_where_it_was_looked_for(reader: Reader) -> None:
    outcome = _outcome(small_pages.capture(HOME, 6), reader, _known(THREE))
    assert isinstance(outcome, HeldBack)
    assert (outcome.verdict.name, outcome.verdict.reason) == (
        "other-page",
        "redirected to site.example/, where nothing of the title, "
        "headings and text of earlier captures is left: "
        'it begins "Tools that people like"',
    )


@pytest.mark.parametrize(
    ("page", "url", "name"),
    [
        (HOME, None, "other-page"),
        (HOME, small_pages.URL, "other-page"),
        (AGAIN, small_pages.URL, None),
        (
            replace(AGAIN, url="https://www.site.example/about", redirects=("302 x",)),
            None,
            "other-page",
        ),
    ],
)
def test_time_lets_go_a_page_rewritten_in_its_place_and_no_other(
    page: Small, url: str | None, name: str | None, reader: Reader
) -> None:
    first, later = small_pages.capture(page, 6), small_pages.capture(page, 200)
    held = ((first.captured_at, "another text"),)
    outcome = _outcome(first, reader, _known(THREE, url=url))
    assert isinstance(outcome, HeldBack)
    assert outcome.verdict.name == (name or "mass-change")
    assert later.captured_at - first.captured_at > timedelta(days=3)
    after = _outcome(later, reader, _known(THREE, url=url), held)
    assert (after.verdict.name if isinstance(after, HeldBack) else None) == name


def test_a_page_that_comes_back_to_what_it_was_is_itself(reader: Reader) -> None:
    back = small_pages.capture(THREE, 6)
    assert isinstance(_outcome(back, reader, _known(AGAIN)), HeldBack)
    assert isinstance(_outcome(back, reader, _known(AGAIN, HOME, THREE)), Changed)


def test_a_move_to_where_the_last_good_capture_was_found_is_none(reader: Reader) -> None:
    there = "https://www.site.example/about"
    page = replace(AGAIN, url=there, redirects=(f"302 {small_pages.URL}",))
    outcome = _outcome(small_pages.capture(page, 6), reader, _known(THREE, url=there))
    assert isinstance(outcome, HeldBack)
    assert "redirected" not in outcome.verdict.reason


def test_what_a_repository_holds_is_what_its_authors_wrote(reader: Reader) -> None:
    committed = replace(small_pages.capture(AGAIN, 6), origin="git")
    assert isinstance(_outcome(committed, reader, _known(THREE)), Changed)


def test_a_page_without_end_marks_that_stops_within_a_sentence_is_cut(reader: Reader) -> None:
    page = PAGES["markdown"]
    text = page.body[: page.body.index("notaries have rules") + 8]
    outcome = small_pages.judged(page, replace(page, source=text), reader)
    assert isinstance(outcome, HeldBack)
    assert outcome.verdict.name == "truncated"
    ends = small_pages.judged(page, replace(page, source=text + "."), reader)
    assert not isinstance(ends, HeldBack) or ends.verdict.name != "truncated"


def test_a_page_that_loses_its_last_tags_alone_is_whole(reader: Reader) -> None:
    bare = replace(PAGES["five"], source=PAGES["five"].source.replace("</main></body></html>", ""))
    got = small_pages.judged(
        PAGES["five"], replace(bare, source=bare.source.replace("<body>", "")), reader
    )
    assert isinstance(got, Unchanged), got

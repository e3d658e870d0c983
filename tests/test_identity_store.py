"""What a look is measured against, live and when all is derived again:
the same last good captures.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import small_pages

from pipeline import config, history, standards, track
from pipeline.model import Changed, HeldBack, Outcome, Unchanged, Word
from pipeline.standards import Catalogue
from pipeline.track import preparing

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
PAGE = small_pages.pages()["three"]
FRONT = small_pages.wall(small_pages.walls()["front page in its place"], PAGE)
EDITS = small_pages.sections("small-edits.md")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return standards.load()


class Watched:
    """A page in a folder, and a clock that goes on by a day with every look."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self.page = folder / "trust.html"
        self.catalogue = catalogue
        self.days = 0
        text = '[[pages]]\nid = "trust"\nurl = "trust.html"\n'
        (folder / "config.toml").write_text(text, encoding="utf-8")
        self.config = config.load(folder / "config.toml")

    def look(self, page: small_pages.Small) -> Outcome:
        self.page.write_text(page.body, encoding="utf-8")
        self.days += 1
        return track.run(self.config, self.catalogue, now=self.now).outcomes[0]

    def accept(self) -> None:
        with track.open(self.config) as store:
            word = Word(self.config.pages[0].id, "ana")
            later = self.now() + timedelta(hours=1)
            track.release(store, self.catalogue, word, now=lambda: later, environ={})

    def now(self) -> datetime:
        return START + timedelta(days=self.days)

    def stands(self) -> tuple[object, ...]:
        with track.open(self.config) as store:
            db = store.db
            looks = [
                tuple(row) for row in db.execute("SELECT captured_at, result, fault FROM look")
            ]
            return looks, history.claims(db), history.changes(db), history.status(db)


def test_a_page_that_was_taken_for_another_is_itself_again_however_it_is_derived(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    watched = Watched(tmp_path, catalogue)
    watched.look(PAGE)
    held = watched.look(FRONT)
    assert isinstance(held, HeldBack)
    assert held.verdict.name == "other-page"
    assert isinstance(watched.look(FRONT), HeldBack)
    watched.accept()
    assert isinstance(watched.look(FRONT), Unchanged)
    less, _ = small_pages.edited(EDITS["drops its last standard"], PAGE)
    back = watched.look(less)
    assert isinstance(back, Changed), "it is measured against the capture before the front page too"
    stood = watched.stands()
    track.rebuild(watched.config, catalogue, now=watched.now)
    assert watched.stands() == stood


def test_the_captures_that_a_look_is_measured_against_are_the_last_that_were_good(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    watched = Watched(tmp_path, catalogue)
    names = ("drops its first standard", "drops its last standard", "drops two standards")
    edits = [small_pages.edited(EDITS[name], PAGE)[0] for name in names]
    for page in (PAGE, *edits, FRONT, PAGE):
        watched.look(page)
    with track.open(watched.config) as store:
        page = watched.config.pages[0]
        known = preparing.with_capture(store, page, store.known(page))
    assert known.snapshot is not None
    assert known.snapshot.body == PAGE.body.encode()
    assert [one.body for one in known.earlier] == [
        edits[2].body.encode(),
        edits[1].body.encode(),
    ]

"""How much of a page is left: what is measured, and on which side of each threshold it falls."""

from __future__ import annotations

from dataclasses import replace

import pytest
import small_pages
from small_pages import Small

from pipeline.health import identity, pieces
from pipeline.health.identity import Left, Likeness
from pipeline.model import Page
from pipeline.track.reader import Reader

PAGES = small_pages.pages()
EDITS = small_pages.sections("small-edits.md")
THREE = PAGES["three"]
SHORTER, _ = small_pages.edited(EDITS["drops all standards"], THREE)
NOTHING = Left()


@pytest.fixture(scope="module")
def reader() -> Reader:
    return small_pages.reader()


def _likeness(before: Small, after: Small, reader: Reader, *standing: Small) -> Likeness:
    old, new, *others = (
        reader.reading(small_pages.capture(one)) for one in (before, after, *standing)
    )
    return identity.likeness(old, new, identity.names(Page("trust", small_pages.URL), old), others)


def _of(left: Left, head: bool | None = True, stood: bool = False) -> bool:
    return Likeness(head, left, left, stood).same


@pytest.mark.parametrize(
    ("head", "kept", "same"),
    [
        (False, 49, False),
        (False, 50, True),
        (None, 49, False),
        (None, 50, True),
        (True, 19, False),
        (True, 20, True),
    ],
)
def test_half_is_the_page_and_less_under_its_own_heading(
    head: bool | None, kept: int, same: bool
) -> None:
    lost = 100 - kept
    left = Left(kept=kept, lost=lost, kept_text=kept, lost_text=lost, known=kept, new=500)
    assert _of(left, head) is same


@pytest.mark.parametrize(("kept", "lost", "same"), [(590, 700, False), (610, 700, True)])
def test_much_is_the_page_under_any_heading(kept: int, lost: int, same: bool) -> None:
    left = Left(kept=kept, lost=lost, kept_text=kept, lost_text=lost, known=kept, new=5000)
    assert _of(left, False) is same
    assert not _of(replace(left, lost=2000, lost_text=2000), False)


def test_a_page_that_was_shortened_shows_what_stood_there() -> None:
    left = Left(kept=30, lost=400, kept_text=30, lost_text=400, known=30, new=29)
    assert [_of(left, head) for head in (True, False, None)] == [True, True, True]
    assert not _of(replace(left, new=31), False)


@pytest.mark.parametrize(("new", "same"), [(399, True), (400, False)])
def test_claims_alone_may_give_way_to_a_few_sentences(new: int, same: bool) -> None:
    left = Left(kept=20, gone=100, new=new)
    assert _of(left) is same
    assert _of(left, stood=True)


@pytest.mark.parametrize(("new", "same"), [(59, True), (60, False)])
def test_a_new_title_over_claims_that_stand_brings_no_text(new: int, same: bool) -> None:
    left = Left(lost=20, new=new)
    assert _of(left, False, stood=True) is same
    assert not _of(left, False)


def test_a_gate_between_bar_and_foot_is_longer_than_what_it_hides() -> None:
    whole = Left(kept=200, lost=75, kept_text=180, lost_text=75, gone=70, known=180, new=200)
    inner = Left(lost=75, lost_text=75, gone=70, new=146)
    assert not Likeness(True, whole, inner, False).same
    assert Likeness(True, whole, replace(inner, new=145), False).same
    assert Likeness(True, whole, inner, True).same, "no claim went"


@pytest.mark.parametrize(
    ("before", "after", "head"),
    [
        ("How we keep your papers safe", "How we keep your papers", True),
        ("Security and ISO 27001", "Security", True),
        ("Security and ISO 27001", "Security for everybody at home", False),
        ("Security, privacy, audits, law and ISO 27001", "Security", False),
        ("Trust centre", "Trust", True),
        ("Papers, tools and people", "People of the harbour", False),
        ("Brindle Notes trust centre", "Brindle Notes", False),
        ("安全と法令遵守", "安全と法令", True),
        ("安全と法令遵守", "採用情報", False),
    ],
)
def test_a_heading_is_kept_where_half_of_its_words_are(
    before: str, after: str, head: bool, reader: Reader
) -> None:
    one, other = (
        replace(THREE, source=THREE.source.replace("Brindle Notes trust centre", heading))
        for heading in (before, after)
    )
    assert (_likeness(one, other, reader).head is True) is head


@pytest.mark.parametrize(
    ("now", "kept"),
    [
        ("Copies of the papers are sent on request to all customers.", True),
        ("Copies of the papers are sent by post to our customers.", True),
        ("Papers of customers are kept on request.", False),
        ("We sell paper.", False),
    ],
)
def test_a_sentence_is_kept_with_a_word_or_two_put_otherwise(now: str, kept: bool) -> None:
    stood = pieces.Piece("copies of the papers are sent on request to our customers.", False, False)
    text = pieces.Text([pieces.Piece(now.lower(), False, False)])
    assert bool(text.share(stood)) is kept


def test_what_leads_to_the_same_document_is_the_same_whatever_its_words(reader: Reader) -> None:
    link = '<p>{} <a href="{}">{}</a></p></main>'
    one, other, elsewhere = (
        replace(THREE, source=THREE.source.replace("</main>", link.format(*words)))
        for words in (
            ("Read on in", "/files/garden.pdf", "our garden"),
            ("See", "https://www.site.example/files/garden.pdf", "what grows behind the house"),
            ("See", "/files", "what grows behind the house"),
        )
    )
    assert _likeness(one, other, reader).whole.lost_text == 0
    assert _likeness(one, elsewhere, reader).whole.lost_text > 0


def test_what_stood_in_few_captures_counts_less(reader: Reader) -> None:
    fox = "<p>Read today of a fox in our garden.</p></main>"
    news = replace(THREE, source=THREE.source.replace("</main>", fox))
    other = SHORTER.source.replace("Write to our security team", "Ring")
    after = replace(SHORTER, source=other)
    alone, among = _likeness(news, after, reader), _likeness(news, after, reader, THREE, THREE)
    assert among.whole.share > alone.whole.share


def test_claims_speak_for_a_page_and_never_against_it(reader: Reader) -> None:
    found = _likeness(THREE, SHORTER, reader)
    assert (found.whole.share, found.whole.gone > 0) == (1.0, True)
    assert _likeness(SHORTER, THREE, reader).whole.share == 1.0


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://trust.acme.com/x", "acme"),
        ("https://www.acme.co.uk/trust", "acme"),
        ("https://acme.example/", "acme"),
        ("https://localhost/", "localhost"),
    ],
)
def test_the_name_of_a_site_is_what_its_registrar_knows(
    url: str, site: str, reader: Reader
) -> None:
    reading = reader.reading(small_pages.capture(PAGES["list"]))
    names = identity.names(Page("trust", url, vendor="Oak Ltd"), reading)
    assert {"oak", "ltd", site} <= names
    assert "trust" not in names


def test_a_page_is_taken_apart_once_and_its_words_are_not_asked_where_its_texts_stand(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = (replace(reader.reading(small_pages.capture(THREE))) for _ in range(2))
    taken, texts = list[object](), pieces._texts
    monkeypatch.setattr(pieces, "_texts", lambda block: taken.append(block) or texts(block))
    monkeypatch.setattr(pieces, "_runs", lambda _: pytest.fail("every text stands there"))
    assert not identity.cut(old, new)
    found = identity.likeness(old, new, identity.names(Page("trust", small_pages.URL), old), [old])
    assert found.same
    assert len(taken) == len(old.document.blocks) + len(new.document.blocks)

"""What nobody sees is nothing: not on a page that is read, not in two pages that are compared."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import diff, extract, parse, standards, visible, words
from pipeline.model import Page, Snapshot

UNSEEN = (
    "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u061c\u202a\u202e"
    "\u2066\u2069\U000e0041\ufff9\ufffb\ufe0f"
)
MARKDOWN = """---
title: Halden Ledger trust centre
---
# Halden Ledger trust centre

Halden Ledger is **certified** to ISO/IEC 27001:2022,
[see the certificate](https://halden.example/iso).

| Service | SOC 2 Type II |
| --- | --- |
| Ledger Archive | ✓ |

- Halden Ledger is PCI DSS 4.0 compliant as a Level 1 service provider.
"""
HTML = """<!doctype html><html lang="en"><head><title>Halden Ledger trust centre</title></head>
<body><main>
<h1>Halden Ledger trust centre</h1>
<p>Halden Ledger is <b>certified</b> to ISO/IEC 27001:2022.</p>
<ul><li>Halden Ledger has completed a SOC 2 Type II audit of its office in Hamburg.</li></ul>
<p>Halden Ledger is PCI DSS 4.0 compliant as a Level 1 service provider.</p>
</main></body></html>"""
FORMS = {"text/markdown": MARKDOWN, "text/html": HTML}
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
CATALOGUE = standards.load()


def snapshot(text: str, form: str) -> Snapshot:
    return Snapshot(Page("page", "/page"), NOW, NOW, "live", "/page", form, text.encode())


def sprinkled(text: str, signs: list[tuple[int, str]]) -> str:
    """Put each sign before the letter of its number, counted round."""
    found = list(text)
    for place, sign in signs:
        found[place % len(text)] = sign + found[place % len(text)]
    return "".join(found)


SIGNS = st.lists(st.tuples(st.integers(0, 5000), st.sampled_from(UNSEEN)), min_size=1, max_size=40)


@pytest.mark.parametrize("form", FORMS)
@given(signs=SIGNS)
def test_a_page_reads_the_same_with_characters_that_nobody_sees(
    form: str, signs: list[tuple[int, str]]
) -> None:
    clean = parse.document(snapshot(FORMS[form], form))
    assert parse.document(snapshot(sprinkled(FORMS[form], signs), form)) == clean


@pytest.mark.parametrize("form", FORMS)
@given(sign=st.sampled_from(UNSEEN), places=st.sets(st.integers(0, 300), max_size=20))
def test_entities_of_such_characters_are_read_as_the_characters(
    form: str, sign: str, places: set[int]
) -> None:
    def hyphenated(text: str) -> str:
        return "".join(f"&#{ord(sign)};" * (at in places) + char for at, char in enumerate(text))

    head, said, tail = FORMS[form].partition("Halden Ledger is PCI DSS 4.0 compliant")
    document = parse.document(snapshot(head + hyphenated(said) + tail, form))
    assert document == parse.document(snapshot(FORMS[form], form))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("plain", "other"),
    [
        ("ISO/IEC 27001:2022", "ＩＳＯ／ＩＥＣ\u3000２７００１：２０２２"),
        ("ISO/IEC 27001:2022", "ISO／IEC\u00a027001：2022"),
        ("Type II", "Type Ⅱ"),
        ("PCI DSS 4.0", "𝗣𝗖𝗜 𝗗𝗦𝗦 𝟰.𝟬"),
        ("compliant", "ｃｏｍｐｌｉａｎｔ"),
        ("certified", "certiﬁed"),
    ],
)
def test_other_forms_of_letters_are_those_letters(form: str, plain: str, other: str) -> None:
    before = snapshot(FORMS[form], form)
    after = snapshot(FORMS[form].replace(plain, other), form)
    assert after.body != before.body
    old, new = (extract.reading(parse.document(item), CATALOGUE) for item in (before, after))
    assert [(claim.key, claim.text) for claim in new.claims] == [
        (claim.key, claim.text) for claim in old.claims
    ]
    assert diff.comparison(old, new, CATALOGUE).changes == ()


def test_a_tick_is_a_tick_in_either_presentation() -> None:
    plain = parse.document(
        snapshot("| Service | HIPAA |\n|--|--|\n| Vault | ✔ |\n", "text/markdown")
    )
    coloured = "| Service | HIPAA |\n|--|--|\n| Vault | ✔\ufe0f |\n"
    assert parse.document(snapshot(coloured, "text/markdown")) == plain


@pytest.mark.parametrize(
    "needed",
    [
        "می\u200cخواهم",  # Persian: without the non-joiner it is another word's shape
        "क्\u200dष",  # Hindi: the joiner chooses the half form
        "\U0001f469\u200d\U0001f4bb",  # an emoji of two
        "\U0001f469\U0001f3fd\u200d\U0001f4bb",
    ],
)
def test_joiners_stay_where_they_are_needed_but_are_not_compared(needed: str) -> None:
    assert visible.text(needed) == needed
    for form in FORMS:
        assert needed in parse.document(snapshot(f"<p>About {needed} us</p>", form)).blocks[0].text
    entity = needed.replace("\u200c", "&zwnj;").replace("\u200d", "&zwj;")
    assert needed in parse.document(snapshot(f"<p>{entity}</p>", "text/html")).blocks[0].text
    assert words.fold(needed) == words.fold(needed.replace("\u200c", "").replace("\u200d", ""))


def test_footnote_marks_and_chinese_punctuation_stay_as_printed() -> None:
    for printed in ("SOC 2²", "SOC 2①", "已通过（ISO 27001）认证，", "SOC 2™", "№ 5", "½"):
        assert visible.spelled(visible.text(printed)) == printed


@given(text=st.text())
def test_nothing_that_unicode_calls_a_format_or_a_control_is_left(text: str) -> None:
    left = visible.text(text)
    shaped = visible_formats()
    assert all(
        char in "\n\t\u200c\u200d"
        or char in shaped
        or unicodedata.category(char)[0] != "C"
        or unicodedata.category(char) in ("Co", "Cn")
        for char in left
    )
    assert visible.text(left) == left
    assert visible.line(text) == " ".join(left.split())


def visible_formats() -> set[str]:
    """Return the format characters that have a shape,
    as Unicode lists them (Prepended_Concatenation_Mark and Egyptian).
    """
    ranges = ((0x600, 0x605), (0x6DD, 0x6DD), (0x70F, 0x70F), (0x890, 0x891), (0x8E2, 0x8E2))
    more = ((0x110BD, 0x110BD), (0x110CD, 0x110CD), (0x13430, 0x1343F))
    return {chr(code) for first, last in (*ranges, *more) for code in range(first, last + 1)}


def test_every_format_character_but_those_with_a_shape_goes() -> None:
    formats = {char for char in map(chr, range(0x110000)) if unicodedata.category(char) == "Cf"}
    assert {char for char in formats if visible.text(f"a{char}b") != "ab"} <= visible_formats()


def test_values_are_cleaned_to_the_last_text() -> None:
    given = {"a\u200b": ["\x1b[31mred", ("\u202eevil", 1, None)], "b": {"c": "d\ud800"}}
    assert visible.values(given) == {"a": ["[31mred", ["evil", 1, None]], "b": {"c": "d\ufffd"}}
    json.dumps(visible.values(given)).encode()

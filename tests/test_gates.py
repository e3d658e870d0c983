"""What is looked at only where a cheap look says that it may be there is found as
if it were always looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline import extract, lexicon, parse, standards
from pipeline.extract import context, judgement, lines, printed, scopes, weighed
from pipeline.extract.judgement import Features
from pipeline.extract.suppliers import lexis, phrases
from pipeline.model import Page, Snapshot
from pipeline.standards import spellings

AT = datetime(2026, 5, 4, tzinfo=UTC)
TABLES = ("listing", "others", "cue", "doing", "asking", "column.name", "place", "about")
FORMS = ("sentence", "line", "answer", "answer_of_one", "unless")
PHRASES = {table: phrases.listed(table) for table in TABLES}
WORDS = (
    "Acme",
    "we",
    "our",
    "use",
    "hosted",
    "is",
    "by",
    "for",
    "the",
    "provider",
    "at",
    "Blue Sky",
)
WORDS += (
    "acme.com",
    "3M",
    "payments",
    "are",
    "You can",
    "bei",
    "Dienstleister",
    "ſub",
    "İn",
    "e-mail",
)


def pieces(table: str) -> st.SearchStrategy[str]:
    """Return texts that have a phrase of a table, parts of one, or none."""
    words = [phrase.replace("*", "").replace("~", "") for phrase in PHRASES[table]]
    parts = [part for word in words for part in word.split()]
    some = st.sampled_from(words) | st.sampled_from(parts) | st.sampled_from(WORDS)
    ended = st.builds(
        lambda word, end: word + end, some, st.sampled_from(("", "s", "ing", "x", "_"))
    )
    cased = st.builds(lambda word, up: word.upper() if up else word, ended, st.booleans())
    return st.lists(cased | st.text(max_size=3), max_size=6).map(" ".join)


@settings(deadline=None)
@given(st.sampled_from(TABLES).flatmap(lambda table: st.tuples(st.just(table), pieces(table))))
def test_a_text_says_a_phrase_wherever_a_search_finds_it(given: tuple[str, str]) -> None:
    table, text = given
    assert phrases.says(table, text) == bool(phrases.words(table).search(text))


@pytest.mark.parametrize("table", TABLES)
def test_each_phrase_is_said_by_itself(table: str) -> None:
    missed = [
        phrase
        for phrase in PHRASES[table]
        if not phrases.says(table, f"Of {phrase.replace('*', '').replace('~', 's')}, then")
    ]
    assert not missed


@settings(deadline=None)
@example("answer_of_one", "Acme is")
@example("sentence", "Acme provides our hosting")
@example("unless", "Acme, if you can")
@example("sentence", "Payments are handled by 3m")
@given(st.sampled_from(FORMS), st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join))
def test_forms_that_name_suppliers_are_found_wherever_a_search_finds_them(
    table: str, text: str
) -> None:
    whole = [m.span() for form in lexis.sentences(table) for m in form.whole.finditer(text)]
    assert [match.span() for match in lexis.matches(table, text)] == whole


@settings(deadline=None)
@given(st.from_regex(scopes._ALL_PAPERS, fullmatch=True))
def test_a_sentence_of_all_papers_has_what_is_looked_for_first(words: str) -> None:
    plain = words.isascii()
    assert not plain or scopes._is_of_all_papers(f"Fernbrook Mail is covered by {words}")


LED = (
    "hosted",
    "provided",
    "on",
    "by",
    "in",
    "the",
    "The",
    "our",
    "and",
    "mail",
    "Built",
    "",
    "\n",
)


@settings(deadline=None)
@example("Our mail is hosted on the mail and ")
@example("It was Built by ")
@given(st.lists(st.sampled_from(LED), max_size=8).map(" ".join))
def test_a_name_is_a_suppliers_wherever_the_words_before_it_say_so(head: str) -> None:
    raw = printed._SUPPLIES.search(head, max(len(head) - 60, 0), len(head)) is not None
    assert printed.supplied(f"{head}Oldacre", len(head)) == raw


WHOLE = lexicon.load("en")
SAID = sorted({word for _, phrase in lexicon.phrases("en")[::9] for word in phrase.split()})


@settings(deadline=None)
@given(st.lists(st.sampled_from([word.replace("*", "s") for word in SAID]), max_size=6))
def test_words_by_which_no_phrase_begins_have_no_tag(words: list[str]) -> None:
    tags = {tag.name for tag in WHOLE.tags(words)}
    assert all(WHOLE.may_tag(words, frozenset((name,))) for name in tags)


@settings(deadline=None)
@given(st.text("abzS12 ,()-_.&/é'\n"))
def test_plain_letters_have_the_words_of_any_letters(text: str) -> None:
    lower = "".join(filter(str.isascii, text.lower()))
    assert spellings._ASCII_TOKEN.findall(lower) == spellings._TOKEN.findall(lower)


@settings(deadline=None)
@given(st.text("abnt12 ,()-.£§é_"))
def test_a_text_without_apostrophes_has_the_same_words(text: str) -> None:
    assert lines._PLAIN_WORD.findall(text) == lines._WORD.findall(text)


def test_two_phrases_of_one_tag_give_the_longer_one_and_each_tag_its_turn() -> None:
    found = lexicon.Lexicon(
        "xx", "Test", [("b", "in"), ("a", "in scope"), ("b", "in scope of"), ("c", "in sco*")]
    ).tags(("in", "scope", "of", "in"))
    assert [tuple(tag) for tag in found] == [(0, 3, "b"), (0, 2, "a"), (0, 2, "c"), (3, 4, "b")]


NAMES = st.frozensets(
    st.sampled_from(
        (
            *("w one", "w two", "w0 one", "ww a_b", "ww a_b_c", "www a_b_c_d", "p-5 far"),
            *("#c& +we&-not", "#n> a>b", "unnamed", "l$ ", "# we"),
        )
    )
)
KNOWN = {"w one": [0.5, -1.0], "w two": [-0.2, 1.0], "# we": [0.1, 0.3], "unnamed": [0.7, 0.2]}
FIRST = judgement.written(("yes", "no"), (0.1, 0.2), KNOWN, "stamp")


@settings(deadline=None)
@given(NAMES)
def test_features_are_parted_by_kind_and_put_together_again(names: frozenset[str]) -> None:
    assert Features.of(names).names() == names


@settings(deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=4))
def test_a_judgement_is_the_same_the_first_time_and_later(asked: list[frozenset[str]]) -> None:
    used = judgement.Weights(FIRST)
    for names in asked:
        fresh = judgement.Weights(FIRST).judge(Features.of(names))
        again = used.judge(Features.of(names))
        assert (again.outcome, again.chances) == (fresh.outcome, fresh.chances)
        assert sorted(feature.name for feature in again.features) == sorted(names & KNOWN.keys())


@pytest.mark.parametrize("words", [("a_b", "c"), ("a", "b_c")])
def test_words_that_go_together_are_found_whatever_joins_their_parts(
    words: tuple[str, str],
) -> None:
    weights = judgement.Weights(judgement.written(("y", "n"), (0, 0), {"ww a_b_c": [1, -1]}, "s"))
    judged = weights.judge(Features(frozenset(), {"ww": {words, (".", "c")}}))
    assert [feature.name for feature in judged.features] == ["ww a_b_c"]


LEVELS = ("Level 1", "Type 2", "High", "IL4")
SPOKEN = (
    "at",
    "the",
    "a",
    "LEVEL 1",
    "type 2",
    "high",
    "High",
    "impact",
    "level",
    "baseline",
    "as",
)


@settings(deadline=None)
@example("at the HIGH impact level")
@given(st.lists(st.sampled_from(SPOKEN), max_size=8).map(" ".join))
def test_a_level_is_named_wherever_its_form_is_found(sentence: str) -> None:
    found = [level for level in LEVELS if context._level(level).search(sentence)]
    assert context._only_level(LEVELS, sentence) == (found[0] if len(found) == 1 else None)


@pytest.fixture
def fresh() -> Iterator[None]:
    weighed.forget()
    yield
    weighed.forget()


@pytest.mark.usefixtures("fresh")
def test_the_next_capture_has_only_its_new_sentence_taken_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = ["Fernbrook is certified to ISO 27001.", "Reports are available under NDA.", "We grow."]
    read(said)
    taken: list[str] = []
    plain = lines.read
    monkeypatch.setattr(lines, "read", lambda text, *a: taken.append(text) or plain(text, *a))
    read([*said, "Audits of our Canadian region follow in May."])
    assert taken == ["Audits of our Canadian region follow in May."]


def read(said: list[str]) -> None:
    """Read a page of these sentences, a paragraph each."""
    body = "# Fernbrook trust\n\n" + "\n\n".join(said)
    snapshot = Snapshot(Page("p", "p.md"), AT, AT, "dir", "p.md", "text/markdown", body.encode())
    extract.reading(parse.document(snapshot), standards.load())


PRINTED = st.sampled_from(
    ("Acme", "Acme Mail", "Acme's", "mail", "Mail", "hosted on", "by", "is", "n0w", "The", "x.io,")
)
PARTS = st.sampled_from((" ", "\n", ", ", "; "))


def raw_names(text: str, common: frozenset[str]) -> Iterator[tuple[str, bool, bool, bool]]:
    """Yield what `printed._names` does, looking at the text as a whole."""
    small = frozenset(printed._SMALL.findall(text))
    for found in printed._NAME.finditer(text):
        words = found[0].removesuffix(found["owns"] or "").split()
        start = found.start()
        while words and printed._is_word(words[0], small, common):
            start += len(words.pop(0)) + 1
        if words and not printed.supplied(text, start):
            inside = re.search(r"[\w,;)]\s\Z", text[max(start - 2, 0) : start]) is not None
            acts = printed._ACTS.match(text, found.end()) is not None
            yield " ".join(words), bool(found["owns"]), inside, acts


@settings(deadline=None)
@given(st.lists(st.tuples(PRINTED, PARTS), max_size=12))
def test_names_are_those_of_the_whole_text_though_each_line_is_looked_at_once(
    pieces: list[tuple[str, str]],
) -> None:
    text, common = "".join(word + part for word, part in pieces), frozenset(("the",))
    assert list(printed._names(text, common)) == list(raw_names(text, common))

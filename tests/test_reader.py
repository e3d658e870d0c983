"""The learned reader that stands beside the rules: weights that belong to their rows, phrases that are needed."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

from pipeline import lexicon
from pipeline.extract import frames, judgement

BENCH = Path(__file__).parent.parent / "bench"
SAMPLE = 12
"""How many phrases are taken out on each run; `make check-all` takes out every one."""


def _bench(name: str) -> ModuleType:
    sys.path.insert(0, str(BENCH))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(BENCH))


@pytest.fixture(scope="module")
def labelled() -> ModuleType:
    return _bench("labelled")


def test_the_weights_were_learned_from_the_sentences_beside_them(labelled: ModuleType) -> None:
    for subject in ("standard", "note"):
        assert judgement.load(subject).stamp == labelled.digest(), "run: make train"


def test_weights_are_small_and_every_row_has_a_character_for_each_outcome() -> None:
    for subject in ("standard", "note"):
        path = Path(judgement.__file__).parent / f"{subject}.weights"
        assert path.stat().st_size < 1_000_000
        head, *rows = path.read_text("utf-8").splitlines()
        outcomes = head.split("\t")[0].split(",")
        assert all(len(row.rsplit("\t", 1)[1]) == len(outcomes) for row in rows)


def test_labelled_sentences_are_judged_as_they_are_labelled(labelled: ModuleType) -> None:
    right = asked = 0
    for number, row in list(enumerate(labelled.rows()))[::40]:
        for example in labelled.mentions(number, row):
            if example.label:
                outcome = judgement.load("standard").judge(example.features).outcome
                asked += 1
                right += outcome == example.label
    assert right >= 0.9 * asked, f"{right} of {asked}"


@pytest.mark.parametrize(
    ("text", "lead", "outcome"),
    [
        ("We comply with privacy laws like GDPR.", None, "claimed"),
        ("We do not hold a SOC 2 report.", None, "not_claimed"),
        ("Marlow is working toward ISO 27001 certification.", None, "planned"),
        ("Marlow helps you to meet your HIPAA obligations.", None, "supports"),
        (
            "Our data centers are run by a provider that is ISO 27001 certified.",
            None,
            "third_party",
        ),
        ("The GDPR requires controllers to keep a record of processing.", None, "explains"),
        ("Not yet.", "Is Marlow ISO 27001 certified?", "not_claimed"),
    ],
)
def test_sentences_are_judged_by_what_they_say(
    labelled: ModuleType, text: str, lead: str | None, outcome: str
) -> None:
    row = {"vendor": "Marlow", "title": "Marlow: security", "heading": [], "text": text}
    row |= {"lead": lead, "block": "faq" if lead else "paragraph"}
    whole = labelled.outline(row)
    (frame,) = [f for u in labelled.units(row, whole) for f in frames.of_unit(whole, u)]
    judge = judgement.load("standard")
    judged = judge.judge(frame.features)
    assert judged.outcome == outcome
    assert judge.reasons(judged, outcome)


def test_adding_up_packed_weights_is_adding_up_weights() -> None:
    rows = {"one": [0.5, -1.0, 0.25], "two": [1.0, 0.125, -0.5], "three": [-1.0, 1.0, 0.0]}
    weights = judgement.Weights(judgement.written(["a", "b", "c"], [0, 0, 0], rows, "stamp"))
    assert weights.judge(["one", "two"]).outcome == "a"
    assert weights.judge(["three", "unheard of"]).outcome == "b"
    assert sum(weights.judge(["one"]).chances.values()) == pytest.approx(1)


def test_each_phrase_of_a_sample_is_missed_by_some_sentence(labelled: ModuleType) -> None:
    blanking = _bench("blanking")
    rows = blanking.Rows()
    every = [(code, *pair) for code in lexicon.LANGUAGES for pair in lexicon.phrases(code)]
    step = len(every) // SAMPLE
    start = int(labelled.digest(), 16) % step
    dead = [phrase for phrase in every[start::step] if not blanking.is_missed(rows, *phrase)]
    assert not dead, "run: python bench/blanking.py --prune, then: make train"
    assert not blanking.is_missed(rows, "en", "hold", "zzyzx"), "a phrase in no sentence"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("wir sind nach der norm zertifiziert und nicht für", "de"),
        ("nous sommes certifiés et les données sont dans", "fr"),
        ("la empresa está certificada y no para los", "es"),
        ("we are certified", "en"),
        ("iso 27001", "en"),
    ],
)
def test_the_language_of_a_text_is_that_of_its_commonest_words(words: str, code: str) -> None:
    assert lexicon.detect(words.split()) == code

"""The learned reader: weights that belong to their data, phrases that are needed, judgements that say why."""

from __future__ import annotations

import dataclasses
import importlib
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from pipeline import extract, lexicon, parse, standards
from pipeline.extract import judgement, reasons
from pipeline.model import Page, Reading, Snapshot

BENCH = Path(__file__).parent.parent / "bench"
AT = datetime(2026, 1, 1, tzinfo=UTC)
SAMPLE = 12
"""How many phrases are taken out on each run; `make check-all` takes out every one."""


@pytest.fixture(scope="module")
def labelled(request: pytest.FixtureRequest) -> ModuleType:
    return _bench("labelled")


def _bench(name: str) -> ModuleType:
    sys.path.insert(0, str(BENCH))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(BENCH))


def read(text: str, vendor: str | None = "Marlow") -> Reading:
    page = Page("page", "page.md", vendor=vendor)
    snapshot = Snapshot(page, AT, AT, "dir", "page.md", "text/markdown", text.encode())
    return extract.reading(parse.document(snapshot), standards.load(), page)


def stances(text: str) -> dict[str, str]:
    return {c.standard: c.stance for c in read(text).claims if c.kind == "standard"}


def test_the_weights_were_learned_from_the_sentences_beside_them(labelled: ModuleType) -> None:
    for subject in ("standard", "note"):
        assert judgement.load(subject).stamp == labelled.digest(), "run: make train"


def test_weights_are_small_and_every_row_has_a_character_for_each_outcome() -> None:
    for subject in ("standard", "note"):
        path = Path(judgement.__file__).parent / f"{subject}.weights"
        assert path.stat().st_size < 1_500_000
        head, *rows = path.read_text("utf-8").splitlines()
        outcomes = head.split("\t")[0].split(",")
        assert all(len(row.rsplit("\t", 1)[1]) == len(outcomes) for row in rows)


def test_labelled_sentences_are_read_as_they_are_labelled(labelled: ModuleType) -> None:
    rows = [row for row in labelled.rows()[::40] if row["block"] != "cell"]
    wrong = 0
    for row in rows:
        page = Page("row", "row.md", vendor=row["vendor"] or None)
        body = labelled.laid_out(row).encode()
        snapshot = Snapshot(page, AT, AT, "dir", "row.md", "text/markdown", body)
        found = extract.reading(parse.document(snapshot), standards.load(), page).claims
        got = {(c.standard, c.stance) for c in found if c.kind == "standard"}
        known = [c for c in row["claims"] if standards.load().get(c["standard"])]
        wrong += any((c["standard"], c["stance"]) not in got for c in known)
    assert wrong <= 0.12 * len(rows), f"{wrong} of {len(rows)}"


def test_each_phrase_of_a_sample_is_missed_by_some_sentence(labelled: ModuleType) -> None:
    blanking = _bench("blanking")
    every = [(code, *pair) for code in lexicon.LANGUAGES for pair in lexicon.phrases(code)]
    step = len(every) // SAMPLE
    start = int(labelled.digest(), 16) % step
    sample = every[start::step]
    rows = blanking.Rows([phrase for _, _, phrase in sample])
    dead = [phrase for phrase in sample if not blanking.is_missed(rows, *phrase)]
    assert not dead, "run: python bench/blanking.py --prune, then: make train"


def test_a_phrase_that_says_nothing_is_found(labelled: ModuleType) -> None:
    blanking = _bench("blanking")
    assert not blanking.is_missed(blanking.Rows(["zzyzx"]), "en", "hold", "zzyzx")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Marlow\n\nMarlow complies with privacy laws like GDPR and CCPA.",
         {"gdpr": "claimed", "ccpa": "claimed"}),
        ("# Marlow\n\nWe are SOC 2 Type II certified and hold ISO 27001.",
         {"soc-2": "claimed", "iso-27001": "claimed"}),
        ("# Marlow\n\nWe do not hold a SOC 2 report.", {"soc-2": "not_claimed"}),
        ("# Marlow\n\nMarlow is working toward ISO 27001 certification.",
         {"iso-27001": "planned"}),
        ("# Marlow\n\nMarlow helps you to meet your HIPAA obligations.", {"hipaa": "supports"}),
        ("# Marlow\n\nMarlow is hosted in data centers that are SOC 2 and ISO 27001 certified.", {}),
        ("# Marlow\n\nThe GDPR requires controllers to keep a record of processing.", {}),
        ("# Marlow\n\n## Is Marlow ISO 27001 certified?\n\nNot yet.",
         {"iso-27001": "not_claimed"}),
        ("# Marlow\n\n## Zertifikate\n\nMarlow ist nach ISO 27001 zertifiziert.",
         {"iso-27001": "claimed"}),
        ("# Marlow\n\n## Certifications\n\nMarlow est certifié ISO 27001 et HDS.",
         {"iso-27001": "claimed", "hds": "claimed"}),
        ("# 認証\n\n当社は ISO 27001 の認証を取得しています。", {"iso-27001": "claimed"}),
        ("# 認証\n\n決済はPCI DSSに準拠した決済代行会社が行います。", {}),
        ("# Roadmap\n\n## 2027\n\n- [ ] SOC 2 Type II report", {"soc-2": "planned"}),
        ("# Trust\n\nSOC 2 ✓ GDPR ✓ HIPAA ✓",
         {"soc-2": "claimed", "gdpr": "claimed", "hipaa": "claimed"}),
    ],
)  # fmt: skip
def test_sentences_of_real_pages_say_what_they_say(text: str, expected: dict[str, str]) -> None:
    assert stances(text) == expected


def test_a_claim_says_why_and_how_sure_it_is() -> None:
    claim = next(c for c in read("# Marlow\n\nMarlow is certified to ISO 27001.").claims
                 if c.kind == "standard")  # fmt: skip
    assert claim.why
    assert claim.margin is not None
    assert 0.5 <= claim.margin <= 1


def test_reasons_and_sureness_are_no_part_of_a_claim() -> None:
    claim = next(c for c in read("# Marlow\n\nMarlow is certified to ISO 27001.").claims
                 if c.kind == "standard")  # fmt: skip
    assert claim == dataclasses.replace(claim, why=("another",), margin=0.1)
    assert claim != dataclasses.replace(claim, stance="planned")


@pytest.mark.parametrize(
    "tag", sorted({tag for code in lexicon.LANGUAGES for tag, _ in lexicon.phrases(code)})
)
def test_a_tag_of_the_lexicon_is_shown_in_plain_words(tag: str) -> None:
    shown = reasons.of_feature(f"# {tag}")
    assert shown.startswith("speaks of ")
    assert "_" not in shown


def test_a_level_that_stands_apart_from_its_standard_is_its_level() -> None:
    claims = read("# Marlow\n\n## SOC 2\n\nType I done, Type II under way.").claims
    found = {(c.level, c.stance) for c in claims if c.kind == "standard"}
    assert found == {("Type 1", "claimed"), ("Type 2", "planned")}


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
def test_the_language_of_a_text_is_told_by_its_commonest_words(words: str, code: str) -> None:
    assert lexicon.detect(words.split()) == code


POLISH = """# Bezpieczeństwo

Nasza firma dba o bezpieczeństwo informacji klientów i stale rozwija swoje procedury. Posiadamy certyfikat
ISO 27001, a nasze centra danych przechodzą regularne kontrole niezależnych audytorów. Dane osobowe
przetwarzamy zgodnie z obowiązującymi przepisami, w tym RODO. Klienci mogą zwrócić się do nas z pytaniami
dotyczącymi ochrony danych osobowych oraz poprosić o kopię certyfikatu. Odpowiadamy zwykle w ciągu trzech dni
roboczych, a w pilnych sprawach jeszcze szybciej. Prosimy o kontakt przez formularz.
"""


@pytest.mark.parametrize("text", [POLISH, "# 认证\n\n我们已通过 ISO 27001 认证。"])
def test_a_page_in_a_language_without_a_lexicon_says_so(text: str) -> None:
    found = [remark for remark in read(text).not_understood if "language" in remark]
    assert found
    assert "ISO/IEC 27001" in found[0]


def test_a_page_in_a_known_language_does_not_say_so() -> None:
    text = "# Marlow\n\n" + "We hold the certificate for our cloud and it is valid. " * 20
    assert not [r for r in read(text + "ISO 27001").not_understood if "language" in r]

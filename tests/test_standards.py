"""The catalogue: every entry's examples, the rules that the data keeps,
and what a user's own file may break.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from pipeline import errors, standards

CATALOGUE = standards.load()
CASES = Path(__file__).parent / "cases"
FACTS = [(standard, fact) for standard in CATALOGUE.standards for fact in standard.editions]

OWN = """
[[standard]]
id = "harbour-mark"
name = "Harbour Mark"
issuer = "Harbour Board"
region = "Atlantis"
kind = "certification"
aliases = ["Harbour Mark", "Harbour Quality Mark"]
levels = ["Level 1", "Level 2"]
edition = ["version"]
href = "https://harbour.example/mark"
examples = [
    { text = "It holds the Harbour Mark v2.0, Level 2.", edition = "v2.0", level = "Level 2" },
]
non_examples = [{ text = "A water mark in the harbour." }]
"""


def written(tmp_path: Path, text: str) -> str:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("standard", CATALOGUE.standards, ids=lambda standard: standard.id)
def test_examples_are_read_as_they_say(standard: standards.Standard) -> None:
    assert standards.misread(CATALOGUE, standard) == ()


def test_no_id_goes() -> None:
    kept = (CASES / "standard-ids.txt").read_text(encoding="utf-8").split()
    assert not set(kept) - set(CATALOGUE.ids), (
        "an id in people's stores and reports may not disappear"
    )
    assert not set(CATALOGUE.ids) - set(kept), "add the new ids to tests/cases/standard-ids.txt"


def test_two_entries_never_share_an_example_but_for_the_name() -> None:
    frames = defaultdict(set)
    for standard in CATALOGUE.standards:
        for example in standard.examples:
            frame = example.text
            for mention in reversed(CATALOGUE.mentions(example.text)):
                frame = f"{frame[: mention.start]}@{frame[mention.end :]}"
            frames[re.sub(r"\d+", "0", frame.casefold())].add(standard.id)
    assert {frame: sorted(ids) for frame, ids in frames.items() if len(ids) > 1} == {}


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text.casefold()))


@pytest.mark.parametrize("standard", CATALOGUE.standards, ids=lambda standard: standard.id)
def test_a_non_example_looks_like_the_standard(standard: standards.Standard) -> None:
    names = (
        standard.name,
        standard.short,
        *standard.aliases,
        *standard.cased,
        *standard.with_level,
        *standard.numbers,
        *standard.decoys,
    )
    known = {word for name in names for word in words_of(name)}
    stems = {word[:3] for word in known if len(word) > 2}
    for example in standard.non_examples:
        assert any(word in known or word[:3] in stems for word in words_of(example.text)), (
            example.text
        )


@pytest.mark.parametrize("standard", CATALOGUE.standards, ids=lambda standard: standard.id)
def test_an_entry_with_editions_or_levels_shows_one(standard: standards.Standard) -> None:
    if standard.edition or standard.levels:
        assert any(example.edition or example.level for example in standard.examples)


@pytest.mark.parametrize(
    ("standard", "fact"),
    FACTS,
    ids=lambda value: getattr(value, "id", getattr(value, "edition", "")),
)
def test_every_edition_fact_has_its_source(
    standard: standards.Standard, fact: standards.EditionFact
) -> None:
    assert fact.source.startswith("https://")
    assert fact.checked_on >= date(2026, 11, 30)
    assert fact.superseded_by
    assert fact.superseded_by != fact.edition
    assert CATALOGUE.successors(standard.id, fact.edition)[0] == fact


@pytest.mark.parametrize(
    ("id", "edition", "after"),
    [
        ("iso-27001", "2013", "2022"),
        ("iso-27001", "2022", None),
        ("iso-27001", "", None),
        ("iso-22301", "2012", "2019"),
        ("iso-20000-1", "2011", "2018"),
        ("pci-dss", "v3.2.1", "4.0"),
        ("pci-dss", "version 4.0", "4.0.1"),
        ("nist-800-53", "Revision 4", "Rev. 5"),
        ("fips-140", "140-2", "140-3"),
        ("iso-14001", "2015", "2026"),
        ("csa-ccm", "v3.0.1", "4.0"),
        ("pa-dss", "3.2", "the PCI Secure Software Standard"),
        ("pa-dss", "", "the PCI Secure Software Standard"),
        ("wcag", "2.1", None),
        ("ssae-18", "", None),
        ("hipaa", "1996", None),
        ("no-such-standard", "1", None),
    ],
)
def test_only_a_sourced_fact_calls_an_edition_superseded(
    id: str, edition: str, after: str | None
) -> None:
    facts = CATALOGUE.successors(id, edition)
    assert (facts[0].superseded_by if facts else None) == after


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("v4.0", "4.0"),
        ("Rev. 5", "r5"),
        ("Type II", "type 2"),
        ("Version 9.1", "v9.1"),
        ("IL5", "il5"),
    ],
)
def test_spellings_of_one_edition_are_one(one: str, other: str) -> None:
    assert standards.same_edition(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("v4.0", "4.0.1"), ("Type I", "Type 2"), ("2013", "2022"), (None, "2013")]
)
def test_other_editions_stay_apart(one: str | None, other: str) -> None:
    assert not standards.same_edition(one, other)


def test_umbrellas_and_companions_exist() -> None:
    named = {
        other
        for standard in CATALOGUE.standards
        for other in (standard.umbrella, standard.companion_of)
        if other
    }
    assert named <= set(CATALOGUE.ids)


def test_the_users_own_entries_are_read_and_stamped(tmp_path: Path) -> None:
    catalogue = standards.load(written(tmp_path, OWN))
    assert [
        (m.standard, m.edition, m.level)
        for m in catalogue.mentions("We keep the Harbour Mark Level 1.")
    ] == [("harbour-mark", None, "Level 1")]
    assert catalogue.stamp != CATALOGUE.stamp
    assert catalogue.stamp == standards.load(written(tmp_path, OWN)).stamp


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("id = ", "id == ", "not TOML"),
        ('id = "harbour-mark"', 'id = "Harbour Mark"', "lower-case words"),
        ('id = "harbour-mark"', 'id = "iso-27001"', "the id is taken"),
        ('"Harbour Quality Mark"', '"CSA STAR"', "belongs to 'csa-star' too"),
        ('kind = "certification"', 'kind = "badge"', "'kind' must be one of"),
        ("aliases =", "alias =", "unknown key 'alias'"),
        ('issuer = "Harbour Board"', "", "'issuer' is missing"),
        ('href = "https://harbour.example/mark"', 'href = "harbour.example"', "http(s) address"),
        ('["version"]', '["moon"]', "'edition' names 'moon'"),
        ('edition = "v2.0", level', 'edition = "v3.0", level', "is read as"),
        ("A water mark in the harbour.", "Our Harbour Mark lapsed.", "non-example"),
        ('non_examples = [{ text = "A water mark in the harbour." }]', "", "'non_examples'"),
        ("non_examples", 'umbrella = "nothing"\nnon_examples', "umbrella 'nothing' is no entry"),
        (
            "non_examples",
            'editions = [{ edition = "1.0" }]\nnon_examples',
            "lacks checked_on, source",
        ),
        (
            "non_examples",
            'editions = [{ edition = "1.0", source = "https://h.example", '
            'checked_on = 2026-11-30, deadline = "weeks" }]\nnon_examples',
            "'deadline' must be one of certificates, assessments",
        ),
        (
            "non_examples",
            'editions = [{ edition = "1.0", source = "https://h.example", '
            'checked_on = 2026-11-30, deadline = "modules" }]\nnon_examples',
            "add until = 2025-10-31",
        ),
        ("[[standard]]", "[[norm]]", "unknown table 'norm'"),
        ('["version"]', "3", "'edition' must be a list of texts"),
        ("non_examples", "umbrella = [3]\nnon_examples", "'umbrella' must be text"),
        (
            "[[standard]]",
            "[[family]]\nid = 'x'\nheads = ['x']\numbrella = []\n[[standard]]",
            "'umbrella' must be text",
        ),
    ],
)
def test_a_broken_entry_is_named_with_its_fix(
    tmp_path: Path, before: str, after: str, complaint: str
) -> None:
    path = written(tmp_path, OWN.replace(before, after, 1))
    with pytest.raises(errors.CatalogueError, match=re.escape(complaint)) as caught:
        standards.load(path)
    assert all(line.startswith(path) for line in str(caught.value).splitlines())


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    text = OWN.replace('kind = "certification"', 'kind = "badge"').replace(
        'issuer = "Harbour Board"', ""
    )
    with pytest.raises(errors.CatalogueError) as caught:
        standards.load(written(tmp_path, text))
    assert len(str(caught.value).splitlines()) == 2


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(errors.CatalogueError, match="cannot be read"):
        standards.load(str(tmp_path / "absent.toml"))

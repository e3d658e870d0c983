"""What is known of superseded editions, and the sentence that an analyst reads of it."""

from datetime import date

import pytest

from pipeline import standards
from pipeline.standards.entries import DEADLINES, EditionFact

CATALOGUE = standards.load()


def fact(edition: str, after: str, **more: object) -> EditionFact:
    return EditionFact(edition, "https://x.example/", date(2026, 11, 30), after, **more)


@pytest.mark.parametrize(
    ("deadline", "words"),
    [
        ("certificates", "last day for certificates to move: 2025-10-31"),
        ("assessments", "no new assessments after 2025-10-31"),
        ("submissions", "last day for submissions: 2025-10-31"),
        ("contracts", "last day to replace contracts: 2025-10-31"),
        ("modules", "validated modules are historical after 2025-10-31"),
        ("withdrawal", "day of its withdrawal: 2025-10-31"),
        ("programme", "day on which the programme closed: 2025-10-31"),
    ],
)
def test_each_kind_of_deadline_in_its_own_words(deadline: str, words: str) -> None:
    assert deadline in DEADLINES
    one = fact("1.0", "2.0", until=date(2025, 10, 31), deadline=deadline)
    assert (
        standards.sentence("Mark 1.0", (one,)) == f"Mark 1.0 was superseded by version 2.0; {words}"
    )


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ("2022", "by the 2022 edition"),
        ("v11", "by version 11"),
        ("Rev. 5", "by Rev. 5"),
        ("ISO 45001:2018", "by ISO 45001:2018"),
    ],
)
def test_a_successor_is_named_as_people_name_it(after: str, words: str) -> None:
    assert standards.sentence("Mark 1", (fact("1", after),)).endswith(words)


def test_a_note_and_whose_page_was_read_stand_behind() -> None:
    one = fact("1", "2", note="old contracts keep it", checked_at="third party")
    assert standards.sentence("Mark 1", (one,)).endswith(
        "version 2 (old contracts keep it; checked at a page of a third party only)"
    )


def test_a_recommended_day_is_no_deadline() -> None:
    (first, *_) = CATALOGUE.successors("c5", "2016")
    assert (first.until, first.recommended_from) == (None, date(2021, 2, 15))
    said = standards.sentence("C5:2016", (first,))
    assert "recommended for periods that end on or after 2021-02-15" in said


def test_a_successor_that_has_a_successor_is_followed() -> None:
    facts = CATALOGUE.successors("iso-27018", "2014")
    assert [fact.superseded_by for fact in facts] == ["2019", "2025"]
    said = standards.sentence("ISO/IEC 27018:2014", facts)
    assert "superseded by the 2019 edition, and that by the 2025 edition" in said


def test_facts_that_name_each_other_end() -> None:
    from pipeline.standards import successors

    both = (fact("1", "2"), fact("2", "1"))
    assert successors.chain(both, "1") == both


@pytest.mark.parametrize(
    ("id", "edition", "deadline", "until"),
    [
        ("iso-27001", "2013", "certificates", date(2025, 10, 31)),
        ("iso-22301", "2012", "certificates", date(2023, 4, 30)),
        ("ohsas-18001", "2007", "certificates", date(2021, 9, 30)),
        ("pci-dss", "4.0", "assessments", date(2024, 12, 31)),
        ("hitrust-csf", "v9.4", "submissions", date(2024, 12, 31)),
        ("eu-scc", "2010", "contracts", date(2022, 12, 27)),
        ("fips-140", "140-2", "modules", date(2026, 9, 21)),
        ("nist-800-53", "Rev. 4", "withdrawal", date(2021, 9, 23)),
        ("pa-dss", "", "programme", date(2022, 10, 28)),
    ],
)
def test_what_ends_on_a_day_fits_the_kind_of_standard(
    id: str, edition: str, deadline: str, until: date
) -> None:
    (first, *_) = CATALOGUE.successors(id, edition)
    assert (first.deadline, first.until) == (deadline, until)


@pytest.mark.parametrize(
    ("standard", "edition"),
    [("iso-9001", "2015"), ("iso-27017", "2015"), ("ens", ""), ("wcag", "2.0"), ("hds", "v2")],
)
def test_what_nobody_could_check_is_no_fact(standard: str, edition: str) -> None:
    assert CATALOGUE.successors(standard, edition) == ()

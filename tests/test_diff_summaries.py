"""The sentence that tells a change, as an analyst would say it."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.diff import drafting
from pipeline.model import ChangeWord, Claim, Source


def claim(**values: Any) -> Claim:
    kind = values.pop("kind", "standard")
    return Claim(
        kind,
        Source("Lantern says so."),
        **{"standard": "soc-2", "standard_name": "SOC 2", **values},
    )


def service(**values: Any) -> Claim:
    return claim(kind="service", service="Lantern Mail", **{"scope": "in", **values})


@pytest.mark.parametrize(
    ("stance", "came", "went"),
    [
        ("claimed", "SOC 2 added (Lantern)", "SOC 2 removed (Lantern)"),
        (
            "supports",
            "SOC 2 added (Lantern), helps customers comply",
            "SOC 2 removed (Lantern), helped customers comply",
        ),
        ("planned", "SOC 2 now planned (Lantern)", "SOC 2 no longer planned (Lantern)"),
        (
            "unknown",
            "SOC 2 added (Lantern), its status is unclear",
            "SOC 2 removed (Lantern), its status was unclear",
        ),
        (
            "not_claimed",
            "SOC 2 now said not to be held (Lantern)",
            "SOC 2 no longer said not to be held (Lantern)",
        ),
    ],
)
def test_a_standard_that_came_or_went_is_told_with_its_status(
    stance: str, came: str, went: str
) -> None:
    held = claim(stance=stance, subject="Lantern")
    assert drafting.change("standard", "added", None, held).summary == came
    assert drafting.change("standard", "removed", held, None).summary == went


@pytest.mark.parametrize(
    ("field", "before", "after", "summary"),
    [
        ("edition", "2013", "2022", "SOC 2: edition 2013 → 2022"),
        ("edition", None, "2022", "SOC 2: edition 2022 now stated"),
        ("level", "Level 1", "Level 2", "SOC 2: Level 1 → Level 2"),
        ("level", "Level AA", None, "SOC 2: Level AA no longer stated"),
        ("level", "High", "Moderate", "SOC 2: level High → Moderate"),
        ("stance", "planned", "claimed", "SOC 2: status planned → held"),
        ("valid", "two years", "one year", "SOC 2: validity two years → one year"),
    ],
)
def test_an_attribute_that_is_no_longer_stated_has_not_become_none(
    field: str, before: str, after: str, summary: str
) -> None:
    claims = claim(**{field: before}), claim(**{field: after})
    assert drafting.change("standard", "changed", *claims, field=field).summary == summary


@pytest.mark.parametrize(
    ("field", "before", "after", "summary"),
    [
        ("scope", "in", "out", "Lantern Mail moved out of scope for SOC 2"),
        ("scope", "out", "in", "Lantern Mail moved into scope for SOC 2"),
        ("group", "North", "South", "Lantern Mail moved from North to South, in scope for SOC 2"),
        (
            "condition",
            None,
            "Premium only",
            "Lantern Mail, in scope for SOC 2: condition “Premium only” now stated",
        ),
        (
            "condition",
            "Premium only",
            "Basic only",
            "Lantern Mail, in scope for SOC 2: condition “Premium only” → “Basic only”",
        ),
    ],
)
def test_a_service_moves_and_is_conditioned(
    field: str, before: str, after: str, summary: str
) -> None:
    claims = service(**{field: before}), service(**{field: after})
    assert (
        drafting.change(
            "service", "changed", *claims, field=field, from_value=before, to_value=after
        ).summary
        == summary
    )


@pytest.mark.parametrize(
    ("count", "others"), [(1, ""), (2, " and 1 more claim"), (4, " and 3 more claims")]
)
def test_further_claims_are_counted_as_a_person_counts(count: int, others: str) -> None:
    claims = claim(subject="Lantern"), claim(subject="Orchard")
    told = drafting.change("standard", "changed", *claims, field="subject", count=count)
    assert told.summary == f"SOC 2{others} handed from Lantern to Orchard"


@pytest.mark.parametrize(
    ("names", "others"),
    [
        (("SOC 2", "SOC 3"), " and 1 more standard"),
        (("SOC 1", "SOC 2", "SOC 3"), " and 2 more standards"),
    ],
)
def test_further_standards_are_counted_as_a_person_counts(
    names: tuple[str, ...], others: str
) -> None:
    word: ChangeWord = "added"
    told = drafting.change("service", word, None, service(), count=len(names), examples=names)
    assert told.summary == f"Lantern Mail now listed in scope for SOC 2{others}"


def test_a_note_that_stands_with_another_standard_names_both() -> None:
    notes = [
        claim(kind="note", value="Lantern says so.", standard=id, standard_name=name)
        for id, name in (("soc-1", "SOC 1"), ("soc-2", "SOC 2"))
    ]
    told = drafting.change("note", "changed", *notes, field="standard")
    assert told.summary == "Note now stands with SOC 2 instead of SOC 1: “Lantern says so.”"

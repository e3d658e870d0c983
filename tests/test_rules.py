from __future__ import annotations

import pytest

from pipeline import rules
from pipeline.model import Block, Change, Document, Page, Source
from pipeline.rules import Rule

PAGE = Page("trust", "https://acme.example/trust", vendor="Acme Cloud")
EDITION = Change(
    "standard",
    "changed",
    "high",
    "edition changed",
    "…",
    field="edition",
    standard="iso-27001",
    standard_name="ISO/IEC 27001",
    before="2013",
    after="2022",
)
WORDING = Change(
    "wording",
    "removed",
    "info",
    "wording",
    "…",
    source_before=Source("We never scan  your files for “marketing” purposes."),
    before="We never scan…",
)


@pytest.mark.parametrize(
    ("rule", "change", "expected"),
    [
        (Rule("low", kind="standard"), EDITION, True),
        (Rule("low", kind="service"), EDITION, False),
        (Rule("low", change="changed", field="edition"), EDITION, True),
        (Rule("low", change="changed", field="level"), EDITION, False),
        (Rule("low", standard="iso-27001"), EDITION, True),
        (Rule("low", standard="ISO/IEC 27001"), EDITION, True),
        (Rule("low", standard="iso-27017"), EDITION, False),
        (Rule("low", vendor="acme cloud"), EDITION, True),
        (Rule("low", vendor="Other"), EDITION, False),
        (Rule("low", page="trust", kind="standard"), EDITION, True),
        (Rule("low", page="other"), EDITION, False),
        (Rule("low", field="edition"), WORDING, False),
        (Rule("high", text='scan your files for "marketing"'), WORDING, True),
        (Rule("high", text="scan your mail"), WORDING, False),
        (Rule("high", text="2022"), EDITION, True),
    ],
)
def test_a_rule_applies_when_every_condition_is_met(
    rule: Rule, change: Change, expected: bool
) -> None:
    assert rules.applies(rule, change, PAGE) is expected


def test_the_first_rule_that_applies_wins_and_is_named() -> None:
    given = (
        Rule("low", kind="note"),
        Rule("critical", field="edition"),
        Rule("info", kind="standard"),
    )
    severity, why = rules.severity_of(given, EDITION, PAGE)
    assert severity == "critical"
    assert why == 'edition changed; critical by rule 2 of the config (field "edition")'


def test_without_a_rule_the_default_stands() -> None:
    assert rules.severity_of((Rule("low", kind="note"),), EDITION, PAGE) == (
        "high",
        "edition changed",
    )


def page(*texts: str) -> Document:
    return Document(
        "Trust",
        (("description", "What we hold."),),
        tuple(Block("paragraph", text) for text in texts),
    )


@pytest.mark.parametrize(
    ("rule", "stale"),
    [
        (Rule("high", text="scan your files"), False),
        (Rule("high", text="Scan  your files"), False),
        (Rule("high", text="what we hold"), False),
        (Rule("high", text="scan your mail"), True),
        (Rule("high", text="marketing. Ask us"), True),
        (Rule("high", text="scan your mail", page="other"), False),
        (Rule("high", text="scan your files", page="trust"), False),
        (Rule("high", text="scan your mail", vendor="Acme Cloud"), True),
        (Rule("high", kind="note"), False),
    ],
)
def test_pinned_words_that_no_page_has_are_found(rule: Rule, stale: bool) -> None:
    read = [
        (
            PAGE,
            page("We never scan your files for marketing. Ask us for the letter.", "Terms apply."),
        )
    ]
    assert rules.unpinned((Rule("low", kind="note"), rule), read) == (((1, rule),) if stale else ())


def test_a_list_for_several_standards_meets_a_rule_about_any_of_them() -> None:
    told = Change(
        "service",
        "added",
        "medium",
        "…",
        "…",
        standard="soc-1",
        standard_name="SOC 1",
        count=2,
        examples=("SOC 1", "SOC 3"),
    )
    assert rules.applies(Rule("high", standard="SOC 3"), told, PAGE)
    assert not rules.applies(Rule("high", standard="SOC 2"), told, PAGE)

"""What became of the suppliers that a page lists: told once each, whatever the layout,
and the same from either side.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from pipeline import diff, extract, parse, standards
from pipeline.model import Change, Comparison, Page, Reading, Snapshot

NOW = datetime(2026, 1, 1, tzinfo=UTC)
OPPOSITE = {"added": "removed", "removed": "added"}


@dataclass(frozen=True)
class Listed:
    name: str
    purpose: str = "Hosting"
    place: str = "Ireland"
    holds: str = "SOC 2"


LARKFIELD = Listed(
    "Larkfield Cloud", "Hosting and backups", "Frankfurt, Germany", "ISO 27001, SOC 2"
)
FERNHILL = Listed("Fernhill Pay", "Card payments", "Ireland", "PCI DSS")
OSIER = Listed("Osier", "E-mail delivery", "United States", "SOC 2")
BOTH = (LARKFIELD, FERNHILL, OSIER)


def table(
    listed: Sequence[Listed], heads: str = "Sub-processor | Purpose | Location | Certifications"
) -> str:
    rows = "\n".join(f"| {s.name} | {s.purpose} | {s.place} | {s.holds} |" for s in listed)
    return f"| {heads} |\n| --- | --- | --- | --- |\n{rows}\n"


def cards(listed: Sequence[Listed]) -> str:
    return "\n".join(f"## {s.name}\n\n{s.purpose}\n\n{s.place}\n\n{s.holds}\n" for s in listed)


def bullets(listed: Sequence[Listed]) -> str:
    return "\n".join(f"- **{s.name}** – {s.purpose} – {s.place} – {s.holds}" for s in listed) + "\n"


def labels(listed: Sequence[Listed]) -> str:
    return "\n".join(
        f"## {s.name}\n\n- Purpose: {s.purpose}\n- Location: {s.place}\n"
        f"- Certifications: {s.holds}\n"
        for s in listed
    )


def html(listed: Sequence[Listed]) -> str:
    rows = "".join(
        f"<tr><td><a href='https://{i}.example'>{s.name}</a></td><td>{s.purpose}</td>"
        f"<td>{s.place}</td><td>{s.holds}</td></tr>"
        for i, s in enumerate(listed)
    )
    return (
        "<table><tr><th>Company</th><th>What for</th><th>Where</th><th>Certificates</th></tr>"
        f"{rows}</table>"
    )


LAYOUTS: tuple[Callable[[Sequence[Listed]], str], ...] = (table, cards, bullets, labels, html)


def read(listed: str) -> Reading:
    text = f"# Sub-processors\n\n{listed}"
    form = "text/markdown"
    if listed.startswith("<"):
        text, form = f"<html><body><h1>Sub-processors</h1>{listed}</body></html>", "text/html"
    page = Page("page", "page.md")
    snapshot = Snapshot(page, NOW, NOW, "live", "page.md", form, text.encode())
    return extract.reading(parse.document(snapshot), standards.load())


def compared(before: str, after: str) -> Comparison:
    return diff.comparison(read(before), read(after), standards.load())


def told(found: Comparison) -> list[str]:
    """Return what is told of suppliers, and whatever else weighs more than wording."""
    return [
        f"{c.severity} {c.change}{f' {c.field}' if c.field else ''}: {c.before} → {c.after}"
        for c in found.changes
        if c.kind == "supplier" or c.severity != "info"
    ]


def changed(listed: Listed, **values: str) -> tuple[Listed, ...]:
    return tuple(replace(s, **values) if s is listed else s for s in BOTH)


@pytest.mark.parametrize("one", LAYOUTS)
@pytest.mark.parametrize("other", [table, cards, bullets, labels])
def test_another_layout_is_form(
    one: Callable[[Sequence[Listed]], str], other: Callable[[Sequence[Listed]], str]
) -> None:
    found = compared(one(BOTH), other(BOTH))
    # Other words of a table's head, and links that came or went, are told as wording.
    assert [
        c.summary for c in found.changes if c.field != "link" and "Company |" not in c.summary
    ] == []


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ((LARKFIELD, FERNHILL), "medium removed: Osier → None"),
        ((*BOTH, Listed("Tindall", "Analytics")), "medium added: None → Tindall"),
        (
            changed(FERNHILL, name="Fernhill Payments"),
            "medium renamed: Fernhill Pay → Fernhill Payments",
        ),
        (changed(OSIER, place="Canada"), "medium changed location: United States → Canada"),
        (changed(OSIER, holds="SOC 2, HIPAA"), "medium changed standards: SOC 2 → SOC 2, HIPAA"),
        (
            changed(OSIER, purpose="SMS delivery"),
            "low changed purpose: E-mail delivery → SMS delivery",
        ),
    ],
)
def test_one_edit_is_one_change(
    layout: Callable[[Sequence[Listed]], str], after: tuple[Listed, ...], expected: str
) -> None:
    found = compared(layout(BOTH), layout(after))
    assert told(found) == [expected]
    assert len(found.changes) == 1, "and it is not told again as wording"


def test_another_processor_in_the_place_of_one_is_no_rename() -> None:
    after = changed(FERNHILL, name="Tindall Money")
    assert told(compared(table(BOTH), table(after))) == [
        "medium removed: Fernhill Pay → None",
        "medium added: None → Tindall Money",
    ]


@pytest.mark.parametrize("name", ["Bright (formerly Osier)", "Bright, previously Osier"])
def test_a_name_that_is_said_to_be_new_is_a_rename(name: str) -> None:
    after = changed(OSIER, name=name)
    assert told(compared(table(BOTH), table(after))) == [f"medium renamed: Osier → {name}"]


def test_a_name_turned_round_is_a_rename_whatever_else_changed() -> None:
    before = (*BOTH, Listed("Marlow (Quarry)", "Hosting"), Listed("Quarry", "Support"))
    after = (*BOTH, Listed("Quarry (Marlow)", "Hosting and models"), Listed("Quarry", "Support"))
    assert told(compared(table(before), table(after))) == [
        "medium renamed: Marlow (Quarry) → Quarry (Marlow)",
        "low changed purpose: Hosting → Hosting and models",
    ]


def test_subsidiaries_of_one_name_are_several() -> None:
    before = (*BOTH, Listed("Quarry BV", "Support", "Netherlands"))
    after = (*BOTH, Listed("Quarry India Pty Ltd", "Support", "India"))
    assert told(compared(table(before), table(after))) == [
        "medium removed: Quarry BV → None",
        "medium added: None → Quarry India Pty Ltd",
    ]


@pytest.mark.parametrize(
    "after",
    [
        changed(LARKFIELD, name="Larkfield Cloud, Inc."),
        changed(LARKFIELD, purpose="Backups & hosting"),
        changed(OSIER, place="USA"),
        changed(LARKFIELD, holds="SOC 2 and ISO/IEC 27001"),
        tuple(reversed(BOTH)),
    ],
)
def test_another_way_to_write_the_same_is_no_change(after: tuple[Listed, ...]) -> None:
    assert told(compared(table(BOTH), table(after))) == []


def test_other_header_words_are_no_change_of_a_supplier() -> None:
    after = table(BOTH, "Entity | What it does | Country | Compliance")
    assert told(compared(table(BOTH), after)) == []


def test_a_new_supplier_is_told_with_what_it_does_and_where() -> None:
    found = compared(table(BOTH[:2]), table(BOTH))
    assert [c.summary for c in found.changes] == [
        "Supplier added: Osier (E-mail delivery, United States)"
    ]


def test_a_changed_supplier_is_named_in_its_sentence() -> None:
    found = compared(table(BOTH), table(changed(OSIER, place="Canada")))
    assert [(c.name, c.summary) for c in found.changes] == [
        ("Osier", "Supplier Osier: location United States → Canada")
    ]
    assert [mark.text for mark in found.changes[0].marks if mark.op == "new"] == ["Canada"]


def test_a_whole_list_of_new_suppliers_is_read_as_one() -> None:
    new = tuple(Listed(f"{name} Works") for name in ("Ash", "Birch", "Cedar", "Elm", "Hazel"))
    found = compared(table(BOTH), table((*BOTH, *new)))
    assert {c.batch for c in found.changes} == {"5 suppliers added"}


some_listed = some.builds(
    Listed,
    some.sampled_from(["Larkfield", "Fernhill", "Osier", "Tindall", "Wren & Co"]),
    some.sampled_from(["Hosting", "Card payments", "E-mail delivery", "Monitoring"]),
    some.sampled_from(["Ireland", "Frankfurt, Germany", "United States"]),
    some.sampled_from(["SOC 2", "ISO 27001", "PCI DSS"]),
)
some_list = some.lists(some_listed, min_size=1, max_size=4, unique_by=lambda s: s.name)


def mirrored(change: Change) -> tuple[object, ...]:
    word = OPPOSITE.get(change.change, change.change)
    return word, change.kind, change.field, change.after, change.before


@settings(max_examples=60, deadline=None)
@given(some_list, some.randoms(), some.sampled_from(LAYOUTS), some.sampled_from(LAYOUTS))
def test_no_layout_or_order_changes_a_supplier(listed, random, one, other) -> None:
    mixed = random.sample(listed, len(listed))
    assert told(compared(one(listed), other(mixed))) == []


@settings(max_examples=60, deadline=None)
@given(some_list, some_list, some.sampled_from(LAYOUTS), some.sampled_from(LAYOUTS))
def test_lists_mirror_each_other(before, after, one, other) -> None:  # type: ignore[no-untyped-def]
    there = [c for c in compared(one(before), other(after)).changes if c.kind == "supplier"]
    back = [c for c in compared(other(after), one(before)).changes if c.kind == "supplier"]
    assert sorted(map(repr, map(mirrored, there))) == sorted(
        repr((c.change, c.kind, c.field, c.before, c.after)) for c in back
    )
    assert all(c.severity in ("medium", "low") for c in there)

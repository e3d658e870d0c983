"""Golden cases of what changed between two readings, and the laws that hold for every pair."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from pipeline import diff
from pipeline.diff.names import naming, renames
from pipeline.model import Block, Cell, Change, Claim, Comparison, Document, Reading, Source

CASES = Path(__file__).parent / "cases"
OPPOSITE = {"added": "removed", "removed": "added", "changed": "changed", "renamed": "renamed"}


@dataclass(frozen=True)
class Entry:
    name: str
    umbrella: str | None


@dataclass(frozen=True)
class Mention:
    standard: str
    edition: str | None = None
    level: str | None = None


class Known:
    """A catalogue that knows one family, and two shields."""

    def mentions(self, text: str) -> tuple[Mention, ...]:
        known = {"north shield": "north-shield", "south shield": "south-shield"}
        return tuple(Mention(id) for name, id in known.items() if name in text)

    def get(self, id: str) -> Entry | None:
        return Entry(id, "iso" if id.startswith("iso-") else None)


# --------------------------------------------------------------------------- cases


def reading(text: str) -> Reading:
    """Build a reading from lines: `meta key: value`, or a paragraph
    with the claims it makes in braces.
    """
    facts, blocks, claims = [], [], []
    for number, line in enumerate(text.strip().splitlines(), 1):
        if line.startswith("meta "):
            key, value = line.removeprefix("meta ").split(": ", 1)
            facts.append((key, value))
            continue
        said = re.findall(r"\{([^}]*)\}", line)
        sentence = re.sub(r"\s*\{[^}]*\}", "", line)
        blocks.append(Block("paragraph", sentence, line=number))
        claims += [claim(words, sentence, number) for words in said]
    products = tuple(dict.fromkeys(c.subject for c in claims if c.subject))
    return Reading(
        Document(dict(facts).get("title"), tuple(facts), tuple(blocks)), tuple(claims), products
    )


def claim(text: str, sentence: str, line: int) -> Claim:
    kind, *pairs = shlex.split(text)
    values: dict[str, object] = dict(pair.split("=", 1) for pair in pairs)
    for several in ("members", "standards"):
        if several in values:
            values[several] = tuple(str(values[several]).split("|"))
    if kind == "standard":
        values = {"stance": "claimed", **values}
        values["standard_name"] = values.pop("name", None)
    if kind in ("note", "metadata"):
        values["value"] = sentence
    return Claim(kind, Source(sentence, (), line), **values)  # type: ignore[arg-type]


def shown(change: Change) -> str:
    before, after = (
        (change.from_value, change.to_value)
        if change.from_value or change.to_value
        else (change.before, change.after)
    )
    field = f" {change.field}" if change.field else ""
    text = (
        f"{change.severity} {change.kind} {change.change}{field}: "
        f"{before or 'none'} → {after or 'none'}"
    )
    return text.replace("\n", " / ")


def cases() -> list[tuple[str, str, str, str]]:
    found = []
    for path in sorted(CASES.glob("diff-*.md")):
        for part in re.split(r"^# ", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
            title, before, after, changes = re.split(r"\n## (?:before|after|changes)\n", part)
            found.append((title.strip(), before, after, changes.strip()))
    return found


CASE = pytest.mark.parametrize(
    ("before", "after", "expected"),
    [case[1:] for case in cases()],
    ids=[case[0] for case in cases()],
)


@CASE
def test_changes_are_told_as_the_case_says(before: str, after: str, expected: str) -> None:
    found = diff.comparison(reading(before), reading(after), Known())
    assert "\n".join(shown(change) for change in found.changes) == (
        "" if expected == "none" else expected
    )


@CASE
def test_the_other_way_round_mirrors_it(before: str, after: str, expected: str) -> None:
    there = diff.comparison(reading(before), reading(after), Known())
    back = diff.comparison(reading(after), reading(before), Known())
    assert sides(there) == Counter(
        (k, OPPOSITE[w], f, a, b) for (k, w, f, b, a), n in sides(back).items() for _ in range(n)
    )


@CASE
def test_every_claim_is_paired_once_and_no_text_is_lost(
    before: str, after: str, expected: str
) -> None:
    old, new = reading(before), reading(after)
    found = diff.comparison(old, new, Known())
    assert Counter(id(b) for b, _ in found.pairs if b) == Counter(map(id, old.claims))
    assert Counter(id(a) for _, a in found.pairs if a) == Counter(map(id, new.claims))
    assert diff.unaccounted(old, new, found, Known()) == ()


@CASE
def test_a_page_compared_with_itself_is_silent(before: str, after: str, expected: str) -> None:
    for text in (before, after):
        same = diff.comparison(reading(text), reading(text), Known())
        assert (same.changes, same.form) == ((), 0)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lantern Watch", "Lantern Watch Logs"),
        ("SOC 1", "SOC 2"),
        ("Example Cloud", "Example Cloud Government"),
        ("Example Cloud Germany", "Example Cloud France"),
        ("Example Desk 10", "Example Desk 11"),
        ("Level 2", "Level 3"),
    ],
)
def test_near_misses_are_no_renames(one: str, other: str) -> None:
    assert naming.near_miss(one, other)
    assert naming.near_miss(other, one)


@pytest.mark.parametrize(
    ("sentence", "old", "new"),
    [
        (
            "Orchard Automate (formerly Example Flow) is covered.",
            "example flow",
            "orchard automate",
        ),
        (
            "Orchard Automate, previously known as Example Flow, is covered.",
            "example flow",
            "orchard automate",
        ),
        ("Example Flow is now Orchard Automate.", "example flow", "orchard automate"),
        ("Example Flow has been renamed to Orchard Automate.", "example flow", "orchard automate"),
        (
            "The South Shield (successor to the North Shield) applies.",
            "north shield",
            "the south shield",
        ),
    ],
)
def test_a_page_may_say_that_a_name_changed(sentence: str, old: str, new: str) -> None:
    assert (old, new) in renames.statements(reading(sentence), reading("Terms apply."))
    assert (old, new) in renames.statements(reading("Terms apply."), reading(sentence))


def test_many_changes_of_one_cause_are_one_batch() -> None:
    lines = [
        f"Store {name} {{service standard=hipaa service='Store {name}' scope=in}}"
        for name in "ABCDEFGHIJKLMNOPQ"
    ]
    found = diff.comparison(
        reading("Terms apply."), reading("\n".join(["Terms apply.", *lines])), Known()
    )
    assert {change.batch for change in found.changes} == {"17 services added for hipaa"}
    assert len(found.changes) == 17


def test_tables_are_compared_by_row_and_cell() -> None:
    def table(columns: tuple[str, ...], *rows: tuple[str, ...]) -> Reading:
        blocks = tuple(
            Block(
                "row",
                " | ".join(row),
                cells=tuple(Cell(text, (head,)) for head, text in zip(columns, row, strict=True)),
            )
            for row in rows
        )
        return Reading(Document(None, (), blocks))

    before = table(
        ("Service", "SOC 2", "FedRAMP"), ("Mail", "yes", "JAB review"), ("Chat", "yes", "no")
    )
    turned = table(
        ("Service", "FedRAMP", "SOC 2"), ("Chat", "no", "yes"), ("Mail", "JAB review", "yes")
    )
    assert diff.comparison(before, turned, Known()).changes == ()
    after = table(
        ("Service", "SOC 2", "FedRAMP"), ("Mail", "yes", "3PAO assessment"), ("Chat", "yes", "no")
    )
    assert [shown(c) for c in diff.comparison(before, after, Known()).changes] == [
        "info wording changed: JAB review → 3PAO assessment"
    ]


def sides(found: Comparison) -> Counter[tuple[object, ...]]:
    return Counter((c.kind, c.change, c.field, c.before, c.after) for c in found.changes)


# --------------------------------------------------------------------------- laws

NAMES = ("Lantern", "Orchard", "Quarry", "Harbor", "Thistle", "Meadow", "Copper", "Falcon")
LINES = [
    f"{name} Store {{service standard=hipaa service='{name} Store' scope=in}}" for name in NAMES
] + [
    "We hold ISO 27001:2022. {standard standard=iso-27001 edition=2022}",
    "We have a SOC 2 Type 2 report. {standard standard=soc-2 level='Type 2'}",
    "The eastern region is left out of the report. {note standard=soc-2}",
    "Letters are in the portal – ask for “the bridge letter”.",
]


@settings(max_examples=60, deadline=None)
@given(some.permutations(LINES))
def test_reordering_is_form(lines: list[str]) -> None:
    found = diff.comparison(reading("\n".join(LINES)), reading("\n".join(lines)), Known())
    assert found.changes == ()
    assert bool(found.form) == (lines != LINES)


@settings(max_examples=60, deadline=None)
@given(some.lists(some.sampled_from(LINES), unique=True), some.data())
def test_typography_is_form(lines: list[str], data: some.DataObject) -> None:
    swap = str.maketrans({"–": data.draw(some.sampled_from("–—-")), "“": '"', "”": '"'})
    old = reading("\n".join(lines))
    blocks = tuple(
        replace(block, text=block.text.translate(swap), kind="item", level=1)
        for block in old.document.blocks
    )
    found = diff.comparison(
        old, replace(old, document=replace(old.document, blocks=blocks)), Known()
    )
    assert found.changes == ()


@settings(max_examples=60, deadline=None)
@given(some.integers(0, len(LINES) - 1))
def test_one_line_that_goes_is_told_for_itself_alone(place: int) -> None:
    rest = [line for number, line in enumerate(LINES) if number != place]
    found = diff.comparison(reading("\n".join(LINES)), reading("\n".join(rest)), Known())
    assert [change.change for change in found.changes] == ["removed"]


@settings(max_examples=80, deadline=None)
@given(
    some.lists(some.sampled_from(LINES), unique=True),
    some.lists(some.sampled_from(LINES), unique=True),
)
def test_any_two_pages_mirror_each_other_and_lose_nothing(one: list[str], other: list[str]) -> None:
    old, new = reading("\n".join(one)), reading("\n".join(other))
    there, back = diff.comparison(old, new, Known()), diff.comparison(new, old, Known())
    assert sides(there) == Counter(
        (k, OPPOSITE[w], f, a, b) for (k, w, f, b, a), n in sides(back).items() for _ in range(n)
    )
    assert diff.unaccounted(old, new, there, Known()) == ()


@settings(max_examples=100, deadline=None)
@given(
    some.lists(
        some.sampled_from(
            ["certified", "to", "ISO", "27001:2013", "27001:2022", ",", "the", "cloud's", "is"]
        )
    ),
    some.data(),
)
def test_marks_spell_both_texts(before: list[str], data: some.DataObject) -> None:
    after = data.draw(some.permutations(before)) + data.draw(
        some.lists(some.sampled_from(["new", "words", "."]))
    )
    marks = diff.marks(" ".join(before), " ".join(after))
    assert squeezed("".join(m.text for m in marks if m.op != "new")) == squeezed(" ".join(before))
    assert squeezed("".join(m.text for m in marks if m.op != "gone")) == squeezed(" ".join(after))


def test_marks_keep_the_spaces_of_both_texts() -> None:
    marks = diff.marks("green roof, old", "red roof, old")
    assert [mark.text for mark in marks] == ["green", "red", " roof, old"]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)

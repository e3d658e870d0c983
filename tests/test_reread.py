"""The law of the unchanged sentence: what stands on both pages in the same words adds
and removes nothing, however it was read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as some

from pipeline import diff, extract, parse, standards
from pipeline.diff.claims import reread
from pipeline.diff.names.lens import Lens
from pipeline.diff.sides import Sides
from pipeline.diff.texts import alignment, units
from pipeline.model import Block, Change, Claim, Document, Page, Reading, Snapshot, Source

AT = datetime(2026, 1, 1, tzinfo=UTC)
SENTENCES = (
    "Heron Mail is certified to ISO/IEC 27001:2022 by an accredited body.",
    "The SOC 2 report of Heron Mail is handed out under NDA.",
    "Heron Drafts is excluded from the ISO 27001 certificate of Heron Mail.",
    "Heron Mail signs a business associate agreement on the Scale plan.",
    "We expect to complete our FedRAMP authorization in the coming year.",
)
OTHERS = (
    "Our people answer letters on the same day.",
    "Nine depots keep the parcels dry.",
    "Every desk has a lamp and a kettle.",
)
KINDS = ("note", "standard")


@dataclass(frozen=True)
class Named:
    name: str
    umbrella: str | None = None


class Known:
    """A catalogue that names nothing in any text."""

    def mentions(self, text: str) -> tuple[()]:
        return ()

    def get(self, id: str) -> Named:
        return Named(id)


def made(sentences: list[str], said: dict[str, tuple[str, float] | None]) -> Reading:
    """Return a reading of paragraphs, of which some make a claim, with the reader's margin."""
    blocks = tuple(
        Block("paragraph", text, ("Trust",), line) for line, text in enumerate(sentences, 1)
    )
    claims = []
    for block in blocks:
        if (one := said.get(block.text)) is not None:
            kind, margin = one
            source = Source(block.text, block.section, block.line)
            stance = "claimed" if kind == "standard" else None
            value = block.text if kind == "note" else None
            place = f"s-{SENTENCES.index(block.text)}"
            claims.append(
                Claim(kind, source, None, place, place, stance=stance, value=value, margin=margin)
            )
    return Reading(Document("Trust", (), blocks), tuple(claims))


WOBBLE = some.dictionaries(
    some.sampled_from(SENTENCES),
    some.none() | some.tuples(some.sampled_from(KINDS), some.floats(0.2, 1.0)),
)


def stands(change: Change, before: Reading, after: Reading) -> bool:
    """Say whether every sentence that a change shows is on both pages."""
    pages = [{unit.text for unit in units.of(r.document)} for r in (before, after)]
    texts = [source.text for source in (change.source_before, change.source_after) if source]
    return bool(texts) and all(text in page for text in texts for page in pages)


@settings(max_examples=150, deadline=None)
@given(
    some.lists(some.sampled_from(OTHERS), unique=True), some.permutations(SENTENCES), WOBBLE, WOBBLE
)
def test_an_unchanged_sentence_adds_and_removes_nothing(
    others: list[str],
    order: list[str],
    one: dict[str, tuple[str, float] | None],
    other: dict[str, tuple[str, float] | None],
) -> None:
    before, after = made([*SENTENCES], one), made([*others, *order, "Last words."], other)
    for b, a in ((before, after), (after, before)):
        found = diff.comparison(b, a, Known())
        assert [c.summary for c in found.changes if stands(c, b, a)] == []
        assert sorted(id(c) for c, _ in found.pairs if c) == sorted(map(id, b.claims))
        assert sorted(id(c) for _, c in found.pairs if c) == sorted(map(id, a.claims))


def test_two_readers_of_one_document_are_compared_as_they_read() -> None:
    text = SENTENCES[1]
    first, second = made([text], {text: ("note", 0.9)}), made([text], {})
    told = diff.comparison(first, second, Known()).changes
    assert [(change.kind, change.change) for change in told] == [("note", "removed")]


def test_of_two_readings_of_one_sentence_the_surer_counts_for_both_pages() -> None:
    text = SENTENCES[0]
    before = made([text], {text: ("standard", 0.9)})
    after = made([text, "Last words."], {text: ("standard", 0.4)})
    doubtful = replace(after.claims[0], stance="planned")
    after = replace(after, claims=(doubtful,))
    assert diff.comparison(before, after, Known()).changes[0].kind == "wording"
    lens = Lens([])
    aligned = alignment.align(units.of(before.document), units.of(after.document), lens.same)
    both = reread.alike(Sides(before, after, lens, aligned, Known()))
    assert [claim.stance for claim in (*both.before.claims, *both.after.claims)] == ["claimed"] * 2


# --------------------------------------------------------------------------- whole pages


def reading(text: str) -> Reading:
    site = "https://heron.example/trust"
    snapshot = Snapshot(Page("heron", site), AT, AT, "live", site, "text/html", text.encode())
    return extract.reading(parse.document(snapshot), standards.load())


def page(title: str, parts: list[str]) -> Reading:
    """Return a page of sections, each of one sentence under its heading."""
    made_ = "".join(f"<section><h2>Part</h2><p>{text}</p></section>" for text in parts)
    return reading(
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{made_}</body></html>"
    )


TITLES = ("Trust", "Compliance", "Security at Heron Mail", "SOC 2 and friends")


@settings(max_examples=25, deadline=None)
@given(
    some.sampled_from(TITLES),
    some.sampled_from(TITLES),
    some.lists(some.sampled_from(OTHERS), unique=True),
    some.permutations(SENTENCES),
)
def test_neither_title_nor_neighbours_make_a_sentence_come_or_go(
    title: str, other: str, others: list[str], order: list[str]
) -> None:
    before, after = page(title, [*SENTENCES]), page(other, [*others, *order])
    told = diff.comparison(before, after, standards.load()).changes
    claims = [
        c for c in told if c.kind in ("standard", "note") and c.change in ("added", "removed")
    ]
    assert [c.summary for c in claims if stands(c, before, after)] == []


def test_an_answer_that_changes_under_the_same_question_is_told() -> None:
    question = "<h2>Trust</h2><p>Is Heron Mail compliant with HIPAA today?</p>"
    before = reading(f"<h1>Heron Mail</h1>{question}<p>Yes, it is.</p>")
    after = reading(f"<h1>Heron Mail</h1>{question}<p>Not yet.</p>")
    told = diff.comparison(before, after, standards.load()).changes
    assert (told[0].severity, told[0].kind, told[0].standard) == ("critical", "standard", "hipaa")


def test_a_certificate_under_another_heading_is_told() -> None:
    item = "<p>ISO 27001:2022</p>"
    before = reading(f"<h1>Heron Mail</h1><h2>Certificates</h2>{item}")
    after = reading(f"<h1>Heron Mail</h1><h2>Planned certificates</h2>{item}")
    told = diff.comparison(before, after, standards.load()).changes
    assert [(c.severity, c.kind, c.field) for c in told if c.kind == "standard"] == [
        ("critical", "standard", "stance")
    ]

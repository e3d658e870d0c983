"""Laws of reading claims: form changes none, order changes none, no page breaks the reader,
every claim has its sentence.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_parse_laws import read as parsed
from test_parse_laws import rendered

from pipeline import extract, standards, words
from pipeline.model import Claim, Document, Reading

NAMES = st.sampled_from(
    [
        "ISO 27001:2022",
        "SOC 2 Type II",
        "PCI DSS 4.0",
        "HIPAA",
        "FedRAMP Moderate",
        "ISO/IEC 27701",
        "CSA STAR",
    ]
)
SENTENCES = st.one_of(
    NAMES.map(lambda name: f"Alder is certified to {name}."),
    NAMES.map(lambda name: f"We are working towards {name}."),
    NAMES.map(lambda name: f"Alder helps customers meet {name} requirements."),
    NAMES.map(lambda name: f"{name} is a standard that organizations use."),
    st.just("The west region is excluded from our certifications."),
    st.just("Alder keeps “quoted” books — and more."),
)
PARTS = st.one_of(
    SENTENCES,
    st.lists(NAMES, min_size=1, max_size=4, unique=True).map(
        lambda names: "Alder is compliant with:\n\n" + "\n".join(f"- {n}" for n in names)
    ),
    st.lists(NAMES, min_size=1, max_size=4, unique=True).map(
        lambda names: (
            "| Standard | Status |\n| --- | --- |\n"
            + "\n".join(f"| {n} | Certified |" for n in names)
        )
    ),
)
PAGES = st.lists(PARTS, min_size=1, max_size=6).map(
    lambda parts: "# Alder compliance\n\n" + "\n\n<!-- -->\n\n".join(parts) + "\n"
)


def reading(document: Document) -> Reading:
    return extract.reading(document, standards.load())


def said(found: Reading, *, metadata: bool = True) -> Counter[Claim]:
    return Counter(
        replace(claim, source=claim.source)
        for claim in found.claims
        if metadata or claim.kind != "metadata"
    )


@settings(max_examples=40, deadline=None)
@given(PAGES)
def test_markdown_and_its_html_make_the_same_claims(source: str) -> None:
    written = parsed(source, "text/markdown")
    shown = parsed(rendered(written, source), "text/html")
    assert said(reading(shown), metadata=False) == said(reading(written), metadata=False)


@settings(max_examples=40, deadline=None)
@given(PAGES, st.sampled_from(["\n", " "]), st.booleans())
def test_reflow_and_typography_change_no_claim(source: str, gap: str, curly: bool) -> None:
    other = source.replace("is certified to", f"is certified{gap}to").replace("—", "&mdash;")
    other = other.replace("“", '"').replace("”", '"') if curly else other
    assert {
        (c.kind, c.standard, c.edition, c.level, c.stance)
        for c in reading(parsed(other, "text/markdown")).claims
    } == {
        (c.kind, c.standard, c.edition, c.level, c.stance)
        for c in reading(parsed(source, "text/markdown")).claims
    }


@settings(max_examples=40, deadline=None)
@given(st.lists(SENTENCES, min_size=1, max_size=6, unique=True), st.randoms(use_true_random=False))
def test_the_order_of_sections_changes_no_claim(sentences: list[str], order: random.Random) -> None:
    mixed = list(sentences)
    order.shuffle(mixed)
    one, other = (
        "# Alder "
        f"compliance\n\n{chr(10).join(f'## Part{chr(10)}{chr(10)}{s}{chr(10)}' for s in part)}"
        for part in (sentences, mixed)
    )
    keys = [
        {
            (c.kind, c.standard, c.edition, c.level, c.stance)
            for c in reading(parsed(page, "text/markdown")).claims
        }
        for page in (one, other)
    ]
    assert keys[0] == keys[1]


@settings(max_examples=40, deadline=None)
@given(PAGES)
def test_every_claim_is_found_again_in_the_page(source: str) -> None:
    document = parsed(source, "text/markdown")
    text = words.fold(" ".join(block.text for block in document.blocks))
    assert all(
        words.fold(claim.text) in text
        for claim in reading(document).claims
        if claim.kind != "metadata"
    )


@settings(max_examples=30, deadline=None)
@given(PAGES, st.integers(0, 2**32 - 1))
def test_a_broken_page_is_read(source: str, seed: int) -> None:
    letters = random.Random(seed)
    broken = list(source)
    for _ in range(letters.randrange(12)):
        broken[letters.randrange(len(broken))] = letters.choice(
            "|#*-<>[](){}\n\"'&:;✓ \u200b\u202e"
        )
    reading(parsed("x" + "".join(broken), "text/markdown"))


@pytest.mark.parametrize(
    "source",
    [
        "# A\n\n" + "SOC 2, " * 20000,
        "# A\n\n" + "We are certified to ISO 27001 and " * 4000,
        "| Service | SOC 2 |\n|---|---|\n" + "".join(f"| Service {n} | ✓ |\n" for n in range(5000)),
        "# In-scope services for SOC 2\n\n"
        + "".join(f"- Service {n} (formerly S{n})\n" for n in range(3000)),
        "# A\n\n" + "(" * 5000 + "ISO 27001" + ")" * 5000,
    ],
    ids=["one sentence of names", "one sentence of clauses", "a matrix", "a list", "brackets"],
)
def test_what_is_long_is_read(source: str) -> None:
    assert reading(parsed(source, "text/markdown")).document.blocks


@pytest.mark.corpus
def test_every_real_markdown_page_makes_the_same_claims_as_its_html(corpus: Path) -> None:
    """The last revision of every page: the format is forgotten after parsing,
    links and lines apart.
    """
    for folder in sorted(path for path in corpus.iterdir() if path.is_dir()):
        for path in sorted(folder.rglob("*.md"))[-1:]:
            source = path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n").lstrip()
            written = parsed(source, "text/markdown")
            shown = parsed(rendered(written, source), "text/html")
            one, other = (
                {
                    (c.kind, c.standard, c.edition, c.level, c.stance, c.service, c.scope)
                    for c in reading(d).claims
                    if c.kind != "metadata"
                }
                for d in (written, shown)
            )
            assert one == other, path

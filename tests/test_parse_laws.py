"""Laws of parsing: Markdown and the HTML it renders to say the same; form is not content;
no page breaks the reader.
"""

from __future__ import annotations

import html
import os
import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pipeline import errors, parse
from pipeline.model import Block, Document, Page, Snapshot

THEN = datetime(2024, 3, 1, tzinfo=UTC)
RENDERER = MarkdownIt("commonmark", {"html": True}).enable("table")
CORPUS = os.environ.get("CLAIMWATCH_CORPUS", "")
PAGES = (
    sorted(
        path
        for path in Path(CORPUS).rglob("*")
        if path.suffix in (".md", ".html") and path.name != "README.md"
    )
    if CORPUS
    else []
)
CASES = "\n".join(
    path.read_text(encoding="utf-8")
    for path in sorted((Path(__file__).parent / "cases").glob("parse-*.md"))
)


def read(body: str | bytes, media_type: str) -> Document:
    encoded = body.encode() if isinstance(body, str) else body
    return parse.document(
        Snapshot(Page("page", "/page"), THEN, THEN, "live", "/page", media_type, encoded)
    )


def rendered(document: Document, source: str) -> str:
    """Return the HTML page of a Markdown source, title and description passed on."""
    pairs = dict(document.front_matter)
    body = (
        source.split("\n---\n", 1)[1]
        if source.startswith("---\n") and "\n---\n" in source
        else source
    )
    return (
        "<!doctype html><html><head>"
        f"<title>{html.escape(pairs.get('title', document.title or ''))}</title>"
        f'<meta name="description" content="{html.escape(pairs.get("description", ""))}"></head>'
        f"<body><main>{RENDERER.render(body)}</main></body></html>"
    )


def without_lines(document: Document) -> list[Block]:
    return [replace(block, line=None) for block in document.blocks]


WORDS = st.sampled_from(
    [
        "Alder",
        "Cloud",
        "is",
        "certified",
        "to",
        "ISO 27001:2022",
        "A & B",
        "“quoted”",
        "Birch’s",
        "SOC 2",
        "and",
        "x < y",
        "50%",
        "—",
    ]
)
PLAIN = st.lists(WORDS, min_size=1, max_size=8).map(" ".join).map(lambda text: f"The {text}")
MARKED = st.one_of(
    PLAIN,
    PLAIN.map(lambda text: f"**{text}**"),
    PLAIN.map(lambda text: f"[{text}](https://example.org/a) and *more*"),
)
ITEMS = st.lists(st.tuples(st.integers(0, 2), MARKED), min_size=1, max_size=5)
ROWS = st.lists(st.lists(PLAIN, min_size=3, max_size=3), min_size=2, max_size=4)


def listed(items: list[tuple[int, str]], mark: str = "-") -> str:
    lines, deepest = [], -1
    for wanted, text in items:
        deepest = min(wanted, deepest + 1)
        lines.append(f"{'  ' * deepest}{mark} {text}")
    return "\n".join(lines)


def table(rows: list[list[str]], pad: int = 1) -> str:
    drawn = [
        f"|{' ' * pad}" + f"{' ' * pad}|{' ' * pad}".join(row) + f"{' ' * pad}|" for row in rows
    ]
    return "\n".join([drawn[0], "|---|:--|--:|", *drawn[1:]])


PIECES = st.one_of(
    MARKED,
    st.tuples(st.integers(1, 4), PLAIN).map(lambda pair: f"{'#' * pair[0]} {pair[1]}"),
    ITEMS.map(listed),
    ROWS.map(table),
    st.tuples(st.sampled_from(["NOTE", "Important", "tip"]), MARKED).map(
        lambda pair: f"> [!{pair[0]}]\n> {pair[1]}"
    ),
    PLAIN.map(lambda text: f"```\n{text}\n```"),
    st.just("[!INCLUDE [part](parts/a.md)]"),
)
SOURCES = st.tuples(PLAIN, st.lists(PIECES, min_size=1, max_size=8)).map(
    lambda page: (
        f"---\ntitle: {page[0]!r}\ndescription: short\n---\n\n".replace("\\", "")
        + "\n\n<!-- -->\n\n".join(page[1])
        + "\n"
    )
)


@settings(max_examples=60, deadline=None)
@given(SOURCES)
def test_markdown_and_the_html_it_renders_to_yield_the_same(source: str) -> None:
    written = read(source, "text/markdown")
    shown = read(rendered(written, source), "text/html")
    assert without_lines(shown) == without_lines(written)
    assert (shown.title, dict(shown.front_matter)) == (written.title, dict(written.front_matter))


@settings(max_examples=40, deadline=None)
@given(ITEMS, ROWS, PLAIN, st.sampled_from(["*", "+"]), st.integers(2, 6))
def test_form_is_not_content(
    items: list[tuple[int, str]], rows: list[list[str]], text: str, mark: str, pad: int
) -> None:
    one = f"{text}\n\n{listed(items)}\n\n{table(rows)}\n\n> [!NOTE]\n> {text}\n"
    other = (
        f"{text.replace(' ', chr(10))}\n\n{listed(items, mark)}\n\n{table(rows, pad)}\n\n"
        f">[!note]\n>{text}\n".replace("—", "&mdash;")
    )
    assert without_lines(read(other, "text/markdown")) == without_lines(read(one, "text/markdown"))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(["text/html", "text/markdown", ""]))
def test_a_broken_page_is_read_or_refused(seed: int, media_type: str) -> None:
    dice = random.Random(seed)
    body = bytearray(CASES.encode()[dice.randrange(2000) : dice.randrange(2000, 6000)])
    for _ in range(dice.randrange(40)):
        place = dice.randrange(len(body))
        body[place : place + dice.randrange(9)] = dice.choice(
            [
                b"<",
                b">",
                b"{{",
                b"%}",
                b"|",
                b"\xff",
                b"\n\n",
                b":::note\n",
                b"[",
                b"](",
                b"<table>",
                b"</li>",
            ]
        )
    try:
        document = read(bytes(body), media_type)
    except errors.ParseError:
        return
    assert all(
        block.text == " ".join(block.text.split()) for block in document.blocks if not block.cells
    )
    assert not any("\ue000" in block.text for block in document.blocks)


DEEP = {
    "divs": ("text/html", "<div>" * 10_000 + "end"),
    "lists": ("text/html", "<ul><li>end" * 5_000),
    "tables": ("text/html", "<table><tr><td>end" * 500),
    "callouts": ("text/html", "<div class='admonition note'>end" * 2_000),
    "emphasis": ("text/markdown", "*a **b " * 10_000 + "end"),
    "brackets": ("text/markdown", "[" * 20_000 + "end"),
    "braces": ("text/html", "{{" * 100_000 + "end"),
    "line": ("text/markdown", "end " * 60_000),
    "rows": ("text/markdown", "| a | b |\n|--|--|\n" + "| end | x |\n" * 3_000),
    "spans": ("text/html", "<table>" + "<tr><td colspan=9999 rowspan=9999>end" * 300 + "</table>"),
    "notes": ("text/markdown", ":::note\nend\n" * 3_000),
}


@pytest.mark.parametrize("name", DEEP)
def test_what_is_deep_or_long_is_read(name: str) -> None:
    media_type, body = DEEP[name]
    assert any("end" in block.text for block in read(body, media_type).blocks)


@pytest.mark.parametrize("mark", [">", "- ", "1. "])
def test_nothing_is_lost_for_the_depth_of_something_else(mark: str) -> None:
    found = read(mark * 10_000 + "end\n\nAcme holds SOC 2.\n", "text/markdown")
    assert found.blocks[-1].text == "Acme holds SOC 2."


def test_a_staircase_of_lists_is_read_to_its_end() -> None:
    stairs = "\n".join(f"{'  ' * depth}- step {depth}" for depth in range(200))
    found = read(f"{stairs}\n\nAcme holds SOC 2.\n", "text/markdown")
    assert [block.text for block in found.blocks if block.kind == "item"] == [
        f"step {depth}" for depth in range(200)
    ]
    assert "Acme holds SOC 2." in found.blocks[-1].text


@pytest.mark.parametrize(
    ("body", "media_type", "said"),
    [
        ("Größe".encode("cp1252"), "text/markdown", "Größe"),
        ("# Größe".encode("utf-16"), "text/markdown", "Größe"),
        (b"\xef\xbb\xbf# Title", "text/markdown", "Title"),
        ("<p>Größe “x”</p>".encode("cp1252"), "text/html; charset=iso-8859-1", "Größe “x”"),
        ("<html><meta charset=windows-1251><p>Привет</p>".encode("cp1251"), "text/html", "Привет"),
        ("<html><p>Größe</p>".encode(), "", "Größe"),
        ("<html><p>Größe</p>".encode("cp1252"), "text/html", "Größe"),
    ],
)
def test_text_is_decoded_as_a_browser_does(body: bytes, media_type: str, said: str) -> None:
    assert [block.text for block in read(body, media_type).blocks] == [said]


@pytest.mark.corpus
@pytest.mark.skipif(not PAGES, reason="CLAIMWATCH_CORPUS names no folder of pages")
def test_every_real_page_is_read_and_says_the_same_as_html() -> None:
    for path in PAGES:
        source = path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
        written = read(source, "text/markdown" if path.suffix == ".md" else "text/html")
        assert written.blocks, path
        if path.suffix == ".md":
            shown = read(rendered(written, source.lstrip()), "text/html")
            assert [(b.kind, b.text) for b in shown.blocks] == [
                (b.kind, b.text) for b in written.blocks
            ], path

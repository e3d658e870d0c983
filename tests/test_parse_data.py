"""Plain text, CSV and JSON: what they hold becomes the blocks that a page
with the same content would give.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from html import escape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import errors, parse
from pipeline.model import Block, Document, Page, Snapshot

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
CELL = st.text(st.sampled_from("abc XYZ,;\"'|é漢<&"), min_size=1, max_size=12).filter(str.strip)


def document(
    body: str, kind: str = "text/plain", url: str = "/page", form: str | None = None
) -> Document:
    page = Page("p", url, format=form)
    return parse.document(Snapshot(page, NOW, NOW, "live", url, kind, body.encode()))


def told(body: str, kind: str = "text/plain", url: str = "/page", form: str | None = None) -> Any:
    return [(one.kind, one.text) for one in document(body, kind, url, form).blocks]


def bare(blocks: tuple[Block, ...]) -> Any:
    return [
        (one.kind, one.text, one.level, one.section, [(c.text, c.headers) for c in one.cells])
        for one in blocks
    ]


# --------------------------------------------------------------------------- which it is


ROWS = "Service,Level,Status\nVault,High,Authorized\nRelay,Moderate,In process\n"
KEYS = '{"company": "Acme", "soc2": {"status": "certified"}}'


@pytest.mark.parametrize(
    ("body", "kind", "url", "form", "first"),
    [
        (ROWS, "text/csv", "/export", None, "header"),
        (ROWS, "text/plain", "/export.csv", None, "header"),
        (ROWS, "text/plain; charset=utf-8", "/export", None, "header"),
        (ROWS.replace(",", "\t"), "text/tab-separated-values", "/export", None, "header"),
        (ROWS, "text/plain", "/export.csv", "text", "paragraph"),
        (ROWS, "text/html", "/export", "csv", "header"),
        (KEYS, "application/json", "/api", None, "heading"),
        (KEYS, "application/vnd.acme.trust+json", "/api", None, "heading"),
        (KEYS, "text/plain", "/trust.json", None, "heading"),
        (KEYS, "text/plain", "/api", None, "heading"),
        (KEYS, "text/html", "/api", None, "heading"),
        (KEYS, "text/html", "/api", "json", "heading"),
        ("We hold it,\nas told.\n  Indented.", "text/plain", "/llms", None, "paragraph"),
        ("# Not a heading", "text/plain", "/llms", "text", "paragraph"),
        ("# A heading\n\nText", "text/plain", "/llms", None, "heading"),
    ],
)
def test_the_format_is_told_by_config_type_address_or_looks(
    body: str, kind: str, url: str, form: str | None, first: str
) -> None:
    assert told(body, kind, url, form)[0][0] == first


@pytest.mark.parametrize("form", ["markdown", "html", "text", "csv", "rst"])
def test_json_told_to_be_something_else_is_refused_with_the_advice(form: str) -> None:
    with pytest.raises(
        errors.ParseError, match=f'is JSON, and format of page "p" is "{form}": set it to "json"'
    ):
        document(KEYS, form=form)


@pytest.mark.parametrize(
    ("body", "form", "reason"),
    [
        ('{\n"a": 1,\n', "json", "line 3: is not JSON"),
        ("<html><body>Sign in</body></html>", "json", "line 1: is not JSON"),
        ("[" * 50 + "1" + "]" * 50, "json", "nested more than 40 deep"),
        ("[" * 100_000, "json", "nested more than 40 deep"),
        ('a,b\n1,2\n"x,3\n4,5\n', "csv", "line 3: a quotation mark is never closed"),
        ('a,b\n"' + "x" * 200_000 + '",2\n', "csv", "line 2: field larger than field limit"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(body: str, form: str, reason: str) -> None:
    with pytest.raises(errors.ParseError, match=reason):
        document(body, form=form)


# --------------------------------------------------------------------------- plain text


def test_plain_text_is_paragraphs_and_their_lines() -> None:
    text = (
        "SECURITY AT ACME\n================\n\n"
        "Acme Cloud has completed a SOC 2 Type 2 audit, and the report of it is\n"
        "available to customers. It covers Vault and\n"
        "Relay.\n\n"
        "Standards:\n  - ISO 27001, for all\n    offices\n  - PCI DSS\n\n"
        "    Indented, and no code.\nPhone: 1\nFax: 2\n-----\n"
    )
    found = document(text, form="text")
    assert [(one.kind, one.text, one.line) for one in found.blocks] == [
        ("heading", "SECURITY AT ACME", 1),
        (
            "paragraph",
            "Acme Cloud has completed a SOC 2 Type 2 audit, and the report of it is available "
            "to customers. It covers Vault and",
            4,
        ),
        ("paragraph", "Relay.", 6),
        ("paragraph", "Standards:", 8),
        ("item", "ISO 27001, for all offices", 9),
        ("item", "PCI DSS", 11),
        ("paragraph", "Indented, and no code.", 13),
        ("paragraph", "Phone: 1", 14),
        ("paragraph", "Fax: 2", 15),
    ]
    assert found.title == "SECURITY AT ACME"


def test_nothing_in_plain_text_is_a_mark() -> None:
    text = "# We *hold* <b>27001</b> | yes\n\n> quoted `code`"
    assert told(text, form="text") == [
        ("paragraph", "# We *hold* <b>27001</b> | yes"),
        ("paragraph", "> quoted `code`"),
    ]


@given(st.lists(st.text(st.sampled_from("ab .-*=|\t#1)"), max_size=90), max_size=12))
def test_no_word_of_a_plain_text_is_lost(lines: list[str]) -> None:
    blocks = document("x\n" + "\n".join(lines), form="text").blocks
    said = " ".join(text for one in blocks for text in (one.text, *one.notes))
    for letter in "ab":  # a footnote may stand with each of its marks
        assert said.count(letter) >= "".join(lines).count(letter)


# --------------------------------------------------------------------------- CSV


@given(
    rows=st.integers(2, 4).flatmap(
        lambda wide: st.lists(st.lists(CELL, min_size=wide, max_size=wide), min_size=1, max_size=5)
    ),
    mark=st.sampled_from(",;\t|"),
)
def test_csv_is_the_table_that_a_page_would_show(rows: list[list[str]], mark: str) -> None:
    head = [f"column {number}" for number in range(len(rows[0]))]
    made = io.StringIO()
    csv.writer(made, delimiter=mark, quoting=csv.QUOTE_ALL).writerows([head, *rows])

    def tr(tag: str, row: list[str]) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row) + "</tr>"

    shown = (
        f"<html><body><table>{tr('th', head)}{''.join(tr('td', row) for row in rows)}</table>"
        "</body></html>"
    )
    ours = document(made.getvalue(), form="csv").blocks
    assert bare(ours) == bare(document(shown, "text/html").blocks)
    assert [one.line for one in ours] == list(range(1, len(rows) + 2))


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (
            "List of services\nas of May\n\n" + ROWS,
            "text/csv",
            ["paragraph", "paragraph", "header", "row", "row"],
        ),
        ("Vault,2026-01-01,✓\nRelay,2026-01-02,\n", "text/csv", ["row", "row"]),
        ("\n\n" + ROWS + ",,\n\n", "text/csv", ["header", "row", "row"]),
        ("a;b\n1,5;2\n", "text/csv", ["header", "row"]),
        ('a,b\n"two\nlines",5" disk\n', "text/csv", ["header", "row"]),
        ("", "text/csv", []),
    ],
)
def test_rows_and_what_stands_around_them(body: str, kind: str, expected: list[str]) -> None:
    assert [one for one, _ in told(body or " ,\n", kind)] == expected


# --------------------------------------------------------------------------- JSON


def test_keys_are_headings_and_lists_of_objects_tables() -> None:
    body = {
        "company": "Acme Cloud",
        "lastUpdated": "2026-05-01",
        "certifications": [
            {
                "name": "ISO 27001",
                "version": 2022,
                "validUntil": "2027-05-01",
                "pdf": {"pages": 4.0},
            },
            {
                "name": "SOC 2",
                "url": "https://acme.example/soc2.pdf",
                "in_scope": True,
                "regions": ["EU", "US"],
            },
        ],
        "pci_dss": {"level": "Level 1", "notes": None, "services": ["Vault", "Relay"]},
        "Data at rest": "<p>It is <b>encrypted</b>.</p><ul><li>AES</li></ul>",
        "empty": [],
    }
    found = document(json.dumps(body), "application/json")
    assert found.title == "Acme Cloud"
    assert [(one.kind, one.level, one.text) for one in found.blocks] == [
        ("heading", 1, "Acme Cloud"),
        ("heading", 2, "company"),
        ("paragraph", 0, "Acme Cloud"),
        ("heading", 2, "last updated"),
        ("paragraph", 0, "2026-05-01"),
        ("heading", 2, "certifications"),
        ("header", 0, "name | version | valid until | pdf pages | url | in scope | regions"),
        ("row", 0, "ISO 27001 | 2022 | 2027-05-01 | 4.0 |  |  | "),
        ("row", 0, "SOC 2 |  |  |  | https://acme.example/soc2.pdf | Yes | EU; US"),
        ("heading", 2, "pci dss"),
        ("heading", 3, "level"),
        ("paragraph", 0, "Level 1"),
        ("heading", 3, "services"),
        ("item", 1, "Vault"),
        ("item", 1, "Relay"),
        ("heading", 2, "Data at rest"),
        ("paragraph", 0, "It is encrypted."),
        ("item", 1, "AES"),
    ]
    row = found.blocks[8]
    assert row.cells[0].headers == ("name",)
    assert [link.url for link in row.cells[0].links] == ["https://acme.example/soc2.pdf"]
    assert {one.line for one in found.blocks} == {None}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('[{"a": 1}, {"b": 2}]', [("header", "a | b"), ("row", "1 | "), ("row", " | 2")]),
        (
            '{"a": 1, "a": 2}',
            [("heading", "a"), ("paragraph", "1"), ("heading", "a"), ("paragraph", "2")],
        ),
        (
            '["x", ["y", "z"], {"k": "v"}]',
            [("item", "x"), ("item", "y"), ("item", "z"), ("item", "k: v")],
        ),
        ('{"n": 1}\n{"n": 2}\n', [("header", "n"), ("row", "1"), ("row", "2")]),
        ('{"t": "one\\n\\ntwo"}', [("heading", "t"), ("paragraph", "one"), ("paragraph", "two")]),
        ('{"ISO\\u00ad27001": "a\\u200bb"}', [("heading", "ISO27001"), ("paragraph", "ab")]),
        ("{}", []),
    ],
)
def test_other_shapes_of_json(body: str, expected: list[tuple[str, str]]) -> None:
    assert told(body, "application/json") == expected


def test_what_is_too_wide_for_a_table_stands_under_headings() -> None:
    rows = [
        {"name": f"row {row}", **{f"key{row}x{key}": "v" for key in range(9)}} for row in range(9)
    ]
    found = document(json.dumps(rows), "application/json")
    assert [one.text for one in found.blocks if one.level == 2] == [
        f"row {row}" for row in range(9)
    ]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.text(max_size=6), VALUES, max_size=4) | st.lists(VALUES, max_size=4))
def test_any_json_is_read_and_tells_its_texts(value: Any) -> None:
    document(json.dumps(value), "application/json")
    plain = document(json.dumps({"k": value, "last": "Acme is certified"}), "application/json")
    assert plain.blocks[-1].text == "Acme is certified"

"""Snapshot → Document: what each format's layouts become, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline import errors, parse
from pipeline.model import Document, Page, Snapshot

THEN = datetime(2024, 3, 1, tzinfo=UTC)


def snapshot(
    body: str | bytes, media_type: str = "text/markdown", path: str = "/pages/page", **rules: object
) -> Snapshot:
    encoded = body.encode() if isinstance(body, str) else body
    return Snapshot(Page("page", path, **rules), THEN, THEN, "live", path, media_type, encoded)


def read(body: str | bytes, media_type: str = "text/markdown", **rules: object) -> Document:
    return parse.document(snapshot(body, media_type, **rules))


@pytest.mark.parametrize(
    "body", [b"", b"  \n\t ", b"%PDF-1.7 x", b"PK\x03\x04zip", b"text\x00\x01\x02"]
)
def test_what_is_no_text_is_refused_with_a_fix(body: bytes) -> None:
    with pytest.raises(errors.ParseError, match=r": .+"):
        read(body, "")


@pytest.mark.parametrize(
    "media_type",
    ["application/atom+xml", "application/rss+xml", "image/svg+xml", "application/pdf"],
)
def test_a_type_without_a_reader_is_refused(media_type: str) -> None:
    with pytest.raises(errors.ParseError, match="no reader"):
        read("{}", media_type)


PAGE = (
    "<html><body><div id=a><h1>Alder</h1><p>Held.</p><p class=ad>Buy.</p></div><div id=b>"
    "<p>Other</p></div></body></html>"
)


def test_a_selector_picks_and_ignore_removes() -> None:
    document = read(PAGE, "text/html", selector="#a", ignore=(".ad", "h1"))
    assert [block.text for block in document.blocks] == ["Held."]


@pytest.mark.parametrize(
    ("rules", "said"),
    [({"selector": "#none"}, "#none"), ({"selector": "]["}, "CSS"), ({"format": "docx"}, "docx")],
)
def test_rules_that_cannot_hold_are_told(rules: dict[str, str], said: str) -> None:
    with pytest.raises(errors.ParseError, match=said):
        read(PAGE, "text/html", **rules)


@pytest.mark.parametrize(
    ("body", "media_type", "path", "kind"),
    [
        ("# Title\n\n<div>x</div>", "", "/a/page", "heading"),
        ("# Title", "text/plain", "https://example.org/page.md", "heading"),
        ("---\ntitle: T\n---\n<p>x</p><ul><li>y</li></ul>", "", "/a/page.html", "paragraph"),
        ("<!-- c --><!doctype html><h1>x</h1>", "", "/a/page.md", "heading"),
        ("<p>one</p><p># two</p><div>three</div>", "text/plain", "/a/page", "paragraph"),
    ],
)
def test_the_format_is_told_by_type_path_or_looks(
    body: str, media_type: str, path: str, kind: str
) -> None:
    assert parse.document(snapshot(body, media_type, path)).blocks[0].kind == kind


@pytest.mark.parametrize(
    "before",
    [
        "<!doctype html><title>Alder</title><main>",
        "<!doctype html><html><title>Alder</title><meta charset=utf-8><header><a "
        "href=/>Home</a></header><main>",
        "<title>Alder</title><alder-app><section>",
        "<html><head><title>Alder</title></head><body style='display:none' class=no-js>",
    ],
)
def test_a_page_may_leave_out_the_tags_that_html_lets_it_leave_out(before: str) -> None:
    document = read(f"{before}<h1>Trust</h1><p>Held.<p>Kept.", "text/html")
    assert [block.text for block in document.blocks] == ["Trust", "Held.", "Kept."]
    assert document.title == "Alder"


@pytest.mark.parametrize(
    "shown",
    [
        "<div id=app aria-hidden=true><main>{}</main></div><div role=dialog>Cookies?</div>",
        "<div class=accordion-content style='display:none'>{}</div>",
        "<div class='slick-slide slick-cloned'><p>Held.</p></div><div class=slick-slide "
        "aria-hidden=true>{}</div>",
        "<p hidden=until-found>{}</p>",
        "<table width=100%><tr><td><nav>Menu</nav></td><td><h1>Trust</h1>{}</td></tr></table>",
        "<table role=presentation><tr><td>{}</td></tr></table>",
    ],
)
def test_what_a_page_shows_or_unfolds_is_content(shown: str) -> None:
    said = "<p>Held.</p><p>Kept.</p>"
    blocks = read(f"<html><body>{shown.format(said)}</body></html>", "text/html").blocks
    assert [block.text for block in blocks if block.kind == "paragraph"] == ["Held.", "Kept."]


@pytest.mark.parametrize(
    "hidden",
    [
        "<div style='display: none'>{}</div>",
        "<div hidden>{}</div>",
        "<span aria-hidden=true>{}</span>",
    ],
)
def test_what_a_page_hides_is_no_content(hidden: str) -> None:
    blocks = read(
        "<html><body><p>Held, and told of at some "
        f"length.</p>{hidden.format('Not held.')}</body></html>",
        "text/html",
    ).blocks
    assert [block.text for block in blocks] == ["Held, and told of at some length."]


@pytest.mark.parametrize(
    "front",
    ["title: a: b\nms.date: 2024", "title: 'open\nms.date: 2024", "\ttitle: a\nms.date: 2024\n- x"],
)
def test_broken_front_matter_does_not_lose_the_page(front: str) -> None:
    document = read(f"---\n{front}\n---\n# Alder\n")
    assert dict(document.front_matter)["ms.date"] == "2024"
    assert [block.text for block in document.blocks] == ["Alder"]


def test_front_matter_is_kept_as_printed() -> None:
    document = read(
        "---\ntitle: On\nheld: no\nat: 1:30\ndate: 2024-01-02\ntags: [a, b]\nowner:\n"
        "  name: Ann\n---\nText\n"
    )
    assert document.front_matter == (
        ("title", "On"),
        ("held", "no"),
        ("at", "1:30"),
        ("date", "2024-01-02"),
        ("tags", "a, b"),
        ("owner.name", "Ann"),
    )


RST = """
Marlow compliance
=================

Marlow is certified to ISO/IEC 27001:2022. See the `certificate <https://marlow.example/iso.pdf>`_.

In-scope services
-----------------

* Marlow Mail
* Marlow Drive

.. note:: The west region is excluded.

.. include:: /etc/passwd

.. raw:: html

   <script>alert(1)</script>

=========  =======
Standard   Status
=========  =======
ISO 9001   planned
=========  =======
"""


def test_restructured_text_yields_the_same_blocks_and_touches_nothing_else() -> None:
    found = parse.document(snapshot(RST, "text/plain", "/pages/compliance.rst"))
    kinds = {(block.kind, block.text) for block in found.blocks}
    assert found.title == "Marlow compliance"
    assert {
        ("item", "Marlow Mail"),
        ("note", "The west region is excluded."),
        ("row", "ISO 9001 | planned"),
    } <= kinds
    assert ("heading", "In-scope services") in kinds
    assert not any("root:" in block.text or "alert(1)" in block.text for block in found.blocks)

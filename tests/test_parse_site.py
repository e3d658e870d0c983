"""What a site calls itself, and what it prints in badges, chips and footers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline import extract, parse, standards
from pipeline.model import Document, Page, Snapshot

AT = datetime(2026, 1, 1, tzinfo=UTC)
HEAD = '<title>Security | {0}</title><meta property="og:site_name" content="{0}">'
BODY = "<main><h1>Security</h1><p>We look after your data with care, day and night.</p></main>"


def document(body: str, head: str = "") -> Document:
    html = f"<html><head>{head}</head><body>{body}</body></html>"
    page = Page("page", "page.html")
    return parse.document(Snapshot(page, AT, AT, "dir", "page.html", "text/html", html.encode()))


def products(body: str, head: str = "") -> tuple[str, ...]:
    return extract.reading(document(body, head), standards.load(), Page("page", "x")).products


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (HEAD.format("Tarnwick"), BODY),
        ('<meta name="application-name" content="Tarnwick">', BODY),
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "WebPage", "name": '
            '"Security"},'
            ' {"@type": ["Organization"], "name": "Tarnwick"}]}</script>',
            BODY,
        ),
        (
            "<title>Security – Tarnwick</title>",
            f"{BODY}<footer><p>© 2026 Tarnwick GmbH.</p></footer>",
        ),
        (
            "",
            '<header><a href="/"><img src="/a.svg" alt="Tarnwick logo"></a></header>'
            f"{BODY}<footer><p>Copyright 2019–2026 Tarnwick, Inc. "
            "All rights reserved.</p></footer>",
        ),
    ],
    ids=["site name", "application", "embedded data", "title and rights", "logo and rights"],
)
def test_a_site_is_called_what_places_that_do_not_depend_on_each_other_say(
    head: str, body: str
) -> None:
    assert document(body, head).names == ("Tarnwick",)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("<title>Security – Tarnwick</title>", BODY),
        ("", f"{BODY}<footer><p>© 2026 Tarnwick GmbH.</p></footer>"),
        ("", f'{BODY}<img class="logo" alt="Ostrabank logo" src="/customers/ostra.png">'),
        ('<script type="application/ld+json">{"@type": "Organization", "name": </script>', BODY),
        ('<script type="application/ld+json">{"@type": "Article", "name": "News"}</script>', BODY),
        (f'<script type="application/ld+json">{"[" * 50_000}</script>', BODY),
    ],
    ids=["title alone", "rights alone", "a customer", "broken data", "an article", "deep data"],
)
def test_what_one_place_says_that_may_speak_of_others_is_no_name(head: str, body: str) -> None:
    assert document(body, head).names == ()


def test_the_site_s_name_is_the_product_and_no_word_that_begins_a_sentence_is() -> None:
    body = """<main><h1>Nachweise</h1><p>Aus Erfahrung prüfen wir jedes Jahr neu.</p>
    <p>Aus Sicht der Prüfer sind wir nach ISO 27001 zertifiziert.</p></main>"""
    assert products(body, HEAD.format("Tarnwick")) == ("Tarnwick",)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Where we host | Tarnwick", "Tarnwick"),
        ("Compliance questions – Tarnwick Help Center", "Tarnwick"),
        ("Tarnwick sub-processors", "Tarnwick"),
    ],
)
def test_a_page_s_title_in_the_place_of_the_site_s_name_ends_with_it(
    name: str, expected: str
) -> None:
    data = f'{{"@type": "WebSite", "name": "{name}"}}'
    head = f'<title>{name}</title><script type="application/ld+json">{data}</script>'
    body = "<main><h1>Where we host</h1><p>We are certified to ISO 27001.</p></main>"
    assert products(body, head) == (expected,)


def test_a_clause_s_number_is_no_part_of_a_name() -> None:
    body = """<main><h1>Data Processing Addendum</h1>
    <p>3.1 Tarnwick maintains a management system certified to ISO/IEC 27001:2022.</p></main>"""
    assert "3.1 Tarnwick" not in products(body)


def texts(body: str) -> list[str]:
    return [block.text for block in document(body).blocks]


def test_chips_without_a_space_between_them_are_kept_apart() -> None:
    row = (
        '<div class="pill-row"><span>GDPR</span><span>CCPA</span><span>SOC 2 – in '
        "audit</span></div>"
    )
    assert texts(f"<h1>Trust</h1>{row}")[1:] == ["GDPR", "CCPA", "SOC 2 – in audit"]


def test_what_stands_side_by_side_gets_a_space_but_letters_of_one_word_do_not() -> None:
    assert "ISO 27001" in texts("<p><span>ISO</span><span>27001</span></p>")
    assert "Trust" in texts(
        "<p><span>T</span><span>r</span><span>u</span><span>s</span><span>t</span></p>"
    )


def test_seals_side_by_side_are_one_text_each() -> None:
    row = '<div><img alt="ISO 27001 certified"><picture><img alt="SOC 2 Type II"></picture></div>'
    assert texts(f"<h1>Trust</h1>{row}")[1:] == ["ISO 27001 certified", "SOC 2 Type II"]


def test_a_card_that_is_a_button_is_read_and_a_button_that_acts_is_not() -> None:
    body = '<button><img src="a.png" alt=""><span>ISO 27701</span></button><button>Send</button>'
    assert texts(f"<h1>Trust</h1><div>{body}</div>")[1:] == ["ISO 27701"]


FOOTER = """<footer><h4>Compliance</h4>
<ul><li><a href="/about">About us</a></li><li><a href="/jobs">Jobs</a></li></ul>
<div class="badges"><img alt="ISO 27001 certified"><span role="img" aria-label="CSA STAR Level 1"></span></div>
<p>Audited by an independent firm every year.</p><p>© 2026 Tarnwick GmbH. All rights reserved.</p>
<form><input><p>Write to us</p></form></footer>"""


def test_a_footer_s_badges_and_sentences_count_and_navigation_and_rights_do_not() -> None:
    blocks = document(f"{BODY}{FOOTER}").blocks
    kept = [(block.section, block.text) for block in blocks[2:]]
    assert [text for _, text in kept] == [
        "Compliance",
        "ISO 27001 certified",
        "CSA STAR Level 1",
        "Audited by an independent firm every year.",
    ]
    assert kept[1][0] == ("Security", "Compliance")


def test_a_footer_stands_below_no_section_of_the_page() -> None:
    body = (
        "<main><h1>Home</h1><h2>From the blog</h2><p>News of our ferries and their "
        "crews.</p></main>"
    )
    footer = '<footer><img alt="SOC 2 Type II"></footer>'
    assert document(body + footer).blocks[-1].section == ("Home",)


def test_a_footer_of_links_alone_says_nothing() -> None:
    footer = (
        '<footer><ul><li><a href="/a">HIPAA</a></li><li><a href="/b">SOC 2</a></li></ul></footer>'
    )
    assert texts(f"{BODY}{footer}") == texts(BODY)

"""A page cannot make itself unreadable: whatever it is built of, the rest of it is read,
and no stage meets an exception.
"""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from pipeline import markup, parse
from pipeline.model import Document, Page, Snapshot

AT = datetime(2026, 1, 1, tzinfo=UTC)
END = "Acme holds SOC 2."


def read(body: str, media_type: str = "text/html", **rules: str) -> Document:
    page = Page("trust", "https://acme.example/trust", **rules)  # type: ignore[arg-type]
    raw = body.encode("utf-8", "surrogatepass")
    return parse.document(Snapshot(page, AT, AT, "live", page.url, media_type, raw))


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def front(yaml: str) -> dict[str, str]:
    document = read(f"---\n{yaml}\n---\n\n{END}\n", "text/markdown")
    assert texts(document) == [END]
    return dict(document.front_matter)


# --------------------------------------------------------------------------- front matter


def test_values_that_stand_for_more_than_a_memory_holds_are_read_line_by_line() -> None:
    nine = "\n".join(f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 9)}]" for n in range(12))
    pairs = front(f"title: Trust\na0: &a0 [x, x]\n{nine}")
    assert (pairs["title"], pairs["a0"]) == ("Trust", "&a0 [x, x]")


def test_keys_that_stand_for_more_than_a_memory_holds_are_read_line_by_line() -> None:
    five = "\n".join(
        f"a{n + 1}: &a{n + 1} {{{', '.join(f'k{key}: *a{n}' for key in range(5))}}}"
        for n in range(12)
    )
    assert front(f"title: Trust\na0: &a0 {{k: v}}\n{five}")["title"] == "Trust"


@pytest.mark.parametrize(
    "yaml",
    ["a: &a [*a]", "a: &a {b: *a}", f"a: {'[' * 5000}", f"a: {'{a: ' * 5000}", "- " * 5000 + "a"],
    ids=["list in itself", "keys in themselves", "deep lists", "deep keys", "deep dashes"],
)
def test_what_has_no_end_or_no_bottom_is_read_line_by_line(yaml: str) -> None:
    assert front(f"title: Trust\n{yaml}\n")["title"] == "Trust"


def test_values_that_are_named_and_used_again_are_read_as_ever() -> None:
    pairs = front("base: &base {owner: Ana, region: EU}\nmore: *base\nlist: &l [a, b]\nagain: *l")
    assert pairs["more.owner"] == "Ana"
    assert pairs["again"] == "a, b"


def test_half_a_letter_in_front_matter_is_none() -> None:
    pairs = front('title: "Trust \\uD83D page"\n"key \\uD83D": x')
    assert pairs == {"title": "Trust \ufffd page", "key \ufffd": "x"}


# --------------------------------------------------------------------------- links and attributes

BROKEN = ("http://[::1", "http://[a]b/", "https://a℀b.example/", "//[", "http://a]b")


@pytest.mark.parametrize("url", BROKEN)
@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ("# Trust\n\n[SOC 2 report]({url}) {end}\n", "text/markdown"),
        ("# Trust\n\nSee {url} now. {end}\n", "text/markdown"),
        ('<h1>Trust</h1><p><a href="{url}">SOC 2 report</a> {end}</p>', "text/html"),
        ("<h1>Trust</h1><p>[SOC 2 report]({url}) {end}</p>", "text/html"),
        ('<table><tr><td><a href="{url}">SOC 2</a></td><td>{end}</td></tr></table>', "text/html"),
    ],
)
def test_a_link_that_leads_nowhere_takes_nothing_with_it(
    url: str, body: str, media_type: str
) -> None:
    document = read(body.replace("{url}", url).replace("{end}", END), media_type)
    assert any(END in text for text in texts(document))
    for block in document.blocks:
        for link in block.links:
            urlsplit(link.url)


@pytest.mark.parametrize("level", ["", "x", "0", "-1", "٣", "9" * 5000, "²", " 3 "])
def test_a_heading_of_any_level_is_one(level: str) -> None:
    body = f'<h1>Trust</h1><p role="heading" aria-level="{level}">SOC 2</p><p>{END}</p>'
    document = read(body)
    assert [block.kind for block in document.blocks] == ["heading", "heading", "paragraph"]
    assert 1 <= document.blocks[1].level <= 6


def test_headings_of_many_levels_nest_no_deeper_than_six() -> None:
    body = "".join(f'<p role="heading" aria-level="{n}">Level {n}</p>' for n in range(1, 99))
    assert max(len(block.section) for block in read(body).blocks) == 6


@pytest.mark.parametrize("number", ["9" * 5000, "²", "-1", "x"])
def test_a_page_numbers_no_lines_of_ours(number: str) -> None:
    body = (
        f'<p data-claimwatch-line="{number}">{END}</p><table><tr '
        f'data-claimwatch-line="{number}"><td>a'
    )
    assert [block.line for block in read(body).blocks] == [None, None]


def test_more_attributes_than_anybody_writes_cost_no_text() -> None:
    many = " ".join(f'a{number}="b > c"' for number in range(5000))
    assert texts(read(f"<main><p {many}>{END}</p><p>More.</p></main>")) == [END, "More."]
    assert len(markup.bounded(f"<p {many}>")) < 10_000


@pytest.mark.parametrize(
    "html",
    [
        f'<img src="data:image/png;base64,{"QUJD" * 5000}" alt="x">',
        f'<p class="{"word " * 5000}">{END}</p>',
        "<p data-props='{" + '"a": 1 > 0, ' * 2000 + f"}}'>{END}</p>",
        "<script>" + 'if (a<b && c > "d") e="f";' * 500 + "</script>",
    ],
)
def test_a_tag_that_is_only_long_stays_as_it_is(html: str) -> None:
    assert markup.bounded(html) == html


# --------------------------------------------------------------------------- elements


def test_elements_that_nobody_closes_cost_no_text() -> None:
    found = texts(read("<ul><li><b><table><tr><td><p><div>" * 1000 + END))
    assert found[-1] == END


def test_a_cell_covers_no_more_than_the_table_has_room_for() -> None:
    rows = "".join(f"<tr><td colspan=1000 rowspan=1000>a{n}</td></tr>" for n in range(200))
    document = read(f"<table>{rows}<tr><td>{END}</td></tr></table>")
    assert sum(len(block.cells) for block in document.blocks) == 201


@pytest.mark.parametrize("rules", [{}, {"selector": "main"}, {"ignore": "p.none"}])
def test_components_in_components_are_read_to_the_last(rules: dict[str, str]) -> None:
    opening = '<x-a><template shadowrootmode="open"><section><slot></slot></section></template>'
    given = {name: (rule,) if name == "ignore" else rule for name, rule in rules.items()}
    body = f"<html><body><main>{opening * 300}<p>{END}</p>{'</x-a>' * 300}</main></body></html>"
    assert texts(read(body, **given)) == [END]  # type: ignore[arg-type]


def test_a_line_that_is_only_a_mark_says_what_the_mark_stands_for() -> None:
    body = (
        f"<main><p>Reports</p><p><sup><a href='#n'>1</a></sup></p><ol><li id='n'>{END}</ol></main>"
    )
    assert texts(read(body)) == ["Reports", END]


def test_a_line_that_is_only_a_mark_of_nothing_is_none() -> None:
    body = f"<main><p><sup><a href='#gone'>1</a></sup></p><p>{END}</p></main>"
    assert texts(read(body)) == [END]


def test_slots_take_what_is_for_them_and_a_component_shows_nothing_else() -> None:
    shadow = (
        '<h2><slot name="title">Untitled</slot></h2><p><slot></slot></p><p><slot '
        'name="x">Own.</slot></p>'
    )
    card = (
        f'<x-card><template shadowrootmode="open">{shadow}</template><b slot="title">SOC 2</b>'
        f'{END}<i slot="nowhere">unseen</i></x-card>'
    )
    assert texts(read(f"<html><body><main>{card}</main></body></html>")) == ["SOC 2", END, "Own."]


def test_a_slot_is_passed_on_to_the_component_within() -> None:
    inner = (
        '<x-in><template shadowrootmode="open"><p><slot></slot></p></template><slot></slot></x-in>'
    )
    outer = f'<x-out><template shadowrootmode="open">{inner}</template>{END}</x-out>'
    assert texts(read(f"<html><body><main>{outer}</main></body></html>")) == [END]


def test_brackets_that_nobody_closes_hide_no_link() -> None:
    document = read(
        f"# Trust\n\n[SOC 2 report](https://acme.example/soc2) {'[' * 300}{END}\n", "text/markdown"
    )
    assert [link.url for block in document.blocks for link in block.links] == [
        "https://acme.example/soc2"
    ]
    assert END in document.blocks[-1].text


def test_pictures_that_nobody_closes_cost_no_text() -> None:
    document = read(f"# Trust\n\n{'![' * 10_000}\n\n{END}\n", "text/markdown")
    assert texts(document)[-1] == END

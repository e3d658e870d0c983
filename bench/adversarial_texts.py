"""Texts that somebody might put on a page to keep its reader busy, by name and in any size.

Shared by the bench and a test.

Each is a small pattern that repeats, nests or refers to itself; what it attacks is in its name. A
text comes in two versions that differ a little everywhere, so that comparing them is as hard as it
can be.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass

MARKDOWN, HTML, JSON, CSV = "text/markdown", "text/html", "application/json", "text/csv"


@dataclass(frozen=True, slots=True)
class Text:
    """One attack: `made(size, version)` is its body of about so many bytes."""

    name: str
    media_type: str
    made: Callable[[int, int], str]

    def body(self, size: int, version: int = 0) -> bytes:
        """Return the attack in about that size; `version` tells two apart."""
        return self.made(size, version).encode("utf-8", "surrogatepass")


def _numbered(unit: str, size: int, version: int) -> str:
    """Repeat a unit; `{n}` in it counts, `{v}` is the version of every seventh."""
    parts, length, number = [], 0, 0
    while length < size:
        part = unit.replace("{n}", str(number)).replace("{v}", str(version * (number % 7 == 0)))
        parts.append(part)
        length += len(part.encode("utf-8", "surrogatepass"))
        number += 1
    return "".join(parts)


def repeated(
    unit: str, before: str = "# Alder Notes\n\n", after: str = "\n"
) -> Callable[[int, int], str]:
    """Return what repeats a unit between two texts."""
    return lambda size, version: (
        f"{before}{_numbered(unit, size, version)}{after}Version {version}.\n"
    )


def nested(opening: str, closing: str, inner: str = "x") -> Callable[[int, int], str]:
    """Return what opens something as often as it can, and closes it as often."""

    def made(size: int, version: int) -> str:
        depth = size // (len(opening) + len(closing))
        return f"{opening * depth}{inner} {version}{closing * depth}"

    return made


def page(unit: str) -> Callable[[int, int], str]:
    """Return a page of HTML that repeats a unit."""
    return repeated(unit, "<html><body><main><h1>Alder Notes</h1>", "</main></body></html>")


def nested_page(opening: str, closing: str, inner: str = "SOC 2") -> Callable[[int, int], str]:
    """Return a page of HTML that nests an element."""
    made = nested(opening, closing, inner)
    return lambda size, version: (
        f"<html><body><main><h1>Alder</h1>{made(size, version)}</main></body></html>"
    )


def front(body: Callable[[int, int], str]) -> Callable[[int, int], str]:
    """Return a page with that front matter."""
    return lambda size, version: (
        f"---\n{body(size, version)}\n---\n# Alder Notes\n\nWe hold SOC 2 {version}.\n"
    )


def _bomb(size: int, version: int) -> str:
    lines = [f"a0: &a0 [x{version}, x, x, x, x, x, x, x, x]"]
    for number in range(1, max(2, size // 60)):
        lines.append(f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 9)}]")
    return "\n".join(lines)


def _keyed_bomb(size: int, version: int) -> str:
    lines = [f"a0: &a0 {{k: v{version}}}"]
    for number in range(1, max(2, size // 60)):
        keys = ", ".join(f"k{key}: *a{number - 1}" for key in range(5))
        lines.append(f"a{number}: &a{number} {{{keys}}}")
    return "\n".join(lines)


def _merged(size: int, version: int) -> str:
    lines = [f"a0: &a0 {{k: v{version}}}"]
    for number in range(1, max(2, size // 30)):
        lines.append(f"a{number}: &a{number}\n  <<: *a{number - 1}\n  k{number}: 1")
    return "\n".join(lines)


def _ticks(size: int, version: int) -> str:
    parts, length = [f"# Alder {version}\n\n"], 0
    while length < size:
        parts.append("`" * (len(parts) % 180 + 1) + " a ")
        length += len(parts[-1])
    return "".join(parts)


def _staircase(size: int, version: int) -> str:
    lines, length, depth = [], 0, 0
    while length < size:
        lines.append(f"{'  ' * depth}- a{version}")
        length += len(lines[-1])
        depth += 1
    return "\n".join(lines)


def _table(columns: int) -> Callable[[int, int], str]:
    def made(size: int, version: int) -> str:
        head = "| " + " | ".join(f"SOC {number % 3 + 1}" for number in range(columns)) + " |\n"
        rule = "|" + "---|" * columns + "\n"
        row = (
            "| Service {n} | " + " | ".join("✓" if n % 2 else "–" for n in range(columns)) + " |\n"
        )
        return f"# Alder {version}\n\n{head}{rule}{_numbered(row, size, version)}"

    return made


def _footnotes(size: int, version: int) -> str:
    count = size // 40
    marks = " ".join(f"a[^{number}]" for number in range(count))
    notes = "\n".join(f"[^{number}]: note {version}" for number in range(count))
    return f"# Alder\n\n{marks}\n\n{notes}\n"


def _shuffled(unit: str) -> Callable[[int, int], str]:
    """Return lines whose order differs wholly between the versions:
    the hardest for a comparison by position.
    """

    def made(size: int, version: int) -> str:
        lines = [unit.replace("{n}", str(number)) for number in range(size // len(unit))]
        random.Random(version).shuffle(lines)
        return "# Alder Notes\n\n" + "".join(lines)

    return made


def _rewritten(size: int, version: int) -> str:
    """Return prose of a hundred words in an order of its own, one long paragraph."""
    draw = random.Random(version)
    words = [f"word{number}" for number in range(100)]
    return "# Alder Notes\n\n" + " ".join(draw.choice(words) for _ in range(size // 7)) + ".\n"


def _sentences(size: int, version: int) -> str:
    """Return many sentences of the same few words, each a little like every other."""
    draw = random.Random(version)
    words = [
        "the",
        "a",
        "data",
        "customer",
        "service",
        "is",
        "are",
        "held",
        "stored",
        "kept",
        "region",
        "encrypted",
        "audited",
        "by",
        "for",
    ]
    found, length = [], 0
    while length < size:
        found.append(" ".join(draw.choices(words, k=12)).capitalize() + ".")
        length += len(found[-1]) + 1
    return "# Alder Notes\n\n" + "\n\n".join(found)


def _json(depth: bool) -> Callable[[int, int], str]:
    def made(size: int, version: int) -> str:
        if depth:
            return "[" * (size // 2) + str(version) + "]" * (size // 2)
        return json.dumps([{"name": f"SOC {n}", "version": version} for n in range(size // 34)])

    return made


_MARKDOWN = {
    "openings of links": repeated("["),
    "openings of pictures": repeated("!["),
    "openings of links that never close": repeated("[a]("),
    "openings of pictures that never close": repeated("![a]("),
    "closings of links": repeated("](a) "),
    "links in links": nested("[", "](a)"),
    "pictures in pictures": nested("![", "](a)"),
    "link references": repeated("[a{n}]: /b{n}\n"),
    "labels without a reference": repeated("[a{n}][b{n}] "),
    "emphasis that never closes": repeated("*a **b "),
    "emphasis of both kinds": repeated("*a_b"),
    "stars": repeated("*"),
    "underlines": repeated("_a_"),
    "strikes": repeated("~~a~"),
    "backticks of every length": _ticks,
    "backslashes": repeated("\\"),
    "angles": repeated("<"),
    "openings of tags": repeated("<a "),
    "openings of comments": repeated("<!--"),
    "openings of instructions": repeated("<?"),
    "openings of declarations": repeated("<!A "),
    "entities": repeated("&#x41;"),
    "half entities": repeated("&#"),
    "automatic links": repeated("<http:a "),
    "bare addresses": repeated("http://a.{n}/ "),
    "one long address": repeated("a/", "# A\n\nhttps://alder.example/"),
    "broken addresses": repeated("[SOC 2 report](http://[::{n}) "),
    "quotes in quotes": repeated(">"),
    "quotes in quotes, line by line": repeated("> > > > > > > > > > a{n}\n"),
    "a staircase of lists": _staircase,
    "lists two deep": repeated("- a{n}\n  - b{v}\n"),
    "items in items on one line": repeated("- "),
    "numbers in numbers on one line": repeated("1. "),
    "loose items": repeated("- Alder Mail {n}\n\n"),
    "a table of many columns": _table(400),
    "a table of many rows": _table(3),
    "bars": repeated("|"),
    "headers without a table": repeated("|a|b|\n|-|\n"),
    "underlined headings": repeated("a{n}\n=\n"),
    "headings": repeated("###### SOC 2 {n}\n"),
    "headings within headings": repeated("# A\n## B\n### C\n#### D\n##### E\n###### F{n}\n"),
    "fences": repeated("```\n"),
    "notes of colons": repeated(":::note\n"),
    "notes of exclamation": repeated("!!! note\n    a{n}\n"),
    "notes in quotes": repeated("> [!NOTE]\n> SOC 2 {n}\n\n"),
    "footnotes": _footnotes,
    "openings of footnotes": repeated("[^a"),
    "terms": repeated("a{n}\n: b\n\n"),
    "raw elements": repeated("<div>\n\n"),
    "raw tables": repeated("<table><tr><td>\n\n"),
    "openings of templates": repeated("{{ "),
    "openings of statements": repeated("{% "),
    "openings of template comments": repeated("{# "),
    "templates": repeated("{{ _('a{n}') }} "),
    "attribute lists": repeated("{: .a} "),
    "includes": repeated("[!INCLUDE [a"),
    "components": repeated("<Aa "),
    "style sheets": repeated(".a{n}{b:c}\n", "# A\n\n<p>"),
    "imports": repeated("import 'a{n}'\n"),
    "spaces": repeated(" ", after=".\n"),
    "blank lines": repeated("\n"),
    "tabs": repeated("\t"),
    "one long word": repeated("a"),
    "soft hyphens": repeated("a\u00ad"),
    "combining marks": repeated("e\u0301\u0302\u0303"),
    "marks of footnotes": repeated("a* b† "),
    "openings of parentheses": repeated("("),
    "quotation marks": repeated("\" ' “ "),
    "full stops": repeated(". "),
    "initials": repeated("U.S. "),
    "commas": repeated("a, "),
}
_CLAIMS = {
    "a title of one name": repeated("Alder ", "# ", "\n\nAlder is certified to SOC 2.\n"),
    "standards in one line": repeated("ISO/IEC 27001, SOC 2, HIPAA, PCI DSS, ", "# A\n\nWe hold "),
    "levels in one line": repeated("Level 3 ", "# A\n\nAlder is certified to PCI DSS "),
    "many subjects": repeated("Alder Mail {n} is certified to ISO/IEC 27001:20{v}3.\n\n"),
    "many editions": repeated("Alder is certified to ISO/IEC 27001:{n}.\n\n"),
    "many services": repeated("- Alder Mail {n} {v}\n", "# A\n\nIn scope of SOC 2:\n\n"),
    "many notes": repeated("> [!NOTE]\n> Region {n} is excluded from SOC 2 {v}.\n\n"),
    "many documents": repeated("[SOC 2 report {n}](https://alder.example/{n}/{v}) \n\n"),
    "respectively": repeated("Alder {n} and ", "# A\n\n", " hold SOC 2 and HIPAA, respectively.\n"),
    "certified to": repeated("certified to "),
    "not": repeated("not ", "# A\n\nAlder is ", " certified to SOC 2.\n"),
    "formerly": repeated("(formerly Alder {n}) ", "# A\n\nAlder "),
    "dates": repeated("valid until 2024-01-0{v} "),
    "a number": repeated("9", "# A\n\nISO/IEC 27001:", " is held.\n"),
    "services in one sentence": repeated(
        "Mail {n}, ", "# A\n\nThe in-scope services are ", " x.\n"
    ),
    "one sentence": repeated("and Alder holds SOC 2 in region {n} "),
    "shuffled claims": _shuffled("Alder Mail {n} is certified to HIPAA.\n\n"),
    "shuffled lines": _shuffled("Line {n} says this and that.\n\n"),
    "shuffled items": _shuffled("- Alder Mail {n}\n"),
    "one rewritten paragraph": _rewritten,
    "sentences like each other": _sentences,
}
_FRONT = {
    "aliases of lists": front(_bomb),
    "aliases of keys": front(_keyed_bomb),
    "merged keys": front(_merged),
    "lists in lists": front(lambda size, version: f"a: {nested('[', ']')(size, version)}"),
    "keys in keys": front(lambda size, version: f"a: {nested('{a: ', '}')(size, version)}"),
    "keys": front(lambda size, version: _numbered("k{n}: {v}\n", size, version)),
    "dashes": front(lambda size, version: "- " * (size // 2) + f"a{version}"),
    "questions": front(lambda size, version: "? " * (size // 2) + f"a{version}"),
    "a quote that never closes": front(lambda size, version: 'a: "' + "b " * (size // 2)),
    "anchors": front(lambda size, version: _numbered("k{n}: &a{n} x{v}\n", size, version)),
    "rules of front matter": repeated("---\n", ""),
}
_HTML = {
    "elements in elements": nested_page("<div>", "</div>"),
    "elements that never close": page("<div>"),
    "paragraphs that never close": page("<p>SOC 2 {n}"),
    "crossed elements": page("<b><i>a</b></i>"),
    "inline elements in inline elements": nested_page("<b>", "</b>"),
    "links in links of HTML": page("<a href=x{n}>a"),
    "tables in tables": nested_page("<table><tr><td>", "</td></tr></table>"),
    "wide and high cells": page("<table><tr><td colspan=1000 rowspan=1000>a</table>"),
    "high cells": page("<tr><td rowspan=9999>a{n}"),
    "header rows": page("<tr><th colspan=999>a{n}</th></tr>"),
    "cells": page("<td>a{n}"),
    "lists in lists of HTML": nested_page("<ul><li>", "</li></ul>"),
    "quotes in quotes of HTML": nested_page("<blockquote>", "</blockquote>"),
    "terms in terms": nested_page("<dl><dd>", "</dd></dl>"),
    "notes in notes": nested_page('<div class="note">', "</div>"),
    "panels in panels": nested_page("<details><summary>a</summary>", "</details>"),
    "spans of icons": page('<span class="icon check"><span></span></span>'),
    "spans in spans of icons": nested_page('<span class="icon">', "</span>"),
    "pictures": page('<img alt="check{n}">'),
    "line breaks": page("a{n}<br>"),
    "attributes": lambda size, version: f"<main {_numbered('a{n}=b ', size, version)}>SOC 2</main>",
    "one long attribute": lambda size, version: (
        f'<main class="{"a " * (size // 2)}">SOC 2 {version}'
    ),
    "hidden elements": page('<div style="display:none">a{n}</div>'),
    "tables of contents": page('<div class="toc"><a href="#a{n}">a</a></div>'),
    "panels of tabs": page('<b role="tab" id=a{n}>a</b><p role="tabpanel" aria-labelledby=a{n}>b'),
    "marks of footnotes in HTML": page('<sup><a href="#a{n}">1</a></sup><p id=a{n}>b'),
    "the same id": page('<p id="a">SOC 2 {n}</p><a href="#a">x</a>'),
    "components with slots": page("<x-a><template shadowrootmode=open><slot></slot></template>b"),
    "components in components": nested_page(
        "<x-a><template shadowrootmode=open><slot></slot></template>", "</x-a>"
    ),
    "pictures of lines": nested_page("<svg><title>", "</title></svg>"),
    "facts of the head": lambda size, version: (
        "<html>"
        f"<head>{_numbered('<meta name=date{n} content={v}>', size, version)}</head><body>SOC 2"
    ),
    "forms": page("<form><input type=password><select><option>a{n}"),
    "frames": page("<iframe src=a{n}>"),
    "scripts that never close": page("<script>a{n}"),
    "comments that never close": page("<!-- a{n}"),
    "marked sections": page("<![CDATA[a{n}"),
    "headings of HTML": page("<h2>SOC 2 {n}</h2><p>a</p>"),
    "words of HTML": page("Alder is certified to SOC {n}. "),
    "entities of HTML": page("&amp;&lt;&#{n};"),
    "code in code": nested_page("<pre><code>", "</code></pre>"),
    "targets in targets": lambda size, version: (
        f"<html><body>{_numbered('<sup><a href=#a{n}>1</a></sup>', size // 2, version)}"
        f"{_numbered('<b id=a{n}>', size // 2, version)}b"
    ),
    "footnotes in footnotes": lambda size, version: (
        f"<html><body>{_numbered('<sup><a href=#a{n}>1</a></sup>', size // 2, version)}"
        f"{_numbered('<ul><li id=a{n}>b', size // 2, version)}"
    ),
    "tabs in tabs": page("<b role=tab id=a{n}>a<p role=tabpanel aria-labelledby=a{n}>b"),
    "footnotes in marks": nested_page("<sup>", "</sup>", "1"),
    "items in quotes": lambda size, version: (
        f"<html><body>{'<blockquote>' * (size // 24)}{_numbered('<li>a{n}', size // 2, version)}"
    ),
    "levels of headings": page('<p role="heading" aria-level="{n}">SOC 2 {n}</p><p>a</p>'),
    "a high cell far out": page("<tr><td colspan=900>a<td rowspan=9999>b<tr><td>c"),
    "nothing closes": page("<ul><li><b><table><tr><td><p><div>"),
}
_DATA = {
    "lists in lists of JSON": Text("", JSON, _json(depth=True)),
    "objects of JSON": Text("", JSON, _json(depth=False)),
    "rows of commas": Text("", CSV, repeated('a{n},"b",{v}\n', "name,standard,level\n")),
    "quotes of commas": Text("", CSV, repeated('"a""', "name\n")),
}

TEXTS: tuple[Text, ...] = (
    *(Text(name, MARKDOWN, made) for name, made in (_MARKDOWN | _CLAIMS | _FRONT).items()),
    *(Text(name, HTML, made) for name, made in _HTML.items()),
    *(Text(name, data.media_type, data.made) for name, data in _DATA.items()),
)

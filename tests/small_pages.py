"""Small pages, and what comes after them: from `cases/small-*.md`, put together and judged as a
look at them would be."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline import standards
from pipeline.config import Guard
from pipeline.model import (
    Changed,
    Failed,
    HeldBack,
    Known,
    Look,
    Outcome,
    Page,
    Snapshot,
    Unchanged,
)
from pipeline.track import judging
from pipeline.track.judging import Case
from pipeline.track.reader import Reader

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
URL = "https://www.site.example/trust"
CASES = Path(__file__).parent / "cases"
LIMITS = Guard(10, 0.5)
_MARK = re.compile(r"\[\[([\w -]+)\|(.*?)\]\]", re.DOTALL)
_PIECE = re.compile(r"<(h\d|p|li)>([^<]*)</\1>|^(#+) (.+)$|^([^#<\s].*)$", re.MULTILINE)
_TAG = re.compile(r"<[^>]+>")
TOP = (
    '<div class="c1"><a href="/">{name}</a> <a href="/tools">Tools</a> <a href="/work">Work '
    "here</a></div>"
)
END = (
    '<div class="c9"><p>{name} Ltd, 12 Harbour Row, Ashby.</p><p>Read our news in the post '
    "each month, "
    "or hear us at a fair near you.</p><p>All rights kept, 2026.</p></div>"
)
FRONT = (
    "<div><h1>Tools that people like</h1><p>{name} makes the work of a small office light. "
    "Try it for thirty days, and "
    "tell us what you miss.</p><p>Four thousand offices have left their old tools behind, "
    "and none went back.</p></div>"
)
FILLER = (
    "We looked in the cellar, under the stairs and behind the clock, and asked the neighbours. "
)
BADGE = '<div class="c8"><p>{name} is certified to ISO/IEC 27001.</p></div>'
DEUTSCH = (
    "Wir haben im Keller gesucht, unter der Treppe und hinter der Uhr, und die Nachbarn gefragt. "
)
OTHER_TOP = "<div><p>Welcome to our new house</p><p>Tools · Prices · People</p></div>"
OTHER_END = "<div><p>Made with care in Ashby.</p><p>Follow us where the birds sing.</p></div>"


@dataclass(frozen=True, slots=True)
class Small:
    """A page: its source, in which `[[standards|markup]]` marks a claim, and where and as what it
    is found."""

    name: str
    title: str
    source: str
    media_type: str = "text/html"
    url: str = URL
    redirects: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        """Return the page as it is sent."""
        return _MARK.sub(r"\2", self.source)

    @property
    def claims(self) -> list[str]:
        """Return the standards of its marked claims."""
        return [standard for standard, _ in _MARK.findall(self.source)]


def sections(file: str) -> dict[str, dict[str, str]]:
    """Return the cases of a file by name, each with its fields."""
    found = {}
    for case in (CASES / file).read_text(encoding="utf-8").strip().split("\n\n"):
        head, *lines = case.split("\n")
        pairs = (line.partition(": ") for line in lines)
        found[head.removeprefix("# ")] = {
            key: value.replace("\\n", "\n").replace("\\t", "\t") for key, _, value in pairs
        }
    return found


def pages() -> dict[str, Small]:
    """Return the small pages that are watched."""
    return {
        name.removeprefix("page "): _page(fields, fields["name"], fields["title"])
        for name, fields in sections("small-pages.md").items()
        if name.startswith("page ")
    }


def walls() -> dict[str, dict[str, str]]:
    """Return what may come in the place of a page."""
    found = sections("small-pages.md")
    return {name: fields for name, fields in found.items() if not name.startswith("page ")}


def wall(fields: dict[str, str], page: Small) -> Small:
    """Return what comes in a page's place."""
    if "cut" in fields:
        return _cut(page, fields["cut"])
    filled = {key: _of_page(text, page) for key, text in fields.items()}
    made = _page(filled, page.name, filled.get("title", ""))
    to = fields.get("url", URL)
    return replace(made, url=to, redirects=() if to == URL else (f"302 {URL}",))


def _of_page(text: str, page: Small) -> str:
    """Return a text with what it takes of the page itself: title, first heading, last sentence."""
    heading = re.search(r"<h1>([^<]*)|^# (.*)$", page.source, re.MULTILINE)
    last = re.findall(r"<p>([^<]*)</p>|^(\w.*)$", _MARK.sub("", page.source), re.MULTILINE)
    assert heading
    text = text.replace("{title}", page.title).replace("{h1}", heading[1] or heading[2])
    return text.replace("{last}", "".join(last[-1]) if last else "")


def _page(fields: dict[str, str], name: str, title: str) -> Small:
    title = title.replace("{name}", name)
    if "text" in fields:
        return Small(name, title, fields["text"], "text/markdown")
    source = fields.get("html") or whole(title, fields["body"])
    for place, text in (
        ("{top}", TOP),
        ("{end}", END),
        ("{front}", FRONT),
        ("{filler}", FILLER * 20),
        ("{deutsch}", DEUTSCH * 20),
        ("{badge}", BADGE),
        ("{title}", title),
        ("{name}", name),
    ):
        source = source.replace(place, text)
    return Small(name, title, source, fields.get("type", "text/html"))


def whole(title: str, body: str) -> str:
    """Return a whole page of HTML."""
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title></head>'
        f"<body>{body}</body></html>"
    )


def _cut(page: Small, where: str) -> Small:
    """Return a page that did not come whole: up to a claim or a paragraph, or into one."""
    claim = _MARK.search(page.source)
    assert claim
    if where == "within":
        source = page.source[: claim.start()] + claim[2][: len(claim[2]) // 2]
    elif where == "first":
        source = page.source[: claim.end()]
    else:
        source = page.source[: claim.start()]
    return replace(page, source=source)


# --------------------------------------------------------------------------- edits


def edited(fields: dict[str, str], page: Small) -> tuple[Small, set[str]]:
    """Return a page after an edit, and the standards that it dropped."""
    drop, claims = fields["drop"], page.claims
    gone = {"first": claims[:1], "last": claims[-1:], "two": claims[:2], "all": claims, "none": []}
    source = _without(page.source, gone[drop], fields.get("instead", ""))
    if "without" in fields:
        last = list(re.finditer(r"<p>[^<]*</p>|^\w.*$", source, re.MULTILINE))[-1]
        source = source[: last.start()] + source[last.end() :]
    if "title" in fields:
        source = source.replace(f"<title>{page.title}<", f"<title>{fields['title']}<")
    if "heading" in fields:
        source = re.sub(r"(<h1>|^# )[^<\n]*", rf"\1{fields['heading']}", source, count=1)
    source = _around(source, fields)
    if fields.get("frame") == "other":
        source = _reframed(source, page)
    media_type = page.media_type
    if "form" in fields:
        source, media_type = _formed(source, page, fields["form"])
    to = fields.get("url", URL)
    way = () if to == URL else (f"{fields['status']} {URL}",)
    return replace(page, source=source, media_type=media_type, url=to, redirects=way), set(
        gone[drop]
    )


def _without(source: str, gone: list[str], instead: str) -> str:
    for number, standard in enumerate(gone):
        mark = re.compile(r"\[\[" + standard + r"\|(.*?)\]\]", re.DOTALL)
        said = _TAG.sub("", instead) + "\n\n" if "<" not in source else instead
        source = mark.sub(said if number == 0 and instead else "", source)
    return source


def _around(source: str, fields: dict[str, str]) -> str:
    before, after = fields.get("before", ""), fields.get("after", "")
    if "<" not in source:
        before, after = (re.sub(r"(<[^>]+>)+", "\n\n", text) for text in (before, after))
        return f"{before}\n\n{source}\n\n{after}\n"
    start = re.search(r"<body>|</title>", source)
    assert start
    source = source[: start.end()] + before + source[start.end() :]
    end = source.rfind("</main>" if "</main>" in source else "</body>")
    end = end if end >= 0 else source.rfind("</html>")
    return source[:end] + after + source[end:]


def _reframed(source: str, page: Small) -> str:
    for old, new in ((TOP, OTHER_TOP), (END, OTHER_END)):
        source = source.replace(old.replace("{name}", page.name), "")
        place = "<body>" if new is OTHER_TOP else "</body>"
        source = source.replace(place, place + new if new is OTHER_TOP else new + place)
    return source


def _formed(source: str, page: Small, form: str) -> tuple[str, str]:
    """Return the same sentences as another site builder, or somebody who writes Markdown, would lay
    them out."""
    shown = _MARK.sub(r"\2", source)
    for frame in (TOP, END):
        shown = shown.replace(frame.replace("{name}", page.name), "")
    pieces = [
        (tag or ("h" + str(len(level)) if level else "p"), _TAG.sub("", text or title or line))
        for tag, text, level, title, line in _PIECE.findall(shown.partition("</title>")[2] or shown)
    ]
    if form == "markdown":
        marks = {"h1": "# ", "h2": "## ", "h3": "### ", "li": "- ", "p": ""}
        return "\n\n".join(marks[tag] + text for tag, text in pieces) + "\n", "text/markdown"
    made = []
    for tag, text in pieces:
        tag = {"h2": "h3", "li": "p"}.get(tag, tag)
        made.append(f'<div class="w-{len(made)}"><{tag} class="t">\n{text}\n</{tag}></div>')
    body = f'{OTHER_TOP}<div class="page">{"".join(made)}</div>{OTHER_END}'
    return whole(f"{page.title} · {page.name}", body), "text/html"


# --------------------------------------------------------------------------- judged


def capture(page: Small, hours: float = 0) -> Snapshot:
    """Return a look's capture of a page."""
    at = NOW + timedelta(hours=hours)
    page_watched = Page("trust", URL)
    body = page.body.encode()
    given = {"status": 200, "redirects": page.redirects}
    return Snapshot(page_watched, at, at, "live", page.url, page.media_type, body, **given)


def judged(before: Small, after: Small, reader: Reader) -> Outcome:
    """Return what a look at `after` is, when `before` was the last good capture."""
    good, now = capture(before), capture(after, 6)
    known = Known(digest=good.digest, size=len(good.body), snapshot=good, url=before.url)
    return judging.judge(reader, Case(Look(now.page, now.captured_at, now), known, LIMITS))


def removed(outcome: Outcome) -> set[str | None]:
    """Return the standards that an outcome says were removed."""
    if not isinstance(outcome, Changed):
        return set()
    changes = outcome.comparison.changes
    return {one.standard for one in changes if (one.change, one.kind) == ("removed", "standard")}


def watched(fields: dict[str, str]) -> dict[str, Small]:
    """Return the pages that a case is of: all, unless it names some."""
    known = pages()
    only = fields.get("only", " ".join(known)).split()
    return {name: page for name, page in known.items() if name in only}


def told(fields: dict[str, str], reader: Reader) -> dict[str, Outcome]:
    """Return the pages in whose place something comes that is taken for them,
    each with its outcome: none should be.
    """
    found = {
        name: judged(page, wall(fields, page), reader) for name, page in watched(fields).items()
    }
    return {name: one for name, one in found.items() if not isinstance(one, HeldBack | Failed)}


def untold(fields: dict[str, str], reader: Reader) -> dict[str, Outcome]:
    """Return the pages that stay themselves of which not exactly what they dropped is told,
    each with its outcome.
    """
    wrong = {}
    for name, page in watched(fields).items():
        after, dropped = edited(fields, page)
        claims = reader.reading(capture(page)).claims
        expected = dropped & {claim.standard for claim in claims if claim.kind == "standard"}
        outcome = judged(page, after, reader)
        kinds = Changed if expected else Changed | Unchanged
        if not isinstance(outcome, kinds) or removed(outcome) != expected:
            wrong[name] = outcome
    return wrong


def reader() -> Reader:
    """Return the reader in force."""
    return Reader(standards.load(), "test")

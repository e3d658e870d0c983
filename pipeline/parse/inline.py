"""Inline elements → runs of text: links, bold, line breaks, images, icons and footnote marks.

It knows what stands within a line; what the line is (a paragraph, an item,
a cell) is for its callers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline import words
from pipeline.parse import badges
from pipeline.parse.runs import BREAK, Run, Span
from pipeline.parse.tree import Node

_WITHIN = """a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr
output picture q rb rp rt ruby s samp small span strike strong sub sup svg time tt u var wbr br
img"""
_UNSEEN = """script style template noscript math iframe object embed canvas audio video source track
map area head link meta base title input select option optgroup datalist textarea progress meter
colgroup col"""
_BLOCKS = """address article aside blockquote body button caption center dd details dialog dir div
dl dt fieldset figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend
li main menu nav ol p pre root search section summary table tbody td tfoot th thead tr ul"""
TAGS = frozenset(_WITHIN.split())
BLOCKS = frozenset(_BLOCKS.split())
SILENT = frozenset(_UNSEEN.split())
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)")
_ICON = re.compile(
    r"(?:^|[\s_-])(?:icon|icons|fa|fas|far|fal|bi|glyphicon|material-icons|svg|tick|check"
    r"|checkmark|cross)(?=[\s_-]|$)"
)
_YES = re.compile(
    r"(?:^|[\s_-])(?:check|checked|checkmark|tick|ticked|yes|true|included|supported"
    r"|ok)(?=[\s_-]|$)"
)
_NO = re.compile(
    r"(?:^|[\s_-])(?:cross|no|times|xmark|false|unchecked|excluded|unsupported|close"
    r"|remove)(?=[\s_-]|$)"
)
_UNFOLDS = re.compile(r"accord\w*|collaps\w*|expand|toggle|tab|faq|question")
_PERMALINKS = ("¶", "#", "§", "🔗", "permalink", "link to this heading", "anchor", "back to top")
_FOOTNOTE = re.compile(
    r"\s*\[?(?:\d{1,3}|[a-z]|[*†‡§¶#]{1,4}|[ivx]{1,5})\]?(?:\s*,\s*\[?(?:\d{1,3}|[a-z])\]?)*\s*"
)


def within(tag: str) -> bool:
    """Return whether an element stands within a line;
    a component that no browser knows (`<Badge>`) does.
    """
    return tag in TAGS or not (tag in BLOCKS or "-" in tag)


def opens_panel(node: Node) -> bool:
    """Return whether an element is what a reader clicks to unfold an answer,
    a card or a tab: its title.
    """
    if not node.attrs or node.tag not in ("button", "div", "span", "a"):
        return False
    told = (
        node.get("aria-controls")
        or node.get("aria-expanded")
        or node.get("data-toggle")
        or node.get("data-bs-toggle")
    )
    return bool(
        told or node.get("role") == "tab" or (node.tag == "button" and _UNFOLDS.search(node.marks))
    )


_INNERMOST = 20
"""Inline elements around a text that count; more are elements that nobody closed."""


@dataclass(slots=True, eq=False)
class _Open:
    node: Node
    start: int
    url: str | None
    run: Run

    def span(self, run: Run) -> Span:
        """Return what it covers of a run: all so far, where it was opened before."""
        return Span(self.start if self.run is run else 0, run.length, self.url)


class Inline:
    """The run that is open, and the inline elements open in it."""

    def __init__(self) -> None:
        self.run = Run()
        self.opened: list[_Open] = []

    def say(self, text: str, line: int | None = None) -> None:
        """Take in text; its first word fixes the run's line."""
        if line is not None and self.run.line is None and text.strip():
            self.run.line = line
        self.run.add(text)

    def enter(self, node: Node, line: int | None = None) -> bool:
        """Open an inline element; return whether its content is to be read."""
        if node.tag == "br":
            self.run.add(BREAK)
        elif node.tag == "img":
            self.image(node, line)
        elif node.tag == "sup" and _FOOTNOTE.fullmatch(node.brief() or ""):
            self.mark(node, line)
            return False
        elif node.tag == "a" and "footnote" in node.marks + node.get("role") + node.get(
            "data-footnote-backref"
        ):
            return "back" not in node.marks + node.get("role")
        elif (
            node.tag == "a"
            and node.get("href").startswith("#")
            and words.squeeze(node.brief() or "").lower() in _PERMALINKS
        ):
            return False
        elif node.tag == "a" and node.get("href"):
            self.opened.append(_Open(node, self.run.length, node.get("href"), self.run))
        elif _is_apart(node):
            self.opened.append(_Open(node, self.run.length, None, self.run))
        elif node.tag in ("i", "span", "svg", "em"):
            return self.icon(node)
        elif node.tag not in TAGS and node.tag not in BLOCKS:
            self.component(node)
        return True

    def leave(self, node: Node) -> None:
        """Close an inline element."""
        if self.opened and self.opened[-1].node is node:
            self.run.spans.append(self.opened.pop().span(self.run))

    def image(self, node: Node, line: int | None) -> None:
        """Remember an image's text, which counts where nothing else is said."""
        alt = words.squeeze(node.get("alt") or node.get("aria-label")) or _glyph(
            f"{node.get('class')} {_stem(node.get('src'))}"
        )
        if alt:
            self.run.alts.append(alt)
            self.run.line = self.run.line or line

    def icon(self, node: Node) -> bool:
        """Take an icon for what it shows, unless text stands in it;
        return whether to read on within.
        """
        marks = node.get("class").lower()
        if node.tag != "svg" and (
            not (marks or node.get("aria-label")) or (node.children and node.says())
        ):
            return True
        said = words.squeeze(node.get("aria-label") or node.get("title") or _svg_title(node))
        if not said and _ICON.search(marks):
            said = _glyph(marks)
        if said:
            self.run.alts.append(said)
        return False

    def component(self, node: Node) -> None:
        """Take a component that no browser knows (`<Icon name="check"/>`,
        `<CheckIcon/>`) for the sign that its name says.
        """
        said = _glyph(
            " ".join(
                (
                    node.tag.removesuffix("icon"),
                    node.get("name"),
                    node.get("icon"),
                    node.get("type"),
                )
            )
        )
        if said:
            self.run.alts.append(said)

    def mark(self, node: Node, line: int | None) -> None:
        """Put a footnote mark where it stands, with the place that it points to."""
        link = node.first("a")
        target = link.get("href") if link is not None and link.get("href").startswith("#") else ""
        for sign in re.split(
            r"[\s,]+", words.squeeze(node.text()).replace("[", "").replace("]", "")
        ):
            self.say(f"\ue000{target}\ue002{sign}\ue001", line)

    def drop(self) -> None:
        """Forget the run, in which nothing can be read, and begin a new one."""
        if self.run.pieces or self.run.spans:
            self.run = Run()

    def take(self) -> Run:
        """Return the run, and begin a new one in which the open elements go on."""
        run, self.run = self.run, Run()
        run.spans += [opened.span(run) for opened in self.opened[-_INNERMOST:]]
        return run


def _is_apart(node: Node) -> bool:
    """Return whether an element's text is set off from the rest of its line."""
    bold = node.tag in ("b", "strong") or bool(_BOLD.search(node.get("style")))
    return bold or (badges.OPENING in node.attrs)


def _glyph(marks: str) -> str:
    marks = marks.lower()
    return "✗" if _NO.search(marks) else "✓" if _YES.search(marks) else ""


def _stem(path: str) -> str:
    return path.rpartition("/")[2].partition(".")[0]


def _svg_title(node: Node) -> str:
    title = node.first("title") if node.tag == "svg" else None
    return (title.brief() or "") if title is not None else ""

"""Tree → the content of a page: without navigation, banners, hidden elements and forms.

Reads tags, classes, ids and roles.

It knows no vendor's page. Where nothing marks the content,
it keeps all that does not read like navigation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.parse import badges, panels
from pipeline.parse.tree import Node

_DROPPED = frozenset(["nav", "script", "style", "template", "noscript", "iframe", "dialog", "head"])
_PLAIN_SERVING = _DROPPED | {"header", "footer", "aside", "form"}
_ROLES = frozenset(
    [
        "navigation",
        "banner",
        "contentinfo",
        "search",
        "dialog",
        "alertdialog",
        "menu",
        "menubar",
        "tooltip",
    ]
)
_CONTENT_TAGS = (
    "html body main article h1 h2 h3 h4 h5 h6 p table thead tbody tr td th li pre code dl dt dd"
)
_CONTENT = frozenset(_CONTENT_TAGS.split())
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_ALWAYS = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|onetrust|breadcrumbs?|skip-?(?:link|links|nav|to-\w+)"
    r"|headerlink|noprint|screen-reader-skip|"
    r"slick-cloned|swiper-slide-duplicate)(?=[\s_-]|$)"
)
_FOLDED = re.compile(
    r"(?:^|[\s_-])(?:accordions?|collaps\w+|expand\w*|faqs?|tab-?(?:pane|panel|content)"
    r"|carousel|slide|slick|swiper)(?=[\s_-]|$)"
)
"""Words of classes for what a reader unfolds, or slides into view."""
_SERVING = re.compile(
    r"(?:^|[\s_-])(?:toc|table-of-contents|on-this-page|feedback|share|sharing|social"
    r"|pagination|pager|sidebar|sidenav|subnav|navbar|nav|"
    r"navigation|menu|footer|site-header|page-header|masthead|back-to-top|newsletter"
    r"|subscribe|related|edit-this-page|prev-next|promo|ratings?)"
    r"(?=[\s_-]|$)"
)
_CONTENT_IDS = (
    "main-content",
    "maincontent",
    "main",
    "content",
    "main_content",
    "page-content",
    "article",
    "primary",
)
_SMALL = 0.25
"""An element that is marked as the content but holds less of the page's text
than this is marked wrongly."""
_DENSE = 0.6
"""Of a text that is there to lead elsewhere, more than this is links."""
_SHORT = 200
_MUCH = 0.5


@dataclass(slots=True)
class _Size:
    """How much text an element holds, how much of it in links, how many links,
    and whether headings."""

    text: int = 0
    linked: int = 0
    links: int = 0
    headings: int = 0

    @property
    def leads_elsewhere(self) -> bool:
        return self.text <= _SHORT or self.linked > _DENSE * self.text


def content(root: Node) -> Node:
    """Return the element that holds the content, without what is none."""
    nodes = pruned(root).all()
    sizes = _measured(nodes)
    body = next((node for node in nodes if node.tag == "body"), root)
    for found in _marked(nodes):
        if sizes[id(found)].text >= _SMALL * sizes[id(body)].text:
            _append_footers(found, nodes)
            return found
    _without_link_lists(body, sizes)
    return body


def _append_footers(found: Node, nodes: list[Node]) -> None:
    """Append what the page's footers say to its content, where they stand beside it."""
    inner = {id(node) for node in found.elements()}
    for node in nodes:
        if id(node) in inner or (node.tag != "footer" and badges.CLOSING not in node.attrs):
            continue
        said = node if badges.CLOSING in node.attrs else badges.footer(node)
        if said is not None and not any(below is found for below in node.elements()):
            found.append(said)


def pruned(root: Node) -> Node:
    """Return the same tree without what is no content."""
    nodes = root.all()
    if panels.label(nodes):
        nodes = root.all()
    sizes, shown = _measured(nodes), panels.controlled(nodes)
    whole = sizes[id(root)]
    for node in nodes:
        out = {
            id(child)
            for child in node.children
            if isinstance(child, Node)
            and (child.attrs or child.tag in _PLAIN_SERVING)
            and _surrounds(child, sizes[id(child)], whole, shown)
        }
        if not out:
            continue
        kept: list[Node | str] = []
        for child in node.children:
            if isinstance(child, str) or id(child) not in out:
                kept.append(child)
            elif said := _closing(child, sizes, whole):
                kept.append(said)
        node.children = kept
    return root


def _closing(node: Node, sizes: dict[int, _Size], whole: _Size) -> Node | None:
    """Return what a page's footer says of the vendor,
    None where an element is none or says nothing."""
    is_footer = node.tag == "footer" or node.get("role") == "contentinfo"
    if not is_footer or _is_hidden(node, sizes[id(node)], whole):
        return None
    return badges.footer(node)


def _marked(nodes: list[Node]) -> list[Node]:
    """Return the elements that are said to be the content, each the only one of its sort."""
    sorts: dict[str, list[Node]] = {
        "main": [],
        "role": [],
        "article": [],
        **{f"#{name}": [] for name in _CONTENT_IDS},
    }
    for node in nodes:
        if not node.attrs and node.tag not in ("main", "article"):
            continue
        if node.tag in ("main", "article"):
            sorts[node.tag].append(node)
        if node.get("role") == "main":
            sorts["role"].append(node)
        if node.get("id").lower() in _CONTENT_IDS and node.tag in ("div", "section", "td"):
            sorts[f"#{node.get('id').lower()}"].append(node)
    return [found[0] for found in sorts.values() if len(found) == 1]


def _measured(nodes: list[Node]) -> dict[int, _Size]:
    """Return the size of every element, by identity, children counted into parents."""
    sizes: dict[int, _Size] = {}
    nothing = _Size()
    for node in reversed(nodes):
        if not node.children:
            sizes[id(node)] = nothing
            continue
        text = linked = links = headings = 0
        for child in node.children:
            if isinstance(child, str):
                text += len(child.strip())
                continue
            inner, tag = sizes[id(child)], child.tag
            text += inner.text
            linked += inner.text if tag == "a" else inner.linked
            links += (tag == "a") + inner.links
            headings += (tag == "h1" or tag == "h2") + inner.headings
        sizes[id(node)] = _Size(text, linked, links, headings)
    return sizes


def _surrounds(node: Node, size: _Size, whole: _Size, shown: set[str]) -> bool:
    """Return whether an element is hidden, or serves the page rather than its content."""
    if node.tag in _DROPPED or node.get("role") in _ROLES:
        return True
    if _is_hidden(node, size, whole) and not (
        node.get("id") in shown or node.get("role") == "tabpanel" or _FOLDED.search(node.marks)
    ):
        return True
    if node.tag in _CONTENT or size.text > max(_MUCH * whole.text, _SHORT * (node.tag == "form")):
        return False
    if node.tag == "form" and size.text < max(_SHORT, _SMALL * whole.text) and not size.headings:
        return True
    if node.tag in ("header", "footer", "aside") and _outside_content(node) and not size.headings:
        return True
    if node.get("role") == "complementary" or (node.tag == "aside" and not node.marks.strip()):
        return size.leads_elsewhere and size.links > 1
    serving = size.links > 0 and not size.headings and size.leads_elsewhere
    return _named_away(node.marks, serving)


def _named_away(marks: str, serving: bool) -> bool:
    """Return whether classes and ids say that an element is none of the content,
    or, of one that may serve, that it does."""
    return len(marks) > 1 and bool(_ALWAYS.search(marks) or (serving and _SERVING.search(marks)))


def _is_hidden(node: Node, size: _Size, whole: _Size) -> bool:
    if node.get("aria-hidden") == "true" and size.text < _MUCH * whole.text:
        # A page behind an open dialog is hidden from a screen reader alone,
        # and is most of the text.
        return True
    if "hidden" in node.attrs and node.get("hidden") != "until-found":
        return True
    return "style" in node.attrs and bool(_HIDDEN.search(node.attrs["style"]))


def _outside_content(node: Node) -> bool:
    at = node.parent
    for _ in range(50):
        if at is None:
            break
        if at.tag in ("main", "article", "section"):
            return False
        at = at.parent
    return True


def _without_link_lists(body: Node, sizes: dict[int, _Size]) -> None:
    """Take out, beside the path to most of the text, boxes that are mostly links:
    menus that nothing marks as such."""
    at = body
    while True:
        boxes = [child for child in at.children if isinstance(child, Node)]
        menus = {
            id(box)
            for box in boxes
            if box.tag in ("div", "section") and _is_menu(sizes[id(box)], sizes[id(body)])
        }
        at.children = [
            child for child in at.children if isinstance(child, str) or id(child) not in menus
        ]
        inner = next(
            (
                box
                for box in boxes
                if sizes[id(box)].text > 0.7 * sizes[id(body)].text
                and box.tag in ("div", "section")
            ),
            None,
        )
        if inner is None:
            return
        at = inner


def _is_menu(size: _Size, whole: _Size) -> bool:
    return (
        size.links >= 4
        and size.linked > _DENSE * size.text
        and not size.headings
        and size.text < 0.3 * whole.text
    )

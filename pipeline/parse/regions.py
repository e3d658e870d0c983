"""Tree → the content of a page: without navigation, banners, hidden elements and forms. Reads classes, ids and roles.

It knows no vendor's page; where nothing marks the content it keeps what holds most of the text.
"""

from __future__ import annotations

import re

from pipeline.parse.tree import Node

_DROPPED = frozenset(["nav", "script", "style", "template", "noscript", "iframe", "dialog"])
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_ROLES = frozenset(
    ["navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "menu", "menubar", "tooltip", "complementary"]
)
_MARKS = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr-banner|onetrust|breadcrumbs?|skip-?(?:link|nav|to-\w+)?|toc|table-of-contents|on-this-page|feedback|"
    r"share|sharing|social|pagination|pager|sidebar|sidenav|side-nav|subnav|sub-nav|navbar|navigation|site-(?:header|footer)|page-footer|"
    r"back-to-top|newsletter|related-(?:articles|posts|content)|edit-this-page|in-page-nav\w*|prev-next|headerlink|anchor-link|heading-anchor)"
    r"(?=[\s_-]|$)"
)
_CONTENT_IDS = ("main-content", "maincontent", "main", "content", "main_content", "page-content", "article", "primary")
_SMALL = 0.25
"""A region that is marked as content but holds less of the page's text than this is marked wrongly."""


def main(root: Node) -> Node:
    """Return the element that holds the content, or the whole body."""
    body = next((node for node in root.elements() if node.tag == "body"), root)
    for found in (_by_tag(body, "main"), _by_role(body), _by_tag(body, "article"), _by_id(body)):
        if len(found) == 1 and _length(found[0]) >= _SMALL * _length(pruned(body)):
            return found[0]
    return body


def _by_tag(body: Node, tag: str) -> list[Node]:
    return [node for node in body.elements() if node.tag == tag]


def _by_role(body: Node) -> list[Node]:
    return [node for node in body.elements() if node.get("role") == "main"]


def _by_id(body: Node) -> list[Node]:
    named = [node for node in body.elements() if node.get("id").lower() in _CONTENT_IDS and node.tag in ("div", "section", "td")]
    return sorted(named, key=lambda node: _CONTENT_IDS.index(node.get("id").lower()))[:1]


def _length(node: Node) -> int:
    return len(" ".join(node.text().split()))


def pruned(root: Node) -> Node:
    """Return the same tree without what is no content."""
    for node in root.elements():
        node.children = [child for child in node.children if isinstance(child, str) or not _surrounds(child, root)]
    return root


def _surrounds(node: Node, root: Node) -> bool:
    """Return whether an element is hidden, or serves the page rather than its content."""
    if node.tag in _DROPPED or node.get("role") in _ROLES or _is_hidden(node):
        return True
    if node.tag in ("header", "footer", "aside") and root.tag not in ("main", "article") and not node.first("h1"):
        return _outside_content(node)
    if node.tag in ("body", "main", "article", "html", "h1", "h2", "h3", "tr", "td", "th", "li", "p", "table"):
        return False
    return bool(_MARKS.search(node.marks)) and not node.first("h1")


def _is_hidden(node: Node) -> bool:
    return "hidden" in node.attrs or node.get("aria-hidden") == "true" or bool(_HIDDEN.search(node.get("style")))


def _outside_content(node: Node) -> bool:
    at = node.parent
    while at is not None:
        if at.tag in ("main", "article", "section"):
            return False
        at = at.parent
    return True

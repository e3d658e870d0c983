"""HTML → its content's tree, its title and its meta pairs, without what surrounds the content.

It knows how pages are laid out; what the content means is read by the same walk as Markdown's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import soupsieve
from bs4 import BeautifulSoup, Tag

from pipeline import errors, words
from pipeline.model import Page
from pipeline.parse import badges, leftovers, regions, shadows, site, tree

_META = re.compile(
    r"^(?:description|keywords|author|manager|owner|reviewer|copyright|version|revised|language"
    r"|(?:\w+[._:-])*(?:(?:last|date|page|content|publish|published|modified|updated|reviewed"
    r"|created|issued|effective|expir\w+)[._-]?)*"
    r"(?:date|modified|updated|published|created|issued|reviewed|reviewer|author|owner"
    r"|manager|modified_time|published_time|updated_at)"
    r"|ms\.(?:topic|service|prod|subservice|reviewer|collection)|dc(?:terms)?\.\w+"
    r"|og:updated_time)$",
    re.IGNORECASE,
)
_SHADOW = "shadowrootmode"
_DESCRIPTIONS = (
    "description",
    "og:description",
    "dc.description",
    "dcterms.description",
    "twitter:description",
)


@dataclass(frozen=True, slots=True)
class Content:
    """What is kept of an HTML page."""

    tree: tree.Node
    title: str | None
    meta: tuple[tuple[str, str], ...]
    names: tuple[str, ...] = ()


def content(text: str, page: Page) -> Content:
    """Return a page's content; `page.selector` chooses it and `page.ignore` takes parts out."""
    source = leftovers.strip(text)
    whole, nodes = shadows.composed(tree.read(source))
    told = [node for node in nodes if node.tag in ("meta", "title")]
    title, meta, names = _title(told), _meta(told), site.names(nodes)
    badges.separate(nodes)
    chosen = _ruled(source, whole, page) if page.selector or page.ignore else whole
    kept = regions.pruned(chosen) if page.selector else regions.content(chosen)
    pairs = (*((("title", title),) if title else ()), *meta)
    return Content(kept, title, pairs, names)


def _ruled(source: str, whole: tree.Node, page: Page) -> tree.Node:
    """Return the tree of what the page's CSS rules leave; they look into components too."""
    soup = BeautifulSoup(tree.html(whole) if _SHADOW in source else source, "lxml")
    for rule in page.ignore:
        for element in _select(soup, rule, page):
            element.decompose()
    if not page.selector:
        return tree.convert([soup])
    found = _select(soup, page.selector, page)
    if not found:
        raise errors.ParseError(
            f'selector "{page.selector}" of page "{page.id}" matches nothing: '
            "fix it, or leave it out"
        )
    chosen = {id(element) for element in found}
    return tree.convert(
        [element for element in found if not any(id(above) in chosen for above in element.parents)]
    )


def _select(soup: BeautifulSoup, rule: str, page: Page) -> list[Tag]:
    try:
        return list(soup.select(rule))
    except soupsieve.SelectorSyntaxError as error:
        raise errors.ParseError(
            f'"{rule}" of page "{page.id}" is no CSS selector: {str(error).splitlines()[0]}'
        ) from error


def _title(told: list[tree.Node]) -> str | None:
    """Return og:title, else the title, as printed."""
    shared, own = "", ""
    for node in told:
        if node.tag == "meta" and node.get("property") == "og:title":
            shared = shared or words.squeeze(node.get("content"))
        elif (
            node.tag == "title" and not own and node.parent is not None and node.parent.tag != "svg"
        ):
            own = words.squeeze(node.text())
    return shared or own or None


def _meta(told: list[tree.Node]) -> tuple[tuple[str, str], ...]:
    """Return the description, then authors, owners and dates, in page order and each key once."""
    pairs: dict[str, str] = {}
    for node in told:
        if node.tag == "meta":
            key = (node.get("name") or node.get("property") or node.get("itemprop")).strip()
            value = words.squeeze(node.get("content"))
            if key and value:
                pairs.setdefault(key, value)
    by_fold = {key.lower(): value for key, value in reversed(pairs.items())}
    description = next((by_fold[key] for key in _DESCRIPTIONS if key in by_fold), None)
    rest = [
        (key, value)
        for key, value in pairs.items()
        if _META.match(key) and key.lower() not in _DESCRIPTIONS
    ]
    return (*((("description", description),) if description else ()), *rest)

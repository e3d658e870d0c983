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
from pipeline.parse import leftovers, regions, tree

_META = re.compile(
    r"^(?:description|keywords|author|manager|owner|reviewer|copyright|version|revised|language"
    r"|(?:\w+[._:-])*(?:(?:last|date|page|content|publish|published|modified|updated|reviewed|created|issued|effective|expir\w+)[._-]?)*"
    r"(?:date|modified|updated|published|created|issued|reviewed|reviewer|author|owner|manager|modified_time|published_time|updated_at)"
    r"|ms\.(?:topic|service|prod|subservice|reviewer|collection)|dc(?:terms)?\.\w+|og:updated_time)$",
    re.IGNORECASE,
)
_DESCRIPTIONS = ("description", "og:description", "dc.description", "dcterms.description", "twitter:description")
_SUFFIX = re.compile(r"\s+(?:[|–—·•»-]|::)\s+")


@dataclass(frozen=True, slots=True)
class Content:
    """What is kept of an HTML page."""

    tree: tree.Node
    title: str | None
    meta: tuple[tuple[str, str], ...]


def content(text: str, page: Page) -> Content:
    """Return a page's content; `page.selector` chooses it and `page.ignore` takes parts out."""
    soup = tree.soup(leftovers.strip(text))
    title, meta = _title(soup), _meta(soup)
    root = tree.convert(_selected(soup, page))
    chosen = regions.pruned(root) if page.selector else regions.content(root)
    return Content(chosen, title, (*((("title", title),) if title else ()), *meta))


def _selected(soup: BeautifulSoup, page: Page) -> list[Tag]:
    """Return the elements that the page's rules choose; the whole page without rules."""
    for rule in page.ignore:
        for element in _select(soup, rule, page):
            element.decompose()
    if not page.selector:
        return [soup]
    found = _select(soup, page.selector, page)
    if not found:
        raise errors.ParseError(f'selector "{page.selector}" of page "{page.id}" matches nothing: mend it, or leave it out')
    outer = {id(element) for element in found}
    return [element for element in found if not any(id(above) in outer for above in element.parents)]


def _select(soup: BeautifulSoup, rule: str, page: Page) -> list[Tag]:
    try:
        return list(soup.select(rule))
    except soupsieve.SelectorSyntaxError as error:
        raise errors.ParseError(f'"{rule}" of page "{page.id}" is no CSS selector: {str(error).splitlines()[0]}') from error


def _title(soup: BeautifulSoup) -> str | None:
    """Return og:title, else the title without the site's name where the first heading tells which part that is."""
    shared = soup.find("meta", attrs={"property": "og:title"})
    if isinstance(shared, Tag) and words.squeeze(str(shared.get("content") or "")):
        return words.squeeze(str(shared.get("content")))
    element = soup.find("title")
    title = words.squeeze(element.get_text()) if isinstance(element, Tag) and not element.find_parent("svg") else ""
    heading = soup.find("h1")
    name = words.squeeze(heading.get_text()) if isinstance(heading, Tag) else ""
    if name and name != title and name in _SUFFIX.split(title):
        return name
    return title or None


def _meta(soup: BeautifulSoup) -> tuple[tuple[str, str], ...]:
    """Return the description, then authors, owners and dates, in page order and each key once."""
    pairs: dict[str, str] = {}
    for element in soup.find_all("meta"):
        key = str(element.get("name") or element.get("property") or element.get("itemprop") or "").strip()
        value = words.squeeze(str(element.get("content") or ""))
        if key and value:
            pairs.setdefault(key, value)
    by_fold = {key.lower(): value for key, value in reversed(pairs.items())}
    description = next((by_fold[key] for key in _DESCRIPTIONS if key in by_fold), None)
    rest = [(key, value) for key, value in pairs.items() if _META.match(key) and key.lower() not in _DESCRIPTIONS]
    return (*((("description", description),) if description else ()), *rest)

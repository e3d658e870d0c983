"""A page's whole tree → what the site calls itself, by places that do not depend on each other.

The site's name and the organisation in the page's metadata, the picture at the top, the copyright
line, the end of the title: a page's text may speak of anybody, but two of these agree only on whose
page it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from pipeline import words
from pipeline.parse.tree import Node

PARTS = re.compile(r"\s+(?:[|–—·•»-]|::)\s+")
"""What stands between a title's parts: the page's subject, the section, the site."""
_SITE = ("og:site_name", "application-name", "apple-mobile-web-app-title")
_OWNERS = re.compile(
    r"organi[sz]ation|corporation|website|business|softwareapplication|webapplication"
)
_LOGO = re.compile(r"\blogo\b|\bbrand\b", re.IGNORECASE)
_PICTURE = re.compile(r"\b(?:home ?page|home|logo(?:type|mark)?|icon|brand)\b", re.IGNORECASE)
_RIGHTS = re.compile(
    r"(?:©|\(c\)|copyright)[\s©,]*(?:\d{4}(?:\s*[-–—]\s*(?:\d{4}|present))?)?[\s,]*(?:by )?"
    r"(?P<name>[^.|·•©\n]{2,60}?)\s*(?:,? \d{4}|[.|·•]|,? (?:all|alle|tous|todos|tutti) |$)",
    re.IGNORECASE,
)
_FORM = re.compile(
    r",? (?:inc|llc|ltd|limited|plc|corp|corporation|co|gmbh|ag|ug|eg|ggmbh|kg|se|sas|sarl|sa"
    r"|srl|spa|bv|nv|as|ab|oy|uab|lp|llp|pty)"
    r"\b\.?(?: & co\.? kg)?\.?$",
    re.IGNORECASE,
)
_LONGEST = 60
_MOST_DATA = 200_000
"""Characters of embedded data beyond which it is a catalogue of goods
and not a word about the site.
"""


def names(nodes: Iterable[Node]) -> tuple[str, ...]:
    """Return what the site calls itself in all elements of its page, the best proved first.

    Names that only one place gives come from metadata alone.
    Legal forms are left out ("Acme GmbH" is Acme where another place says Acme).
    """
    told: dict[str, dict[str, str]] = {}
    for place, name in _told(nodes):
        # A builder that writes the page's title where the site's name belongs ends it
        # with the site's all the same.
        name = PARTS.split(words.squeeze(name))[-1]
        if 1 < len(name) <= _LONGEST:
            told.setdefault(place, {}).setdefault(_key(name), name)
    proved: dict[str, tuple[int, str]] = {}
    for place in ("site", "data", "logo", "rights", "title"):
        for key, name in told.get(place, {}).items():
            count = sum(key in others for others in told.values())
            if count > 1 or place in ("site", "data"):
                proved.setdefault(key, (count, _FORM.sub("", name)))
    ordered = sorted(proved.values(), key=lambda found: -found[0])
    return tuple(name for _, name in ordered)


def _key(name: str) -> str:
    return words.fold(_FORM.sub("", name))


def _told(nodes: Iterable[Node]) -> Iterator[tuple[str, str]]:
    """Yield the places where a site says its name, and what stands there."""
    for node in nodes:
        if node.tag == "meta" and (node.get("property") or node.get("name")).lower() in _SITE:
            yield "site", node.get("content")
        elif node.tag == "script" and node.get("type").lower() == "application/ld+json":
            yield from (("data", name) for name in _organisations(node.text()))
        elif node.tag == "title" and node.parent is not None and node.parent.tag != "svg":
            yield from (("title", part) for part in PARTS.split(words.squeeze(node.text()))[1:])
        elif node.tag in ("img", "svg") and _is_logo(node):
            yield "logo", _PICTURE.sub("", node.get("alt") or node.get("aria-label"))
        else:
            for child in node.children:
                if isinstance(child, str) and (name := _owner(child[:400])):
                    yield "rights", name


def _owner(text: str) -> str | None:
    """Return whose rights a text reserves.

    One that holds no sign of it, as nearly all, is not looked through for a line.
    """
    said = text.lower()
    if "©" not in said and "copyr" not in said and "(c)" not in said:
        return None
    found = _RIGHTS.search(text)
    return found["name"] if found else None


def _is_logo(node: Node) -> bool:
    """Return whether a picture is the site's own: it or what it stands
    in is called so, or it links home.
    """
    above = [node]
    while len(above) < 3 and above[-1].parent is not None:
        above.append(above[-1].parent)
    if any(_LOGO.search(f"{one.marks.replace('_', ' ')} {one.get('src')}") for one in above):
        return True
    return any(one.tag == "a" and one.get("href") == "/" for one in above)


def _organisations(text: str) -> Iterator[str]:
    """Yield the names of organisations, sites and applications in embedded data;
    broken data has none.
    """
    if len(text) > _MOST_DATA:
        return
    try:
        waiting: list[Any] = [json.loads(text)]
    except (ValueError, RecursionError):
        return
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting += item
        elif isinstance(item, dict):
            kind, name = str(item.get("@type", "")).lower(), item.get("name")
            if isinstance(name, str) and _OWNERS.search(kind):
                yield name
            waiting += [item[key] for key in ("@graph", "publisher", "isPartOf") if key in item]

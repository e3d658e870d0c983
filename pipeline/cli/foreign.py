"""What other tools export → rows of pages to add: changedetection.io,
urlwatch and webchanges, OPML, sitemaps.

Which it is, the text itself says. What such a list has beside addresses and names (filters,
intervals) is not taken over.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from pipeline import errors

PLACE = "standard input"
LISTS = ("watching", "data", "jobs")
"""Where changedetection.io, Distill and Visualping have their list."""
NAMES = ("name", "title", "description")
Found = Iterator[tuple[str, dict[str, str]]]


def read(text: str) -> list[tuple[str, dict[str, str]]] | None:
    """Return the pages of an export, each with its place and fields.

    None where a text is none: a list, or a CSV.

    Raise ConfigError where it is broken, or one of an unknown kind.
    """
    begins = text.lstrip("\ufeff \t\r\n")[:1]
    reader: Callable[[str], Found] | None = {"{": _json, "[": _json, "<": _xml}.get(begins)
    if reader is None and _is_yaml(text):
        reader = _yaml
    if reader is None:
        return None
    found = [(f"{PLACE}, {where}", fields) for where, fields in reader(text)]
    if not found:
        raise errors.ConfigError((f"{PLACE}: names no page; give another file",))
    return found


def _json(text: str) -> Found:
    """Yield the pages of changedetection.io, whose export and API list watches by their ids, of
    Distill and of Visualping.
    """
    try:
        whole = json.loads(text)
    except ValueError as error:
        raise errors.ConfigError((f"{PLACE}: is not JSON: {error}; export it again",)) from error
    watching = whole
    if isinstance(whole, dict):
        watching = next((whole[key] for key in LISTS if key in whole), whole)
    pairs = watching.items() if isinstance(watching, dict) else enumerate(watching, 1)
    for key, watch in pairs:
        if isinstance(watch, str):
            yield f"entry {key}", {"url": watch}
        elif isinstance(watch, dict) and isinstance(watch.get("url") or watch.get("uri"), str):
            yield f"entry {key}", _named(watch.get("url") or watch["uri"], watch)


def _is_yaml(text: str) -> bool:
    lines = [line.strip() for line in text.splitlines()]
    keys = ("url:", "navigate:", "- url:", "- navigate:", "name:", "kind:", "---")
    first = next((line for line in lines if line and not line.startswith("#")), "")
    return first.startswith(keys) and any(line.lstrip("- ").startswith(keys[:2]) for line in lines)


def _yaml(text: str) -> Found:
    """Yield the jobs of urlwatch or webchanges: one a document;
    their own tags (`!shell`) are no pages.
    """
    import yaml

    class Loader(yaml.SafeLoader):
        """Takes the jobs' own tags for nothing; those that would build objects stay errors."""

    Loader.add_multi_constructor("!", lambda *_: None)
    try:
        documents = list(yaml.load_all(text, Loader=Loader))
    except yaml.YAMLError as error:
        said = " ".join(str(error).split())
        raise errors.ConfigError((f"{PLACE}: is not YAML: {said}; correct that line",)) from error
    jobs = [job for one in documents for job in (one if isinstance(one, list) else [one])]
    for number, job in enumerate(jobs, 1):
        url = isinstance(job, dict) and (job.get("url") or job.get("navigate"))
        if isinstance(url, str):
            yield f"job {number}", _named(url, job)


def _named(url: str, about: dict[str, Any]) -> dict[str, str]:
    name = next((about[key] for key in NAMES if about.get(key)), "")
    return {"url": url.strip(), "slug": str(name)}


def _xml(text: str) -> Found:
    """Yield the pages of an OPML or a sitemap."""
    root = _root(text.encode(), PLACE)
    for number, element in enumerate(root.iter("{*}outline", "{*}loc"), 1):
        if _name(element) == "loc":
            yield f"entry {number}", {"url": (element.text or "").strip()}
        elif url := element.get("htmlUrl") or element.get("url") or element.get("xmlUrl"):
            name = element.get("title") or element.get("text") or ""
            yield f"entry {number}", {"url": url.strip(), "slug": name}


def _root(body: bytes, place: str) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        reason = f"is neither OPML nor a sitemap: {error}; export it again"
        raise errors.ConfigError((f"{place}: {reason}",)) from error


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2].lower()

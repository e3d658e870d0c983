"""Sitemap → the addresses of the pages in it, and in those that it names. Guarded as every look."""

from __future__ import annotations

import zlib
from datetime import datetime

from pipeline.errors import SourceError
from pipeline.model import Known, Page
from pipeline.sources import look
from pipeline.sources.client import Client

MAPS, ADDRESSES = 50, 50_000
"""So many sitemaps that one names are read, and so many addresses are taken."""
LARGEST = 50_000_000
"""Bytes of a packed sitemap when unpacked: what the protocol allows."""


def sitemap(url: str, *, now: datetime, client: Client) -> list[str]:
    """Return the addresses in a sitemap and in those that it names, each once, in their order.

    Raise SourceError where one cannot be had, or is none.
    """
    waiting, done, found = [url], set[str](), dict[str, None]()
    while waiting and len(done) < MAPS and len(found) < ADDRESSES:
        address = waiting.pop(0)
        done.add(address)
        maps, pages = parsed(_got(address, now, client), address)
        waiting += [one for one in maps if one not in done and one not in waiting]
        found |= dict.fromkeys(pages)
    return list(found)[:ADDRESSES]


def parsed(body: bytes, place: str) -> tuple[list[str], list[str]]:
    """Return the sitemaps that a sitemap names, and the pages."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        said = " ".join(str(error).split())
        raise SourceError(f"{place}: is no sitemap: {said}; give the sitemap's address") from error
    kind = etree.QName(root).localname.lower()
    if kind not in ("sitemapindex", "urlset"):
        raise SourceError(
            f"{place}: is no sitemap: it begins with <{kind}>; give the sitemap's address"
        )
    # A page's own address alone, not those of its pictures and films.
    index = kind == "sitemapindex"
    found = root.findall("{*}sitemap/{*}loc" if index else "{*}url/{*}loc")
    addresses = list(dict.fromkeys((one.text or "").strip() for one in found))
    kept = [one for one in addresses if one.startswith(("http://", "https://"))]
    return (kept, []) if index else ([], kept)


def _got(url: str, now: datetime, client: Client) -> bytes:
    """Return the body of a sitemap, unpacked where it is a gzip file."""
    seen = look.fetch(Page("sitemap", url), Known(), now=now, client=client)
    if seen.snapshot is None:
        reason = seen.failure.reason if seen.failure else "the server sent nothing"
        raise SourceError(f"{url}: {reason}")
    body = seen.snapshot.body
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, LARGEST)
    except zlib.error as error:
        raise SourceError(f"{url}: is no gzip file: {error}; the next run asks again") from error

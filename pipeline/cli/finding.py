"""A domain, or a sitemap → addresses of pages to add. Looks politely; writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline import errors, packs
from pipeline.cli.rows import Row

if TYPE_CHECKING:
    from pipeline.egress import Limits
    from pipeline.model import Failure, Reading, Snapshot, Verdict
    from pipeline.sources import Client

NOWHERE = "claimwatch-asks-for-what-is-not-here"


@dataclass(frozen=True, slots=True)
class Found:
    """A page at a usual address: where the way to it ended, its title, what it claims, and whether
    a script fills it in.
    """

    url: str
    title: str
    standards: tuple[str, ...]
    browser: bool = False


def discovered(domain: str, limits: Limits, addresses: Sequence[str] = ()) -> list[Found]:
    """Return the pages at a domain's usual addresses that name a standard, or that only a browser
    shows; each once, wherever redirects lead. `addresses` are those to try in place of the usual.

    Raise NotFound where nothing answers there at all.
    """
    from pipeline import sources
    from pipeline.cli import apart

    host = domain.partition("://")[2].strip("/") or domain.strip("/")
    asked = tuple(addresses) or packs.usual(host)
    roots = {urlsplit(one)._replace(path=f"/{NOWHERE}").geturl() for one in asked}
    with sources.Client(limits) as client:
        shots = {shot.url.rstrip("/"): shot for shot in _looks(asked, client)}
        nowhere = list(_looks(sorted(roots), client))
    if not shots:
        raise errors.NotFound(f"nothing answers at the usual addresses of {host}; check the domain")
    read = apart.each([*shots.values(), *nowhere])
    found = [_found(*one) for one in zip((*shots.values(), *nowhere), read, strict=True)]
    # Some sites answer every address alike: with their front page, or that there is none.
    alike = {(one.title, one.standards) for one in found[len(shots) :]}
    return [
        one
        for one in found[: len(shots)]
        if (one.standards or one.browser) and (one.title, one.standards) not in alike
    ]


def mapped(url: str, limits: Limits) -> list[Row]:
    """Return the addresses in a sitemap and in those that it names; raise SourceError where one
    cannot be had, or is none.
    """
    from pipeline import sources

    with sources.Client(limits) as client:
        found = sources.sitemap(url, now=datetime.now(UTC), client=client)
    return [Row(f"{url}, entry {n}", {"url": one}) for n, one in enumerate(found, 1)]


def _looks(addresses: Sequence[str], client: Client) -> Iterator[Snapshot]:
    for address in addresses:
        try:
            yield _got(address, client)
        except errors.SourceError:
            continue


def _got(url: str, client: Client) -> Snapshot:
    from pipeline import sources
    from pipeline.model import Known, Page

    look = sources.fetch(Page("found", url), Known(), now=datetime.now(UTC), client=client)
    if look.snapshot is None:
        raise errors.SourceError(f"{url}: {look.failure.reason if look.failure else 'no answer'}")
    return look.snapshot


def _found(shot: Snapshot, read: tuple[Verdict, Reading] | Failure) -> Found:
    """Return what a page shows, nothing where it cannot be read."""
    if not isinstance(read, tuple):
        return Found(shot.url, "", ())
    verdict, reading = read
    if not verdict.ok:
        return Found(shot.url, reading.document.title or "", (), browser=verdict.name == "empty")
    names = (one.standard_name or one.standard for one in reading.claims if one.standard)
    standards = tuple(dict.fromkeys(name for name in names if name))
    return Found(shot.url, reading.document.title or "", standards)

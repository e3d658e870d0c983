"""Links and named papers → documents that a claim points to, once each,
with all the standards they back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from pipeline import targets, words
from pipeline.extract.context import Context
from pipeline.model import Block, Claim, Link, Source
from pipeline.standards import Mention

KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            "guide",
            r"\b(?:blueprint|guides?|guidance|white ?paper|e-?book|workbook|toolkit"
            r"|responsibility matrix|handbook|tutorial|overview|playbook|checklist|faq"
            r"|implementation summary)\b",
        ),
        (
            "registry",
            r"\b(?:registry|marketplace|register|directory|certificate search"
            r"|participant (?:list|page)|listing)\b",
        ),
        ("letter", r"\b(?:letters?|bridge letter|gap letter|opinion)\b"),
        (
            "contract",
            r"\b(?:BAA|business associate (?:agreement|addendum|amendment)"
            r"|data processing (?:agreement|addendum)|DPA|contractual clauses"
            r"|agreement|addendum)\b",
        ),
        ("certificate", r"\b(?:certificat\w+|certification|zertifikat)\b"),
        (
            "report",
            r"\b(?:reports?|attestation|AOC|audit|assessment|testat\w*"
            r"|statement of applicability|SoA|SAR|penetration test|package|worksheet"
            r"|implementation statement|prospectus|SSP)\b",
        ),
    )
)
_TEXTS = re.compile(r"\blink to standard|standard(?:'s)? text\b", re.IGNORECASE)
_PAPERS = re.compile(r"\b(?:report|certificate|evidence|document|attestation)\b", re.IGNORECASE)
"""Columns whose links lead to a standard's text, and to papers."""
_GENERIC_LINK = re.compile(
    r"^(?:.{0,2}|(?:learn more|read more|more|here|click here|this link|link|website|see more"
    r"|find out more|contact us)\b.{0,60}|(?:download|details|view|get))$",
    re.IGNORECASE,
)
_REGISTRY_HOST = re.compile(
    r"\bmarketplace\.|\bregist(?:ry|er)\b|/participants?\b|[/-]directory\b|/certificate-search\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Found:
    name: str
    url: str
    document: str
    standards: tuple[Mention, ...]
    row: tuple[Mention, ...]
    block: Block
    text: str


def claims(context: Context, held: frozenset[str]) -> Iterator[Claim]:
    """Yield each document once, in page order.

    `held` are the standards that the page claims, for the few links that need it.
    """
    found: dict[tuple[str, str], list[_Found]] = {}
    for block in context.blocks:
        for item in _of_block(context, block, held):
            found.setdefault((words.fold(item.name), targets.target(item.url)), []).append(item)
    for items in found.values():
        yield _claim(items)


def _claim(items: list[_Found]) -> Claim:
    first = items[0]
    named = dict.fromkeys(m.standard for item in items for m in item.standards)
    rows = dict.fromkeys(m.standard for item in items for m in item.row)
    standards = (
        tuple(dict.fromkeys([*rows, *named]))
        if not any(_mismatch(item) for item in items)
        else tuple(dict.fromkeys([*named, *rows]))
    )
    mention = next((m for item in items for m in (*item.row, *item.standards)), None)
    return Claim(
        kind="evidence",
        source=Source(first.text, first.block.section, first.block.line),
        standard=mention.standard if mention else None,
        standard_name=mention.name if mention else None,
        name=first.name,
        url=first.url,
        document=first.document,
        standards=standards,
        mismatch=any(_mismatch(item) for item in items),
    )


def _mismatch(item: _Found) -> bool:
    """Return whether a document in a standard's row names other standards and not that one."""
    named = {m.standard for m in item.standards}
    return bool(
        item.row
        and named
        and item.document != "standard_text"
        and not named & {m.standard for m in item.row}
    )


@dataclass(frozen=True, slots=True)
class _Linked:
    """A link with the sentence or cell that it stands in, the standards of its row,
    and the header of its column.
    """

    link: Link
    block: Block
    text: str
    row: tuple[Mention, ...] = ()
    header: str = ""


def _of_block(context: Context, block: Block, held: frozenset[str]) -> Iterator[_Found]:
    if block.kind == "row":
        row = _row_standards(context, block)
        for cell in block.cells:
            for link in cell.links:
                linked = _Linked(link, block, cell.text, row, " ".join(cell.headers))
                yield from _of_link(context, linked, held)
    else:
        for link in block.links:
            text = next(
                (s for s in words.sentences(block.text) if words.squeeze(link.text) in s),
                block.text,
            )
            yield from _of_link(context, _Linked(link, block, text), held)


def _row_standards(context: Context, block: Block) -> tuple[Mention, ...]:
    for cell in block.cells[:2]:
        if found := context.topic_of(cell.text):
            return found
    return ()


def _of_link(context: Context, linked: _Linked, held: frozenset[str]) -> Iterator[_Found]:
    link, text, row = linked.link, linked.text, linked.row
    name = words.squeeze(link.text).strip(" .*_")
    if not name or link.url.startswith(("#", "mailto:", "tel:", "javascript:")):
        return
    mentions = context.topic_of(name)
    document = _document(context, name, link.url, linked.header, mentions)
    if (
        document is None
        and held
        and (_REGISTRY_HOST.search(link.url) or _claims_here(context, text, held))
        and not _GENERIC_LINK.match(name)
    ):
        document = (
            "registry"
            if _REGISTRY_HOST.search(link.url)
            else _document(context, text, link.url, linked.header, mentions)
        )
        mentions = mentions or context.topic_of(text)
    if document is None or (_GENERIC_LINK.match(name) and not mentions):
        return
    if not mentions and not row:
        alone = sum(words.squeeze(other.text) in text for other in linked.block.links) == 1
        mentions = (context.topic_of(text) if alone else ()) or context.topic(linked.block)
    if not (row or mentions) and document not in ("certificate", "report", "letter"):
        return
    yield _Found(name, link.url, document, mentions, row, linked.block, text)


def _claims_here(context: Context, text: str, held: frozenset[str]) -> bool:
    mentions = {m.standard for m in context.mentions(text)}
    return bool(mentions & held) and bool(
        re.search(
            r"\b(?:certified|compliant|attested|authori[sz]ed|authority to operate|P-ATO"
            r"|certification|participates?|awarded|accredited)\b",
            text,
            re.IGNORECASE,
        )
    )


def _document(
    context: Context, name: str, url: str, header: str, mentions: tuple[Mention, ...]
) -> str | None:
    """Return a document's kind by its name, its address and its column,
    None for a link that is no document.
    """
    bare = mentions and words.fold(name) == words.fold(mentions[0].text)
    if (bare and _kind(name) != "contract") or (header and _TEXTS.search(header)):
        return "standard_text"
    if _REGISTRY_HOST.search(url):
        return "registry"
    kind = _kind(name)
    if (kind or mentions) and kind not in ("registry", "letter"):
        host = urlsplit(url.replace("\\", "")).netloc.lower()
        if context.issues(host):
            return "standard_text"
    return kind or ("report" if header and _PAPERS.search(header) else None)


@lru_cache(maxsize=8192)
def _kind(name: str) -> str | None:
    """Return the kind of document that a link's text names;
    the links of a site's navigation come again and again.
    """
    return next((kind for kind, pattern in KINDS if pattern.search(name)), None)

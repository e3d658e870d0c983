"""Sentences and label lines → services in and out of a standard's scope: "with Vault and Relay in
scope", "Scope: Vault, Relay"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline import words
from pipeline.extract import covered, excluded, labels, listings, services, vocabulary
from pipeline.extract.context import Context
from pipeline.extract.outline import is_name
from pipeline.model import Block, Claim
from pipeline.standards import Mention

_LISTED = re.compile(
    r"^(?P<head>.{3,200}?)(?:\s+(?:are|is|includes?|include|comprises?|consists? of|covers?"
    r"|are as follows)\s*:?|:)\s+(?P<list>[A-Z0-9].*)$"
)
_BRACKETED = re.compile(r"^(?P<head>[^()]{3,80}?)\s*\((?P<list>[A-Z][^()]*)\)$")
_COVERING = re.compile(r",? covering (?P<list>[A-Z][^.;:()]*)$")
_DATED = re.compile(r",? (?:(?:and )?(?:is )?valid|expir\w+|until|since|from) .*$", re.IGNORECASE)
"""What may stand behind a list of names: until when the paper is valid."""
_WITHIN = re.compile(
    r"\bwith (?:both |all of )?(?P<list>[A-Z][^.;:]*?) (?:all |both )?(?:in|within) (?:the "
    r"|its )?(?:\w+ )?scope\b"
)
_IN_SCOPE_PREDICATE = re.compile(
    r"^(?P<list>.{2,300}?)\s+(?:is|are)\s+(?:now |also |currently |all |both |each )?(?:in[- ]scope"
    r"|within (?:the )?scope|in (?:the )?scope|included in (?:the )?scope|(?!not\b)\w+[- ]eligible"
    r"|(?P<by>covered by|included in|part of) (?:the |our |this |its )(?P<paper>.*))"
    r"|^(?P<elsewhere>.{2,300}?)\s+(?:(?:ist|sind) (?:im Geltungsbereich|Teil des Geltungsbereichs)"
    r"|(?:est|sont) dans le périmètre|(?:está|están) dentro del alcance"
    r"|(?:è|sono) nell['’]ambito)\b"
)
_ENVIRONMENT = re.compile(
    r"^(?P<name>.+?)\s+in\s+(?:the\s+)?(?P<group>[A-Z][\w.&-]*(?:\s+(?:\d+|and|or"
    r"|[A-Z][\w.&-]*|cloud"
    r"|environments?|multi-tenant|tenants?|regions?|plans?))*)$"
)
_SCOPES = ("scope", "in", "out")
_OTHERS = re.compile(
    r"\b(?:plans?|tiers?|customers?|users?|tenants?|accounts?|regions?|countries"
    r"|data cent(?:er|re)s?|offices|employees)\b",
    re.IGNORECASE,
)


_ALL_PAPERS = re.compile(
    r"\b(?:(?:all|any|none)(?: of)?(?: the| these| our)?|these|allen?(?: unseren)?|diesen?|unseren"
    r"|tou(?:te)?s (?:nos|les|ces)|ces|tod[oa]s (?:nuestr[oa]s|l[oa]s)|est[oa]s)"
    r" (?:certificates|certifications|reports|attestations|audits|zertifikaten?|zertifizierungen"
    r"|berichten?|testaten?|certificats|certifications|certificados|certificaciones)\b",
    re.IGNORECASE,
)
"""What a sentence calls all the papers of its page by: it is of no one standard."""
_PAPERS = ("ertifi", "report", "testat", "audit", "bericht")
"""What those words have in common: most sentences have none of them,
and are looked at no further.
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What a sentence lists: the names, and whether they are in scope."""

    scope: str
    names: list[str]


def claims(context: Context) -> Iterator[Claim]:
    """Yield the services that label lines and sentences put in or out of scope, in page order."""
    for index, block in context.indexed("paragraph", "item", "definition", "note"):
        said = labels.lines(context, index)
        for line in said:
            yield from _labelled(context, index, line)
        told = {line.text for line in said}
        titled = _scope_over(context, block) is not None
        whole = words.sentences(block.text)
        if not titled and not any(map(_may_list, whole)):
            continue
        spoken = labels.standards(context, index)
        for sentence in whole:
            spoken = context.topic_of(sentence) or spoken
            if sentence not in told and (titled or _may_list(sentence)):
                yield from _of_sentence(context, block, sentence, spoken)


@lru_cache(maxsize=16384)
def _may_list(sentence: str) -> bool:
    """Return whether a sentence by itself may put services in or out of scope: most have none of
    the forms of those that do."""
    body = words.straight(sentence).rstrip(".")
    found = (
        _LISTED.match(body)
        or covered.COVERS.match(body)
        or _IN_SCOPE_PREDICATE.match(body)
        or _BRACKETED.match(body)
        or _WITHIN.search(body)
        or _COVERING.search(body)
    )
    return found is not None or excluded.may_be_said(body)


def _scope_over(context: Context, block: Block) -> str | None:
    """Return the scope that the heading above a paragraph says."""
    below = block.kind == "paragraph" and len(block.section) > 1
    return listings.scope_of(context, block.section[-1]) if below else None


def lines(context: Context, listed: list[Claim]) -> frozenset[str]:
    """Return the label lines among the sources of services: what they say is told by their
    services."""
    texts = {claim.text for claim in listed}
    return frozenset(
        line.text
        for index, _ in context.indexed("paragraph", "item", "definition")
        for line in labels.lines(context, index)
        if line.text in texts
    )


def criteria(context: Context) -> frozenset[str]:
    """Return the sentences that say which trust services criteria a report covers: notes on it."""
    return frozenset(
        sentence
        for _, block in context.indexed("paragraph", "item", "definition")
        for sentence in words.sentences(block.text)
        if context.mentions(sentence)
        and covered.is_of_criteria(context, words.straight(sentence).rstrip("."))
    )


def limits(listed: list[Claim]) -> frozenset[str]:
    """Return the sentences that leave a service out of scope: each limits what is held, and is
    never a claim to hold it."""
    return frozenset(
        claim.text
        for claim in listed
        if claim.scope == "out" and excluded.is_said(words.straight(claim.text).rstrip("."))
    )


def _labelled(context: Context, index: int, line: labels.Line) -> Iterator[Claim]:
    """Yield the services of a label line, for the standard of its card, row or section: "Scope:
    Vault, Relay"."""
    names = services.split(line.value, sentence=True) if line.role in _SCOPES else []
    if not all(services.nameable(name) and not _is_other(name) for name in names):
        return
    if names and (line.role != "scope" or all(map(services.is_titled, names))):
        scope = "out" if line.role == "out" else "in"
        about = labels.standards(context, index, line.text)
        yield from _of_names(names, about, scope, line.block, line.text)


def _is_other(name: str) -> bool:
    """Return whether a label's value is a yes or no, or names plans, regions or customers: no
    service."""
    marks = (vocabulary.TICK, vocabulary.NO, vocabulary.BLANK)
    return any(mark.match(name) for mark in marks) or _OTHERS.search(name) is not None


def _of_sentence(
    context: Context, block: Block, sentence: str, mentions: tuple[Mention, ...]
) -> Iterator[Claim]:
    """Yield the services of a sentence.

    `mentions` are the standards that it or the sentences before it name,
    else those of its entry, card or section.
    """
    if sentence.endswith("?") or not (mentions or _is_of_all_papers(sentence)):
        return
    body = words.straight(sentence).rstrip(".")
    for told in (
        _behind(context, body),
        _within(body),
        _bracketed(context, body),
        _covering(context, body),
        _titled(context, block, body),
        _predicated(context, body),
    ):
        if told is not None:
            yield from _of_names(told.names, mentions, told.scope, block, sentence)
            return
    if not context.topic_of(sentence) and _is_of_all_papers(sentence):
        yield from _out(context, block, sentence, (None,))
    else:
        yield from _out(context, block, sentence, mentions)


def _is_of_all_papers(sentence: str) -> bool:
    folded = sentence.casefold()
    return any(map(folded.__contains__, _PAPERS)) and bool(_ALL_PAPERS.search(sentence))


def _behind(context: Context, body: str) -> Told | None:
    """Return what a sentence lists behind its verb or colon: "The in-scope services are A, B and
    C", "Our report covers A and B"."""
    if names := covered.names(context, body):
        return Told("in", names)
    found = _LISTED.match(body)
    if not found or re.search(r"\b(?:if|when|whether|where)\b", found["head"], re.IGNORECASE):
        return None
    names = services.split(_DATED.sub("", found["list"]), sentence=True)
    if len(names) < 2 or not all(services.nameable(name) for name in names):
        return None
    if scope := listings.scope_of(context, found["head"]):
        return Told(scope, names)
    head = found["head"]
    mentions = () if covered.is_anothers(context, head) else context.mentions(head)
    papers = mentions and (covered.PAPER.search(head) or is_name(head, mentions))
    return Told("in", names) if papers and covered.are_products(context, names) else None


def _bracketed(context: Context, body: str) -> Told | None:
    """Return the products in brackets behind a standard's name: "SOC 2 Type 2 (Orrin Mail, Orrin
    Drive)"."""
    found = _BRACKETED.match(body)
    names = services.split(found["list"], sentence=True) if found else []
    named = found is not None and is_name(found["head"], context.mentions(found["head"]))
    good = named and all(map(services.nameable, names)) and covered.are_products(context, names)
    return Told("in", names) if good else None


def _covering(context: Context, body: str) -> Told | None:
    """Return the products that a sentence names last:
    "Examination completed, covering Mail and Drive".
    """
    found = _COVERING.search(body)
    names = services.split(found["list"], sentence=True) if found else []
    good = names and all(map(services.nameable, names)) and covered.are_products(context, names)
    return Told("in", names) if good else None


def _within(body: str) -> Told | None:
    """Return what "with both A and B in scope" lists within a sentence."""
    found = _WITHIN.search(body)
    names = services.split(found["list"], sentence=True) if found else []
    good = names and all(services.nameable(name) and services.is_titled(name) for name in names)
    return Told("in", names) if good else None


def _titled(context: Context, block: Block, body: str) -> Told | None:
    """Return what a paragraph lists below a heading that says the scope."""
    scope = _scope_over(context, block)
    names = services.split(body, sentence=True) if scope else []
    good = len(names) > 1 and all(services.nameable(name) for name in names)
    return Told(scope, names) if scope and good else None


def _predicated(context: Context, body: str) -> Told | None:
    """Return what a sentence says to be in scope, or covered by a paper: "A and B are covered by
    our SOC 2 report"."""
    found = _IN_SCOPE_PREDICATE.match(body)
    if not found:
        return None
    names = services.split(excluded.bare(found["list"] or found["elsewhere"]), sentence=True)
    if found["by"] and not (
        covered.PAPER.search(found["paper"]) and all(map(services.is_titled, names))
    ):
        return None
    return Told("in", names) if all(services.nameable(name) for name in names) else None


def _of_names(
    names: list[str],
    mentions: tuple[Mention | None, ...],
    scope: str,
    block: Block,
    sentence: str,
) -> Iterator[Claim]:
    group = None
    if closing := _ENVIRONMENT.match(names[-1]):
        names, group = [*names[:-1], closing["name"]], closing["group"]
    elif len(names) > 1 and (closing := _ENVIRONMENT.match(f"{names[-2]} and {names[-1]}")):
        names, group = [*names[:-2], closing["name"]], closing["group"]
    for name in names:
        yield from services.listed(
            services.Entry(name, block, group=group, source=sentence), mentions, scope
        )


def _out(
    context: Context, block: Block, sentence: str, mentions: tuple[Mention | None, ...]
) -> Iterator[Claim]:
    names = excluded.names(context, words.straight(sentence).rstrip("."))
    for claim in _of_names(names, mentions, "out", block, sentence) if names else ():
        yield replace(claim, condition=None)

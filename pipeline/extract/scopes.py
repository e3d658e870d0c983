"""Sentences and label lines → services in and out of a standard's scope: "with Vault and Relay in
scope", "Scope: Vault, Relay"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline import words
from pipeline.extract import labels, services, vocabulary
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
    r"\bwith (?:both |all of )?(?P<list>[A-Z][^.;:]*?) (?:all |both )?(?:in|within) (?:the |its )?(?:\w+ )?scope\b"
)
_PAPER = re.compile(
    r"\b(?:reports?|certificates?|certifications?|attestations?|audits?|assessments?|authori[sz]ations?"
    r"|examinations?|baa|scope)\b",
    re.IGNORECASE,
)
_IN_SCOPE_PREDICATE = re.compile(
    r"^(?P<list>.{2,300}?)\s+(?:is|are)\s+(?:now |also |currently |all |both |each )?(?:in[- ]scope"
    r"|within (?:the )?scope|in (?:the )?scope|included in (?:the )?scope|(?!not\b)\w+[- ]eligible"
    r"|(?P<by>covered by|included in|part of) (?:the |our |this |its )(?P<paper>.*))"
)
_OUT_PREDICATE = re.compile(
    r"^(?P<list>.{2,160}?)\s+(?:(?:is|are)(?: currently)? (?:not|excluded|out of)|isn't|aren't"
    r"|(?:does|do) not|doesn't|don't)\b(?P<rest>.*)$",
    re.IGNORECASE,
)
_OUT_WORDS = re.compile(
    r"\b(?:support|scope|included|covered|comply|compliant|eligible|part of|certified|exclud\w*|from)\b",
    re.IGNORECASE,
)
_ENVIRONMENT = re.compile(
    r"^(?P<name>.+?)\s+in\s+(?:the\s+)?(?P<group>[A-Z][\w.&-]*(?:\s+(?:\d+|and|or|[A-Z][\w.&-]*|cloud"
    r"|environments?|multi-tenant|tenants?|regions?|plans?))*)$"
)
_THING = re.compile(
    r"\b(?:cloud|edition|store|cli|api|platform|suite|mail|drive|app|apps|studio|desk|hub|server|sdk"
    r"|enterprise|online|connect|pay|sign|chat|vault|portal|engine|service|database)\b",
    re.IGNORECASE,
)
"""Words that products are named with, and places, dates and criteria are not."""
_SCOPES = ("scope", "in", "out")
_OTHERS = re.compile(
    r"\b(?:plans?|tiers?|customers?|users?|tenants?|accounts?|regions?|countries|data cent(?:er|re)s?|offices|employees)\b",
    re.IGNORECASE,
)
_CRITERIA = frozenset(
    ("security", "availability", "confidentiality", "processing integrity", "privacy")
)


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
        for sentence in words.sentences(block.text):
            if sentence not in told:
                yield from _of_sentence(context, block, sentence)


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


def _of_sentence(context: Context, block: Block, sentence: str) -> Iterator[Claim]:
    mentions = context.topic_of(sentence) or context.topic(block)
    if not mentions or sentence.endswith("?"):
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
    yield from _out(context, block, body, sentence, mentions)


def _behind(context: Context, body: str) -> Told | None:
    """Return what a sentence lists behind its verb or colon: "The in-scope services are A, B and
    C", "Our report covers A and B"."""
    found = _LISTED.match(body)
    if not found or re.search(r"\b(?:if|when|whether|where)\b", found["head"], re.IGNORECASE):
        return None
    names = services.split(_DATED.sub("", found["list"]), sentence=True)
    if len(names) < 2 or not all(services.nameable(name) for name in names):
        return None
    if scope := services.scope_of(context, found["head"]):
        return Told(scope, names)
    mentions = context.mentions(found["head"])
    papers = mentions and (_PAPER.search(found["head"]) or is_name(found["head"], mentions))
    return Told("in", names) if papers and _are_products(context, names) else None


def _bracketed(context: Context, body: str) -> Told | None:
    """Return the products in brackets behind a standard's name: "SOC 2 Type 2 (Orrin Mail, Orrin
    Drive)"."""
    found = _BRACKETED.match(body)
    names = services.split(found["list"], sentence=True) if found else []
    named = found is not None and is_name(found["head"], context.mentions(found["head"]))
    good = named and all(map(services.nameable, names)) and _are_products(context, names)
    return Told("in", names) if good else None


def _are_products(context: Context, names: list[str]) -> bool:
    """Return whether names behind "our report covers" are products': titled, none a standard, a
    criterion or a date."""
    others = any(
        context.mentions(name)
        or words.fold(name) in _CRITERIA
        or re.search(r"\b(?:19|20)\d\d\b", name)
        for name in names
    )
    return not others and all(map(services.is_titled, names)) and any(map(_THING.search, names))


def _covering(context: Context, body: str) -> Told | None:
    """Return the products that a sentence names last: "Examination completed, covering Mail and Drive"."""
    found = _COVERING.search(body)
    names = services.split(found["list"], sentence=True) if found else []
    good = names and all(map(services.nameable, names)) and _are_products(context, names)
    return Told("in", names) if good else None


def _within(body: str) -> Told | None:
    """Return what "with both A and B in scope" lists within a sentence."""
    found = _WITHIN.search(body)
    names = services.split(found["list"], sentence=True) if found else []
    good = names and all(services.nameable(name) and services.is_titled(name) for name in names)
    return Told("in", names) if good else None


def _titled(context: Context, block: Block, body: str) -> Told | None:
    """Return what a paragraph lists below a heading that says the scope."""
    below = block.kind == "paragraph" and len(block.section) > 1
    scope = services.scope_of(context, block.section[-1]) if below else None
    names = services.split(body, sentence=True) if scope else []
    good = len(names) > 1 and all(services.nameable(name) for name in names)
    return Told(scope, names) if scope and good else None


def _predicated(context: Context, body: str) -> Told | None:
    """Return what a sentence says to be in scope, or covered by a paper: "A and B are covered by
    our SOC 2 report"."""
    found = _IN_SCOPE_PREDICATE.match(body)
    if not found:
        return None
    names = services.split(found["list"], sentence=True)
    if found["by"] and not (_PAPER.search(found["paper"]) and all(map(services.is_titled, names))):
        return None
    return Told("in", names) if all(services.nameable(name) for name in names) else None


def _of_names(
    names: list[str], mentions: tuple[Mention, ...], scope: str, block: Block, sentence: str
) -> Iterator[Claim]:
    group = None
    if closing := _ENVIRONMENT.match(names[-1]):
        names, group = [*names[:-1], closing["name"]], closing["group"]
    elif len(names) > 1 and (closing := _ENVIRONMENT.match(f"{names[-2]} and {names[-1]}")):
        names, group = [*names[:-2], closing["name"]], closing["group"]
    for name in names:
        yield from services.listed(name, mentions, scope, block, group=group, source=sentence)


def _out(
    context: Context, block: Block, body: str, sentence: str, mentions: tuple[Mention, ...]
) -> Iterator[Claim]:
    found = _OUT_PREDICATE.match(body)
    if not found or not _OUT_WORDS.search(found["rest"]):
        return
    scoped = re.search(
        r"\b(?:scope|these standards|this standard|certificat\w+|attestation|BAA|report)\b",
        found["rest"],
    )
    if not (scoped or re.search(r"\b(?:support|covered|included|eligible)\b", found["rest"])):
        return
    names = services.split(found["list"], sentence=True)
    if (
        re.search(r"\bin[- ]scope\b", found["rest"])
        and re.fullmatch(r"[A-Z]\w+(?: [\w-]+){1,4}", found["list"])
        and not vocabulary.GENERIC.match(found["list"])
    ):
        yield from _of_names([found["list"]], mentions, "out", block, sentence)
        return
    if any(re.search(r"\b(?:regions?|data ?cent(?:er|re)s?)\b", name) for name in names):
        return
    # "Practices outside the United States are not eligible" leaves customers out, not services.
    if not scoped and "eligible" in found["rest"] and not all(map(services.is_titled, names)):
        return
    if all(services.nameable(name) and not context.topic_of(name) for name in names):
        for claim in _of_names(names, mentions, "out", block, sentence):
            yield replace(claim, condition=None)

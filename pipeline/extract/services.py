"""Lists → services in and out of a standard's scope.

Tables, sentences and label lines have rooms of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline import words
from pipeline.extract import vocabulary
from pipeline.extract.context import Context
from pipeline.extract.holders import named
from pipeline.model import Block, Claim, Source
from pipeline.standards import Mention

_ALIAS = re.compile(
    r"\s*[(\[]\s*(?:formerly|previously|formally|also|a\.?k\.?a\.?|prior|was|renamed from"
    r"|earlier)\b\s*(?:known as|called|named|branded as|as)?:?\s*(?P<alias>[^)\]]+)[)\]]"
    r"|,?\s+formerly (?:known as |called )?(?P<bare>[A-Z][^,;(]*)",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"(?:\s+cloud service)?\s*(?P<a>[(\[]\s*(?:not |only |excl|except|incl|with|without|when"
    r"|if|either|as a |limited|preview|beta|in |for |us |eu |see |subject|available|applies"
    r"|commercial only|government only)[^)\]]*[)\]])"
    r"|\s+(?P<b>(?:cloud service )?(?:either )?(?:as a standalone|as included|when included"
    r"|when used|either as)\b.*)$"
    r"|[,;]?\s+(?P<c>(?:excluding|excludes|except(?: for)?|only (?:in|for|when|with)"
    r"|when used with|limited to|with the exception of|including)\b.*)$"
    r"|\s+[–—-]\s+(?P<d>(?:only|excl|except|not |limited|preview|beta|when|if |in "
    r"|for |includ).*)$",
    re.IGNORECASE,
)
_BY_SERVICE = re.compile(
    r"\b(?:by|per|for each|of each) (?:service|product|offering|platform|application)s?\b"
    r"|\b(?:service|product|application)s? (?:certifications?|attestations?|compliance)\b"
    r"|\b(?:certifications?|attestations?|compliance) (?:of|for) (?:our |the )?(?:services"
    r"|products|applications)\b",
    re.IGNORECASE,
)
_GROUPS = re.compile(
    r"\b(?:commercial|government|gov ?cloud|gcc(?: high)?|dod|public sector|sovereign|china"
    r"|multi-tenant|dedicated)\b",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"[,;.]?\s+(?:\(?(?:for|to) (?:more|further|detailed|additional|details|learn)\b|\(?see\b"
    r"|\(?learn more\b).*$",
    re.IGNORECASE,
)
_PLACES = re.compile(
    r"\b(?:regions?|locations?|data ?cent(?:er|re)s?|geograph\w+|countries)\b", re.IGNORECASE
)
_PLACES_BELOW = re.compile(rf"{_PLACES.pattern}\W*$", re.IGNORECASE)
_SMALL = frozenset(["and", "or", "of", "for", "the", "&", "a", "an", "in", "by", "with", "on"])
_WHERE = re.compile(r"\b(?:von|der|des|für|zur|zum|de|du|des|para|di|van|voor)\b")
"""Small words of other languages inside what a certificate covers in prose ("Betrieb von
Rechenzentren")."""
_AND_OR_BRACKET = re.compile(r"[()\[\]]|\s+(?:and|und|sowie|et|y|e|en)\s+")
_ARTICLE = re.compile(r"^(?:the|both|our|and|or)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Service:
    """A service as a list prints it, taken apart: its name, what conditions it,
    its former name, the names it joins.
    """

    name: str
    condition: str | None = None
    alias: str | None = None
    members: tuple[str, ...] = ()


def service(text: str) -> Service:
    """Take a list entry apart; a parenthesis that is no condition
    and no former name stays in the name.
    """
    text = _POINTER.sub("", words.squeeze(text)).strip(" ,;*•").removesuffix(".")
    alias = None
    text, condition = _remarked(text)
    if found := _ALIAS.search(text):
        alias = (found["alias"] or found["bare"]).strip()
        text = text[: found.start()] + text[found.end() :]
    if found := _CONDITION.search(text):
        condition = condition or next(part for part in found.groups() if part).strip(" ()[]")
        text = text[: found.start()] + text[found.end() :]
    name = words.squeeze(text).strip(" ,;")
    return Service(name, condition, alias, members(name))


def _remarked(text: str) -> tuple[str, str | None]:
    """Part an entry such as "Ledger. The certificate covers its EU region." into the name
    and the sentences that condition it.
    """
    first, *rest = words.sentences(text) or ("",)
    if (
        rest
        and first.endswith(".")
        and len(first.split()) <= 6
        and nameable(first.removesuffix("."))
    ):
        return first.removesuffix("."), " ".join(rest)
    return text, None


def members(name: str) -> tuple[str, ...]:
    """Return the names that a bullet joins; () for one name,
    even when it holds an "and" ("Identity and Access Management").
    """
    if ": " in name:
        return ()
    parts = [
        part
        for piece in split(name)
        for part in (re.split(r"\s+and\s+", piece) if " and " in piece else [piece])
    ]
    if len(parts) < 2 or not all(part[:1].isupper() or part[:1].isdigit() for part in parts):
        return ()
    joined = name.count(",") > 0 or all(part.split()[0] == parts[0].split()[0] for part in parts)
    return tuple(parts) if joined else ()


def split(text: str, *, sentence: bool = False) -> list[str]:
    """Split a list at its commas or semicolons outside brackets;
    in a sentence also at its closing "and".

    In a cell an "and" is part of a name ("Identity and Access Management")
    unless a comma stands before it.
    """
    text = words.squeeze(text).strip()
    mark = ";" if _outside(text, ";") else ","
    parts = [part.strip(" ,;") for part in _cut(text, mark)]
    if len(parts) > 1 and (closing := re.match(r"^(?:and|or|&)\s+(.*)$", parts[-1])):
        parts[-1] = closing[1]
    elif sentence:
        head, found, tail = _last_and(parts[-1])
        if found and _ARTICLE.sub("", tail)[:1].isupper():
            parts[-1:] = [head, tail]
    return [
        _ARTICLE.sub("", part) for part in parts if part and part not in ("etc.", "etc", "more")
    ]


def _last_and(text: str) -> tuple[str, bool, str]:
    depth = 0
    for match in reversed(list(_AND_OR_BRACKET.finditer(text))):
        depth += {")": 1, "]": 1, "(": -1, "[": -1}.get(match[0], 0)
        if depth == 0 and match[0] not in ("(", ")", "[", "]"):
            return text[: match.start()], True, text[match.end() :]
    return text, False, ""


def _outside(text: str, mark: str) -> bool:
    return len(list(_cut(text, mark))) > 1


def _cut(text: str, mark: str) -> Iterator[str]:
    depth = start = 0
    for index, letter in enumerate(text):
        depth += (letter in "([") - (letter in ")]")
        if (
            letter == mark
            and depth <= 0
            and not (mark == "," and text[index + 1 : index + 2].isdigit())
        ):
            yield text[start:index]
            start = index + 1
    yield text[start:]


def claims(context: Context) -> Iterator[Claim]:
    """Yield the services of in-scope and out-of-scope lists, in page order.

    What sentences list is `scopes`' to say.
    """
    yield from _told_apart(
        [
            pair
            for index, block in context.indexed("item")
            for pair in _of_item(context, index, block)
        ]
    )
    for _, block in context.indexed("item", "paragraph"):
        yield from _of_card(context, block)


def _of_card(context: Context, block: Block) -> Iterator[Claim]:
    """Yield the service of a card's heading for the standards that its entries name,
    below "Certifications by service".
    """
    if len(block.section) < 2 or not any(_BY_SERVICE.search(head) for head in block.section[:-1]):
        return
    name, mentions = block.section[-1], context.topic_of(block.text)
    named = sum(mention.end - mention.start for mention in mentions) >= 0.6 * len(block.text)
    if mentions and named and nameable(name) and not context.topic_of(name):
        yield from listed(name, mentions, "in", block, source=block.text)


def _told_apart(items: list[tuple[Claim, str | None]]) -> Iterator[Claim]:
    """Yield the services of lists, grouped by the level or edition of their list
    where a page has lists of one standard at several.
    """
    found: dict[str | None, set[str]] = {}
    for claim, level in items:
        found.setdefault(claim.standard, set()).update([level] if level else [])
    for claim, level in items:
        apart = claim.group is None and len(found[claim.standard]) > 1
        yield replace(claim, group=level) if apart else claim


def is_environment(heading: str) -> bool:
    """Return whether a heading names where services run ("Government", "GCC High")."""
    return _GROUPS.search(heading) is not None


def scope_of(context: Context, text: str) -> str | None:
    """Return whether a lead or heading puts what is listed below it in or out of scope,
    None when it does not tell.
    """
    return _scope_of(text, bool(context.mentions(text)))


@lru_cache(maxsize=4096)
def _scope_of(text: str, named: bool) -> str | None:
    """Return the same of a text of which it is known whether it names a standard:
    each heading is asked about by all below it.
    """
    if vocabulary.OUT_OF_SCOPE.search(text) or (named and vocabulary.NOT_LEAD.search(text)):
        return "out"
    if vocabulary.IN_SCOPE.search(text):
        return "in"
    return "in" if named and vocabulary.SCOPE_OF.search(text) else None


def _of_item(context: Context, index: int, block: Block) -> Iterator[tuple[Claim, str | None]]:
    """Yield the services of a list entry, each with the level or edition that its list is for."""
    lead = context.lead(index)
    scope, told, group = scope_of(context, lead), lead, None
    parent = lead if not lead.endswith(":") or block.level > 1 else ""
    if scope is None:
        titled = len(block.section) < 2 or bool(context.topic_of(block.section[-1]))
        for depth, heading in enumerate(reversed(block.section if titled else block.section[1:])):
            scope = scope_of(context, heading)
            if scope:
                told = heading
                group = block.section[-1] if depth else None
                break
        if block.level > 1 and parent:
            group = parent.rstrip(": ")
    if group is None and scope is not None and block.section and is_environment(block.section[-1]):
        group = block.section[-1]
    if (
        scope is None
        or not _is_name(block.text)
        or _PLACES.search(told)
        or _PLACES_BELOW.search(lead)
    ):
        return
    mentions = context.topic_of(told) or context.topic_of(lead) or context.topic(block)
    if group and context.topic_of(group):
        mentions, group = context.topic_of(group), None
    for mention in mentions:
        for claim in listed(block.text, (mention,), scope, block, group=group, notes=block.notes):
            yield claim, mention.level or mention.edition


def _is_name(text: str) -> bool:
    """Return whether a list entry names a service rather than telling or instructing something."""
    body = re.sub(r"[(\[][^)\]]*[)\]]", "", _remarked(text)[0]).strip()
    instructs = (
        vocabulary.IMPERATIVE.match(body)
        and len(body.split()) > 3
        and any(word.islower() for word in body.split())
    )
    if instructs or re.search(r"\b(?:ID|number|no\.):?\s*\S+$", text, re.IGNORECASE):
        return False
    if re.search(r"\b(?:cannot|can't|must|should|will|won't)\b", body):
        return False
    return (
        len(words.sentences(body)) == 1
        and not (body.endswith(".") and len(body.split()) > 8)
        and not body.endswith((":", "?"))
    )


def listed(
    text: str,
    mentions: tuple[Mention | None, ...],
    scope: str,
    block: Block,
    *,
    group: str | None = None,
    notes: tuple[str, ...] = (),
    source: str | None = None,
) -> Iterator[Claim]:
    """Yield one service claim for each standard of the list.

    None stands for all that the page holds.
    """
    entry = service(text)
    if not re.search(r"\w", entry.name) or len(entry.name) > 300:
        return
    for mention in mentions:
        yield Claim(
            kind="service",
            source=Source(source or text, block.section, block.line),
            standard=mention.standard if mention else None,
            standard_name=mention.name if mention else None,
            service=entry.name,
            scope="out" if scope == "out" else "in",
            group=group,
            members=entry.members,
            condition="; ".join(part for part in (entry.condition, *notes) if part) or None,
            alias=entry.alias,
        )


def nameable(name: str) -> bool:
    """Return whether a piece of a list is a service's name."""
    if words.fold(name) in ("all", "all products", "all services", "various", "multiple"):
        return False
    return (
        bool(re.match(r"^[A-Z0-9]", name))
        and len(name.split()) <= 14
        and named(name) is not None
        and not re.search(
            r"\b(?:is|are|was|will|must|should|you|your)\b|\b(?:that|which|who)$", name
        )
    )


def is_titled(name: str) -> bool:
    """Return whether a name is written as names are: every word of it in capitals but the small
    ones."""
    plain = re.sub(r"[(\[][^)\]]*[)\]]", "", name).split()
    own = [word for word in plain if word not in _SMALL]
    return (
        bool(own)
        and len(own) <= 6
        and not _WHERE.search(name)
        and all(word[:1].isupper() or word[:1].isdigit() for word in own)
        and not vocabulary.GENERIC.match(name)
        and words.fold(name).split()[0] not in ("all", "the")
    )

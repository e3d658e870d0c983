"""Lists → services in and out of a standard's scope.

Tables, sentences and label lines have rooms of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from pipeline import words
from pipeline.extract import services, vocabulary
from pipeline.extract.context import Context
from pipeline.model import Block, Claim

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
_PLACES = re.compile(
    r"\b(?:regions?|locations?|data ?cent(?:er|re)s?|geograph\w+|countries)\b", re.IGNORECASE
)
_PLACES_BELOW = re.compile(rf"{_PLACES.pattern}\W*$", re.IGNORECASE)


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
    if mentions and named and services.nameable(name) and not context.topic_of(name):
        yield from services.listed(services.Entry(name, block, source=block.text), mentions, "in")


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
    """Return whether a lead or heading puts what is services.listed below it in or out of scope,
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
        for claim in services.listed(
            services.Entry(block.text, block, group=group, notes=block.notes), (mention,), scope
        ):
            yield claim, mention.level or mention.edition


def _is_name(text: str) -> bool:
    """Return whether a list entry names a service rather than telling or instructing something."""
    body = re.sub(r"[(\[][^)\]]*[)\]]", "", services.remarked(text)[0]).strip()
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

"""A certificate or letter, laid out line by line → the claims it makes, with their holder and until when they are valid.

On such a paper one sentence runs over several lines of their own ("This is to certify that" / the holder / "conforms to" /
the standard), and its dates stand in a list below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.extract.context import Context
from pipeline.model import Block, Claim, Source
from pipeline.standards import Mention

LONGEST = 80
"""How many blocks a paper has at most: what is longer is a page that speaks of certificates."""

_BODY = r"(?-i:[A-Z][\w.&'-]*(?: (?:of|and|for|&|[A-Z][\w.&'-]*)){0,7})"
"""The name of whoever certifies, each word of it in capitals: "An auditor certifies that" explains."""
_CERTIFIES = re.compile(
    r"^(?:this (?:is to|certificate|letter|document)(?: \w+){0,2}? certif(?:y|ies)|we here(?:by|with) certify"
    rf"|(?:the certification body(?: of)? )?{_BODY}(?: here(?:by|with))? certifies) that\b",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"^(?:certificate|attestation|letter|statement|declaration) of (?:registration|conformity|conformance|compliance|approval|attestation|certification)\b",
    re.IGNORECASE,
)
_HOLDER = re.compile(
    r"^(?:the\s.{0,80}?\b(?:systems?|services?|organi[sz]ation|company)\s+(?:of|operated by|at)\b)?[\s:]*"
    r"(?P<name>[^\W\d_a-z].*?)??(?=[,;]|\s+(?:has|have|is|are|was|were|operates?|conforms?|complies|comply|meets?|maintains?)\b|$)"
)
_TESTED = re.compile(
    r"\b(?:conform\w*|compl(?:y|ies|iant|iance)|requirements of|in accordance with|assessed against|audited against|certified to)\b",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"^(?:(?:this )?certificate )?(?:is )?(?:valid(?:ity)?(?: date| period)?(?: until| till| to| through| thru)?"
    r"|(?:current )?(?:expiry|expiration|expires)(?: date| on)?|date of (?:expiry|expiration)|end of validity)\s*(?:date)?\s*[:|–-]?\s*(?P<until>.*)$",
    re.IGNORECASE,
)
_DATED = re.compile(r"\b(?:19|20)\d\d\b")


def completed(context: Context, claims: list[Claim]) -> list[Claim]:
    """Return the standard claims of a page with what its layout as a certificate adds; those of any other page as they are."""
    opening = _opening(context)
    if opening is None:
        return claims
    holder, until = _holder(context, opening), _until(context)
    told = {
        claim.standard for claim in claims if claim.basis != "listed" or claim.stance != "claimed"
    }
    found = [claim for claim in _certified(context, opening, holder) if claim.standard not in told]
    certified = {claim.standard for claim in found}
    kept = [
        replace(claim, subject=claim.subject or holder)
        for claim in claims
        if claim.standard not in certified
    ]
    return [
        replace(c, valid=until) if c.stance == "claimed" and c.valid is None else c
        for c in (*kept, *found)
    ]


def _opening(context: Context) -> int | None:
    """Return where a paper begins to certify, None where the document is no such paper.

    It is one by its certifying sentence, or by its own title: a page that links to an attestation is not one.
    """
    if len(context.blocks) > LONGEST:
        return None
    for index, block in enumerate(context.blocks):
        said = _CERTIFIES.search(block.text)
        # "FedRAMP certifies that" explains a scheme.
        if said and not context.mentions(said[0]):
            return index
    return 0 if context.blocks and _TITLE.search(context.blocks[0].text) else None


def _certified(context: Context, opening: int, holder: str | None) -> Iterator[Claim]:
    """Yield a claim for each standard that has a line of its own; the first may stand in the line that says how it was met."""
    first = True
    for block in context.blocks[opening:]:
        mentions = context.topic_of(block.text)
        if mentions and (_is_name(block, mentions) or (first and _TESTED.search(block.text))):
            yield from (_claim(mention, block, holder) for mention in mentions)
        first = first and not mentions


def _is_name(block: Block, mentions: tuple[Mention, ...]) -> bool:
    return sum(mention.end - mention.start for mention in mentions) >= 0.8 * len(block.text.strip())


def _holder(context: Context, opening: int) -> str | None:
    """Return whom a paper certifies: named behind "certify that", else in the next line; None where neither is a name."""
    said = _CERTIFIES.search(context.blocks[opening].text)
    if said is None:
        return None
    following = context.blocks[opening + 1].text if opening + 1 < len(context.blocks) else ""
    for text in (context.blocks[opening].text[said.end() :].strip(), following.strip()):
        found = _HOLDER.search(text)
        name = found["name"] if found else None
        if name and len(name.split()) <= 8 and not context.mentions(name):
            return name.rstrip(" .:")
    return None


def _until(context: Context) -> str | None:
    """Return until when a paper says that it is valid, as printed, beside its label or in the line below it."""
    texts = [block.text.strip() for block in context.blocks]
    for text, following in zip(texts, (*texts[1:], ""), strict=True):
        if found := _UNTIL.search(text):
            printed = found["until"].strip(" .|")
            # A label or heading of its own stands over a date, or over a sentence that has its turn next.
            printed = printed or ("" if _UNTIL.search(following) else following)
            if _DATED.search(printed) and len(printed.split()) <= 12:
                return printed.removeprefix("from ")
    return None


def _claim(mention: Mention, block: Block, holder: str | None) -> Claim:
    return Claim(
        kind="standard",
        source=Source(block.text, block.section, block.line),
        subject=holder,
        standard=mention.standard,
        standard_name=mention.name,
        edition=mention.edition,
        level=mention.level,
        stance="claimed",
        basis="certified",
    )

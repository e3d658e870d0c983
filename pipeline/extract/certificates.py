"""A certificate, attestation, report or letter → the claims it makes, with their holder, assessor
and term.

On such a paper one sentence runs over several lines of their own ("This is to certify that" / the
holder / "conforms to" / the standard), and its dates stand in a list below; or it is a form, whose
labels and boxes `papers` reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.extract import attributes, letterheads, papers
from pipeline.extract.context import Context
from pipeline.model import Block, Claim, Source
from pipeline.standards import Mention

LONGEST = 80
"""How many blocks a paper has at most: what is longer is a page that speaks of certificates."""

_BODY = r"(?-i:[A-Z][\w.&'-]*(?: (?:of|and|for|&|[A-Z][\w.&'-]*)){0,7})"
"""The name of whoever certifies, each word of it in capitals: "An auditor certifies that"
explains."""
_CERTIFIES = re.compile(
    r"^(?:this (?:is to|certificate|letter|document)(?: \w+){0,2}? certif(?:y|ies)"
    r"|we here(?:by|with) certify"
    rf"|(?:the certification body(?: of)? )?{_BODY}(?: here(?:by|with))? certifies) that\b"
    r"|^(?:hiermit wird bescheinigt"
    r"|(?:die zertifizierungsstelle )?.{0,80}\bbescheinigt(?: hiermit)?), dass"
    r"(?: (?:das unternehmen|die (?:firma|organisation)))?\b"
    r"|^(?:.{0,80}\b)?(?:certifie|atteste|certifica) que(?: (?:l['’]entreprise"
    r"|la soci[ée]t[ée]|l['’]organisme|la empresa))?\b",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"^(?:certificate|attestation|letter|statement|declaration) of (?:registration|conformity"
    r"|conformance|compliance|approval|attestation|certification)\b",
    re.IGNORECASE,
)
_HOLDER = re.compile(
    r"^(?:the\s.{0,80}?\b(?:systems?|services?|organi[sz]ation|company)\s+(?:of|operated by"
    r"|at)\b)?[\s:]*"
    r"(?P<name>[^\W\d_a-z].*?)??(?=[,;]|\s+(?:has|have|is|are|was|were|operates?|conforms?"
    r"|complies|comply|meets?|maintains?)\b|$)"
)
_TESTED = re.compile(
    r"\b(?:conform\w*|compl(?:y|ies|iant|iance)|requirements of|in accordance with"
    r"|assessed against|audited against|certified to)\b",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"^(?:(?:this )?certificate )?(?:is )?(?:valid(?:ity)?(?: date| period)?(?: until| till"
    r"| to| through| thru)?"
    r"|(?:current )?(?:expiry|expiration|expires)(?: date| on)?|date of (?:expiry|expiration)"
    r"|end of validity)\s*(?:date)?\s*[:|–-]?\s*(?P<until>.*)$",
    re.IGNORECASE,
)
_DATED = re.compile(r"\b(?:19|20)\d\d\b")


_TITLES = re.compile(
    r"\b(?:certificate|attestation|letter|statement|declaration) of (?:registration"
    r"|conformity|conformance|compliance|approval|attestation|certification)\b"
    r"|\b(?:certification|attestation|bridge|gap) letter\b|^(?:certificate|zertifikat"
    r"|certificat|certificado|certificato)$"
    r"|\bSOC\b.{0,24}\breport\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Paper:
    """What a paper says beside its claims. `opening` is where it begins to certify; a form has
    labels or a fixed title."""

    opening: int
    is_form: bool
    title: Block
    fields: tuple[papers.Field, ...]
    holder: str | None
    assessor: str | None
    until: str | None


def paper(context: Context) -> Paper | None:
    """Return the paper that a document is, None for any other page: one that links to an
    attestation is not one."""
    blocks, opening = context.blocks, _opening(context)
    title = next((b for b in blocks[: letterheads.TOP] if _TITLES.search(b.text)), None)
    if not blocks or (opening is None and title is None):
        return None
    found = papers.fields(blocks)
    holder = papers.holder(found, blocks) or letterheads.addressed(context)
    told = {field.role for field in found} & {"in", "out", "assessor", "until", "period"}
    form = title is not None and holder is not None and bool(told or letterheads.period(blocks))
    if opening is None and not form:
        return None
    holder = _holder(context, opening) or holder if opening is not None else holder
    return Paper(
        opening or 0,
        form,
        title or blocks[0],
        found,
        holder,
        papers.assessor(found, blocks)
        or letterheads.auditor(blocks, holder)
        or letterheads.body(context, _said(context, opening), title),
        _term(found, context) or papers.value(found, "period") or letterheads.period(blocks),
    )


def _said(context: Context, opening: int | None) -> str | None:
    """Return the words by which a paper certifies."""
    found = None if opening is None else _CERTIFIES.search(context.blocks[opening].text)
    return found[0] if found else None


def completed(context: Context, paper: Paper | None, claims: list[Claim]) -> list[Claim]:
    """Return the standard claims of a page with what its layout as a paper adds; those of any other
    page as they are."""
    if paper is None:
        return claims
    spoken = {c.standard for c in claims if c.basis != "listed" or c.stance != "claimed"}
    told = frozenset() if paper.is_form else spoken
    found = [claim for claim in _made(context, paper) if claim.standard not in told]
    certified = {claim.standard for claim in found}
    kept = [
        replace(claim, subject=claim.subject or paper.holder)
        for claim in claims
        if claim.standard not in certified
    ]
    return [_termed(claim, paper) for claim in (*kept, *found)]


def services(context: Context, paper: Paper | None) -> list[Claim]:
    """Return the services that a form names as assessed or not, for the standards of its title."""
    if paper is None or not paper.is_form:
        return []
    return list(papers.services_named(paper.fields, context.blocks, _titled(context, paper)))


def _termed(claim: Claim, paper: Paper) -> Claim:
    if claim.stance != "claimed":
        return claim
    return replace(
        claim, valid=claim.valid or paper.until, assessor=claim.assessor or paper.assessor
    )


def _made(context: Context, paper: Paper) -> list[Claim]:
    """Return the claims of a paper's own lines: of its title where it is a form, and of standards
    with a line of their own."""
    made = list(_certified(context, paper.opening, paper.holder))
    verdict = papers.is_compliant(context.blocks) if paper.is_form else None
    if paper.is_form:
        titled = [_claim(mention, paper.title, paper.holder) for mention in _titled(context, paper)]
        # A line of the standard's own is closer to its claim than a title that does not name it.
        own = {claim.standard: claim for claim in made}
        here = {mention.standard for mention in context.topic_of(paper.title.text)}
        titled = [c if c.standard in here and c.edition else own.get(c.standard, c) for c in titled]
        first = {claim.standard for claim in titled}
        made = [*titled, *(claim for claim in made if claim.standard not in first)]
    version = papers.value(paper.fields, "version") or letterheads.printed_version(context)
    if len(made) == 1 and version and not made[0].edition and _has_version(context, made[0]):
        made = [replace(made[0], edition=version)]
    basis = attributes.basis(paper.title.text) or "certified"
    made = [replace(claim, basis=basis) for claim in made] if paper.is_form else made
    if verdict and not verdict[0]:
        made = [replace(claim, stance="not_claimed") for claim in made]
    return made


def _titled(context: Context, paper: Paper) -> tuple[Mention, ...]:
    """Return the standards of a form: those of its title, of the lines around it, of its labels,
    else the only one it names."""
    labels = (field.value for field in paper.fields if field.role == "standard")
    heads = (block.text for block in context.blocks[: letterheads.TOP])
    for text in (paper.title.text, *heads, *labels):
        if found := context.topic_of(text):
            return found
    named = {m.standard: m for block in context.blocks for m in context.topic_of(block.text)}
    return tuple(named.values()) if len(named) == 1 else ()


def _has_version(context: Context, claim: Claim) -> bool:
    known = context.catalogue.get(claim.standard or "")
    return known is not None and "version" in known.edition


def labels(context: Context, paper: Paper | None) -> frozenset[str]:
    """Return the texts of a form that only label or list what its claims and services tell
    already."""
    if paper is None or not paper.is_form:
        return frozenset()
    valued = {field.block.text for field in paper.fields if field.role}
    return frozenset(valued | {b.text for b in context.blocks if papers.is_label(b)})


def _opening(context: Context) -> int | None:
    """Return where a paper begins to certify, None where it has no certifying sentence and no title
    of its own."""
    if len(context.blocks) > LONGEST:
        return None
    for index, block in enumerate(context.blocks):
        said = _CERTIFIES.search(block.text)
        # "FedRAMP certifies that" explains a scheme.
        if said and not context.mentions(said[0]):
            return index
    return 0 if context.blocks and _TITLE.search(context.blocks[0].text) else None


def _certified(context: Context, opening: int, holder: str | None) -> Iterator[Claim]:
    """Yield a claim for each standard that has a line of its own; the first may stand in the line
    that says how it was met."""
    first = True
    for block in context.blocks[opening:]:
        mentions = context.topic_of(block.text)
        if mentions and (_is_name(block, mentions) or (first and _TESTED.search(block.text))):
            yield from (_claim(mention, block, holder) for mention in mentions)
        first = first and not mentions


def _is_name(block: Block, mentions: tuple[Mention, ...]) -> bool:
    return sum(mention.end - mention.start for mention in mentions) >= 0.8 * len(block.text.strip())


def _holder(context: Context, opening: int) -> str | None:
    """Return whom a paper certifies: named behind "certify that", else in the next line; None where
    neither is a name."""
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


def _term(found: tuple[papers.Field, ...], context: Context) -> str | None:
    """Return until when a paper is valid, behind or below its label; of a sentence there, what it
    says of that."""
    printed = papers.value(found, "until")
    return (attributes.validity(printed) or printed) if printed else _until(context)


def _until(context: Context) -> str | None:
    """Return until when a paper says that it is valid, as printed, beside its label or in the line
    below it."""
    texts = [block.text.strip() for block in context.blocks]
    for text, following in zip(texts, (*texts[1:], ""), strict=True):
        if found := _UNTIL.search(text):
            printed = found["until"].strip(" .|")
            # A label or heading of its own stands over a date, or over a sentence that has its turn
            # next.
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

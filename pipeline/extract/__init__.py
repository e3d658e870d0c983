"""Document, Catalogue → Reading: what a page claims, sentence by sentence, list by list, table by
table.

    outline → frames → judgement → judged + tables + certificates | services | notes | evidence |
    suppliers | metadata | merging

It knows how pages lay claims out and in which words they make them; what standards there are is the
catalogue's knowledge, and no vendor is known to either. It never guesses: a status it does not know
is `unknown` and told.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pipeline import standards
from pipeline.extract import (
    certificates,
    editions,
    evidence,
    listings,
    merging,
    metadata,
    notes,
    scopes,
    subjects,
    suppliers,
    tables,
    terms,
    weighed,
)
from pipeline.extract import judged as judged_
from pipeline.extract.context import Context
from pipeline.extract.outline import Outline
from pipeline.model import Claim, Document, Page, Reading, Remark, Source
from pipeline.standards import Catalogue

__all__ = ["reading", "recall"]

_OWN_PAPERS = ("certificate", "letter", "report")


def reading(document: Document, catalogue: Catalogue, page: Page | None = None) -> Reading:
    """Read a document's claims.

    Claims stand in page order: products, then standards, services, notes, documents, suppliers and
    metadata. `page` tells what the config knows (vendor, product). The stamp is left empty: who
    reads knows what it is reading with.
    """
    context = Context(document, catalogue)
    whole = Outline(context, tuple(n for n in (page.vendor, page.product) if n) if page else ())
    paper = certificates.paper(context)
    said = _said(whole, paper)
    claims, products = _claims(
        whole, said, _holder(paper, page) or subjects.main(context, page), page
    )
    not_understood = (*_foreign(whole), *said.not_understood, *_unread(document))
    remarks, weighed_ = _remarks(claims, catalogue), tuple(whole.weighed.items())
    return Reading(document, claims, products, not_understood, remarks, weighed=weighed_)


def recall(before: Reading) -> None:
    """Remember what is known of the sentences of a page's last reading, for its next one."""
    weighed.recall(before.weighed)


@dataclass(frozen=True, slots=True)
class Said:
    """What a page's tables, lists, sentences and forms say, before repeats are dropped and holders
    are named.

    `renewed` are sentences that say in which edition a certificate was renewed, `parts` services
    that a table tells apart.
    """

    standards: list[Claim]
    services: list[Claim]
    notes: list[notes.Noted]
    lines: list[terms.Term]
    renewed: frozenset[str]
    parts: set[str]
    not_understood: tuple[str, ...]

    @property
    def around(self) -> merging.Around:
        """Return what decides whether a claim stays beside others: services in scope, and texts
        that are notes."""
        return merging.Around(
            frozenset(c.standard for c in self.services if c.scope == "in"),
            frozenset(note.unit.text for note in self.notes) - self.renewed,
        )


def _said(whole: Outline, paper: certificates.Paper | None) -> Said:
    context = whole.context
    judged, rows = judged_.read(whole), tables.read(whole)
    held = [*(c for c in rows.claims if c.kind == "standard"), *judged.claims]
    made = _in_page_order(certificates.completed(context, paper, held), context.document)
    listed = _services(context, paper, rows.claims)
    limits = scopes.limits(listed)
    made = [c for c in made if c.text not in limits or not _is_of_part(whole, c)]
    limits |= scopes.criteria(context)
    lines = terms.find(context)
    raw = terms.bound(lines, terms.dated(context, editions.settled(whole, made)))
    renewed = editions.told(whole, raw)
    labels = certificates.labels(context, paper) | scopes.lines(context, listed)
    doubts = (line for line in judged.not_understood if not any(t in line for t in renewed))
    return Said(
        raw,
        listed,
        [note for note in notes.find(whole, limits, rows.remarks) if note.unit.text not in labels],
        lines,
        renewed,
        rows.parts,
        (*rows.not_understood, *doubts),
    )


def _is_of_part(whole: Outline, claim: Claim) -> bool:
    """Return whether a claim whose sentence leaves a service out is of that service alone: what it
    is left out of is held ("is not in scope of our BAA"), what it does not support may not be."""
    if claim.stance != "not_claimed":
        return claim.stance == "claimed"
    return any(tag.name == "cover" for tag in whole.line(claim.text).tags)


def _claims(
    whole: Outline, said: Said, main: str | None, page: Page | None
) -> tuple[tuple[Claim, ...], tuple[str, ...]]:
    """Return a page's claims in page order, each once and with its holder, and its products."""
    context, vendor, around = whole.context, page.vendor if page else None, said.around
    # Whom sentences speak of is asked for only where nothing surer names somebody.
    fallback = None if main else subjects.commonest(context)
    spoken = merging.standards(
        said.standards, main or vendor or fallback, context.catalogue, around
    )
    told = merging.told(said.standards, spoken, around)
    in_scope = merging.services(said.services, told)
    qualifying = merging.unique(notes.claims(whole, said.notes, told))
    papers = list(evidence.claims(context, frozenset(c.standard for c in spoken if c.standard)))
    if not main and not fallback:
        fallback = subjects.most_printed(
            context, bool(spoken or in_scope or any(p.document in _OWN_PAPERS for p in papers))
        )
    on_topic = _on_topic(spoken, context, said.parts)
    products = subjects.products(context, main, on_topic, vendor, fallback)
    first = products[0] if products else None
    spoken = merging.implied(spoken, in_scope, papers, context, first)
    spoken = terms.bound(said.lines, spoken)
    claims = (
        *_products(products, context.document),
        *spoken,
        *in_scope,
        *qualifying,
        *papers,
        *suppliers.claims(whole),
        *metadata.claims(context.document),
    )
    return claims, products


def _holder(paper: certificates.Paper | None, page: Page | None) -> str | None:
    """Return whom a paper names as its holder, where the config does not say whom the page speaks
    for."""
    return paper.holder if paper and not (page and page.product) else None


def _services(context: Context, paper: certificates.Paper | None, rows: list[Claim]) -> list[Claim]:
    """Return the services of tables, lists and sentences; those of a form are its labels' alone."""
    forms = certificates.services(context, paper)
    listed = (c for c in rows if c.kind == "service")
    return forms or [*listed, *listings.claims(context), *scopes.claims(context)]


def _in_page_order(claims: list[Claim], document: Document) -> list[Claim]:
    """Return claims of tables and of sentences in the order in which the page makes them."""
    texts: dict[tuple[str, ...], list[tuple[int, str]]] = defaultdict(list)
    for index, block in enumerate(document.blocks):
        texts[block.section].append((index, block.text))

    def place(claim: Claim) -> int:
        return next(
            (index for index, text in texts[claim.source.section] if claim.text in text),
            len(document.blocks),
        )

    return sorted(claims, key=place)


def _on_topic(claims: list[Claim], context: Context, parts: set[str]) -> list[str]:
    """Return whom the claims about the page's own standards name, its `parts` aside; whom any names
    where it is about none."""
    topic = {mention.standard for mention in context.page_topic}
    speaking = (c for c in claims if not topic or c.standard in topic)
    return [c.subject for c in speaking if c.subject and c.subject not in parts]


def _products(products: tuple[str, ...], document: Document) -> list[Claim]:
    heading = next((block for block in document.blocks if block.kind == "heading"), None)
    text = heading.text if heading else document.title or ""
    source = Source(text, heading.section if heading else (), heading.line if heading else None)
    return [Claim(kind="product", source=source, subject=name) for name in products]


def _edition(claim: Claim) -> str:
    """Return a standard with its edition as people write it: "ISO 9001:2015", "PCI DSS 4.0"."""
    if not claim.edition:
        return str(claim.standard_name)
    return f"{claim.standard_name}{':' if str(claim.edition).isdigit() else ' '}{claim.edition}"


def _foreign(outline: Outline) -> list[str]:
    """Name a language that has no lexicon, with the standards that the page prints."""
    if outline.is_understood:
        return []
    texts = (block.text for block in outline.context.blocks)
    named = dict.fromkeys(m.name for text in texts for m in outline.context.mentions(text))
    names = f"; it names {', '.join(named)}" if named else ""
    return [f"the page is in a language that is not read yet{names}"]


def _unread(document: Document) -> list[str]:
    return [
        f"{f'line {block.line}: ' if block.line else ''}include “{block.label}” was not read"
        for block in document.blocks
        if block.kind == "include"
    ]


def _remarks(claims: tuple[Claim, ...], catalogue: Catalogue) -> tuple[Remark, ...]:
    return tuple(
        remark
        for claim in claims
        for remark in (_superseded(claim, catalogue), _mismatched(claim))
        if remark
    )


def _superseded(claim: Claim, catalogue: Catalogue) -> Remark | None:
    """Flag an edition, or a whole scheme, that a sourced fact says to be superseded."""
    held = claim.kind == "standard" and claim.standard and claim.stance != "not_claimed"
    facts = catalogue.successors(claim.standard, claim.edition) if held and claim.standard else ()
    if not facts:
        return None
    return Remark("superseded", claim, standards.sentence(_edition(claim), facts), facts[0].source)


def _mismatched(claim: Claim) -> Remark | None:
    text = f"“{claim.name}” stands in the row of {claim.standard_name}, but names another standard"
    return Remark("mismatch", claim, text) if claim.mismatch else None

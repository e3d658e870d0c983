"""Claims of one certificate through its editions → the edition that it has now.

"First obtained as ISO 27001:2013, renewed with the 2022 edition" is one certificate; what it was
before is history. So is the year in which somebody was first certified. A national body's year ("NF
EN ISO/IEC 27001:2023") is of its own publication, where the page prints the international edition
too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.extract.outline import Outline, Unit
from pipeline.model import Claim, Source

_RENEWED = re.compile(
    r"\b(?:renew(?:ed|al)|re-?certif\w+|updated?|upgraded?|transition(?:ed)?|moved"
    r"|migrated|switched"
    r"|since (?:then|(?:\w+ )?(?:19|20)\d\d)|rezertifizier\w*|erneuert|umgestellt|renouvel\w+"
    r"|recertifi\w+|renovad\w+|actualizad\w+)\b",
    re.IGNORECASE,
)
_TO_COME = re.compile(
    r"\b(?:will|plan(?:s|ned|ning)?|expect\w*|aim\w*|to be|going to|intend\w*|scheduled"
    r"|prepar\w+|should|must|wird|werden|sera|seront)\b",
    re.IGNORECASE,
)
_BEGAN = re.compile(
    r"^(?:(?:it|we|and|was|were|has been|have been|being) )*(?:first|originally|initially"
    r"|erstmals|erstmalig|initialement)"
    r" (?:certified|obtained|achieved|awarded|issued|granted|attested|zertifiziert"
    r"|certifiée?s?)\b[^.]*\b(?:19|20)\d\d\W*$",
    re.IGNORECASE,
)
_APART = re.compile(
    r"\b(?P<year>(?:19|20)\d\d)(?:er)?[- ](?:edition|version|revision|standard|fassung"
    r"|ausgabe|norm)\b"
    r"|\b(?:edition|version|revision|fassung|ausgabe|édition) (?:of |von "
    r"|de )?(?P<after>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_NATIONAL = re.compile(
    r"\b(?:(?:NF|DIN|BS|UNE|UNI|NEN|SS|NS|DS|SN|PN|ÖNORM|I\.S\.)(?:[- ]EN)?|EN)[- ]+(?=ISO\b)"
)
_NEAR = 4
"""How many sentences behind what a certificate was may stand what it is now."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """A sentence that says in which edition a standard is held now, and where it stands."""

    place: int
    unit: Unit
    standard: str
    edition: str


def settled(outline: Outline, claims: list[Claim]) -> list[Claim]:
    """Return claims with each certificate in the edition that it has now, national years and first
    years left out."""
    claims = [claim for claim in claims if not _only_began(claim)]
    claims = _international(outline, [_with_edition(outline, claim) for claim in claims])
    units = list(outline.units)
    places = {unit.text: place for place, unit in reversed(list(enumerate(units)))}
    for renewal in _renewals(outline, units, claims, places):
        claims = _renewed(outline, claims, renewal, places)
    return claims


def told(outline: Outline, claims: list[Claim]) -> frozenset[str]:
    """Return the sentences that say how a certificate was renewed: what they say is told by its
    claim."""
    texts = {claim.text for claim in claims if claim.edition}
    return frozenset(
        unit.text for unit in outline.units if unit.text in texts and _RENEWED.search(unit.text)
    )


def _only_began(claim: Claim) -> bool:
    """Say whether a text only dates a first certificate ("First certified in 2013"), which plans
    nothing."""
    return claim.stance == "planned" and _BEGAN.match(claim.text) is not None


def _with_edition(outline: Outline, claim: Claim) -> Claim:
    """Return a claim with the edition that its own sentence names apart from the standard ("the
    2022 edition")."""
    if claim.edition or claim.stance != "claimed" or _TO_COME.search(claim.text):
        return claim
    edition = _apart(outline, claim.text, claim.standard or "")
    return replace(claim, edition=edition) if edition else claim


def _apart(outline: Outline, text: str, standard: str) -> str | None:
    known = outline.context.catalogue.get(standard)
    found = [match["year"] or match["after"] for match in _APART.finditer(text)]
    years = [year for year in found if known and year in known.years]
    return years[-1] if years else None


def _international(outline: Outline, claims: list[Claim]) -> list[Claim]:
    """Return claims without the national years of standards that are claimed in an international
    edition too."""
    national = {claim for claim in claims if claim.edition and _is_national(outline, claim)}
    plain = {claim.standard for claim in claims if claim.edition and claim not in national}
    return [
        replace(claim, edition=None) if claim in national and claim.standard in plain else claim
        for claim in claims
    ]


def _is_national(outline: Outline, claim: Claim) -> bool:
    named = [
        mention
        for mention in outline.context.mentions(claim.text)
        if mention.standard == claim.standard and mention.edition == claim.edition
    ]
    return bool(named) and all(
        _NATIONAL.search(claim.text, max(0, mention.start - 12), mention.end) for mention in named
    )


def _renewals(
    outline: Outline, units: list[Unit], claims: list[Claim], places: dict[str, int]
) -> Iterator[Renewal]:
    said: dict[int, list[Claim]] = {}
    for claim in claims:
        said.setdefault(places.get(claim.text, -_NEAR), []).append(claim)
    for place, unit in enumerate(units):
        before = [said[at] for at in range(max(0, place - _NEAR + 1), place + 1) if at in said]
        if not before and not any(mention.edition for mention in unit.mentions):
            continue
        found = _RENEWED.search(unit.text)
        if not found or unit.kind == "heading" or _TO_COME.search(unit.text):
            continue
        for mention in unit.mentions:
            if mention.edition and mention.start > found.start():
                yield Renewal(place, unit, mention.standard, mention.edition)
        near = {claim.standard for claims in before for claim in claims}
        for standard in near if len(near) == 1 else ():
            if standard and (edition := _apart(outline, unit.text, standard)):
                yield Renewal(place, unit, standard, edition)


def _renewed(
    outline: Outline, claims: list[Claim], renewal: Renewal, places: dict[str, int]
) -> list[Claim]:
    """Return claims with those that a renewal supersedes in its edition: one claim, made by its
    sentence."""
    old = [claim for claim in claims if _precedes(claim, renewal, places)]
    if not old:
        return claims
    now = any(
        c.standard == renewal.standard and c.edition == renewal.edition and c.stance == "claimed"
        for c in claims
    )
    block = outline.context.blocks[renewal.unit.block]
    source = Source(renewal.unit.text, block.section, block.line)
    made = replace(old[0], edition=renewal.edition, source=source)
    kept: list[Claim] = []
    for claim in claims:
        if claim is old[0] and not now:
            kept.append(made)
        elif claim not in old:
            kept.append(claim)
    return kept


def _precedes(claim: Claim, renewal: Renewal, places: dict[str, int]) -> bool:
    """Say whether a claim is of the edition before a renewal: the same standard, an earlier year,
    said just before."""
    behind = renewal.place - places.get(claim.text, renewal.place + 1)
    return (
        claim.standard == renewal.standard
        and claim.stance == "claimed"
        and 0 <= behind < _NEAR
        and claim.edition is not None
        and claim.edition != renewal.edition
        and _order(claim.edition) < _order(renewal.edition)
    )


def _order(edition: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", edition))

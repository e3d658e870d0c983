"""Claims → each claim once: repeats are dropped, the strongest telling stays,
umbrellas give way to their members.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipeline import words
from pipeline.extract import subjects
from pipeline.extract.context import Context
from pipeline.model import STANCES, Claim
from pipeline.standards import Catalogue, Mention

_RANK = {stance: rank for rank, stance in enumerate(STANCES)}


@dataclass(frozen=True, slots=True)
class Around:
    """What else a page says: the standards that have services in scope,
    and the texts that are notes.
    """

    scoped: frozenset[str | None]
    noted: frozenset[str]


def standards(
    claims: Iterable[Claim], main: str | None, catalogue: Catalogue, around: Around
) -> list[Claim]:
    """Return the standard claims once each, "we" and "our" resolved to the main product.

    Dropped are: equal repeats; what qualifying sentences claim that others claim too; a claim
    without edition or level beside one with; `supports` beside `claimed`; an umbrella beside its
    members; denials for a part only, where the standard is held otherwise or has services in scope.
    """
    scoped = around.scoped
    found = [replace(c, subject=_resolved(c.subject, main)) for c in claims if c.kind == "standard"]
    weak = [c for c in found if _is_weak(c, around)]
    strong = [c for c in found if not _is_weak(c, around)]
    plain = [c for c in strong if c.stance == "claimed"]
    kept = _once([*strong, *(c for c in weak if not _is_known(c, plain))])
    kept = [c for c in kept if not _is_exception(c, kept, main, scoped)]
    kept = [c for c in kept if not any(_replaces(other, c) for other in kept)]
    return [
        c for c in kept if not any(_covers(other, c, catalogue) for other in kept if other is not c)
    ]


def _is_weak(claim: Claim, around: Around) -> bool:
    """Return whether a sentence limits what is held rather than says that it is held."""
    return claim.stance == "claimed" and claim.basis != "listed" and claim.text in around.noted


def _is_known(claim: Claim, others: list[Claim]) -> bool:
    """Return whether others claim the standard already, with an edition or a level
    where this one has one: not "Yes." alone.
    """
    same = [other for other in others if other.standard == claim.standard]
    said = any(other.edition or other.level for other in same)
    return bool(same) and (said or not (claim.edition or claim.level))


def _resolved(subject: str | None, main: str | None) -> str | None:
    if subject is None:
        return main
    if main and words.fold(subject) in (
        words.fold(main),
        *(f"{word} {words.fold(main)}" for word in ("the", "our")),
    ):
        return main
    owner, _, owned = words.plain(subject).partition("'s ")
    # "Acme's payroll services" are Acme's; "Acme's Vault" is a product.
    return main if main and owned.islower() and words.fold(owner) == words.fold(main) else subject


def _replaces(one: Claim, other: Claim) -> bool:
    """Return whether a sentence below a bare heading says itself how the standard is held."""
    return (
        one.standard == other.standard
        and other.basis == "listed"
        and one.basis != "listed"
        and other.text in one.source.section
    )


def _is_exception(
    denial: Claim, kept: list[Claim], main: str | None, scoped: frozenset[str | None]
) -> bool:
    """Return whether a denial leaves a part out of what the page holds:
    that is a note, and perhaps a service out of scope.
    """
    if denial.stance != "not_claimed" or denial.subject in (None, main):
        return False
    # Help with a standard beside a denial by name leaves nothing out: it is not held.
    stances = ("claimed", "supports") if main else ("claimed",)
    held = (
        c
        for c in kept
        if c.standard == denial.standard and c.stance in stances and c.subject != denial.subject
    )
    return denial.standard in scoped or any(held)


def _once(claims: list[Claim]) -> list[Claim]:
    """Return equal claims once: the first that a sentence makes, else the first."""
    seen: dict[tuple[str | None, ...], Claim] = {}
    for claim in claims:
        key = (
            claim.standard,
            words.fold(claim.subject or ""),
            claim.edition,
            claim.level,
            claim.stance,
        )
        if key not in seen or (seen[key].basis == "listed" and claim.basis != "listed"):
            seen[key] = claim
    return list(seen.values())


def _covers(one: Claim, other: Claim, catalogue: Catalogue) -> bool:
    """Return whether `one` says all that `other` says of its standard, and more."""
    held = one.stance in ("claimed", "supports") and other.stance in ("claimed", "supports")
    if one.standard != other.standard:
        known = catalogue.get(one.standard or "")
        return bool(known and known.umbrella == other.standard and held)
    if not held and one.stance != other.stance:
        return False
    if (other.edition and one.edition != other.edition) or (
        other.level and one.level != other.level
    ):
        return False
    more = (one.edition is not None, one.level is not None, -_RANK[one.stance or "unknown"])
    less = (other.edition is not None, other.level is not None, -_RANK[other.stance or "unknown"])
    if not all(a >= b for a, b in zip(more, less, strict=True)):
        return False
    if _speaks_for(one.subject, other.subject):
        return more > less or not _speaks_for(other.subject, one.subject)
    return more > less and other.stance == "supports"


def _speaks_for(one: str | None, other: str | None) -> bool:
    """Return whether a claim of `one` is a claim of `other` too: it is the same,
    nobody in particular, or one of the joined names.
    """
    if other is None or one == other:
        return True
    if one is None:
        return False
    names = [words.fold(name) for name in (one, *subjects.parts(one))]
    return all(
        any(words.fold(part) == name or name.endswith(f" {words.fold(part)}") for name in names)
        for part in subjects.parts(other)
    )


def told(raw: Iterable[Claim], own: Iterable[Claim], around: Around) -> set[str]:
    """Return the texts that standard claims tell wholly, so that they are no notes.

    A plan tells its sentence with its date; a denial does where it is a claim of its own;
    what limits something held is a note.
    """
    denied = {c.standard for c in own if c.stance == "not_claimed"}
    return {c.text for c in raw if _tells_whole(c, denied, around)}


def _tells_whole(claim: Claim, denied: set[str | None], around: Around) -> bool:
    if claim.stance == "not_claimed":
        return claim.standard in denied
    return claim.stance == "planned" or claim.text not in around.noted


def services(claims: Iterable[Claim], told: set[str]) -> list[Claim]:
    """Return the services once each within standard, scope and group; the first telling stays.

    What a standard's denial tells already puts no service out of scope a second time.
    """
    seen: dict[tuple[str | None, ...], Claim] = {}
    for claim in claims:
        if claim.scope == "out" and claim.text in told:
            continue
        seen.setdefault(
            (
                claim.standard,
                words.fold(claim.service or ""),
                claim.scope,
                words.fold(claim.group or ""),
                claim.condition,
            ),
            claim,
        )
    return list(seen.values())


def unique(claims: Iterable[Claim]) -> list[Claim]:
    """Return the notes once each, by their folded text."""
    seen: dict[str, Claim] = {}
    for claim in claims:
        seen.setdefault(words.fold(claim.value or ""), claim)
    return list(seen.values())


def implied(
    own: list[Claim], in_scope: list[Claim], papers: list[Claim], context: Context, main: str | None
) -> list[Claim]:
    """Add the claim that an in-scope list, or a named certificate of the vendor's own,
    makes on a page about one standard.

    A list claims it beside a sentence that only helps customers with it:
    such sentences come and go, and the list stays.
    """
    # What is said of a part ("Drive: in progress") settles nothing for the list beside it.
    speaking = [c for c in own if c.stance == "claimed" or c.subject in (None, main)]
    have = {c.standard for c in speaking} | {
        known.umbrella
        for c in speaking
        if (known := context.catalogue.get(c.standard or "")) and known.umbrella
    }
    held = {c.standard for c in own if c.stance == "claimed"}
    settled = have - ({c.standard for c in own if c.stance == "supports"} - held)
    lists = _once(
        [
            _listed(scope, main, context)
            for scope in in_scope
            if scope.scope == "in" and scope.standard not in settled
        ]
    )
    have |= (fresh := {c.standard for c in lists})
    lists = [
        c
        for c in lists
        if c.edition
        or c.level
        or not any(_covers(other, c, context.catalogue) for other in lists if other is not c)
    ]
    own = [*(c for c in own if c.standard not in fresh or c.subject not in (None, main)), *lists]
    for paper in papers:
        if (
            paper.document in ("certificate", "letter", "report")
            and not paper.mismatch
            and _own_paper(paper, context)
            and paper.standard not in have
        ):
            have.add(paper.standard)
            own = [*own, _listed(paper, main, context)]
    return own


def _own_paper(paper: Claim, context: Context) -> bool:
    topic = {
        mention.standard
        for heading in paper.source.section
        for mention in context.topic_of(heading)
    } | {m.standard for m in context.page_topic}
    return paper.standard in topic


def _listed(claim: Claim, main: str | None, context: Context) -> Claim:
    """Make the claim of a list or paper, with the edition and level that its name,
    its group or the headings above it print.
    """
    grouped = context.catalogue.levels(claim.group or "", claim.standard or "")
    texts = (claim.name or "", *reversed(claim.source.section))
    named = [
        m
        for text in texts
        for m in context.mentions(text)
        if m.standard == claim.standard and (m.edition or m.level)
    ]
    return Claim(
        kind="standard",
        source=claim.source,
        subject=main,
        standard=claim.standard,
        standard_name=claim.standard_name,
        edition=named[0].edition if len(named) == 1 else None,
        level=named[0].level if len(named) == 1 else _whole(grouped, claim.group),
        stance="claimed",
        basis="listed",
    )


def _whole(levels: tuple[Mention, ...], group: str | None) -> str | None:
    """Return the level that a list's group is ("High"), None for a group
    that is more or no level.
    """
    found = [mention for mention in levels if mention.text == (group or "").strip()]
    return found[0].level if len(found) == 1 else None

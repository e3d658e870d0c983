"""Pairs of standard claims → the changes that a person would tell of them.

Reads no text but to see a date slip.

What a page says twice is one holding: a claim that another of the same page includes (an undated
repeat of a dated one, a weaker word for what is held) neither comes nor goes by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipeline import words
from pipeline.diff import drafting, thresholds
from pipeline.diff.claims import coverage, fields, successions
from pipeline.diff.claims.fields import degree
from pipeline.diff.claims.pairing import Pairs
from pipeline.diff.names import presence
from pipeline.diff.names.lens import Lens
from pipeline.diff.sides import Sides
from pipeline.diff.texts import alignment, marks
from pipeline.model import Change, Claim, Reading

_QUIET = frozenset({"listed", "covered", None})
_ATTRIBUTES = frozenset({"authority", "assessor", "valid", "cadence", "basis"})


def changes(pairs: Pairs, sides: Sides) -> Iterator[Change]:
    """Yield what became of the standards; unjoins pairs of levels
    that a person would tell apart."""
    _unjoin_levels(pairs)
    yield from successions.renamed(pairs, sides)
    gone, new = _alone(pairs.gone, "removed", sides), _alone(pairs.new, "added", sides)
    replaced = list(successions.umbrellas(gone, new, sides.catalogue))
    yield from (change for change, _ in replaced)
    beside = _beside(pairs, gone, new, sides.lens)
    known = {
        id(claim)
        for claims in (*(under for _, under in replaced), *beside.values())
        for claim in claims
    }
    for claim, texts in coverage.by_one_name(claim for claim in gone if id(claim) not in known):
        yield drafting.change("standard", "removed", claim, None, examples=texts)
    for claim, texts in coverage.by_one_name(claim for claim in new if id(claim) not in known):
        yield drafting.change("standard", "added", None, claim, examples=texts)
    for change in _once(_joined(pairs, sides)):
        more = beside.get(id(change.claim_before), ()) if change.field == "stance" else ()
        texts = (*change.examples, *(claim.text for claim in more))
        yield replace(change, examples=texts) if more else change


def _alone(claims: Iterable[Claim], word: str, sides: Sides) -> list[Claim]:
    """Return the standards that came or went of which the other page says nothing as firm,
    nor an umbrella's numbers."""
    both = {sides.lens.same(name) for name in sides.before.products} & {
        sides.lens.same(name) for name in sides.after.products
    }
    said = coverage.Said(sides.other(word).claims, both, sides.lens, sides.catalogue)
    return [
        c for c in claims if c.kind == "standard" and not said.covers(c) and not said.numbers(c)
    ]


def _once(found: Iterable[Change]) -> Iterator[Change]:
    """Yield an edition, or whoever granted or tested it, once,
    however many subjects it changed for."""
    alike: dict[tuple[object, ...], list[Change]] = defaultdict(list)
    for place, change in enumerate(found):
        own = change.field in (None, "stance", "level", "subject", "standard")
        alike[
            place if own else -1, change.standard, change.field, change.before, change.after
        ].append(change)
    for same in alike.values():
        texts = tuple(
            dict.fromkeys(
                source.text for c in same for source in (c.source_before, c.source_after) if source
            )
        )
        yield (
            same[0] if len(same) == 1 else drafting.again(same[0], count=len(same), examples=texts)
        )


def _beside(
    pairs: Pairs, gone: list[Claim], new: list[Claim], lens: Lens
) -> dict[int, list[Claim]]:
    """Return, by the claim before, what a change of status says already.

    "Not yet compliant" and "we work towards it" both give way to the one sentence that claims it.
    """
    found: dict[int, list[Claim]] = defaultdict(list)
    weak_of = [_unheld(gone), _unheld(new)]
    for b, a in pairs.joined:
        if b.kind == "standard" and b.stance != a.stance:
            firm, weak, side = (a, b, 0) if coverage.rank(a) < coverage.rank(b) else (b, a, 1)
            left = weak_of[side].get(b.standard, ()) if coverage.unheld(weak) else ()
            found[id(b)] += [c for c in left if coverage.suits(firm, c, lens)]
    return found


def _unheld(claims: Iterable[Claim]) -> dict[str | None, list[Claim]]:
    found: dict[str | None, list[Claim]] = defaultdict(list)
    for claim in claims:
        if coverage.unheld(claim):
            found[claim.standard].append(claim)
    return found


def _joined(pairs: Pairs, sides: Sides) -> Iterator[Change]:
    """Yield in what the standards differ that stayed,
    and which of them now belong to another subject."""
    before, after, lens = sides.before, sides.after, sides.lens
    noted = {
        words.fold(claim.text)
        for reading in (before, after)
        for claim in reading.claims
        if claim.kind == "note"
    }
    own = (
        {lens.same(name) for name in before.products},
        {lens.same(name) for name in after.products},
    )
    handed: dict[tuple[str, str], list[tuple[Claim, Claim]]] = defaultdict(list)
    dates = _noted_of(before), _noted_of(after)
    for b, a in pairs.joined:
        if b.kind == "standard":
            is_note = words.fold(b.text) in noted or words.fold(a.text) in noted
            dated = _is_noted(b, dates[0]) and _is_noted(a, dates[1])
            hushed = _ATTRIBUTES if is_note else frozenset({"valid"} if dated else ())
            yield from _changed(b, a, lens, handed, hushed=hushed)
    for (old_subject, new_subject), same in handed.items():
        # Who "we" are is often read from the sentence at hand;
        # only a product of the page can hand a claim to another.
        both = {old_subject, new_subject} <= own[0] or {old_subject, new_subject} <= own[1]
        one = coverage.one_name(same[0][0].subject or "", same[0][1].subject or "", both=both)
        same = [(b, a) for b, a in same if presence.handed_over(b, a, before, after)]
        if old_subject not in own[0] or new_subject not in own[1] or one or not same:
            continue
        same.sort(key=lambda pair: (pair[0].standard or "", min(claim.text for claim in pair)))
        sentences = tuple(dict.fromkeys(claim.text for pair in same for claim in pair))
        yield drafting.change(
            "standard",
            "changed",
            *same[0],
            field="subject",
            count=len(same),
            examples=sentences if len(same) > 1 else (),
        )


def _unjoin_levels(pairs: Pairs) -> None:
    """A level is changed only where one takes the place of its holder's only one;
    among several it is removed, and another added.

    Where several levels are stated of what was held before without one, each of them is added.
    A marketplace's page has many holders, each with a level of its own.
    """
    levels: dict[tuple[str | None, str | None, int], set[str]] = defaultdict(set)
    before = [*(b for b, _ in pairs.joined), *pairs.gone]
    after = [*(a for _, a in pairs.joined), *pairs.new]
    for side, claims in enumerate((before, after)):
        for claim in claims:
            if claim.kind == "standard" and claim.level:
                levels[claim.standard, claim.subject, side].add(degree(claim.level))
    apart = [
        (b, a)
        for b, a in pairs.joined
        if b.kind == "standard"
        and degree(b.level) != degree(a.level)
        and any(
            len(levels[c.standard, c.subject, side]) > 1 for side, c in enumerate((b, a)) if c.level
        )
    ]
    parted = {id(b) for b, _ in apart}
    pairs.joined = [pair for pair in pairs.joined if id(pair[0]) not in parted]
    pairs.gone += [b for b, _ in apart]
    pairs.new += [a for _, a in apart]


def _noted_of(reading: Reading) -> dict[str | None, list[str]]:
    """Return the notes of each standard."""
    found: dict[str | None, list[str]] = defaultdict(list)
    for claim in reading.claims:
        if claim.kind == "note":
            found[claim.standard].append(claim.text)
    return found


def _is_noted(claim: Claim, notes: dict[str | None, list[str]]) -> bool:
    """Say whether a note of the standard prints until when it is valid, in a line of its own:
    its change tells that."""
    valid = claim.valid
    return valid is not None and any(valid in text for text in notes.get(claim.standard, ()))


def _changed(
    b: Claim,
    a: Claim,
    lens: Lens,
    handed: dict[tuple[str, str], list[tuple[Claim, Claim]]],
    *,
    hushed: frozenset[str],
) -> Iterator[Change]:
    differ = {d.field: d for d in fields.differences(b, a, lens)} if b != a else {}
    if b.stance == a.stance == "planned":
        # Nothing is granted yet: "a JAB ATO" and "a JAB P-ATO" are one plan.
        differ.pop("basis", None)
    if "subject" in differ and b.subject and a.subject:
        handed[lens.same(b.subject), lens.same(a.subject)].append((b, a))
    if "stance" in differ:
        yield drafting.change("standard", "changed", b, a, field="stance")
    for name in ("edition", "level"):
        # A plan that came true often names its level for the first time: one change, not two.
        if name in differ and not (
            "stance" in differ and not (differ[name].before and differ[name].after)
        ):
            yield drafting.change("standard", "changed", b, a, field=name)
    granted: list[str] = [
        name for name in ("authority", "assessor", "valid", "cadence") if name in differ
    ]
    for name in granted or ([] if "level" in differ else ["basis"]):
        # Another authority grants on another basis, and so is another level reached:
        # one change, not two.
        if (
            name in differ
            and "stance" not in differ
            and name not in hushed
            and _is_news(name, b, a)
        ):
            yield drafting.change("standard", "changed", b, a, field=name)
    planned = not differ and b.stance == a.stance == "planned"
    if planned and _alike(b, a) and marks.slipped(b.text, a.text):
        yield drafting.change("note", "changed", b, a, old=b.text, new=a.text)


def _alike(b: Claim, a: Claim) -> bool:
    return alignment.likeness(words.fold(b.text), words.fold(a.text)) >= thresholds.REWORDED


def with_services(found: Iterable[Change], sides: Sides) -> list[Change]:
    """Return the changes with each standard that came or went with its whole list
    of services told once for all of them."""
    every = list(found)
    lists: dict[tuple[str, str | None], list[Change]] = defaultdict(list)
    for change in every:
        claim = change.claim_before or change.claim_after
        if change.kind == "service" and claim and claim.scope == "in":
            lists[change.change, change.standard].append(change)
    made: list[Change] = []
    whole: set[int] = set()
    for change in every:
        mine = lists.get((change.change, change.standard), [])
        other = sides.other(change.change)
        if change.kind == "standard" and mine and not _knows(other, change.standard):
            whole |= {id(service) for service in mine}
            names = tuple(service.before or service.after or "" for service in mine)
            lists.pop((change.change, change.standard))
            more = (
                f" and {len(names) - thresholds.NAMED} more"
                if len(names) > thresholds.NAMED
                else ""
            )
            reason = f"{', '.join(names[: thresholds.NAMED])}{more}"
            texts = (*change.examples, *names)
            change = drafting.again(change, examples=texts, reason=reason)
        made.append(change)
    return [change for change in made if id(change) not in whole]


def _knows(reading: Reading, standard: str | None) -> bool:
    """Say whether a page claims a standard, or lists a service of it."""
    return any(c.kind in ("standard", "service") and c.standard == standard for c in reading.claims)


def _is_news(name: str, b: Claim, a: Claim) -> bool:
    """Say whether an attribute's change is the page's:
    a basis that is merely implied changes with the sentence.

    Who granted or tested, how long and how often may stand in other cells of the row,
    so that the claim's own cell stays.
    """
    old, new = words.fold(b.text), words.fold(a.text)
    if name == "cadence":
        # Another sentence that says how often is no news of this one.
        return alignment.likeness(old, new) >= thresholds.REWORDED
    if name != "basis":
        return True
    # Another sentence may say "audited" for "certified" of the same thing;
    # its own word, or a provisional one, is another matter.
    weighty = alignment.likeness(old, new) >= thresholds.REWORDED or {b.basis, a.basis} & {
        "self-attested",
        "provisional",
    }
    return bool(old != new and weighty) and b.basis not in _QUIET and a.basis not in _QUIET

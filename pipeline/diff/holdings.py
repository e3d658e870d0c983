"""Pairs of standard claims → the changes that a person would tell of them. Reads no text but to see a date slip.

What a page says twice is one holding: a claim that another of the same page includes (an undated repeat of a dated one, a
weaker word for what is held) neither comes nor goes by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from pipeline import words
from pipeline.diff import fields, marks, naming, spoken, tell, thresholds, units
from pipeline.diff.catalogue import Catalogue
from pipeline.diff.fields import degree
from pipeline.diff.lens import Lens
from pipeline.diff.pairing import Pairs
from pipeline.model import STANCES, Change, Claim, Reading

_QUIET = frozenset({"listed", "covered", None})
_ATTRIBUTES = frozenset({"authority", "assessor", "valid", "cadence", "basis"})


def split(
    claims: Sequence[Claim], lens: Lens, catalogue: Catalogue
) -> tuple[list[Claim], list[Claim]]:
    """Return the claims to compare, and the standard claims that only repeat one of them."""
    held = [claim for claim in claims if claim.kind == "standard"]
    by_standard: dict[str | None, list[Claim]] = defaultdict(list)
    for claim in held:
        by_standard[claim.standard].append(claim)
    numbered = {
        entry.umbrella
        for claim in held
        if (entry := catalogue.get(claim.standard or "")) and entry.umbrella
    }
    repeats: set[int] = set()
    for standard, same in by_standard.items():
        for claim in same:
            others = (other for other in same if other is not claim and id(other) not in repeats)
            if (standard in numbered and claim.stance != "not_claimed") or any(
                includes(other, claim, lens) for other in others
            ):
                repeats.add(id(claim))
    return [claim for claim in claims if id(claim) not in repeats], [
        claim for claim in held if id(claim) in repeats
    ]


def includes(rich: Claim, poor: Claim, lens: Lens) -> bool:
    """Say whether what `poor` says is said by `rich` too: the same subject, edition and level, held as firmly or more."""
    subjects = {lens.same(rich.subject), lens.same(poor.subject)} - {""}
    return (
        len(subjects) <= 1
        and degree(poor.edition) in ("", degree(rich.edition))
        and degree(poor.level) in ("", degree(rich.level))
        and _firm(rich, poor)
    )


def _firm(rich: Claim, poor: Claim) -> bool:
    held = ("claimed", "supports")
    strong, weak = rich.stance or "claimed", poor.stance or "claimed"
    return strong == weak or (
        strong in held and weak in held and STANCES.index(strong) <= STANCES.index(weak)
    )


def changes(
    pairs: Pairs,
    before: Reading,
    after: Reading,
    lens: Lens,
    catalogue: Catalogue,
    said: frozenset[tuple[str, str]],
) -> Iterator[Change]:
    """Tell what became of the standards; unjoins pairs of levels that a person would tell apart."""
    _unjoin_levels(pairs)
    yield from _renamed(pairs, catalogue, said)
    both = {lens.same(name) for name in before.products} & {
        lens.same(name) for name in after.products
    }
    gone = [
        c
        for c in pairs.gone
        if c.kind == "standard" and not any(_covers(other, c, lens, both) for other in after.claims)
    ]
    new = [
        c
        for c in pairs.new
        if c.kind == "standard"
        and not any(_covers(other, c, lens, both) for other in before.claims)
    ]
    gone, new = (
        [c for c in left if not _numbered(c, other.claims, catalogue)]
        for left, other in ((gone, after), (new, before))
    )
    replaced = list(_umbrellas(gone, new, catalogue))
    yield from (told for told, _ in replaced)
    beside = _beside(pairs, gone, new, lens)
    told_already = {
        id(claim)
        for claims in (*(under for _, under in replaced), *beside.values())
        for claim in claims
    }
    for claim, texts in _by_one_name(claim for claim in gone if id(claim) not in told_already):
        yield tell.change("standard", "removed", claim, None, examples=texts)
    for claim, texts in _by_one_name(claim for claim in new if id(claim) not in told_already):
        yield tell.change("standard", "added", None, claim, examples=texts)
    for told in _once(_joined(pairs, before, after, lens)):
        more = beside.get(id(told.claim_before), ()) if told.field == "stance" else ()
        yield (
            replace(told, examples=(*told.examples, *(claim.text for claim in more)))
            if more
            else told
        )


def _by_one_name(claims: Iterable[Claim]) -> list[tuple[Claim, tuple[str, ...]]]:
    """Return claims, each with the sentences that say the same of one subject under a longer or a shorter name."""
    kept: list[tuple[Claim, tuple[str, ...]]] = []
    for claim in claims:
        place = next((n for n, (other, _) in enumerate(kept) if _repeated(other, claim)), None)
        if place is None:
            kept.append((claim, ()))
        else:
            other, texts = kept[place]
            kept[place] = other, (*texts, claim.text)
    return kept


def _repeated(one: Claim, other: Claim) -> bool:
    said, again = (replace(claim, subject=None, basis=None) for claim in (one, other))
    return said == again and _one_name(one.subject or "", other.subject or "", both=False)


def _once(told: Iterable[Change]) -> Iterator[Change]:
    """Tell an edition, or whoever granted or tested it, once, however many subjects it changed for."""
    alike: dict[tuple[object, ...], list[Change]] = defaultdict(list)
    for place, change in enumerate(told):
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
        yield same[0] if len(same) == 1 else tell.again(same[0], count=len(same), examples=texts)


def _beside(
    pairs: Pairs, gone: list[Claim], new: list[Claim], lens: Lens
) -> dict[int, list[Claim]]:
    """Return, by the claim before, what a change of status says already.

    "Not yet compliant" and "we work towards it" both give way to the one sentence that claims it.
    """
    found: dict[int, list[Claim]] = defaultdict(list)
    for b, a in pairs.joined:
        if b.kind == "standard" and b.stance != a.stance:
            firm, weak, left = (a, b, gone) if _rank(a) < _rank(b) else (b, a, new)
            found[id(b)] += [
                c
                for c in left
                if c.standard == b.standard
                and _unheld(c)
                and _unheld(weak)
                and _suits(firm, c, lens)
            ]
    return found


def _rank(claim: Claim) -> int:
    return STANCES.index(claim.stance or "claimed")


def _unheld(claim: Claim) -> bool:
    return claim.stance in ("planned", "unknown", "not_claimed")


def _suits(firm: Claim, weak: Claim, lens: Lens) -> bool:
    """Say whether what is held is what was merely planned or denied: the same subject and level, where the page names them."""
    return includes(firm, replace(weak, stance=firm.stance, edition=None), lens)


def _joined(pairs: Pairs, before: Reading, after: Reading, lens: Lens) -> Iterator[Change]:
    """Tell in what the standards differ that stayed, and which of them now belong to another subject."""
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
    for b, a in pairs.joined:
        if b.kind == "standard":
            told_as_note = words.fold(b.text) in noted or words.fold(a.text) in noted
            dated = _is_noted(b, before) and _is_noted(a, after)
            hushed = _ATTRIBUTES if told_as_note else frozenset({"valid"} if dated else ())
            yield from _changed(b, a, lens, handed, hushed=hushed)
    for (old_subject, new_subject), same in handed.items():
        # Who "we" are is often read from the sentence at hand; only a product of the page can hand a claim to another.
        both = {old_subject, new_subject} <= own[0] or {old_subject, new_subject} <= own[1]
        one = _one_name(same[0][0].subject or "", same[0][1].subject or "", both=both)
        same = [(b, a) for b, a in same if spoken.handed_over(b, a, before, after)]
        if old_subject not in own[0] or new_subject not in own[1] or one or not same:
            continue
        same.sort(key=lambda pair: (pair[0].standard or "", min(claim.text for claim in pair)))
        sentences = tuple(dict.fromkeys(claim.text for pair in same for claim in pair))
        yield tell.change(
            "standard",
            "changed",
            *same[0],
            field="subject",
            count=len(same),
            examples=sentences if len(same) > 1 else (),
        )


def _one_name(old: str, new: str, *, both: bool) -> bool:
    """Say whether two subjects are one under a longer and a shorter name, which no page tells apart as two products."""
    if naming.short_form(old, new) or naming.plainly(old, new):
        return True
    return naming.drawn_out(old, new) and not both


def _renamed(
    pairs: Pairs, catalogue: Catalogue, said: frozenset[tuple[str, str]]
) -> Iterator[Change]:
    """Tell and join the standards of which the page says that the one is now called, or succeeded by, the other."""
    ids = {
        (old.standard, new.standard)
        for b, a in said
        for old in catalogue.mentions(b)
        for new in catalogue.mentions(a)
    }
    ids |= {(new, old) for old, new in ids}
    went = {claim.standard for claim in pairs.gone} - {a.standard for _, a in pairs.joined}
    came = {claim.standard for claim in pairs.new} - {b.standard for b, _ in pairs.joined}
    for old, new in sorted(
        (old, new) for old, new in ids if old != new and old in went and new in came
    ):
        befores = [
            claim for claim in pairs.gone if claim.kind == "standard" and claim.standard == old
        ]
        afters = [
            claim for claim in pairs.new if claim.kind == "standard" and claim.standard == new
        ]
        joined = list(zip(befores, afters, strict=False))
        taken = {id(claim) for pair in joined for claim in pair}
        pairs.gone = [claim for claim in pairs.gone if id(claim) not in taken]
        pairs.new = [claim for claim in pairs.new if id(claim) not in taken]
        pairs.joined += joined
        for b, a in joined[:1]:
            yield tell.change(
                "standard", "renamed", b, a, confidence=0.95, reason="the page says so"
            )


def _covers(other: Claim, claim: Claim, lens: Lens, both: set[str]) -> bool:
    """Say whether a claim of the other page says the same.

    Of a subject that only one page speaks for, any subject's claim will do: that the subject came or went is told as
    such, and not again for each standard that the page claims as before.
    """
    if other.kind != "standard" or other.standard != claim.standard:
        return False
    return includes(
        other, claim if lens.same(claim.subject) in both else replace(claim, subject=None), lens
    )


def _numbered(umbrella: Claim, others: Iterable[Claim], catalogue: Catalogue) -> bool:
    """Say whether the other page holds numbered standards under an umbrella more firmly: then those that came or went say it."""
    under = (
        c
        for c in others
        if (entry := catalogue.get(c.standard or "")) and entry.umbrella == umbrella.standard
    )
    return any(
        c.kind == "standard" and c.stance != umbrella.stance and _firm(c, umbrella) for c in under
    )


def _unjoin_levels(pairs: Pairs) -> None:
    """A level is changed only where one takes the place of the only one; among several it is removed, and another added.

    Where several levels are stated of what was held before without one, each of them is added.
    """
    levels: dict[tuple[str | None, int], set[str]] = defaultdict(set)
    for joined in pairs.joined:
        for side, claim in enumerate(joined):
            if claim.kind == "standard" and claim.level:
                levels[claim.standard, side].add(degree(claim.level))
    for left, side in ((pairs.gone, 0), (pairs.new, 1)):
        for claim in left:
            if claim.kind == "standard" and claim.level:
                levels[claim.standard, side].add(degree(claim.level))
    apart = [
        (b, a)
        for b, a in pairs.joined
        if b.kind == "standard"
        and degree(b.level) != degree(a.level)
        and any(len(levels[c.standard, side]) > 1 for side, c in enumerate((b, a)) if c.level)
    ]
    parted = {id(b) for b, _ in apart}
    pairs.joined = [pair for pair in pairs.joined if id(pair[0]) not in parted]
    pairs.gone += [b for b, _ in apart]
    pairs.new += [a for _, a in apart]


def _umbrellas(
    gone: list[Claim], new: list[Claim], catalogue: Catalogue
) -> Iterator[tuple[Change, list[Claim]]]:
    """Tell an umbrella ("ISO certifications") that gave way to numbered standards, or they to it, as one change."""
    for umbrellas, numbered, forwards in ((gone, new, True), (new, gone, False)):
        for one in umbrellas:
            under = [
                c
                for c in numbered
                if (entry := catalogue.get(c.standard or ""))
                and entry.umbrella == one.standard
                and c.stance == one.stance
            ]
            if under:
                names = ", ".join(dict.fromkeys(tell.title(claim) for claim in under))
                before, after = (one, under[0]) if forwards else (under[0], one)
                values = (tell.title(one), names) if forwards else (names, tell.title(one))
                texts = tuple(dict.fromkeys(claim.text for claim in under))
                more: dict[str, Any] = {
                    "old": values[0],
                    "new": values[1],
                    "count": len(under),
                    "examples": texts,
                }
                told = tell.change("standard", "changed", before, after, field="standard", **more)
                yield told, [one, *under]


def _is_noted(claim: Claim, reading: Reading) -> bool:
    """Say whether a note of the standard prints until when it is valid, in a line of its own: its change tells that."""
    return claim.valid is not None and any(
        note.kind == "note" and note.standard == claim.standard and claim.valid in note.text
        for note in reading.claims
    )


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
        differ.pop(
            "basis", None
        )  # nothing is granted yet: "a JAB ATO" and "a JAB P-ATO" are one plan
    if "subject" in differ and b.subject and a.subject:
        handed[lens.same(b.subject), lens.same(a.subject)].append((b, a))
    if "stance" in differ:
        yield tell.change("standard", "changed", b, a, field="stance")
    for name in ("edition", "level"):
        # A plan that came true often names its level for the first time: one change, not two.
        if name in differ and not (
            "stance" in differ and not (differ[name].before and differ[name].after)
        ):
            yield tell.change("standard", "changed", b, a, field=name)
    granted: list[str] = [
        name for name in ("authority", "assessor", "valid", "cadence") if name in differ
    ]
    for name in granted or ([] if "level" in differ else ["basis"]):
        # Another authority grants on another basis, and so is another level reached: one change, not two.
        if name in differ and "stance" not in differ and name not in hushed and _told(name, b, a):
            yield tell.change("standard", "changed", b, a, field=name)
    planned = not differ and b.stance == a.stance == "planned"
    alike = units.likeness(words.fold(b.text), words.fold(a.text)) >= thresholds.REWORDED
    if planned and alike and marks.slipped(b.text, a.text):
        yield tell.change("note", "changed", b, a, old=b.text, new=a.text)


def postponed(pairs: Pairs, aligned: units.Alignment) -> Iterator[Change]:
    """Tell the plans whose date moved in another cell of their row, or in another line of their card."""
    for b, a in pairs.joined:
        if b.kind == "standard" and b.stance == a.stance == "planned" and b.text == a.text:
            for old, new in aligned.reworded:
                if _beside_of(old, b) and _beside_of(new, a) and marks.slipped(old.text, new.text):
                    yield tell.change("note", "changed", b, a, old=old.text, new=new.text)
                    break


def _beside_of(unit: units.Unit, claim: Claim) -> bool:
    """Say whether a text stands in the claim's row, or under the heading that is the claim."""
    cells = [cell.text for cell in unit.cells]
    return claim.text in cells or (
        unit.section == claim.source.section and unit.section[-1:] == (claim.text,)
    )


def with_services(told: Iterable[Change], before: Reading, after: Reading) -> list[Change]:
    """Return the changes with each standard that came or went with its whole list of services told once for all of them."""
    every = list(told)
    lists: dict[tuple[str, str | None], list[Change]] = defaultdict(list)
    for change in every:
        claim = change.claim_before or change.claim_after
        if change.kind == "service" and claim and claim.scope == "in":
            lists[change.change, change.standard].append(change)
    made: list[Change] = []
    whole: set[int] = set()
    for change in every:
        mine = lists.get((change.change, change.standard), [])
        other = after if change.change == "removed" else before
        if change.kind == "standard" and mine and not _knows(other, change.standard):
            whole |= {id(service) for service in mine}
            names = tuple(service.before or service.after or "" for service in mine)
            lists.pop((change.change, change.standard))
            change = tell.again(change, examples=(*change.examples, *names), count=1 + len(mine))
        made.append(change)
    return [change for change in made if id(change) not in whole]


def _knows(reading: Reading, standard: str | None) -> bool:
    """Say whether a page claims a standard, or lists a service of it."""
    return any(c.kind in ("standard", "service") and c.standard == standard for c in reading.claims)


def _told(name: str, b: Claim, a: Claim) -> bool:
    """Say whether an attribute's change is the page's: a basis that is merely implied changes with the sentence.

    Who granted or tested, how long and how often may stand in other cells of the row, so that the claim's own cell stays.
    """
    old, new = words.fold(b.text), words.fold(a.text)
    if name == "cadence":
        return (
            units.likeness(old, new) >= thresholds.REWORDED
        )  # another sentence that says how often is no news of this one
    if name != "basis":
        return True
    # Another sentence may say "audited" for "certified" of the same thing; its own word, or a provisional one, is another matter.
    weighty = units.likeness(old, new) >= thresholds.REWORDED or {b.basis, a.basis} & {
        "self-attested",
        "provisional",
    }
    return bool(old != new and weighty) and b.basis not in _QUIET and a.basis not in _QUIET


def repeats(before: Iterable[Claim], after: Iterable[Claim], lens: Lens) -> Pairs:
    """Assign the claims that only repeat others to each other, for their history; nothing of them is told."""
    result = Pairs(gone=list(before), new=list(after))
    result.join(lambda claim: (claim.standard, lens.same(claim.text)))
    result.join(lambda claim: (claim.standard, lens.same(claim.subject)))
    result.join(lambda claim: claim.standard)
    return result

"""Services that went, services that came → which of them is which: renames,
and members of joined bullets.

Never takes a member that left a joined bullet for a rename, nor a longer name
for the new name of a shorter one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pipeline import words
from pipeline.diff import thresholds
from pipeline.diff.claims.pairing import Pairs
from pipeline.diff.names import candidates, lists, naming, stems
from pipeline.diff.names.lens import Lens
from pipeline.diff.sides import Sides
from pipeline.diff.texts import units
from pipeline.model import Claim


@dataclass(frozen=True, slots=True)
class Renamed:
    """A service that bears another name now, how sure that is, and why."""

    before: Claim
    after: Claim
    confidence: float
    reason: str


def settle(pairs: Pairs, sides: Sides) -> list[Renamed]:
    """Join the services that were renamed, respelled
    or regrouped into other bullets; return the renames.
    """
    lens = sides.lens
    pairs.join(lambda claim: _spelling(claim, lens) if claim.kind == "service" else None)
    makers = _makers(pairs, lens)
    pairs.join(
        lambda claim: _spelling(claim, lens, makers) if claim.kind == "service" and makers else None
    )
    found: list[Renamed] = []
    entries = lists.of(pairs, sides.before.claims, sides.after.claims, lens)
    known = sides.stated | {(words.fold(r.before), words.fold(r.after)) for r in lens.renames}
    for certain in (True, False, True):  # what one list showed in the end holds for the others
        for entry in entries:
            found += _rename(entry, lens, known, certain=certain)
            known |= {
                (words.fold(r.before.service or ""), words.fold(r.after.service or ""))
                for r in found
            }
            taken = {id(claim) for r in found for claim in (r.before, r.after)}
            entry.gone = [claim for claim in entry.gone if id(claim) not in taken]
            entry.new = [claim for claim in entry.new if id(claim) not in taken]
    pairs.joined += [(r.before, r.after) for r in found]
    taken = {id(claim) for r in found for claim in (r.before, r.after)}
    pairs.gone = [claim for claim in pairs.gone if id(claim) not in taken]
    pairs.new = [claim for claim in pairs.new if id(claim) not in taken]
    named = {
        id(claim): frozenset(names(claim, lens))
        for claim in (*pairs.gone, *pairs.new)
        if claim.kind == "service"
    }
    pairs.join(
        lambda claim: ("joined", claim.standard) if claim.kind == "service" else None,
        lambda b, a: _unshared(named[id(b)], named[id(a)]),
    )
    return found


def _unshared(old: frozenset[str], new: frozenset[str]) -> float | None:
    """Return how many names two bullets do not share.

    None where they share none, or neither joins names.
    """
    return float(len(old ^ new)) if old & new else None


def names(claim: Claim, lens: Lens) -> dict[str, str]:
    """Return the names a service claim stands for, comparable form → as printed:
    its members, or its own.
    """
    return {
        lens.same(units.bare(name)): name
        for name in (claim.members or lens.joined(claim.service) or (claim.service or "",))
    }


def _spelling(claim: Claim, lens: Lens, makers: Collection[str] = ()) -> tuple[object, ...]:
    """Return a key that is the same for a name with a doubled word,
    or one of the makers' names, and the same without.
    """
    text = re.sub(r"\b(\w+)(?: \1\b)+", r"\1", lens.same(units.bare(claim.service or "")))
    first, _, rest = text.partition(" ")
    return (
        "spelling",
        claim.standard,
        claim.scope,
        re.sub(r"[^\w\x01]+", " ", rest if first in makers and rest else text).strip(),
    )


def _makers(pairs: Pairs, lens: Lens) -> set[str]:
    """Return the first words that many names of a page lost, or gained:
    "Example Desk" and all its like are "Desk" now.
    """
    gone, new = (
        {lens.same(c.service) for c in left if c.kind == "service"}
        for left in (pairs.gone, pairs.new)
    )
    cut = [
        Counter(name.partition(" ")[0] for name in one if name.partition(" ")[2] in other)
        for one, other in ((gone, new), (new, gone))
    ]
    return {first for counts in cut for first, count in counts.items() if count >= thresholds.MANY}


def _rename(
    entry: lists.List, lens: Lens, known: Iterable[tuple[str, str]], *, certain: bool
) -> list[Renamed]:
    known = set(known)
    entry.crowd = Counter(entry.slots[id(claim)] for claim in (*entry.gone, *entry.new))
    sides = entry.gone, entry.new
    pairs = candidates.stated(*sides, lens, known) if certain else _possible(entry, lens)
    weighed = [
        _stated(b, a, lens, known) if certain else _weigh(b, a, entry, lens)
        for b, a in pairs
        if not set(names(b, lens)) & set(names(a, lens))
    ]
    found: list[Renamed] = []
    seen: set[int] = set()
    for rename in sorted((r for r in weighed if r), key=lambda r: -r.confidence):
        if id(rename.before) not in seen and id(rename.after) not in seen:
            found.append(rename)
            seen |= {id(rename.before), id(rename.after)}
    return found


def _possible(entry: lists.List, lens: Lens) -> list[tuple[Claim, Claim]]:
    """Return the pairs of a list that `_weigh` could make anything of."""
    if len(entry.gone) == len(entry.new) == 1:
        return [(entry.gone[0], entry.new[0])]
    slots = {number: slot for number, slot in entry.slots.items() if slot != ("", "")}
    return candidates.likely(entry.gone, entry.new, candidates.Marks(lens, entry.weights, slots))


def _stated(b: Claim, a: Claim, lens: Lens, known: set[tuple[str, str]]) -> Renamed | None:
    """Return the rename of a service of which the page says so itself, or all along."""
    old, new = words.fold(b.service or ""), words.fold(a.service or "")
    if (old, new) in known or (new, old) in known:
        return Renamed(b, a, 0.97, "the page says so, or shows it elsewhere")
    same = lens.loosely(b.service) == lens.loosely(a.service)
    return Renamed(b, a, 0.95, "the name in it was renamed throughout the page") if same else None


def _weigh(b: Claim, a: Claim, entry: lists.List, lens: Lens) -> Renamed | None:
    """Return the rename of a service that its name and place make likely."""
    if b.members or a.members:
        return None
    if naming.bare(lens.same(b.service)) == naming.bare(lens.same(a.service)):
        # Rows that differ in a bracket ("SQL (MySQL)", "SQL (Oracle)") are several services.
        return (
            Renamed(b, a, 0.9, "only what stands in brackets differs")
            if entry.alone(b, a)
            else None
        )
    return None if naming.near_miss(b.service or "", a.service or "") else _likely(b, a, entry)


def _likely(b: Claim, a: Claim, entry: lists.List) -> Renamed | None:
    """Weigh the telling words that two names share, where they stand,
    and whether any other service could be meant.
    """
    x, y = (
        set(stems.of_name(words.fold(b.service or ""))),
        set(stems.of_name(words.fold(a.service or ""))),
    )
    weight = entry.weights
    shared = sum(weight.get(word, 1.0) for word in x & y)
    least = min(sum(weight.get(word, 1.0) for word in side) for side in (x, y)) or 1.0
    most = max(sum(weight.get(word, 1.0) for word in side) for side in (x, y)) or 1.0
    pair = words.fold(b.service or ""), words.fold(a.service or "")
    behind = set.intersection(*map(set, stems.behind(*pair)))
    distinct = max((weight.get(word, 1.0) for word in behind), default=0.0) >= thresholds.DISTINCT
    telling = sum(weight.get(word, 1.0) >= thresholds.TELLING for word in x & y) if behind else 0
    spelt = stems.spelt(*pair)
    if entry.slots[id(b)] == entry.slots[id(a)] != ("", ""):
        if distinct or spelt >= thresholds.SPELT or stems.kin(*pair):
            return Renamed(
                b,
                a,
                0.8 + 0.1 * shared / most,
                "it stands in the same place of the same list, under a name that shares its words",
            )
        if reason := entry.replaced(b, a):
            return Renamed(b, a, 0.7, reason)
    if len(entry.gone) == len(entry.new) == 1 and distinct:
        return Renamed(
            b,
            a,
            0.7 + 0.1 * shared / most,
            "the only name that went and the only one that came share a telling word",
        )
    most_of_it = shared / least >= thresholds.SHARED and shared / most >= thresholds.SHARED_LONG
    if spelt >= thresholds.SPELT_ANYWHERE or (most_of_it and telling >= 2):
        return Renamed(b, a, 0.6 + 0.1 * shared / most, "the names share most of their words")
    return None

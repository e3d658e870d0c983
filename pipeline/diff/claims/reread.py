"""Two readings → the same two, with what a text says that stands on both pages read alike
from either of them.

A reader weighs a sentence in its surroundings: another title, heading or neighbour can tip it, and
a claim comes or goes of which no word changed. That is our reading, never the vendor's change. A
text that needs no surroundings, or whose surroundings are the same too, says on both pages what the
surer of the two readings made of it. It finds no change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pipeline.diff.claims import caveats, coverage, fields, surroundings
from pipeline.diff.claims.surroundings import Key, Surroundings
from pipeline.diff.names.lens import Lens
from pipeline.diff.sides import Sides
from pipeline.diff.texts import units
from pipeline.diff.texts.units import Unit
from pipeline.model import Change, Claim, Reading, Source

KINDS = ("standard", "note", "service")
HELD = ("claimed", "supports", None)
Pair = tuple[Claim | None, Claim | None]


@dataclass(frozen=True, slots=True)
class Reread:
    """Both readings with their claims completed.

    `originals` has, by identity, what a completed claim was, None if nothing.
    """

    before: Reading
    after: Reading
    originals: dict[int, Claim | None]

    def restored(self, pairs: Iterable[Pair]) -> tuple[Pair, ...]:
        """Return the pairs of the claims that were read; what was merely completed is left out."""
        found = (tuple(self._original(claim) for claim in pair) for pair in pairs)
        return tuple((b, a) for b, a in found if b or a)

    def sourced(self, change: Change) -> Change:
        """Return a change with the claims that were read."""
        b, a = (self._original(c) or c for c in (change.claim_before, change.claim_after))
        return replace(change, claim_before=b, claim_after=a)

    def _original(self, claim: Claim | None) -> Claim | None:
        return self.originals.get(id(claim), claim) if claim else None


def alike(sides: Sides) -> Reread:
    """Return both readings, each with the claims that the other one read in a text
    which stands on both pages.

    Two readings of one document are left as they are: there every difference is the reader's,
    and is told as such.
    """
    before, after, lens, aligned = sides.before, sides.after, sides.lens, sides.aligned
    if sides.one_document:
        return Reread(before, after, {})
    pages = tuple(Surroundings(reading, lens, sides.catalogue) for reading in (before, after))
    same = [(b, a) for b, a in aligned.reworded if caveats.same_note(b.text, a.text, lens)]
    shown = _cards(aligned.shown)
    old = _Side(pages[0], pages[1], {id(b): a for b, a in same}, shown[0])
    new = _Side(pages[1], pages[0], {id(a): b for b, a in same}, shown[1])
    left, right = list(_completed(old, new)), list(_completed(new, old))
    return Reread(
        replace(before, claims=tuple(claim for claim, _ in left)),
        replace(after, claims=tuple(claim for claim, _ in right)),
        {id(claim): was for claim, was in (*left, *right) if claim is not was},
    )


def _cards(shown: Iterable[tuple[Unit, Unit]]) -> tuple[dict[int, list[Unit]], ...]:
    """Return for each text that the other page shows as a row, or as a card, what it is there."""
    found: tuple[dict[int, list[Unit]], ...] = (defaultdict(list), defaultdict(list))
    for b, a in shown:
        found[0][id(b)].append(a)
        found[1][id(a)].append(b)
    return found


def _completed(here: _Side, there: _Side) -> Iterator[tuple[Claim, Claim | None]]:
    """Yield the claims of one page, its own first, each with the claim
    that was read there, if any.
    """
    own, carried, lens = here.own(), there.carried(), here.page.lens
    for key, claims in own.items():
        twins = carried.get(key, [])
        if len(twins) == len(claims) == 1:
            yield _surer(claims[0], twins[0].claim, lens), claims[0]
        else:
            yield from ((claim, claim) for claim in claims)
    said = _Said(here.page.reading.claims, lens)
    for key, twins in carried.items():
        mine = own.get(key, [])
        if not mine:
            yield from ((one.moved(), None) for one in twins if not said.elsewhere(one.claim))
        elif len(mine) + len(twins) > 2 and key[0] != "service":
            # One sentence claims for several subjects, of which the other page's reading knew some.
            moved = [one.moved() for one in twins]
            yield from ((twin, None) for twin in moved if not _among(twin, mine, lens))


class _Said:
    """What a page says, asked whether it says what stands on the other page."""

    def __init__(self, claims: Iterable[Claim], lens: Lens) -> None:
        self._lens = lens
        every = list(claims)
        standards = [claim for claim in every if claim.kind == "standard"]
        self._index = coverage.Index(lens, standards)
        self._held = {claim.standard for claim in standards if _is_held(claim)}
        self._services = {self._service(claim) for claim in every if claim.kind == "service"}

    def elsewhere(self, twin: Claim) -> bool:
        """Say whether a page says as much in another text;
        a plan that stands beside what is held now is what it gave up.
        """
        if twin.kind == "service":
            return self._service(twin) in self._services
        if twin.kind == "note":
            return False
        gave_way = not _is_held(twin) and twin.standard in self._held
        return gave_way or self._index.including(twin, anybody=True) > 0

    def _service(self, claim: Claim) -> tuple[str | None, str]:
        return claim.standard, self._lens.same(units.bare(claim.service or ""))


@dataclass(frozen=True, slots=True)
class _Carried:
    """A claim of one page, and where its text stands on the other."""

    claim: Claim
    source: Source

    def moved(self) -> Claim:
        """Return the claim as it would stand there."""
        moved = replace(self.claim, source=self.source)
        if moved.kind == "note" and moved.value == self.claim.text:
            return replace(moved, value=self.source.text)
        return moved


def _among(twin: Claim, known: list[Claim], lens: Lens) -> bool:
    return any(fields.comparable(c, lens) == fields.comparable(twin, lens) for c in known)


def _surer(claim: Claim, twin: Claim, lens: Lens) -> Claim:
    """Return what a text says that two pages print alike: of two readings the one
    with the larger margin.
    """
    if claim.kind == "service" or claim == twin:
        return claim
    if _statement(claim, lens) == _statement(twin, lens):
        return claim
    ranks = [(one.margin or 0.0, repr(_statement(one, lens))) for one in (claim, twin)]
    chosen = replace(twin, subject=claim.subject, source=claim.source, value=claim.value)
    return claim if ranks[0] >= ranks[1] else chosen


def _statement(claim: Claim, lens: Lens) -> dict[str, object]:
    statement = fields.comparable(claim, lens)
    return {name: value for name, value in statement.items() if name not in ("subject", "value")}


def _is_held(claim: Claim) -> bool:
    return claim.kind == "standard" and claim.stance in HELD


class _Side:
    """One page's claims, and where their texts stand on the other page."""

    def __init__(
        self,
        page: Surroundings,
        other: Surroundings,
        respelt: Mapping[int, Unit],
        cards: Mapping[int, list[Unit]],
    ) -> None:
        self.page, self._other, self._respelt, self._cards = page, other, respelt, cards

    def own(self) -> dict[Key, list[Claim]]:
        """Return the page's claims by the text that makes them."""
        found: dict[Key, list[Claim]] = defaultdict(list)
        for claim in self.page.reading.claims:
            found[self.key(claim, claim.text)].append(claim)
        return found

    def carried(self) -> dict[Key, list[_Carried]]:
        """Return the claims of texts that stand on the other page too,
        with where they stand there.
        """
        found: dict[Key, list[_Carried]] = defaultdict(list)
        for claim in self.page.reading.claims:
            source = self._there(claim) if claim.kind in KINDS else None
            if source is not None:
                found[self.key(claim, source.text)].append(_Carried(claim, source))
        return found

    def key(self, claim: Claim, text: str) -> Key:
        """Return what two claims of one text have in common;
        a note's standard is read from its surroundings.
        """
        same = self.page.lens.same
        about = (
            () if claim.kind == "note" else (claim.standard, same(units.bare(claim.service or "")))
        )
        return claim.kind, *about, same(text)

    def _there(self, claim: Claim) -> Source | None:
        found = self.page.units_of(claim)
        there = [self._counterpart(unit, claim) for unit in found]
        if not found or None in there:
            return None
        first = there[0]
        assert first is not None
        alone = len(found) == 1 and self._other.text(first) == self.page.lens.same(claim.text)
        respelt = id(found[0]) in self._respelt and first is self._respelt[id(found[0])]
        return Source(first.text if alone or respelt else claim.text, first.section, first.line)

    def _counterpart(self, unit: Unit, claim: Claim) -> Unit | None:
        """Return the text of the other page that says the same in the same words.

        None where there is none.
        """
        same = self._other.by_text.get(self.page.text(unit), [])
        if surroundings.speaks(unit):
            if claim.kind == "note" and not same and id(unit) in self._respelt:
                return self._respelt[id(unit)]
            near = [one for one in same if surroundings.heading(one) == surroundings.heading(unit)]
            as_often = len(same) == len(self.page.by_text[self.page.text(unit)])
            steady = [one for one in same if as_often and not surroundings.turned(unit, one)]
            return next(iter((*near, *steady)), None)
        there = self._other.around.get(self.page.around_of(unit), [])
        if len(there) == len(self.page.around[self.page.around_of(unit)]):
            return there[0]
        shown = self._cards.get(id(unit), [])
        statement = (one for one in shown if self._other.text(one) == self.page.text(unit))
        return next(statement, shown[0] if shown else None)

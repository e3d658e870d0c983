"""Reading, Reading → the names that were renamed between them, and the lens through
which old and new look alike.

Finds products and brands; what services and standards were renamed is settled where their claims
are paired. It never takes a longer name ("X Government", "X Logs") for a new name of the shorter
one.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline import words
from pipeline.diff import thresholds
from pipeline.diff.catalogue import Catalogue
from pipeline.diff.names import brands, naming, presence, swaps
from pipeline.diff.names.lens import Lens, Rename
from pipeline.diff.texts import alignment, units
from pipeline.model import Reading

_CAPITAL = r"(?:[A-Z0-9][\w&+/'’-]*(?:\.[\w]+)*)"
_NAME = rf"(?:{_CAPITAL}(?:\s+(?:(?:for|of|and|the|in|with)\s+)?{_CAPITAL})*)"
_STATING = re.compile(
    r"\b(?:formerly|previously|originally|successor|now|renamed|rebranded|replace[sd]"
    r"|superseded|was|ex)\b"
)
_STATEMENTS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<new>{_NAME})\s*[,(\[]?\s*(?:formerly|previously|originally)(?: known as"
        r"| called| named)?:?"
        rf"\s+(?:the\s+)?[\"“]?(?P<old>{_NAME})",
        rf"(?P<new>{_NAME})\s*[,(]\s*(?:the )?(?:successor (?:to|of)|which (?:replaces"
        rf"|replaced))\s+(?:the\s+)?(?P<old>{_NAME})",
        rf"(?P<new>{_NAME})\s*\((?:replaces|replaced|was|renamed from|ex)\s+(?P<old>{_NAME})\)",
        rf"(?P<old>{_NAME})\s+(?:is|are) now(?: called| known as| named"
        rf"| part of)?\s+(?P<new>{_NAME})",
        rf"(?P<old>{_NAME})\s+(?:has been|was|is being|will be) (?:renamed|rebranded)(?: to"
        rf"| as)?\s+(?P<new>{_NAME})",
        rf"(?P<old>{_NAME})\s*[,(]\s*now(?: called| known as)?\s+(?P<new>{_NAME})",
        rf"(?P<old>{_NAME})\s+(?:has been|was) (?:replaced|succeeded"
        rf"|superseded) by\s+(?:the\s+)?(?P<new>{_NAME})",
    )
)


def lens(
    before: Reading,
    after: Reading,
    catalogue: Catalogue,
    rough: alignment.Alignment,
    stated: frozenset[tuple[str, str]],
) -> Lens:
    """Find what was renamed, from the subjects that went and came,
    and from sentences that differ by one name alone.

    `rough` is how the texts lie side by side while no rename is known,
    `stated` what `statements` returns.
    """
    pairs = [(b.text, a.text) for b, a in (*rough.reworded,)] + _front_matter(before, after)
    votes = Counter(vote for b, a in pairs for vote in swaps.swaps(b, a))
    # A standard in the place of another is a change of the claim, never another name.
    votes = Counter(
        {
            vote: count
            for vote, count in votes.items()
            if not any(catalogue.mentions(name) for name in vote)
        }
    )
    products = _products(_Proofs(before, after, pairs, votes, stated))
    members = {
        words.fold(name)
        for reading in (before, after)
        for claim in reading.claims
        for name in claim.members
    }
    renamed = [*products, *brands.house(before, after, products)]
    return Lens(
        [*renamed, *brands.passing(before, after, votes, stated, renamed)],
        members,
        (*before.products, *after.products),
    )


def statements(before: Reading, after: Reading) -> frozenset[tuple[str, str]]:
    """Return every (old, new) pair of folded names that a sentence or claim
    of either page says is a rename.
    """
    found: set[tuple[str, str]] = set()
    # Most texts stand on both pages.
    for text in {unit.text for page in (before, after) for unit in units.of(page.document)}:
        if _STATING.search(text):
            found |= {
                (words.fold(m["old"]), words.fold(m["new"]))
                for rule in _STATEMENTS
                for m in rule.finditer(text)
            }
    for reading in (before, after):
        found |= {
            (words.fold(c.alias), words.fold(c.service))
            for c in reading.claims
            if c.alias and c.service
        }
    return frozenset((old, new) for old, new in found if old != new)


def _products(proofs: _Proofs) -> list[Rename]:
    before, after, votes = proofs.before, proofs.after, proofs.votes
    old_names, new_names = _subjects(before), _subjects(after)
    gone = [
        name for name in old_names if words.fold(name) not in {words.fold(n) for n in new_names}
    ]
    new = [name for name in new_names if words.fold(name) not in {words.fold(n) for n in old_names}]
    # A product is renamed to what the page does not yet name as one:
    # sentences show the name that took its place.
    heard = [(b, a) for (b, a), count in votes.items() if count >= 2]
    known = {words.fold(name) for name in (*old_names, *new_names)}
    weighed = [(b, a) for b in gone for a in new]
    weighed += [
        (b, a)
        for b, a in heard
        if (b in gone and words.fold(a) not in known) or (a in new and words.fold(b) not in known)
    ]
    found = [rename for b, a in weighed if (rename := _weigh(b, a, proofs))]
    chosen: list[Rename] = []
    for rename in sorted(
        found,
        key=lambda r: (
            -r.confidence,
            -r.count,
            -len(r.before + r.after),
            *sorted((r.before, r.after)),
        ),
    ):
        if all(rename.before != other.before and rename.after != other.after for other in chosen):
            chosen.append(rename)
    return [rename for rename in chosen if not _implied(rename, chosen)]


def _implied(rename: Rename, chosen: list[Rename]) -> bool:
    """Say whether a shorter name that is renamed makes this one:
    "Example" is now called otherwise, so "Example for Schools" is.
    """
    shorter = Lens(
        [
            Rename(r.before, r.after, True, 1.0, "")
            for r in chosen
            if len(r.before) < len(rename.before)
        ]
    )
    return shorter.same(rename.before) == shorter.same(rename.after)


def _subjects(reading: Reading) -> list[str]:
    named = [
        *reading.products,
        *(claim.subject for claim in reading.claims if claim.kind == "product" and claim.subject),
    ]
    return list({words.fold(name): name for name in reversed(named)}.values())[::-1]


def _weigh(b: str, a: str, proofs: _Proofs) -> Rename | None:
    """Return the rename of product `b` to `a` if sentences bear it out;
    the more of them, the surer.
    """
    old, new = words.fold(b), words.fold(a)
    before, after = proofs.before, proofs.after
    exchanged = brands.exchanged(old, new, before, after)
    near = naming.near_miss(b, a)
    if (near and not exchanged) or not _came_or_went(old, new, before, after):
        return None
    if naming.short_form(old, new) and both_forms(old, new, before, after):
        return None
    variants = (*_variants(b, a, proofs.votes), *brands.heads(b, a, before, after))
    shown = proofs.sentences(b, a, variants)
    alike = len(shown)
    said_so = bool({(old, new), (new, old)} & proofs.stated)
    votes = max(alike, proofs.votes[b, a])
    if not said_so and votes < 2 and not (alike and exchanged and not near):
        return None
    count = "1 passage differs" if alike == 1 else f"{alike} passages differ"
    reasons = (
        "the page says so" if said_so else "",
        f"{count} by this name alone" if alike else "",
    )
    confidence = 0.98 if said_so else min(0.98, 0.6 + 0.1 * alike)
    examples = tuple(dict.fromkeys(shown))[: thresholds.EXAMPLES]
    reason = "; ".join(filter(None, reasons))
    return Rename(b, a, True, confidence, reason, alike, variants, examples)


@dataclass(frozen=True, slots=True)
class _Proofs:
    """What may bear out a product's new name: texts side by side, the names that they swap,
    and what the pages say of names.
    """

    before: Reading
    after: Reading
    pairs: list[tuple[str, str]]
    votes: Counter[tuple[str, str]]
    stated: frozenset[tuple[str, str]]

    def sentences(self, b: str, a: str, variants: tuple[tuple[str, str], ...]) -> list[str]:
        """Return the texts of the new page that differ from the old ones by this name alone."""
        trial = Lens([Rename(b, a, True, 1.0, "", variants=variants)])
        names = [(words.fold(x), words.fold(y)) for x, y in ((b, a), *variants)]
        touched = [
            (trial.same(x), trial.same(y), y)
            for x, y in self.pairs
            if any(_swapped(*pair, words.fold(x), words.fold(y)) for pair in names)
        ]
        return [
            text
            for x, y, text in touched
            if (x == y or fuzz.ratio(x, y) >= thresholds.BY_NAME)
            and len(x.split()) >= thresholds.CONTEXT
        ]


def both_forms(old: str, new: str, before: Reading, after: Reading) -> bool:
    """Say whether the page that uses the shorter of two names prints the longer one too:
    then either is its name.
    """
    long = max((old, new), key=len)
    return any(
        long in words.fold(unit.text)
        for unit in units.of((before if long == new else after).document)
    )


def _came_or_went(old: str, new: str, before: Reading, after: Reading) -> bool:
    """Say whether the new name was not on the old page, or the old one is no longer
    on the new page, but inside each other.

    Two names that both pages print are two things, even if a reading takes now the one
    and now the other for the product.
    """
    texts = presence.text(before), presence.text(after)
    return new not in texts[0].replace(old, "") or old not in texts[1].replace(new, "")


def _swapped(old: str, new: str, before: str, after: str) -> bool:
    """Say whether one text has the old name where the other has the new one."""
    return old in before and new in after and presence.gave_way(old, new, before, after)


def _variants(
    before: str, after: str, votes: Counter[tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    """Return the short forms that change with a name: both without the words they begin with alike,
    or as sentences show.
    """
    a, b = before.split(), after.split()
    head = next(
        (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    found = (
        [(" ".join(a[head:]), " ".join(b[head:]))]
        if head and len(a) - head >= 2 and len(b) - head >= 2
        else []
    )
    for old, new in votes:
        parts = old.split(), new.split()
        if (a[-len(parts[0]) :], b[-len(parts[1]) :]) == parts and (
            len(parts[0]) >= 2 or votes[old, new] >= 2
        ):
            found.append((old, new))
    return tuple(
        pair for pair in dict.fromkeys(found) if words.fold(pair[0]) != words.fold(pair[1])
    )


def _front_matter(before: Reading, after: Reading) -> list[tuple[str, str]]:
    """Return front matter values of the same key that differ:
    titles and descriptions often carry the product's name.
    """
    old, new = dict(before.document.front_matter), dict(after.document.front_matter)
    pairs = [
        (value, new[key])
        for key, value in old.items()
        if key in new and words.fold(new[key]) != words.fold(value)
    ]
    title = (before.document.title or "", after.document.title or "")
    return (
        [*pairs, title]
        if all(title) and words.fold(title[0]) != words.fold(title[1]) and title not in pairs
        else pairs
    )

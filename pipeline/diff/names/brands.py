"""Readings, votes of sentences → the brands that gave way to others, in products' names,
in lists and in passing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pipeline import words
from pipeline.diff import thresholds
from pipeline.diff.names import naming, presence
from pipeline.diff.names.lens import Lens, Rename
from pipeline.model import Reading


def exchanged(old: str, new: str, before: Reading, after: Reading) -> bool:
    """Say whether the old name is nowhere on the new page, and the new one nowhere on the old."""
    texts = presence.text(before), presence.text(after)
    return new not in texts[0] and old not in texts[1]


def heads(b: str, a: str, before: Reading, after: Reading) -> tuple[tuple[str, str], ...]:
    """Return the words that two names begin with unalike,
    where the whole page gave up the one for the other: its brand.
    """
    old, new = b.split(), a.split()
    tail = next(
        (i for i, (x, y) in enumerate(zip(old[::-1], new[::-1], strict=False)) if x != y), 0
    )
    heads = " ".join(old[: len(old) - tail]), " ".join(new[: len(new) - tail])
    plain = (
        tail
        and min(map(len, heads)) >= thresholds.BRAND
        and not any(words.fold(head) in naming.PLACES for head in heads)
    )
    return (
        (heads,)
        if plain and exchanged(words.fold(heads[0]), words.fold(heads[1]), before, after)
        else ()
    )


def house(before: Reading, after: Reading, products: list[Rename]) -> Iterator[Rename]:
    """Yield the brand that the services of a list bear,
    where the whole page gave it up for another.
    """
    known = Lens(products)
    old, new = (
        {words.fold(c.service): c.service for c in r.claims if c.kind == "service" and c.service}
        for r in (before, after)
    )
    tails = {name.split(" ", 1)[-1]: name for name in new if name not in old and " " in name}
    heads = Counter(
        (b.split()[0], tails[t].split()[0])
        for b in old
        if b not in new and (t := b.split(" ", 1)[-1]) in tails
    )
    for (gone, came), count in heads.most_common(1):
        known_already = known.same(gone) == known.same(came) or {gone, came} & naming.PLACES
        if (
            count >= thresholds.MANY
            and not known_already
            and min(len(gone), len(came)) >= thresholds.BRAND
            and exchanged(gone, came, before, after)
        ):
            names = next(
                (b, new[tails[t]])
                for f, b in old.items()
                if f.startswith(gone) and (t := f.split(" ", 1)[-1]) in tails
            )
            brands = names[0].split()[0], names[1].split()[0]
            yield Rename(*brands, True, 0.9, f"{count} services differ by this name alone", count)


def passing(
    before: Reading,
    after: Reading,
    votes: Counter[tuple[str, str]],
    stated: frozenset[tuple[str, str]],
    products: list[Rename],
) -> list[Rename]:
    """Return the renames of names that the page does not speak for: seen twice,
    or once and said so.
    """
    known = {
        words.fold(name)
        for rename in products
        for pair in ((rename.before, rename.after), *rename.variants)
        for name in pair
    }
    texts = presence.text(before), presence.text(after)
    found = []
    for (old, new), count in votes.most_common():
        pair = words.fold(old), words.fold(new)
        is_stated = pair in stated or pair[::-1] in stated
        if (
            (count < 2 and not is_stated)
            or set(pair) & known
            or not presence.gave_way(*pair, *texts)
        ):
            continue
        known |= set(pair)
        reason = "the page says so" if is_stated else f"{count} passages differ by this name alone"
        found.append(
            Rename(
                old, new, False, 0.95 if is_stated else min(0.9, 0.5 + 0.15 * count), reason, count
            )
        )
    return found

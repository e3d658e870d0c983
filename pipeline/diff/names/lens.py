"""Names that were renamed → how two readings are looked at, so that old and new look alike.

Finds no rename.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from pipeline import words
from pipeline.model import Claim

_JOINT = re.compile(r",\s+(?:and\s+)?|\s+(?:and|&)\s+")


@dataclass(frozen=True, slots=True)
class Rename:
    """One name that became another; `spoken` when the page speaks for it,
    else a brand that it merely mentions.
    """

    before: str
    after: str
    is_product: bool
    confidence: float
    reason: str
    count: int = 0
    variants: tuple[tuple[str, str], ...] = ()
    examples: tuple[str, ...] = ()


class Lens:
    """How both readings are looked at: typography is folded,
    and a renamed name looks like its new one.

    Both pages are seen through the same lens, so that comparing them the other way round finds the
    same.
    """

    def __init__(
        self, renames: Iterable[Rename], members: Collection[str] = (), own: Iterable[str] = ()
    ) -> None:
        self.renames = tuple(renames)
        is_product = [rename for rename in self.renames if rename.is_product]
        self._products, self._every = _Names(is_product), _Names(self.renames)
        self._keys: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._members = frozenset(members)
        self.own = frozenset(word for name in own for word in words.tokens(self.loosely(name)))

    def same(self, text: str | None) -> str:
        """Return the form in which texts are equal that differ in typography or
        in a product's old and new name.
        """
        if not text:
            return ""
        folded = words.fold(text)
        return self._products.alike(folded) if self._products.any else folded

    def key(self, claim: Claim) -> tuple[str, ...]:
        """Return `Claim.key` as seen through the lens: renamed products are one."""
        plain = claim.key
        if plain not in self._keys:  # most keys are asked for twice, of either page
            self._keys[plain] = tuple(map(self.same, plain))
        return self._keys[plain]

    def joined(self, name: str | None) -> tuple[str, ...]:
        """Return the names that a bullet joins, if a bullet of either page lists each
        of them: "Studio and Sync".
        """
        if not self._members:
            return ()
        parts = tuple(_JOINT.split(name or ""))
        return parts if len(parts) > 1 and self._members.issuperset(map(words.fold, parts)) else ()

    def loosely(self, text: str | None) -> str:
        """Return the same, with the old and new names of mere brands looking alike too."""
        return self._every.alike(words.fold(text)) if text else ""


class _Names:
    def __init__(self, renames: Sequence[Rename]) -> None:
        self._marks: dict[str, str] = {}
        for number, rename in enumerate(renames):
            for pair in ((rename.before, rename.after), *rename.variants):
                for name in pair:
                    self._marks.setdefault(words.fold(name), f"\x01{number}")
        names = sorted(self._marks, key=lambda name: (-len(name), name))
        self._pattern = (
            re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)") if names else None
        )
        self.any = bool(names)

    def alike(self, text: str) -> str:
        return (
            self._pattern.sub(lambda match: self._marks[match[0]], text) if self._pattern else text
        )

"""Both readings of a page as they are compared: side by side, and seen through one lens.

Holds values and finds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.diff.catalogue import Catalogue
from pipeline.diff.names.lens import Lens
from pipeline.diff.texts.alignment import Alignment
from pipeline.model import Reading

Statements = frozenset[tuple[str, str]]
"""The (old, new) pairs of folded names of which a page says itself
that the one is now the other.
"""


@dataclass(frozen=True, slots=True)
class Sides:
    """What every comparison of claims needs: the readings, what was renamed,
    how the texts lie, which standards there are.
    """

    before: Reading
    after: Reading
    lens: Lens
    aligned: Alignment
    catalogue: Catalogue
    stated: Statements = frozenset()

    @property
    def one_document(self) -> bool:
        """Return whether two readers read one document: then every difference is the reader's."""
        return self.before.document == self.after.document

    def other(self, word: str) -> Reading:
        """Return the reading that has not what was `removed` or `added`."""
        return self.after if word == "removed" else self.before

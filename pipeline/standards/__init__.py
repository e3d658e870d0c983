"""TOML data → Catalogue: what standards there are, how pages print them, which editions are superseded.

It knows nothing of vendors and decides no claim. It reads its own data files and the user's extra one, nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path

from pipeline import errors
from pipeline.standards import entries, spellings, successors, tails
from pipeline.standards import mentions as recogniser
from pipeline.standards.entries import EditionFact, Entries, Example, Standard
from pipeline.standards.mentions import Mention
from pipeline.standards.successors import sentence
from pipeline.standards.tails import bare

__all__ = [
    "Catalogue",
    "EditionFact",
    "Example",
    "Mention",
    "Standard",
    "bare",
    "load",
    "misread",
    "same_edition",
    "sentence",
]

_DATA = Path(__file__).parent / "catalogue"

Files = tuple[tuple[str, bytes], ...]


class Catalogue:
    """The standards by id, and the recogniser of their names; never changes once loaded.

    `files` are the names and contents that it was made of: pickled, it travels as those.
    """

    def __init__(self, known: Entries, files: Files) -> None:
        self.standards = known.standards
        self.ids = tuple(standard.id for standard in known.standards)
        self.stamp = hashlib.sha256(b"\0".join(data for _, data in files)).hexdigest()
        self._files = files
        self._by_id = {standard.id: standard for standard in known.standards}
        self._recogniser = recogniser.Recogniser(known.standards, known.families)

    def __reduce__(self) -> tuple[Callable[[Files], Catalogue], tuple[Files]]:
        return _catalogue, (self._files,)

    def get(self, id: str) -> Standard | None:
        """Return the standard of that id."""
        return self._by_id.get(id)

    def mentions(self, text: str, context: Collection[str] = ()) -> tuple[Mention, ...]:
        """Return the standards named in the text, left to right; see `mentions.Recogniser.mentions`."""
        return self._recogniser.mentions(text, context)

    def levels(self, text: str, id: str) -> tuple[Mention, ...]:
        """Return a mention for each level of a standard that a text prints apart from its name."""
        return self._recogniser.levels(text, id) if id in self._by_id else ()

    def successors(self, id: str, edition: str | None) -> tuple[EditionFact, ...]:
        """Return the sourced facts that later editions took a printed one's place, oldest first; empty if none says so."""
        standard = self._by_id.get(id)
        return successors.chain(standard.editions, edition) if standard else ()


def load(extra: str | None = None) -> Catalogue:
    """Return the catalogue, with the user's own entries from the TOML file `extra`.

    Raise CatalogueError when a file breaks a rule: unknown keys, an id or alias claimed twice, an example of the user's
    that is not read as it says.
    """
    return _own() if extra is None else _with_extra(Path(extra))


@cache
def _own() -> Catalogue:
    return _catalogue(
        tuple((path.name, path.read_bytes()) for path in sorted(_DATA.glob("*.toml")))
    )


def _with_extra(path: Path) -> Catalogue:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise errors.CatalogueError(
            f"{path}: cannot be read ({error.strerror}); correct [standards] extra"
        ) from error
    own = tuple((file.name, file.read_bytes()) for file in sorted(_DATA.glob("*.toml")))
    catalogue = _catalogue((*own, (str(path), data)))
    problems = [
        problem
        for standard in entries.read(str(path), data).standards
        for problem in misread(catalogue, standard)
    ]
    if problems:
        raise errors.CatalogueError(
            "\n".join(
                f"{path}: {problem}; correct the example or the aliases" for problem in problems
            )
        )
    return catalogue


@cache
def _catalogue(files: Files) -> Catalogue:
    parts = [(name, entries.read(name, data)) for name, data in files]
    known = Entries(
        tuple(s for _, part in parts for s in part.standards),
        tuple(f for _, part in parts for f in part.families),
    )
    if problems := _conflicts(parts):
        raise errors.CatalogueError("\n".join(problems))
    return Catalogue(known, files)


def _conflicts(parts: list[tuple[str, Entries]]) -> list[str]:
    """Return what entries claim twice, or name but nobody defines."""
    problems, ids, claimed = list[str](), set[str](), dict[tuple[str, ...], str]()
    families = {family.id for _, part in parts for family in part.families}
    known = {standard.id for _, part in parts for standard in part.standards}
    for name, standard in ((name, standard) for name, part in parts for standard in part.standards):
        where = f"{name}: entry {standard.id!r}:"
        if standard.id in ids:
            problems.append(f"{where} the id is taken; choose another")
        ids.add(standard.id)
        for alias in dict.fromkeys(
            (
                *standard.aliases,
                *standard.cased,
                *standard.with_level,
                *(f"{standard.family} {n}" for n in standard.numbers),
            )
        ):
            owner = claimed.setdefault(spellings.spelled(alias), standard.id)
            if owner != standard.id:
                problems.append(
                    f"{where} alias {alias!r} belongs to {owner!r} too; keep it in one of them"
                )
        if standard.umbrella and standard.umbrella not in known:
            problems.append(
                f"{where} umbrella {standard.umbrella!r} is no entry; add it or drop the key"
            )
        if bool(standard.numbers) != bool(standard.family) or (
            standard.family and standard.family not in families
        ):
            problems.append(f"{where} 'numbers' and a known 'family' go together; give both")
    return problems


def misread(catalogue: Catalogue, standard: Standard) -> tuple[str, ...]:
    """Return the examples and non-examples of an entry that are not read as they say, one sentence each."""
    problems = []
    for example in standard.examples:
        found = [m for m in catalogue.mentions(example.text) if m.standard == standard.id]
        if not any((m.edition, m.level) == (example.edition, example.level) for m in found):
            read = [(m.edition, m.level) for m in found]
            problems.append(
                f"entry {standard.id!r}: example {example.text!r} is read as {read or 'no mention'}"
            )
    for example in standard.non_examples:
        found_ids = {m.standard for m in catalogue.mentions(example.text)}
        if standard.id in found_ids or (example.other and example.other not in found_ids):
            problems.append(
                f"entry {standard.id!r}: non-example {example.text!r} is read as {sorted(found_ids) or 'no mention'}"
            )
    return tuple(problems)


def same_edition(before: str | None, after: str | None) -> bool:
    """Return whether two printed editions or levels are one: "v4.0" and "4.0", "Type II" and "Type 2"."""
    return tails.bare(before or "") == tails.bare(after or "")

"""TOML data → Catalogue: what standards there are, how pages print them,
which editions are superseded.

It knows nothing of vendors and decides no claim. It reads its own data files
and the user's extra one, nothing else.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Collection
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import errors, parts, prepared

if TYPE_CHECKING:
    from pipeline.standards.entries import EditionFact, Entries, Example, Standard
    from pipeline.standards.mentions import Mention, Recogniser
    from pipeline.standards.successors import sentence
    from pipeline.standards.tails import bare
else:
    __getattr__ = parts.of(
        __name__,
        {
            "entries": "EditionFact Entries Example Standard",
            "mentions": "Mention Recogniser",
            "successors": "sentence",
            "tails": "bare",
        },
    )

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
    "stamp",
]

_DATA = Path(__file__).parent / "catalogue"

Files = tuple[tuple[str, bytes], ...]


class Catalogue:
    """The standards by id, and the recogniser of their names; never changes.

    `files` are the names and contents that it is made of: pickled, it travels as those. They are
    taken apart when the first standard is asked for: a run in which no page changed asks for none.
    """

    def __init__(self, files: Files) -> None:
        self.stamp = _stamped(files)
        self._files = files

    @cached_property
    def _known(self) -> Entries:
        return _entries(self._files)

    @cached_property
    def standards(self) -> tuple[Standard, ...]:
        """The standards, in the order of the files."""
        return self._known.standards

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Their ids, in the same order."""
        return tuple(standard.id for standard in self.standards)

    @cached_property
    def _by_id(self) -> dict[str, Standard]:
        return {standard.id: standard for standard in self.standards}

    @cached_property
    def _recogniser(self) -> Recogniser:
        from pipeline.standards import mentions

        return mentions.Recogniser(self.standards, self._known.families)

    def __reduce__(self) -> tuple[Callable[[Files], Catalogue], tuple[Files]]:
        return _catalogue, (self._files,)

    def get(self, id: str) -> Standard | None:
        """Return the standard of that id."""
        return self._by_id.get(id)

    def mentions(self, text: str, context: Collection[str] = ()) -> tuple[Mention, ...]:
        """Return the standards named in the text, left to right;
        see `mentions.Recogniser.mentions`.
        """
        return self._recogniser.mentions(text, context)

    def levels(self, text: str, id: str) -> tuple[Mention, ...]:
        """Return a mention for each level of a standard that a text prints apart from its name."""
        return self._recogniser.levels(text, id) if id in self._by_id else ()

    def successors(self, id: str, edition: str | None) -> tuple[EditionFact, ...]:
        """Return the sourced facts that later editions took a printed one's place,
        oldest first; empty if none says so.
        """
        from pipeline.standards import successors

        standard = self._by_id.get(id)
        return successors.chain(standard.editions, edition) if standard else ()


def load(extra: str | None = None) -> Catalogue:
    """Return the catalogue, with the user's own entries from the TOML file `extra`.

    Raise CatalogueError when a file breaks a rule: unknown keys, an id or alias claimed twice,
    an example of the user's that is not read as it says.
    """
    return _own() if extra is None else _with_extra(Path(extra))


def stamp(extra: str | None = None) -> str:
    """Return the stamp of the catalogue that `load` would return, or refuse, for it."""
    return _stamped((*_files(), *_extra_file(extra))) if extra else _own().stamp


@cache
def _own() -> Catalogue:
    return _catalogue(_files())


@cache
def _files() -> Files:
    return tuple((path.name, path.read_bytes()) for path in sorted(_DATA.glob("*.toml")))


def _stamped(files: Files) -> str:
    return hashlib.sha256(b"\0".join(data for _, data in files)).hexdigest()


def _extra_file(extra: str) -> Files:
    path = Path(extra)
    try:
        return ((str(path), path.read_bytes()),)
    except OSError as error:
        raise errors.CatalogueError(
            f"{path}: cannot be read ({error.strerror}); correct [standards] extra"
        ) from error


def _with_extra(path: Path) -> Catalogue:
    (extra,) = _extra_file(str(path))
    files = (*_files(), extra)
    mark = _mark(files)
    if not prepared.is_kept(mark):
        _prove(path, _catalogue(files), extra[1])
        prepared.keep(mark)
    return _catalogue(files)


def _mark(files: Files) -> str:
    """Return what is kept of files that were found to keep every rule,
    until they or our code change.
    """
    code = b"\0".join(file.read_bytes() for file in sorted(Path(__file__).parent.glob("*.py")))
    named = "\0".join(name for name, _ in files)
    said = f"{sys.version}\0{_stamped(files)}\0{named}\0{hashlib.sha256(code).hexdigest()}"
    return f"catalogue-{hashlib.sha256(said.encode()).hexdigest()}"


def _prove(path: Path, catalogue: Catalogue, data: bytes) -> None:
    """Raise CatalogueError where the user's own entries break a rule,
    or are not read as their examples say.
    """
    from pipeline.standards import entries

    _entries(catalogue._files)
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


@cache
def _catalogue(files: Files) -> Catalogue:
    return Catalogue(files)


def _entries(files: Files) -> Entries:
    """Return what files hold.

    Raise CatalogueError where one breaks a rule, or two claim the same.
    """
    from pipeline.standards import entries

    read = [(name, entries.read(name, data)) for name, data in files]
    if problems := _conflicts(read):
        raise errors.CatalogueError("\n".join(problems))
    return entries.Entries(
        tuple(standard for _, part in read for standard in part.standards),
        tuple(family for _, part in read for family in part.families),
    )


def _conflicts(parts: list[tuple[str, Entries]]) -> list[str]:
    """Return what entries claim twice, or name but nobody defines."""
    from pipeline.standards import spellings

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
    """Return the examples and non-examples of an entry that are not read
    as they say, one sentence each.
    """
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
                f"entry {standard.id!r}: non-example {example.text!r} is read as "
                f"{sorted(found_ids) or 'no mention'}"
            )
    return tuple(problems)


def same_edition(before: str | None, after: str | None) -> bool:
    """Return whether two printed editions or levels are one: "v4.0" and "4.0",
    "Type II" and "Type 2".
    """
    from pipeline.standards import tails

    return tails.bare(before or "") == tails.bare(after or "")

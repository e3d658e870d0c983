"""Texts → the notes that they stand in, each written as one block when it ends.

What begins a note is for its callers to say.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.model import Link
from pipeline.parse import callouts
from pipeline.parse.runs import Text
from pipeline.parse.tree import Node
from pipeline.parse.written import Written

_DEEPEST = 8  # notes within notes; more are a note that nobody closed


@dataclass(slots=True)
class _Note:
    """A note in the making: the texts read in it so far, and the element that it is,
    None where a sign opened it.
    """

    label: str
    line: int | None
    node: Node | None
    parts: list[tuple[str, bool]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


class Notes:
    """The notes that are open, each within the one before it."""

    def __init__(self, page: Written) -> None:
        self._page = page
        self._open: list[_Note] = []

    def __bool__(self) -> bool:
        return bool(self._open)

    @property
    def is_full(self) -> bool:
        """Say whether there are as many within each other as any page means."""
        return len(self._open) >= _DEEPEST

    @property
    def node(self) -> Node | None:
        """Return the element that the innermost one is, None where it is none, or none is open."""
        return self._open[-1].node if self._open else None

    def begin(self, label: str, line: int | None, node: Node | None = None) -> None:
        """Open a note."""
        self._open.append(_Note(label, line, node))

    def title(self, text: str) -> None:
        """Begin the innermost one with its title, whatever it says."""
        self._open[-1].parts.append((text, False))

    def add(self, said: Text, *, item: bool) -> None:
        """Add a text to the innermost one; a first one that only says
        that it is a note is left out.
        """
        note = self._open[-1]
        if note.parts or not callouts.is_title(said.text, note.label):
            note.parts.append((said.text, item))
            note.links += said.links

    def end(self) -> None:
        """Close the innermost one: it becomes a block, or a text of the note around it."""
        note = self._open.pop()
        text = callouts.joined(note.parts)
        if text and self._open:
            self._open[-1].parts.append((text, False))
            self._open[-1].links += note.links
        elif text:
            self._page.label("note", Text(text, tuple(note.links)), note.line, note.label)

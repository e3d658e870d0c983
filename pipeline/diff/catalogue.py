"""What a comparison asks of the catalogue of standards: names, umbrellas,
and which standard a text names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Standard(Protocol):
    """What is asked of a catalogue's entry."""

    @property
    def name(self) -> str: ...

    @property
    def umbrella(self) -> str | None: ...


class Mention(Protocol):
    """What is asked of a standard's name in a text."""

    @property
    def standard(self) -> str: ...

    @property
    def edition(self) -> str | None: ...

    @property
    def level(self) -> str | None: ...


class Catalogue(Protocol):
    """What is asked of the catalogue."""

    def get(self, id: str, /) -> Standard | None: ...

    def mentions(self, text: str, /) -> Sequence[Mention]: ...

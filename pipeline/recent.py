"""A function of a document → the same function, which remembers the documents at hand. To hash a
page costs as much as to split it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")
MOST = 16


class Remembered(Generic[Given, Made]):
    """A function whose last results are kept by which object was given, not by what is in it."""

    def __init__(self, make: Callable[[Given], Made]) -> None:
        self._make = make
        self._kept: dict[int, tuple[Given, Made]] = {}

    def __call__(self, given: Given) -> Made:
        """Return what the function makes of an object that never changes."""
        known = self._kept.get(id(given))
        # What is kept holds its object, so that no other one can come to bear its number.
        if known is not None and known[0] is given:
            return known[1]
        made = self._make(given)
        if len(self._kept) >= MOST:
            self._kept = {}
        self._kept[id(given)] = given, made
        return made

"""Names of a room → the part of it that has each, imported when a name is first asked for.

Knows no room.

A command that prints a list needs a tenth of what a room can do;
to import the rest would take longer than its answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def of(room: str, parts: Mapping[str, str]) -> Callable[[str], Any]:
    """Return the `__getattr__` of a room from the names that each
    of its parts gives, parted by spaces.

    `kept = name` in place of a name gives the room's `kept`, which is called `name` there:
    written `kept=name`.
    """
    homes = {}
    for part, names in parts.items():
        for name in names.split():
            given, _, there = name.partition("=")
            homes[given] = part, there or given

    def found(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        part, there = homes[name]
        value = getattr(import_module(f"{room}.{part}"), there)
        vars(import_module(room))[name] = value
        return value

    return found

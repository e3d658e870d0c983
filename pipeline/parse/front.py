"""Source → its front matter's pairs, and the source without it.

Knows YAML within bounds; decides nothing about the pairs.

YAML may refer to what it said before, so that a few hundred bytes stand for more than a memory
holds: how much stands in it, how deep and how often is counted before anything is made of it.
"""

from __future__ import annotations

import re
from collections import deque

import yaml

_FRONT = re.compile(r"\A\s*---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_PAIR = re.compile(r"^([A-Za-z_][\w.-]*)[ \t]*:[ \t]*(.*)$")
_DEEPEST = 30
_MOST = 20_000
"""Values that a front matter may stand for, those that it refers to counted each time."""


def matter(source: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """Return the pairs of a page's YAML front matter, and the page with blank lines in its place.

    Values are as printed; lists are joined by commas, nested keys by dots.
    What YAML cannot read, or what stands for too much, is read line by line.
    """
    found = _FRONT.match(source)
    if found is None:
        return (), source
    rest = "\n" * found.group().count("\n") + source[found.end() :]
    loaded = _loaded(found.group(1))
    if loaded is not None and not isinstance(loaded, dict):
        return ((), source) if not _PAIR.search(found.group(1)) else (_lines(found.group(1)), rest)
    return (tuple(_flat(loaded)) if loaded else _lines(found.group(1))), rest


def _loaded(text: str) -> object:
    """Return what a YAML text says, None where it says nothing that can be read."""
    try:
        return _Replayed(events).get_single_data() if (events := _bounded(text)) else None
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


class _Replayed(
    yaml.composer.Composer, yaml.constructor.BaseConstructor, yaml.resolver.BaseResolver
):
    """Makes of events that were read already what `yaml.BaseLoader` makes of their text:
    to read them takes the longest.
    """

    def __init__(self, events: list[yaml.Event]) -> None:
        yaml.composer.Composer.__init__(self)
        yaml.constructor.BaseConstructor.__init__(self)
        yaml.resolver.BaseResolver.__init__(self)
        self._coming = deque(events)

    def check_event(self, *choices: type[yaml.Event]) -> bool:
        return bool(self._coming) and (not choices or isinstance(self._coming[0], choices))

    def peek_event(self) -> yaml.Event | None:
        return self._coming[0] if self._coming else None

    def get_event(self) -> yaml.Event | None:
        return self._coming.popleft() if self._coming else None


def _bounded(text: str) -> list[yaml.Event]:
    """Return the events of a YAML text.

    None where it is deep or long, what it refers to counted wherever it does.
    """
    events = []
    count, open_at = 0, list[tuple[str | None, int]]()
    sizes: dict[str, int] = {}
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        events.append(event)
        if isinstance(event, yaml.AliasEvent):
            # What refers to itself from within has no size yet, and no end.
            count += sizes.get(event.anchor or "", _MOST)
        elif isinstance(event, yaml.CollectionStartEvent):
            open_at.append((event.anchor, count))
            count += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, start = open_at.pop()
            if anchor:
                sizes[anchor] = count - start
        elif isinstance(event, yaml.ScalarEvent):
            count += 1
            if event.anchor:
                sizes[event.anchor] = 1
        if count > _MOST or len(open_at) > _DEEPEST:
            return []
    return events


def _flat(loaded: dict[str, object]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    waiting: list[tuple[str, object]] = list(reversed(loaded.items()))
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend((f"{key}.{inner}", part) for inner, part in reversed(value.items()))
        elif isinstance(value, list):
            pairs.append((str(key), ", ".join(str(part) for part in value)))
        elif value:
            pairs.append((str(key), " ".join(str(value).split())))
    return pairs


def _lines(text: str) -> tuple[tuple[str, str], ...]:
    found = (_PAIR.match(line) for line in text.splitlines())
    return tuple(
        (pair.group(1), pair.group(2).strip().strip("\"'"))
        for pair in found
        if pair and pair.group(2).strip()
    )

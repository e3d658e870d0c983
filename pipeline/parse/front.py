"""Source → its front matter's pairs, and the source without it. Knows YAML within bounds; decides nothing about the pairs.

YAML may refer to what it said before, so that a few hundred bytes stand for more than a memory holds: how much stands in it,
how deep and how often is counted before anything is made of it.
"""

from __future__ import annotations

import re

import yaml

_FRONT = re.compile(r"\A\s*---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_PAIR = re.compile(r"^([A-Za-z_][\w.-]*)[ \t]*:[ \t]*(.*)$")
_DEEPEST = 30
_MOST = 20_000
"""Values that a front matter may stand for, those that it refers to counted each time."""


def matter(source: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """Return the pairs of a page's YAML front matter, and the page with blank lines in its place.

    Values are as printed; lists are joined by commas, nested keys by dots. What YAML cannot read, or what stands for too
    much, is read line by line.
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
        return yaml.load(text, Loader=yaml.BaseLoader) if _bounded(text) else None
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def _bounded(text: str) -> bool:
    """Say whether a YAML text is neither deep nor long, what it refers to counted wherever it does."""
    count, open_at = 0, list[tuple[str | None, int]]()
    sizes: dict[str, int] = {}
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
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
            return False
    return True


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

"""Two sentences → the names that stand in the place of one another."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from rapidfuzz.distance import Indel

from pipeline import words
from pipeline.diff import thresholds
from pipeline.diff.names import naming


def swaps(before: str, after: str) -> list[tuple[str, str]]:
    """Return the names that stand in the place of another
    in two otherwise like sentences, each pair once.
    """
    a, b = words.tokens(before), words.tokens(after)
    if len(set(a) & set(b)) < thresholds.CONTEXT:
        return []
    zones: list[tuple[bool, list[str], list[str]]] = []
    for changed, group in groupby(_steps(a, b), key=lambda step: step[0]):
        steps = list(group)
        if changed:
            zones.append(
                (
                    any(step[3] for step in steps),
                    [t for s in steps for t in s[1]],
                    [t for s in steps for t in s[2]],
                )
            )
    found = []
    for differs, old, new in zones:
        if (
            differs
            and _is_name(old)
            and _is_name(new)
            and not naming.near_miss(" ".join(old), " ".join(new))
        ):
            found.append((" ".join(old), " ".join(new)))
    return list(dict.fromkeys(found))


def _steps(a: list[str], b: list[str]) -> Iterable[tuple[bool, list[str], list[str], bool]]:
    """Yield (belongs to a name or differs, old tokens, new tokens, differs);
    equal small words yield alone.
    """
    for code in Indel.opcodes(a, b):
        if code.tag == "equal":
            for place in range(code.src_start, code.src_end):
                # A sentence's first word is capital without being part
                # of a name ("Use Example Manager").
                yield a[place][:1].isupper() and place > 0, [a[place]], [a[place]], False
        else:
            yield True, a[code.src_start : code.src_end], b[code.dest_start : code.dest_end], True


def _is_name(tokens: list[str]) -> bool:
    capitals = sum(token[:1].isupper() or token[:1].isdigit() for token in tokens)
    return (
        bool(tokens)
        and len(tokens) <= thresholds.LONGEST_NAME
        and any(token[:1].isupper() for token in tokens)
        and capitals * 2 >= len(tokens)
    )

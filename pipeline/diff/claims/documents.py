"""Pairs of documents and page facts → changes. Decides nothing of what stands in a document."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from rapidfuzz import fuzz

from pipeline import targets, words
from pipeline.diff import drafting, thresholds
from pipeline.diff.claims import fields
from pipeline.diff.claims.pairing import Pairs
from pipeline.diff.names.lens import Lens
from pipeline.model import Change, ChangeWord


def documents(pairs: Pairs, lens: Lens) -> Iterator[Change]:
    """Yield what became of the documents; links that moved alike are one change with a count."""
    moved: dict[tuple[str, str], list[Change]] = defaultdict(list)
    named: dict[tuple[str | None, str | None], list[Change]] = defaultdict(list)
    for b, a in pairs.joined:
        if b.kind != "evidence" or b == a:
            continue
        differ = [difference.field for difference in fields.differences(b, a, lens)]
        if differ == ["url"] and b.url and a.url:
            moved[targets.move(b.url, a.url)].append(
                drafting.change("evidence", "changed", b, a, field="url")
            )
        elif differ:
            # A document that bears another name, and lies elsewhere, is told by its name.
            urls = tuple(url for url in (b.url, a.url) if url and "url" in differ)
            found = drafting.change("evidence", "changed", b, a, field=differ[0], examples=urls)
            named[found.before, found.after].append(found)
    for (old, new), alike in moved.items():
        yield _together(alike, old, new)
    for alike in named.values():
        sources = (
            source.text
            for found in alike
            for source in (found.source_before, found.source_after)
            if source
        )
        texts = tuple(
            dict.fromkeys((*sources, *(text for found in alike for text in found.examples)))
        )
        yield (
            alike[0]
            if len(alike) == 1
            else drafting.again(alike[0], count=len(alike), examples=texts)
        )
    yield from (
        drafting.change("evidence", "removed", c, None) for c in pairs.gone if c.kind == "evidence"
    )
    yield from (
        drafting.change("evidence", "added", None, c) for c in pairs.new if c.kind == "evidence"
    )


def _together(alike: list[Change], old: str, new: str) -> Change:
    first = alike[0]
    if len(alike) == 1:
        return first
    examples = tuple(
        text for found in alike for text in (found.name, found.before, found.after) if text
    )
    return drafting.again(
        first,
        count=len(alike),
        examples=tuple(dict.fromkeys(examples)),
        reason=f"all {len(alike)} moved from {old} to {new}",
    )


def facts(
    pairs: Pairs,
    before: tuple[tuple[str, str], ...],
    after: tuple[tuple[str, str], ...],
    lens: Lens,
) -> Iterator[Change]:
    """Yield what became of the page's facts, first those that are claims,
    then every other key of the front matter.
    """
    known: set[tuple[str, str]] = set()
    found: set[tuple[str, int, str]] = set()
    for b, a in (*pairs.joined, *((c, None) for c in pairs.gone), *((None, c) for c in pairs.new)):
        claim = b or a
        if claim is None or claim.kind != "metadata":
            continue
        old, new = b.value if b else None, a.value if a else None
        known.add((words.fold(old or ""), words.fold(new or "")))
        if lens.same(old) != lens.same(new):
            word: ChangeWord = (
                "removed"
                if a is None
                else "added"
                if b is None
                else "renamed"
                if claim.name == "title"
                else "changed"
            )
            found |= {
                (claim.name or "", side, words.fold(value))
                for side, value in enumerate((old, new))
                if value
            }
            yield drafting.change("metadata", word, b, a)
    for change in _front_matter(before, after, known, lens):
        # A title that only one of two pages repeats in its front matter is one title.
        sides = enumerate((change.before, change.after))
        if not any(
            (change.name or "", side, words.fold(value)) in found for side, value in sides if value
        ):
            yield change


def _front_matter(
    before: tuple[tuple[str, str], ...],
    after: tuple[tuple[str, str], ...],
    known: set[tuple[str, str]],
    lens: Lens,
) -> Iterator[Change]:
    old, new = _values(before), _values(after)
    for name, other in _respelt(old, new):
        yield drafting.fact(
            other, f"{name}: {', '.join(old.pop(name))}", f"{other}: {', '.join(new.pop(other))}"
        )
    for name in dict.fromkeys([*old, *new]):
        gone = [
            value
            for value in old.get(name, [])
            if lens.same(value) not in {lens.same(v) for v in new.get(name, [])}
        ]
        came = [
            value
            for value in new.get(name, [])
            if lens.same(value) not in {lens.same(v) for v in old.get(name, [])}
        ]
        for place in range(max(len(gone), len(came))):
            b, a = (
                gone[place] if place < len(gone) else None,
                came[place] if place < len(came) else None,
            )
            if (words.fold(b or ""), words.fold(a or "")) not in known:
                yield drafting.fact(name, b, a)


def _respelt(old: dict[str, list[str]], new: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Return the keys that are spelt another way now ("cusom", "custom";
    "priority", "ms.priority"), old and new.
    """
    gone, came = (
        [name for name in old if name not in new],
        [name for name in new if name not in old],
    )
    close = [
        (-fuzz.ratio(_bare(b), _bare(a)), b, a)
        for b in gone
        for a in came
        if fuzz.ratio(_bare(b), _bare(a)) >= thresholds.SAME_KEY
    ]
    seen: set[str] = set()
    found = []
    for _, b, a in sorted(close, key=lambda entry: (entry[0], min(entry[1:]), max(entry[1:]))):
        if b not in seen and a not in seen:
            seen |= {b, a}
            found.append((b, a))
    return found


def _bare(name: str) -> str:
    return re.sub(r"[\W_]", "", name.casefold().rpartition(".")[2])


def _values(pairs: tuple[tuple[str, str], ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, value in pairs:
        found[name].append(value)
    return found

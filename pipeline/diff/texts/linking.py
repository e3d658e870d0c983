"""Links of aligned sentences → changes of targets that back no claim.

A link written another way is form, and counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline import targets, words
from pipeline.diff import drafting, thresholds
from pipeline.diff.texts.alignment import Alignment
from pipeline.diff.texts.units import Unit
from pipeline.model import Change, Link, Source


@dataclass(frozen=True, slots=True)
class _Moved:
    """A link that came, went or took another's place, and the sentences it stands in."""

    old: Link | None
    new: Link | None
    before: Unit
    after: Unit

    @property
    def cause(self) -> tuple[object, ...]:
        """Return what is the same for links that changed alike: one new portal,
        one list or paragraph that gained links.
        """
        if self.old and self.new:
            return (
                ("moved", *targets.move(self.old.url, self.new.url))
                if _same_words(self)
                else ("replaced", self.old.url, self.new.url)
            )
        unit = self.after if self.new else self.before
        return "new" if self.new else "gone", unit.group or -unit.block


def linked(
    aligned: Alignment, changes: list[Change], homes: Mapping[int, int]
) -> tuple[list[Change], int]:
    """Return links of unchanged and reworded sentences that point elsewhere and back no claim;
    count those written anew.

    `homes` says in which change a unit is told already: its links are told there.
    A text that is nothing but a link is told once, with its target.
    """
    shown = {targets.target(url) for change in changes for url in _urls(change)}
    found: dict[tuple[object, ...], list[_Moved]] = defaultdict(list)
    beside: dict[int, list[str]] = defaultdict(list)
    moved, form = _moves(aligned)
    for move in moved:
        if {targets.target(link.url) for link in (move.old, move.new) if link} <= shown:
            continue
        home = homes.get(id(move.before), homes.get(id(move.after)))
        if home is None or _is_all(move) or _same_words(move):
            found[move.cause].append(move)
        else:
            beside[home].append(_described(move))
    rewritten = [_together(same) for same in found.values()]
    whole = {
        (move.before.text, move.after.text)
        for same in found.values()
        for move in same
        if move.old and move.new and _is_all(move)
    }
    rest = [
        drafting.again(change, examples=(*change.examples, *dict.fromkeys(beside[place])))
        if place in beside
        else change
        for place, change in enumerate(changes)
        if change.kind != "wording"
        or (_text(change.source_before), _text(change.source_after)) not in whole
    ]
    return [*rest, *rewritten], form


def _moves(aligned: Alignment) -> tuple[list[_Moved], int]:
    found: list[_Moved] = []
    form = 0
    for b, a in (*aligned.same, *aligned.moved, *aligned.reworded):
        if b.links != a.links:
            gone, new, respelt = _unlike(b.links, a.links)
            form += respelt
            found += [_Moved(old, fresh, b, a) for old, fresh in _opposite(gone, new)]
    return found, form


def _together(same: list[_Moved]) -> Change:
    """Return links that changed alike as one change; each of them is shown."""
    same = sorted(same, key=lambda move: sorted(_link(link) for link in (move.old, move.new)))
    first = same[0]
    old, new = (
        "\n".join(dict.fromkeys(_link(link) for link in side if link))
        for side in zip(*((m.old, m.new) for m in same), strict=True)
    )
    before = Source(first.before.text, first.before.section, first.before.line) if old else None
    after = Source(first.after.text, first.after.section, first.after.line) if new else None
    changes = drafting.wording(before, after, old=old or None, new=new or None)
    reason = (
        f"all {len(same)} moved from {first.cause[1]} to {first.cause[2]}"
        if first.cause[0] == "moved" and len(same) > 1
        else None
    )
    names = tuple(dict.fromkeys(link.text for move in same if (link := move.new or move.old)))
    more = f" and {len(names) - thresholds.NAMED} more" if len(names) > thresholds.NAMED else ""
    return drafting.again(
        changes,
        field="link",
        count=len(same),
        name=", ".join(names[: thresholds.NAMED]) + more,
        reason=reason,
    )


def _described(move: _Moved) -> str:
    if move.old and move.new:
        return f"link of “{move.new.text}”: {move.old.url} → {move.new.url}"
    return f"new link: {_link(move.new)}" if move.new else f"link gone: {_link(move.old)}"


def _text(source: Source | None) -> str:
    return source.text if source else ""


def _same_words(move: _Moved) -> bool:
    """Say whether the link kept its words, or came or went alone:
    then it is told by itself, and not with its sentence.
    """
    return not (move.old and move.new) or words.fold(move.old.text) == words.fold(move.new.text)


def _is_all(move: _Moved) -> bool:
    """Say whether the sentences are nothing but the links,
    so that one entry tells words and target.
    """
    return (move.old is None or move.old.text == move.before.text) and (
        move.new is None or move.new.text == move.after.text
    )


def _urls(change: Change) -> Iterator[str]:
    for claim in (change.claim_before, change.claim_after):
        if change.kind == "evidence" and claim and claim.url:
            yield claim.url
    yield from (text for text in change.examples if "/" in text)


def _unlike(
    before: tuple[Link, ...], after: tuple[Link, ...]
) -> tuple[list[Link], list[Link], int]:
    old, new = (
        {targets.target(link.url): link for link in side if link.url} for side in (before, after)
    )
    respelt = sum(new[url].url != link.url for url, link in old.items() if url in new)
    return (
        [link for url, link in old.items() if url not in new],
        [link for url, link in new.items() if url not in old],
        respelt,
    )


def _opposite(gone: list[Link], new: list[Link]) -> Iterator[tuple[Link | None, Link | None]]:
    """Pair the links of most like words; a link of quite other words took no one's place."""
    weighed = [
        (-fuzz.ratio(b.text, a.text), min(b.url, a.url), max(b.url, a.url), b, a)
        for b in gone
        for a in new
    ]
    seen: set[Link] = set()
    for score, _, _, b, a in sorted(weighed, key=lambda entry: entry[:3]):
        if (
            b not in seen
            and a not in seen
            and (score <= -thresholds.LIKE_LINK or len(weighed) == 1)
        ):
            seen |= {b, a}
            yield b, a
    yield from ((link, None) for link in gone if link not in seen)
    yield from ((None, link) for link in new if link not in seen)


def _link(link: Link | None) -> str:
    return f"{link.text} ({link.url})" if link else ""

"""Aligned text, changes told so far → the rest: what is wording, what is form, what was told already. Loses nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz

from pipeline import words
from pipeline.diff import links, rows, tell
from pipeline.diff.renames import Lens
from pipeline.diff.units import Alignment, Unit
from pipeline.model import Change, Link, Source

PASSAGE = 400
"""How many characters of neighbouring paragraphs are told as one passage."""


LONG = 600
"""From how many characters on a reworded text is told by the passage that differs."""

CONTEXT = 8
"""How many unchanged words are shown on either side of that passage."""


class Told:
    """The texts that changes already show, on one side; asked whether a further text is among them."""

    def __init__(self, texts: Iterable[str | None], lens: Lens) -> None:
        self._lens = lens
        whole = [text for text in texts if text]
        self._texts = {lens.same(part) for text in whole for part in (text, *words.sentences(text))}
        self._all = "\n".join(self._texts)
        self._begin: dict[str, list[str]] = {}
        for text in self._texts:
            self._begin.setdefault(text.partition(" ")[0], []).append(text)

    def has(self, text: str) -> bool:
        """Say whether the text was shown, by itself or within another, or is little more than one that was."""
        folded = self._lens.same(text)
        if folded in self._texts or (len(folded) > 3 and folded in self._all):
            return True
        # Only texts that begin with a word of this one can be within it: pages have thousands of either.
        return any(
            0.8 * len(folded) <= len(told) <= len(folded) and told in folded
            for word in set(folded.split(" "))
            for told in self._begin.get(word, ())
        )


def changes(aligned: Alignment, told: list[Change], quiet_texts: tuple[set[str], set[str]], lens: Lens) -> tuple[list[Change], int]:
    """Tell every text that changed and is in no change yet; return `told` with them, and the count of form.

    A reworded sentence of which only one half was told gets its other half in that change. `quiet_texts` are texts,
    before and after, whose difference is form.
    """
    loud = [change for change in told if change.kind not in ("evidence", "metadata")]
    before = Told((*quiet_texts[0], *(text for change in loud for text in _shown(change, 0))), lens)
    after = Told((*quiet_texts[1], *(text for change in loud for text in _shown(change, 1))), lens)
    quiet = [change for change in told if change.kind in ("evidence", "metadata")]
    small = (Told((c.before for c in quiet), lens), Told((c.after for c in quiet), lens))
    result = list(told)
    for b, a in aligned.reworded:
        result = _reworded(b, a, before, after, small, result)
    result += _runs(aligned.gone, before, small[0], gone=True)
    result += _runs(aligned.new, after, small[1], gone=False)
    return result, _form(aligned)


def _shown(change: Change, side: int) -> tuple[str | None, ...]:
    source = (change.source_before, change.source_after)[side]
    claim = (change.claim_before, change.claim_after)[side]
    value = (change.before, change.after)[side] if change.kind == "note" else None
    return (source.text if source else None, value, claim.value if claim else None, *(change.examples if change.kind == "standard" else ()))


def _reworded(b: Unit, a: Unit, before: Told, after: Told, small: tuple[Told, Told], result: list[Change]) -> list[Change]:
    old, new = _parts(b, a, before, after)
    if not old and not new:
        return result
    told_old = not old or all(before.has(part) or small[0].has(part) for part in old)
    told_new = not new or all(after.has(part) or small[1].has(part) for part in new)
    if told_old and told_new:
        return result
    if told_old == told_new or not (old and new):
        return [*result, _wording(b, a, " | ".join(old), " | ".join(new))]
    if fuzz.ratio(words.fold(b.text), words.fold(a.text)) >= 60 and (completed := _completed(b, a, result)):
        rest = _content(a.text) - _content(b.text) if told_old else _content(b.text) - _content(a.text)
        # What a claim that went does not explain is told too: "certified and a viable host" → "a great home".
        return [*completed, tell.wording(_source(b), _source(a))] if len(rest) >= 2 else completed
    if told_old:
        return [*result, tell.wording(None, _source(a))]
    return [*result, tell.wording(_source(b), None)]


def _wording(b: Unit, a: Unit, old: str, new: str) -> Change:
    """Tell a reworded text; of a very long one only the passage that differs, for the whole stands beside it."""
    if len(old) + len(new) > 2 * LONG:
        old, new = _passage(old, new)
    return tell.wording(_source(b), _source(a), old=old or None, new=new or None)


def _passage(old: str, new: str) -> tuple[str, str]:
    a, b = old.split(), new.split()
    head = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    short = min(len(a), len(b)) - head
    tail = next((i for i in range(short) if a[-1 - i] != b[-1 - i]), short)
    start, end = max(head - CONTEXT, 0), max(tail - CONTEXT, 0)
    return _cut(a, start, end), _cut(b, start, end)


def _cut(text: list[str], start: int, end: int) -> str:
    return ("… " if start else "") + " ".join(text[start : len(text) - end]) + (" …" if end else "")


def _parts(b: Unit, a: Unit, before: Told, after: Told) -> tuple[list[str], list[str]]:
    """Return what of a reworded unit to show: the cells of a row that differ, else all of it."""
    if not (rows.is_row(b) and rows.is_row(a)):
        return [b.text], [a.text]
    return rows.parts(b, a, ticks=not (before.has(rows.cells(b)[0]) or after.has(rows.cells(a)[0])))


def _completed(b: Unit, a: Unit, result: list[Change]) -> list[Change] | None:
    """Give the change that shows one half of a reworded sentence its other half; None where no change does."""
    for place, change in enumerate(result):
        if change.source_before and not change.source_after and _within(change.source_before.text, b.text):
            return [*result[:place], tell.again(change, source_after=_source(a)), *result[place + 1 :]]
        if change.source_after and not change.source_before and _within(change.source_after.text, a.text):
            return [*result[:place], tell.again(change, source_before=_source(b)), *result[place + 1 :]]
    return None


def _content(text: str) -> set[str]:
    return {word for word in words.tokens(words.fold(text)) if len(word) > 3}


def _within(one: str, other: str) -> bool:
    x, y = words.fold(one), words.fold(other)
    return x in y or y in x


def _runs(units: tuple[Unit, ...], told: Told, small: Told, *, gone: bool) -> Iterator[Change]:
    """Tell texts that went or came, those of one block together."""
    untold = [unit for unit in units if not _was_told(unit, told, small)]
    for rest in _passages(untold):
        source = Source(" ".join(unit.text for unit in rest), rest[0].section, rest[0].line)
        shown = tuple(dict.fromkeys(link.url for unit in rest for link in unit.links))
        yield tell.wording(source, None, examples=shown) if gone else tell.wording(None, source, examples=shown)


def _passages(units: list[Unit]) -> list[list[Unit]]:
    """Group texts that stand together: one block's always, neighbouring blocks of a section while they are short."""
    found: list[list[Unit]] = []
    for unit in units:
        last = found[-1] if found else []
        near = last and last[-1].section == unit.section and unit.block - last[-1].block <= 1 and unit.kind == last[-1].kind
        short = sum(len(other.text) for other in last) + len(unit.text) <= PASSAGE
        if last and (last[-1].block == unit.block or (near and short)):
            last.append(unit)
        else:
            found.append([unit])
    return found


def _was_told(unit: Unit, told: Told, small: Told) -> bool:
    if rows.is_row(unit):
        return any(told.has(cell) for cell in rows.cells(unit)) or all(small.has(cell) for cell in rows.cells(unit))
    return told.has(unit.text) or small.has(unit.text)


def every(change: Change, side: int) -> tuple[str | None, ...]:
    """Return all the texts of one side that a change shows."""
    return (*_shown(change, side), (change.before, change.after)[side])


def accounted(unit: Unit, shown: tuple[Told, Told], side: int) -> bool:
    """Say whether a unit's text is shown: a row by any of its cells, since unchanged cells need no telling."""
    here = rows.is_row(unit) and any(told.has(cell) for told in shown for cell in rows.cells(unit))
    return here or shown[side].has(unit.text)


def _source(unit: Unit) -> Source:
    return Source(unit.text, unit.section, unit.line)


def _form(aligned: Alignment) -> int:
    """Count differences of form: texts that moved, are set another way, or are written with other signs."""
    return len(aligned.moved) + sum(
        b.shape != a.shape or (words.squeeze(b.text) != words.squeeze(a.text) and words.fold(b.text) == words.fold(a.text))
        for b, a in aligned.same
    )


# --------------------------------------------------------------------------- links


def linked(aligned: Alignment, told: list[Change]) -> tuple[list[Change], int]:
    """Tell links of unchanged and reworded sentences that point elsewhere and back no claim; count those written anew.

    A text that is nothing but a link is told once, with its target.
    """
    shown = {links.target(url) for change in told for url in _urls(change)}
    found: dict[tuple[str, str], list[tuple[str, str, Unit, Unit]]] = {}
    form = 0
    for b, a in (*aligned.same, *aligned.moved, *aligned.reworded):
        if b.links == a.links:
            continue
        gone, new, respelt = _unlike(b.links, a.links)
        form += respelt
        for old, fresh in _opposite(gone, new):
            if not {links.target(link.url) for link in (old, fresh) if link} <= shown:
                texts = _link(old), _link(fresh)
                found.setdefault((old.url if old else "", fresh.url if fresh else ""), []).append((*texts, b, a))
    rewritten = [_moved(same) for same in found.values()]
    whole = {(_text(c.source_before), _text(c.source_after)) for c in rewritten if c.change == "changed" and _is_link(c)}
    rest = [c for c in told if c.kind != "wording" or (_text(c.source_before), _text(c.source_after)) not in whole]
    return [*rest, *rewritten], form


def _text(source: Source | None) -> str:
    return source.text if source else ""


def _is_link(change: Change) -> bool:
    """Say whether the sentence is nothing but the link, so that one entry tells its words and its target."""
    return (change.before or "").startswith(f"{_text(change.source_before)} (") and (change.after or "").startswith(
        f"{_text(change.source_after)} ("
    )


def _moved(same: list[tuple[str, str, Unit, Unit]]) -> Change:
    old, new, b, a = same[0]
    told = tell.wording(_source(b) if old else None, _source(a) if new else None, old=old or None, new=new or None)
    return tell.again(told, field="link", count=len(same), marks=())


def _urls(change: Change) -> Iterator[str]:
    for claim in (change.claim_before, change.claim_after):
        if change.kind == "evidence" and claim and claim.url:
            yield claim.url
    yield from (text for text in change.examples if "/" in text)


def _unlike(before: tuple[Link, ...], after: tuple[Link, ...]) -> tuple[list[Link], list[Link], int]:
    old, new = ({links.target(link.url): link for link in side if link.url} for side in (before, after))
    respelt = sum(new[url].url != link.url for url, link in old.items() if url in new)
    return [old[url] for url in old.keys() - new.keys()], [new[url] for url in new.keys() - old.keys()], respelt


def _opposite(gone: list[Link], new: list[Link]) -> Iterator[tuple[Link | None, Link | None]]:
    """Pair the links of most like words; a link of quite other words took no one's place."""
    weighed = [(-fuzz.ratio(b.text, a.text), min(b.url, a.url), max(b.url, a.url), b, a) for b in gone for a in new]
    seen: set[Link] = set()
    for score, _, _, b, a in sorted(weighed, key=lambda entry: entry[:3]):
        if b not in seen and a not in seen and (score <= -60 or len(weighed) == 1):
            seen |= {b, a}
            yield b, a
    yield from ((link, None) for link in gone if link not in seen)
    yield from ((None, link) for link in new if link not in seen)


def _link(link: Link | None) -> str:
    return f"{link.text} ({link.url})" if link else ""

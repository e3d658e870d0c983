"""Pairs of notes, documents and page facts → changes. A note that says the same in other words is left to the wording."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from itertools import pairwise

from rapidfuzz import fuzz

from pipeline import targets, words
from pipeline.diff import fields, marks, renames, tell, thresholds, units
from pipeline.diff.lens import Lens
from pipeline.diff.pairing import Pairs
from pipeline.model import Change, ChangeWord, Claim

_WEIGHTY = (
    "not no never none cannot can't without only except excluding excludes excluded exclude unless until before after within "
    "all any some most every each both either neither must may might should shall can could will would required require "
    "requires need needs mandatory optional available unavailable availability estimated expected planned pending currently "
    "soon limited limit limits restricted restriction responsible responsibility valid validity expire expires expired annual "
    "annually yearly semi-annually quarterly monthly weekly daily year years month months week weeks day days free paid price "
    "fee certified certification compliant compliance aligned attested audited authorized authorised supported supports "
    "eligible region regions plan plans level levels in-scope out-of-scope scope outside nda agreement request january february "
    "march april june july august september october november december one two three four five six seven eight nine ten twelve "
    "eighteen twenty twenty-four"
)
_INITIALS = re.compile(r"((?:[\w-]+ ){0,8}[\w-]+)(?:['’]s)? \((\w{2,})((?:['’]s)?)\)")
_SPOKEN = re.compile(r"[\w\x01]")
_DASH = re.compile(r"\s+[-–—]+\s+")
BINDING = frozenset(_WEIGHTY.split())
_CONTRACTED = {
    "'re": " are",
    "'ll": " will",
    "'ve": " have",
    "won't": "will not",
    "can't": "can not",
    "cannot": "can not",
    "n't": " not",
    "it's": "it is",
    "that's": "that is",
    "there's": "there is",
    "let's": "let us",
    "'d": " would",
}
_BOUND = frozenset(
    (
        "region",
        "zone",
        "plan",
        "tier",
        "level",
        "customer",
        "tenant",
        "subscription",
        "datacenter",
        "environment",
    )
)
_POINTING = frozenset(
    (
        "our",
        "your",
        "their",
        "its",
        "these",
        "those",
        "this",
        "that",
        "such",
        "other",
        "certain",
        "for",
        "of",
        "to",
        "in",
        "and",
    )
)
_SELF = frozenset(("we", "us", "our", "ours", "is", "are", "has", "have", "its"))
_ARTICLES = frozenset(("a", "an", "the"))
_DUTY = frozenset(("shall", "will", "must"))
"""Words that contracts use for one another: what a party shall do it must do, and says that it will."""


def plain(text: str) -> tuple[str, ...]:
    """Return the words of a note without what does not alter it: punctuation, slashes, case, articles, contractions."""
    text = text.replace("/", " ")
    for short, long in _CONTRACTED.items():
        text = text.replace(short, long)
    return tuple(
        "shall" if word in _DUTY else word
        for word in words.tokens(text)
        if word not in _ARTICLES and _SPOKEN.search(word)
    )


def bare(text: str, lens: Lens) -> str:
    """Return a text as its plain words alone, each between blanks."""
    return f" {' '.join(plain(lens.same(text)))} "


def same_note(before: str, after: str, lens: Lens, *, names: bool = True) -> bool:
    """Say whether two notes bind alike: no limit, number, date, name or status among the words that differ.

    Without `names`, a name may differ: where a paper is to be had binds nobody.
    """
    before, after = (_spelt_out(_bare_of_signs(text)) for text in (before, after))
    old, new = plain(lens.loosely(before)), plain(lens.loosely(after))
    gone, came = marks.differing(list(old), list(new))
    if sorted(gone) == sorted(came) or "".join(old) == "".join(new):
        return True
    if _places(old) != _places(new):
        return False
    if _selves(gone, came, lens) or _selves(came, gone, lens):
        return True
    capital = _names(before) | _names(after) if names else set()
    weighty = [
        word
        for word in (*gone, *came)
        if word in BINDING or any(char.isdigit() for char in word) or word in capital
    ]
    return not weighty and len(gone) + len(came) <= max(
        thresholds.FREE_WORDS, (len(old) + len(new)) // 4
    )


def _bare_of_signs(text: str) -> str:
    """Return a note without a document's size, a clause's number, and dashes between words, which fold to a hyphen."""
    return _DASH.sub(", ", units.bare(fields.SIZE.sub("", text)))


def _selves(one: Collection[str], other: Collection[str], lens: Lens) -> bool:
    """Say whether two notes differ in how the page calls its own product alone: by its name, or "we"."""
    return bool(one) and set(one) <= lens.own | _SELF and set(other) <= _SELF


def _places(spoken: tuple[str, ...]) -> set[str]:
    """Return what a note says of whom or where it binds: "the northern region" is not "the southern region"."""
    return {
        word
        for word, noun in pairwise(spoken)
        if noun.removesuffix("s") in _BOUND and word not in _POINTING
    }


def _spelt_out(text: str) -> str:
    """Return the text with each name that its initials follow in brackets as those initials alone."""

    def short(match: re.Match[str]) -> str:
        parts = re.split(r"(?<=[ -])", match[1])
        for start in (start for start, part in enumerate(parts) if not part.strip(" -").islower()):
            # Small words are left out of most initials: "Board of Trade" is a BT, an "Authority to Operate" an ATO.
            every, capital = (
                "".join(
                    part[0] for part in parts[start:] if small or not part.strip(" -").islower()
                )
                for small in (True, False)
            )
            if match[2].casefold() in (every.casefold(), capital.casefold()):
                return "".join(parts[:start]) + match[2] + match[3]
        return match[0]

    return _INITIALS.sub(short, text)


def _names(text: str) -> set[str]:
    """Return the words that stand capital within a sentence: names of regions, plans, products, criteria."""
    found: set[str] = set()
    for sentence in words.sentences(text):
        found |= {
            words.fold(word)
            for word in words.tokens(sentence)[1:]
            if word[:1].isupper() or any(c.isupper() for c in word[1:])
        }
    return found


def changes(pairs: Pairs, lens: Lens) -> Iterator[Change]:
    """Tell what became of the notes; one that two standards share is told once."""
    told: dict[tuple[object, ...], list[Change]] = defaultdict(list)
    several = Counter(
        (side, lens.loosely(c.value))
        for pair in pairs.joined
        for side, c in enumerate(pair)
        if c.kind == "note"
    )
    for b, a in pairs.joined:
        if b.kind == "note" and b != a:
            alone = several[0, lens.loosely(b.value)] == several[1, lens.loosely(a.value)] == 1
            for change in _changed(b, a, lens, alone=alone):
                told[
                    change.change, change.field, lens.same(change.before), lens.same(change.after)
                ].append(change)
    for claim in pairs.gone:
        if claim.kind == "note":
            told["removed", None, lens.same(claim.value), ""].append(
                tell.change("note", "removed", claim, None)
            )
    for claim in pairs.new:
        if claim.kind == "note":
            told["added", None, "", lens.same(claim.value)].append(
                tell.change("note", "added", None, claim)
            )
    yield from (same[0] for same in told.values())


def _changed(b: Claim, a: Claim, lens: Lens, *, alone: bool) -> Iterator[Change]:
    old, new = b.value or b.text, a.value or a.text
    if lens.loosely(b.value) == lens.loosely(a.value):
        if alone and b.standard and a.standard and b.standard != a.standard:
            yield tell.change("note", "changed", b, a, field="standard")
    elif not same_note(old, new, lens) and not _found_elsewhere(b, a, lens):
        yield tell.change("note", "changed", b, a)


def _found_elsewhere(b: Claim, a: Claim, lens: Lens) -> bool:
    """Say whether two notes differ only in the name of the portal or tool where a paper is to be had."""
    if {b.note_kind, a.note_kind} != {"availability"}:
        return False
    old, new = b.value or b.text, a.value or a.text
    swapped = renames.swaps(old, new)
    for gone, came in swapped:
        old, new = old.replace(gone, came), new.replace(gone, came)
    return same_note(old, new, lens, names=False)


def documents(pairs: Pairs, lens: Lens) -> Iterator[Change]:
    """Tell what became of the documents; links that moved alike are one change with a count."""
    moved: dict[tuple[str, str], list[Change]] = defaultdict(list)
    named: dict[tuple[str | None, str | None], list[Change]] = defaultdict(list)
    for b, a in pairs.joined:
        if b.kind != "evidence" or b == a:
            continue
        differ = [difference.field for difference in fields.differences(b, a, lens)]
        if differ == ["url"] and b.url and a.url:
            moved[targets.move(b.url, a.url)].append(
                tell.change("evidence", "changed", b, a, field="url")
            )
        elif differ:
            # A document that bears another name, and lies elsewhere, is told by its name.
            urls = tuple(url for url in (b.url, a.url) if url and "url" in differ)
            told = tell.change("evidence", "changed", b, a, field=differ[0], examples=urls)
            named[told.before, told.after].append(told)
    for (old, new), alike in moved.items():
        yield _together(alike, old, new)
    for alike in named.values():
        sources = (
            source.text
            for told in alike
            for source in (told.source_before, told.source_after)
            if source
        )
        texts = tuple(
            dict.fromkeys((*sources, *(text for told in alike for text in told.examples)))
        )
        yield (
            alike[0] if len(alike) == 1 else tell.again(alike[0], count=len(alike), examples=texts)
        )
    yield from (
        tell.change("evidence", "removed", c, None) for c in pairs.gone if c.kind == "evidence"
    )
    yield from (
        tell.change("evidence", "added", None, c) for c in pairs.new if c.kind == "evidence"
    )


def _together(alike: list[Change], old: str, new: str) -> Change:
    first = alike[0]
    if len(alike) == 1:
        return first
    examples = tuple(
        text for told in alike for text in (told.name, told.before, told.after) if text
    )
    return tell.again(
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
    """Tell what became of the page's facts, first those that are claims, then every other key of the front matter."""
    known: set[tuple[str, str]] = set()
    told: set[tuple[str, int, str]] = set()
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
            told |= {
                (claim.name or "", side, words.fold(value))
                for side, value in enumerate((old, new))
                if value
            }
            yield tell.change("metadata", word, b, a)
    for change in _front_matter(before, after, known, lens):
        # A title that only one of two pages repeats in its front matter is one title.
        sides = enumerate((change.before, change.after))
        if not any(
            (change.name or "", side, words.fold(value)) in told for side, value in sides if value
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
        yield tell.fact(
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
                yield tell.fact(name, b, a)


def _respelt(old: dict[str, list[str]], new: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Return the keys that are spelt another way now ("cusom", "custom"; "priority", "ms.priority"), old and new."""
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

"""Pairs of notes → changes. A note that says the same in other words is left to the wording."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from itertools import pairwise

from pipeline import words
from pipeline.diff import drafting, thresholds
from pipeline.diff.claims import fields
from pipeline.diff.claims.pairing import Pairs
from pipeline.diff.names import swaps
from pipeline.diff.names.lens import Lens
from pipeline.diff.texts import marks, units
from pipeline.model import Change, Claim

_WEIGHTY = (
    "not no never none cannot can't without only except excluding excludes excluded exclude "
    "unless until before after within "
    "all any some most every each both either neither must may might should shall can could "
    "will would required require "
    "requires need needs mandatory optional available unavailable availability estimated "
    "expected planned pending currently "
    "soon limited limit limits restricted restriction responsible responsibility valid "
    "validity expire expires expired annual "
    "annually yearly semi-annually quarterly monthly weekly daily year years month months "
    "week weeks day days free paid price "
    "fee certified certification compliant compliance aligned attested audited authorized "
    "authorised supported supports "
    "eligible region regions plan plans level levels in-scope out-of-scope scope outside nda "
    "agreement request january february "
    "march april june july august september october november december one two three four five "
    "six seven eight nine ten twelve "
    "eighteen twenty twenty-four"
)
_INITIALS = re.compile(r"((?:[\w-]+ ){0,8}[\w-]+)(?:['’]s)? \((\w{2,})((?:['’]s)?)\)")
_WORD = re.compile(r"[\w\x01]")
_JOINT = re.compile(r"\s*[-–—:|·]\s+")
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
_NAMED_BEFORE = frozenset(("these", "those", "both", "they", "this", "it"))
"""Words that a note begins with to speak of what the sentence before it names:
how many those are, that one says.
"""
_DUTY = frozenset(("shall", "will", "must"))
"""Words that contracts use for one another: what a party shall do it must do,
and says that it will.
"""


def plain(text: str) -> tuple[str, ...]:
    """Return the words of a note without what does not alter it: punctuation,
    slashes, case, articles, contractions.
    """
    text = text.replace("/", " ")
    for short, long in _CONTRACTED.items():
        text = text.replace(short, long)
    return tuple(
        "shall" if word in _DUTY else word
        for word in words.tokens(text)
        if word not in _ARTICLES and _WORD.search(word)
    )


def bare(text: str, lens: Lens) -> str:
    """Return a text as its plain words alone, each between blanks."""
    return flat(lens.same(text))


def flat(same: str) -> str:
    """Return a text that was seen through the lens as its plain words, each between blanks."""
    return f" {' '.join(plain(same))} "


def same_note(before: str, after: str, lens: Lens, *, names: bool = True) -> bool:
    """Say whether two notes bind alike: no limit, number, date,
    name or status among the words that differ.

    Without `names`, a name may differ: where a paper is to be had binds nobody.
    """
    before, after = (_spelt_out(_bare_of_signs(text)) for text in (before, after))
    old, new = plain(lens.loosely(before)), plain(lens.loosely(after))
    gone, came = marks.differing(list(old), list(new))
    if sorted(gone) == sorted(came) or "".join(old) == "".join(new):
        return True
    if old[1:] == new[1:] and {*old[:1], *new[:1]} <= _NAMED_BEFORE:
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
    """Return a note without a document's size, a clause's number, and dashes between words,
    which fold to a hyphen.
    """
    return _DASH.sub(", ", units.bare(fields.SIZE.sub("", text)))


def _selves(one: Collection[str], other: Collection[str], lens: Lens) -> bool:
    """Say whether two notes differ in how the page calls its own product alone:
    by its name, or "we".
    """
    return bool(one) and set(one) <= lens.own | _SELF and set(other) <= _SELF


def _places(plain_words: tuple[str, ...]) -> set[str]:
    """Return what a note says of whom or where it binds:
    "the northern region" is not "the southern region".
    """
    return {
        word
        for word, noun in pairwise(plain_words)
        if noun.removesuffix("s") in _BOUND and word not in _POINTING
    }


def _spelt_out(text: str) -> str:
    """Return the text with each name that its initials follow in brackets
    as those initials alone.
    """

    def short(match: re.Match[str]) -> str:
        parts = re.split(r"(?<=[ -])", match[1])
        for start in (start for start, part in enumerate(parts) if not part.strip(" -").islower()):
            # Small words are left out of most initials: "Board of Trade" is a BT,
            # an "Authority to Operate" an ATO.
            every, capital = (
                "".join(
                    part[0] for part in parts[start:] if small or not part.strip(" -").islower()
                )
                for small in (True, False)
            )
            if match[2].casefold() in (every.casefold(), capital.casefold()):
                return "".join(parts[:start]) + match[2] + match[3]
        return match[0]

    # Without a bracket, the pattern would look for one from each word on.
    return _INITIALS.sub(short, text) if " (" in text else text


def _names(text: str) -> set[str]:
    """Return the words that stand capital within a sentence: names of regions,
    plans, products, criteria.
    """
    found: set[str] = set()
    for sentence in words.sentences(text):
        found |= {
            words.fold(word)
            for word in words.tokens(sentence)[1:]
            if word[:1].isupper() or any(c.isupper() for c in word[1:])
        }
    return found


def changes(pairs: Pairs, lens: Lens) -> Iterator[Change]:
    """Yield what became of the notes; one that two standards share is told once."""
    found: dict[tuple[object, ...], list[Change]] = defaultdict(list)
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
                found[
                    change.change, change.field, lens.same(change.before), lens.same(change.after)
                ].append(change)
    for claim in pairs.gone:
        if claim.kind == "note":
            found["removed", None, lens.same(claim.value), ""].append(
                drafting.change("note", "removed", claim, None)
            )
    for claim in pairs.new:
        if claim.kind == "note":
            found["added", None, "", lens.same(claim.value)].append(
                drafting.change("note", "added", None, claim)
            )
    yield from (same[0] for same in found.values())


def _changed(b: Claim, a: Claim, lens: Lens, *, alone: bool) -> Iterator[Change]:
    heads = [*b.source.section[-1:], *a.source.section[-1:]]
    old, new = (_unlabelled(claim.value or claim.text, heads) for claim in (b, a))
    if lens.loosely(b.value) == lens.loosely(a.value):
        if alone and b.standard and a.standard and b.standard != a.standard:
            yield drafting.change("note", "changed", b, a, field="standard")
    elif not same_note(old, new, lens) and not _found_elsewhere(b, a, lens):
        yield drafting.change("note", "changed", b, a)


def _unlabelled(text: str, heads: list[str]) -> str:
    """Return a note without the heading that it stood below, or stands below now:
    cards became "Heading – text" lines.
    """
    for head in heads:
        rest = text.removeprefix(head)
        if rest != text and (joint := _JOINT.match(rest)):
            return rest[joint.end() :]
    return text


def _found_elsewhere(b: Claim, a: Claim, lens: Lens) -> bool:
    """Say whether two notes differ only in the name of the portal or tool
    where a paper is to be had.
    """
    if {b.note_kind, a.note_kind} != {"availability"}:
        return False
    old, new = b.value or b.text, a.value or a.text
    swapped = swaps.swaps(old, new)
    for gone, came in swapped:
        old, new = old.replace(gone, came), new.replace(gone, came)
    return same_note(old, new, lens, names=False)

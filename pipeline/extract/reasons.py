"""Features → short reasons that a person reads. Adds nothing that the judgement did not weigh."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.extract import judgement
from pipeline.extract.judgement import Judgement, Subject
from pipeline.extract.lines import NAMED, TARGET

_SIDES = {"-": " before it", "+": " behind it", "0": ""}
_MOST = 4
_CUT = 5
"""The letters of a word that a feature keeps of a longer one."""
_WORDS = frozenset(("w", "p", "c", "r", "ww", "www", "rr", "begins"))
_NAMES = {"vendor": "the vendor is named", "other": "another name stands"}
_JOINT = re.compile(r"[&|>]")
_TAGS = {
    "hold": "holding it",
    "have": "having it",
    "fully": "all of it",
    "rely": "reliance on others",
    "subject_to": "what it is subject to",
    "achieve": "reaching it",
    "certified": "certification",
    "audited": "an audit",
    "paper": "a report or certificate",
    "comply": "compliance",
    "contract": "a contract",
    "participate": "taking part",
    "cover": "what is covered",
    "held_word": "a status",
    "support": "help for customers",
    "tooling": "tools for it",
    "design": "how it is made",
    "doubt": "a doubt",
    "align": "alignment",
    "ready": "readiness",
    "plan": "a plan",
    "underway": "work under way",
    "expect": "what is expected",
    "will": "the future",
    "yet": "what is not yet so",
    "not": "a denial",
    "deny_word": "a denial",
    "lapse": "an end",
    "we": "“we”",
    "own": "“our”",
    "customer": "customers",
    "supplier": "a supplier",
    "suppliers": "suppliers",
    "assessor": "an assessor",
    "person": "people",
    "testimony": "what others say",
    "explain": "what it is",
    "duty": "a duty",
    "conditional": "a condition",
    "instruct": "what to do",
    "question": "a question",
    "offer": "an offer",
    "commend": "praise",
    "example": "an example",
    "contrast": "a contrast",
    "role": "a role",
    "be": "a state",
    "passive": "a state",
    "only": "a limit",
    "exclude": "an exclusion",
    "available": "availability",
    "region": "a region",
    "tier": "a plan or tier",
    "part": "a part",
    "responsible": "responsibility",
    "change": "a change",
    "store": "storage",
    "level": "a level",
    "money": "a price",
    "legal": "law",
    "can": "what is possible",
    "column_purpose": "a purpose",
    "column_place": "a place",
    "column_assurance": "certificates",
}
"""What a lexicon's tags are called to a person, where their own names would puzzle."""
_PLAIN = frozenset(
    ("a", "an", "the", "and", "or", "of", "in", "to", "on", "at", "is", "are", "for")
)


@lru_cache(maxsize=4096)
def words(subject: Subject, judged: Judgement, outcome: str) -> tuple[str, ...]:
    """Return the reasons for an outcome in words, the weightiest first;
    repeats and what says nothing are left out.
    """
    why = judgement.load(subject).reasons(judged, outcome)
    said = dict.fromkeys(of_feature(reason.feature) for reason in why)
    return tuple(text for text in said if text)[:_MOST]


@lru_cache(maxsize=8192)
def of_feature(feature: str) -> str:
    """Return what a feature says, "" for one that a person would make nothing
    of (a length, a comma).
    """
    name, _, value = feature.partition(" ")
    kind, side = name.rstrip("-+0123456789"), _SIDES.get(name.lstrip("w#pcr")[:1], "")
    if kind in _WORDS:
        return _quoted(value, side)
    if kind == "name":
        return f"{_NAMES[value]}{_SIDES.get(name[4:5], '')}" if value in _NAMES else ""
    if name.startswith("#"):
        shown = [_TAGS.get(tag, tag) for tag in _JOINT.split(value) if tag]
        return f"speaks of {' and of '.join(shown)}{side}" if shown else ""
    if kind in ("l", "ll", "h", "t", "lnote", "ltext", "llead", "lheading"):
        place = {"l": "what leads to it", "h": "the heading above", "t": "the title"}[kind[0]]
        quoted = _quoted(value, "")
        return f"{place}: {quoted}" if quoted else ""
    return ""


def _quoted(value: str, side: str) -> str:
    """Return the words of a feature in quotation marks; one that is cut short ends in dots."""
    shown = []
    for word in value.split("_"):
        if word == TARGET:
            shown.append("its name")
        elif word == NAMED:
            shown.append("another standard")
        elif word in ("BRAND", "YEAR", "NUMBER", "MONTH", "QUARTER"):
            shown.append({"BRAND": "the vendor"}.get(word, f"a {word.lower()}"))
        else:
            shown.append(f"{word}…" if len(word) == _CUT and word.isalpha() else word)
    says = any(word[:1].isalpha() and word not in _PLAIN for word in value.split("_"))
    return f"“{' '.join(shown)}”{side}" if says else ""

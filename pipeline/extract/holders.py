"""A clause → who holds what it says: the page's own ("we"), somebody named,
or nobody that counts.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline import words
from pipeline.extract import clauses, vocabulary
from pipeline.extract.outline import Outline, Unit
from pipeline.standards import Mention

_OPENING = re.compile(
    r"^\W*(?:\w+ly,\s*|(?:alternatively|overall|instead|thus|hence|often|however|moreover"
    r"|in addition|additionally|also|currently|presently|today|now|for example|for instance"
    r"|therefore|furthermore|and|but|so|that|which|who|because|while|although|though|yes|no"
    r"|accordingly|finally|later|then|subsequently|meanwhile|recently|upon request|on request"
    r"|in particular|specifically|notably|to date|at this time|at present|as such|note that"
    r"|please note that)\b[,.:]?\s*)+",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^\W*\d+(?:\.\d+)*[.)]?\s+(?=[A-Z])")
"""The number of a clause, as agreements print it: "3.1 Acme maintains …"."""
_PREPOSITION = re.compile(
    r"^(?:by|to|for|in|as|with|when|if|once|under|through|during|after|before|on|at|where"
    r"|using|from|since|per|according|based|because|unless|until|without|given|like|having)\b",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(
    r"[\s,]*\b(?:is|are|was|were|am|be|been|being|has|have|had|will|would|can|could|may|might"
    r"|must|should|do|does|did|also|currently|now|already|fully|both|not|'s|'re|'ve|regularly"
    r"|annually|successfully|independently|recently|each|all|then|yet|to)\s*$",
    re.IGNORECASE,
)
_OWNER = re.compile(r"^(?P<name>[A-Z][\w.&-]*(?: [A-Z][\w.&-]*)*)['’]s?\s")
_HELD_BEHIND = re.compile(
    r"\W*(?:certified|compliant|accredited|attested|authori[sz]ed|audited|validated"
    r"|registered|aligned)\b[\s\w.]{0,20}$"
    r"|-(?:aligned|compliant) (?:processing|practices|controls|operations|infrastructure"
    r"|storage|hosting)\b",
    re.IGNORECASE,
)
_ACTING = re.compile(r"^(?P<name>[A-Z][\w.&'-]*(?: [A-Z][\w.&'-]*)*) [a-z]+ed\b")
_ACTS = re.compile(
    rf"^(?P<name>[A-Z][\w.&'-]*(?: [A-Z][\w.&'-]*)*) (?!{vocabulary.THING.pattern})"
    r"(?:encrypts|stores|protects|secures|transmits|processes|connects|deploys|employs|applies)\b"
)
_OTHER_PEOPLE = re.compile(
    r"\b(?:customers|clients|users|organi[sz]ations|companies|agencies|businesses)$"
)
_OWN_WAYS = re.compile(
    r"(?:(?:security|privacy|information|technical|organi[sz]ational|internal|data|and"
    r"|&) )+(?:controls|practices|policies|processes|measures|program(?:me)?)",
    re.IGNORECASE,
)
"""Subjects that are a vendor's own doing where a page prints them without "our"."""
_MANAGEMENT_SYSTEM = re.compile(
    r"(?:[\w-]+ ){0,3}management systems?|ISMS|PIMS|BCMS|QMS", re.IGNORECASE
)
_ITS_OWN = re.compile(
    r"its (?:[\w-]+ ){0,4}(?:systems?|ISMS|BCMS|infrastructure|platform|services?|products?"
    r"|controls|programs?)\b",
    re.IGNORECASE,
)
_YARDSTICK = re.compile(
    r"\b(?:assessment|standard|criteria|questionnaire|regulation|directive|act|law|scheme"
    r"|catalogue?)s?(?: \([^)]*\))? "
    r"(?:is|are|was|were) (?:\w+ )?(?:based|built|founded|modell?ed|derived|adapted)\b"
    r"|\b(?:audit|examination|assessment)s?\b[^.;]{0,30}\bto be based on\b"
    r"|\b(?:authori[sz]ation|certification|accreditation|report|compliance)s? means\b"
    r"|\b(?:is|are) the (?:\w+ )?(?:standards?|frameworks?|rules|criteria) (?:under|by|for"
    r"|that|which|on|against|used)\b",
    re.IGNORECASE,
)
"""What somebody is held to, which holds nothing itself: what it is based on explains it."""
_WHOSE_IT_IS = re.compile(
    r"\W*(?:PMO|program(?:me)? (?:management )?office|board|council|marketplace|website|team)\b"
    r"|\W*(?:accredited|authori[sz]ed|approved|recogni[sz]ed"
    r"|certified) (?:[\w-]+ ){0,3}?(?:3PAOs?|assessors?|auditors?|organi[sz]ations|bodies|firms)\b",
    re.IGNORECASE,
)
"""What stands behind a standard's name where those who run it are meant."""
_TELLS_HOW = re.compile(
    r"\b(?:overview|explanations?|details?|information|guidance|descriptions?|documents?"
    r"|documentation|explains?|describes?|outlines?|shows?|learn|see)"
    r" (?:(?:of|on|about|for|in) )?how\b",
    re.IGNORECASE,
)
"""Words before a clause that is told about, not told."""
_HELD_THINGS = (
    r"compliance|certification|attestation|audit|assessment|adherence|conformity|authori[sz]ation"
)


def subject(outline: Outline, unit: Unit, mention: Mention) -> str | None:
    """Return who is named as the holder of what a unit says, None for "we", "our", or nobody."""
    if unit.kind in ("heading", "item") and not clauses.FINITE.search(unit.text):
        return None
    return _at(unit.text, mention.start)


@lru_cache(maxsize=4096)
def _at(text: str, start: int) -> str | None:
    """Return who is named as the holder of what a text names at a place."""
    for clause in clauses.split(words.straight(text)):
        if clause.start <= start < clause.end:
            verb = clauses.FINITE.search(clause.text)
            if verb is None or verb.start() > start - clause.start:
                return None
            phrase = subject_phrase(clause.text[: verb.start()])
            if re.search(r"\b(?:we|our|us|it|they|this)\b", phrase, re.IGNORECASE):
                return None
            return named(phrase)
    return None


def subject_phrase(head: str) -> str:
    """Return what stands for a subject before a cue, without what introduces
    or follows the name; "" for nothing.
    """
    head = _OPENING.sub("", _NUMBERED.sub("", re.sub(r"^.*?\w:\s", "", head)))
    while True:
        shorter = _AUXILIARY.sub("", head)
        if shorter == head:
            break
        head = shorter
    if _PREPOSITION.match(head):
        head = head.split(",", 1)[1] if "," in head else ""
    head = re.split(
        r",\s+(?:a|an|the|our|its|their|one|like|as|including)\s|\s\((?![A-Z]\w*\)$)", head
    )[0]
    head = _OPENING.sub("", head).strip(" ,:–—-*\"'()")
    if vocabulary.GENERIC.match(head):
        return head
    verb = clauses.FINITE.search(head)
    return head[: verb.start()].strip(" ,") if verb and verb.start() else head


@lru_cache(maxsize=8192)
def named(phrase: str) -> str | None:
    """Return the name in a subject phrase: its first run of capitalised words,
    with what belongs to it; None without one.
    """
    phrase = _bare(phrase)
    if (owner := _OWNER.match(phrase)) and (
        vocabulary.EVENT.match(phrase[owner.end() :])
        or _MANAGEMENT_SYSTEM.fullmatch(phrase[owner.end() :])
    ):
        return owner["name"]
    if _names_nobody(phrase):
        return None
    if acting := _ACTING.match(phrase):
        phrase = acting["name"]
    if phrase[0].islower() and not re.match(r"\S*\.\S|[a-z]+\d[a-z]", phrase):
        return None
    if vocabulary.EVENT.fullmatch(phrase.split()[0]):
        return None
    last = phrase.split()[-1]
    if last.islower() and "." not in last and not vocabulary.THING.search(last):
        owner = _OWNER.match(phrase)
        return owner["name"] if owner else None
    if not re.search(r"(?:^|\s)(?:[A-Z]|\w+\.\w|\w*[A-Z]\w)", phrase):
        return None
    return phrase


def _bare(phrase: str) -> str:
    """Return a phrase without what follows the name in it, and without an article before it."""
    phrase = re.split(
        r"\s+(?:that|which|who|covered|used|hosted|located|running|operated|listed|described"
        r"|available|under|such as|including|in the|is|are|was|were|has|have|can|may|must"
        r"|will|would|should|provides?|offers?|commissions?|performs?|conducts?|publishes"
        r"|issues|makes|gives|keeps?|works?|engages?|contracts?|asks?|needs?|knows?|takes?"
        r"|shares?|considers?|uses?|enables?|helps?|supports?|maintains?|modell?ed)\b",
        phrase,
    )[0]
    phrase = re.sub(
        r"^(?:the|those|these|all|both|each|every|an?|some|most|many|and|selected|certain"
        r"|existing)\s+",
        "",
        phrase,
        flags=re.IGNORECASE,
    )
    phrase = re.sub(r"(?:['’]s?)$", "", re.sub(r"^[^:]{1,40}:\s", "", phrase)).strip(" ,:;")
    return re.sub(
        r"(?<=\w) (?:Data Processing|Business Associate) (?:Agreement|Add?endum)$", "", phrase
    )


def _names_nobody(phrase: str) -> bool:
    """Return whether a phrase is a pronoun, a question, an activity or a common word."""
    return bool(
        not phrase
        or len(phrase) > 160
        or _PREPOSITION.match(phrase)
        or clauses.FINITE.match(phrase)
        or re.match(
            r"(?:the$|an?$|we|it|they|this|these|that|those|there|how|what|which|why|who"
            r"|whether|not)\b",
            phrase,
            re.IGNORECASE,
        )
        or vocabulary.GENERIC.match(phrase)
        or re.fullmatch(r"[A-Z]?[a-z]+ing", phrase)
    )

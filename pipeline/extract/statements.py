"""A sentence → what it says of each standard that it names: stance, basis, subject, who granted and tested.

Explaining a standard, or naming it in passing, is no statement. Reads one sentence at a time and knows nothing of
lists, tables and headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline import words
from pipeline.extract import vocabulary
from pipeline.model import Stance
from pipeline.standards import Mention

_SPLIT = re.compile(
    r"\s*;\s+"
    r"|,?\s+(?:but|however|whereas|while|although|though)\s+"
    r"|,?\s+and\s+(?=(?:\w+\s+){0,3}?(?:is|are|was|were|has|have|had|will|can|cannot|do|does|did|am|we|it|they|holds?|maintains?|meets?|participates?|complies|supports?|helps?)\b)"
    r"|,\s+so\s+(?!that\b)"
    r"|,\s+as\s+(?=did\b|does\b|do\b|is\b|are\b|has\b|have\b)",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^\W*(?:(?:however|moreover|in addition|additionally|also|currently|presently|today|now|for example|for instance|therefore|furthermore|and|but|so|that|which|who|because|while|although|though|yes|no|accordingly|finally|later|then|subsequently|meanwhile|recently|upon request|on request|in particular|specifically|notably|to date|at this time|at present|as such|note that|please note that)\b[,.:]?\s*)+",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"^(?:by|to|for|in|as|with|when|if|once|under|through|during|after|before|on|at|where|using|from|since|per|according|based|because|unless|until|without|given|like|having)\b",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(
    r"[\s,]*\b(?:is|are|was|were|am|be|been|being|has|have|had|will|would|can|could|may|might|must|should|do|does|did|also|currently|now|already|fully|both|not|'s|'re|'ve|regularly|annually|successfully|independently|recently|each|all|then|yet|to)\s*$",
    re.IGNORECASE,
)
_AUTHORITY = re.compile(
    r"\b(?P<verb>granted|issued|awarded|approved|authori[sz]ed|conferred|signed|sponsored|provided|received|from|by)?\s*\b(?:by|from)\s+(?:the\s+|an?\s+)?(?P<name>[A-Z][\w.&’'/-]*(?:\s+(?:(?:of|for|the|and|on|in)\s+)*(?:\([A-Z][\w-]*\)|[A-Z][\w.&’'/()-]*))*)"
)
_TESTED = re.compile(
    r"\b(?:audited|assessed|examined|tested|certified|validated|evaluated|verified|attested|reviewed|performed|conducted|completed)\s+(?:\w+\s+){0,2}?by\s+(?:the\s+|an?\s+)?(?P<name>[A-Z][\w.&’'-]*(?:\s+(?:(?:of|for|the|and|&)\s+)?[A-Z][\w.&’'-]*)*)"
)
_VALID = re.compile(
    r"\bvalid(?:ity)?\s+(?:for|until|through|till|to|from|of)\s+(?P<a>[^.,;()]+)|\b(?:covers?|covering|for) the (?:\w+ )?period (?:from |of |between )?(?P<b>[^.;()]+)|\bexpir(?:es|ing|y)(?: on| date| in)?:?\s+(?P<c>[^.,;()]+)",
    re.IGNORECASE,
)
_CADENCE = re.compile(
    r"\b(?:at least )?(?:annual(?:ly)?|yearly|semi-?annual(?:ly)?|bi-?annual(?:ly)?|quarterly|monthly|every (?:\w+ )?(?:year|month|quarter)s?|(?:once|twice) (?:a|per) year|each (?:year|quarter))\b",
    re.IGNORECASE,
)
_GRANTED_TO = re.compile(
    r"(?<!will be )(?<!be )\b(?:issued|granted|awarded|conferred)\b.{0,60}?\b(?i:authori[sz]ation|certificat\w+|attestation|accreditation|ATO|authority to operate|label|approval)\b.{0,30}?\b(?:for|to)\s+(?:the |our )?(?P<name>[\w.&-]*\w(?: [A-Z][\w.&-]*)*)",
)
_GRANTS = re.compile(
    r"\b(?:authority to operate|P?-?ATO|authori[sz]ation|certificat\w+|attestation|accreditation)\b|^\s*(?:did|does|do|is|are|has|have)\b",
    re.IGNORECASE,
)


_SUBORDINATE = re.compile(
    r"^\W*(?:although|even though|though|while|whereas|if|when|whenever|because|since|once|as long as|unless)\b[^,]{8,200},(?=\s)",
    re.IGNORECASE,
)
_HELD_THINGS = r"compliance|certification|attestation|audit|assessment|adherence|conformity|authori[sz]ation"
_REACH = 12
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|can|cannot|do|does|did|am|holds?|maintains?|meets?|participates?|complies|comply|supports?|helps?|offers?|provides?|achieved|received|completed|obtained|earned|adheres?|undergo\w*|signs?|enters?|covers?|aligns?|hosts?|uses?|runs?)\b|'(?:re|ve|s|m)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """What one sentence says of one standard; `subject` is None for "we", "our", or nobody named."""

    mention: Mention
    stance: Stance
    basis: str | None
    subject: str | None = None
    authority: str | None = None
    assessor: str | None = None
    valid: str | None = None
    cadence: str | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class _Clause:
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class _Said:
    stance: Stance
    subject: str | None
    start: int
    end: int


def statements(sentence: str, mentions: tuple[Mention, ...], *, elliptic: bool = False) -> tuple[Statement, ...]:
    """Return what the sentence says, in order of its mentions; empty when it explains, instructs, asks or mentions.

    `elliptic` allows a cue without a subject ("Certified to ISO 9001"), as in items, cells and captions.
    """
    if not mentions or sentence.rstrip().endswith("?") or vocabulary.IMPERATIVE.match(sentence.lstrip("*•- ")):
        return ()
    sentence = words.straight(sentence)
    found: list[Statement] = []
    before: _Said | None = None
    carried: tuple[Mention, ...] = ()
    for clause in _clauses(sentence):
        inside = tuple(m for m in mentions if clause.start <= m.start < clause.end)
        said = _reading(clause, inside, before, elliptic)
        if said is None and before is not None and inside and not _own_subject(clause, inside):
            said = _Said(before.stance, before.subject, clause.start, clause.start)
        if said is None:
            before = None if inside else before
            carried = inside or carried
            continue
        about = inside or (carried[-1:] if _GRANTS.search(clause.text) and said.subject else ())
        found += [_statement(m, said, clause, sentence) for m in about if not _background(m, clause, said, inside)]
        before, carried = said, inside or carried
    return tuple(found)


def spoken(sentence: str) -> Stance | None:
    """Return what a sentence says without naming its standard ("complies with this framework"), None when it says nothing."""
    if sentence.rstrip().endswith("?") or vocabulary.IMPERATIVE.match(sentence):
        return None
    said: Stance | None = None
    for clause in _clauses(words.straight(sentence)):
        found = _reading(clause, (), None, elliptic=True)
        said = said or (found.stance if found else None)
    return said


def _clauses(sentence: str) -> Iterator[_Clause]:
    start = 0
    if subordinate := _SUBORDINATE.match(sentence):
        yield _Clause(0, sentence[: subordinate.end() - 1])
        start = subordinate.end()
    for cut in _SPLIT.finditer(sentence, start):
        if re.search(r"\band\b", cut[0], re.IGNORECASE) and not _FINITE.search(sentence[start : cut.start()]):
            continue  # "A and B are …" joins subjects, not clauses
        yield _Clause(start, sentence[start : cut.start()])
        start = cut.end()
    yield _Clause(start, sentence[start:])


def _own_subject(clause: _Clause, inside: tuple[Mention, ...]) -> bool:
    """Return whether a clause without a cue begins with somebody of its own rather than with one more standard."""
    head = clause.text[: inside[0].start - clause.start].strip(" ,")
    return len(head.split()) > 3


def _reading(clause: _Clause, inside: tuple[Mention, ...], before: _Said | None, elliptic: bool) -> _Said | None:
    cues = _cues(clause.text)
    if vocabulary.ADVICE.search(clause.text) or vocabulary.APPOSED_ASSESSOR.match(clause.text):
        return None
    if granted := _GRANTED_TO.search(clause.text):
        name = granted["name"]
        return _Said(
            "claimed", None if name.lower() in ("us", "we", "our") else name, clause.start + granted.start(), clause.start + granted.end()
        )
    if not cues:
        return _possessive(clause, inside)
    first = min(cues, key=lambda cue: cue[1])
    anchor = inside[0].start - clause.start if inside else len(clause.text)
    ahead = [cue for cue in cues if cue[1] < (inside[-1].end - clause.start if inside else anchor)] or cues
    stance, start, end = _governing(ahead, anchor)
    phrase = _subject_phrase(clause.text[: first[1]])
    verdict, name = _judged(phrase, clause, inside, elliptic or before is not None)
    if verdict == "inherit" and before is not None:
        name = before.subject
    if verdict == "no":
        possessive = _possessive(clause, inside)
        return (
            _Said(stance if stance in ("planned", "not_claimed") else possessive.stance, None, clause.start + start, clause.start + end)
            if possessive
            else None
        )
    return _Said(stance, name, clause.start + start, clause.start + end)


def _cues(text: str) -> list[tuple[Stance, int, int]]:
    """Return every cue of a clause; one inside a stricter one, or right behind a plan ("in the process of ensuring"), is part of it."""
    found: list[tuple[Stance, int, int]] = []
    for stance, pattern in vocabulary.CUES:
        for match in pattern.finditer(text):
            if not any(s <= match.start() < e + (_REACH if earlier == "planned" else 0) for earlier, s, e in found):
                found.append((stance, match.start(), match.end()))
    return found


def _governing(cues: list[tuple[Stance, int, int]], anchor: int) -> tuple[Stance, int, int]:
    """Return the cue that governs a mention at `anchor`: a denial anywhere, else the nearest, what stands before it first."""
    denials = [cue for cue in cues if cue[0] == "not_claimed"]
    if denials:
        return denials[0]

    def distance(cue: tuple[Stance, int, int]) -> int:
        return anchor - cue[2] if cue[1] < anchor else (cue[1] - anchor) + 20

    return min(cues, key=distance)


def _subject_phrase(head: str) -> str:
    head = _OPENING.sub("", re.sub(r"^.*?\w:\s", "", head))
    while True:
        shorter = _AUXILIARY.sub("", head)
        if shorter == head:
            break
        head = shorter
    if _PREPOSITION.match(head):
        head = head.split(",", 1)[1] if "," in head else ""
    head = re.split(r",\s+(?:a|an|the|like|as|including)\s|\s\((?![A-Z]\w*\)$)", head)[0]
    return _OPENING.sub("", head).strip(" ,:–—-*\"'()")


def _judged(phrase: str, clause: _Clause, inside: tuple[Mention, ...], elliptic: bool) -> tuple[str, str | None]:
    """Return ("yes"|"inherit"|"no", name): whether this subject can hold a standard here, and its name, None for "we"."""
    if not phrase:
        return ("inherit", None) if elliptic else ("no", None)
    offset = clause.text.find(phrase)
    leading = bool(inside) and inside[0].start - clause.start <= offset + 4
    if re.search(r"\b(?:we|our|ours|us)\b", phrase, re.IGNORECASE):
        return "yes", None
    if re.search(r"\b(?:auditors?|assessors?|audit firm|certification body)$", phrase, re.IGNORECASE):
        return _examined(clause.text[offset + len(phrase) :])
    if not leading and vocabulary.GENERIC.match(phrase):
        return "no", None
    if leading or any(m.start - clause.start < offset + len(phrase) and m.end - clause.start > offset for m in inside):
        return _standard_led(clause, inside)
    if re.fullmatch(r"(?:it|they|this|these|those|both|each|all)(?: \w+)?", phrase, re.IGNORECASE):
        return "inherit", None
    name = named(phrase)
    if name:
        return "yes", name
    return ("yes", None) if vocabulary.THING.search(phrase) else ("no", None)


def _examined(rest: str) -> tuple[str, str | None]:
    """Judge a clause whose subject is an auditor: who was examined holds the standard, if the clause says who."""
    owner = re.search(r"\b(?:of|for)\s+(?:the\s+)?(?P<name>our|us|[A-Z][\w.&-]*(?:\s[A-Z\d][\w.&-]*)*)", rest)
    if owner is None:
        return ("yes", None) if re.search(r"\b(?:our|us|we)\b", rest) else ("no", None)
    return "yes", None if owner["name"] in ("our", "us") else owner["name"]


def _standard_led(clause: _Clause, inside: tuple[Mention, ...]) -> tuple[str, str | None]:
    """Judge a clause whose subject is the standard: it speaks of holding only when a report, certification … follows."""
    end = inside[0].end - clause.start
    rest = clause.text[end:]
    event = vocabulary.EVENT.match(rest.lstrip(" -®™()")) or vocabulary.EVENT.search(clause.text[: inside[0].start - clause.start])
    if not event:
        return "no", None
    if re.search(
        r"\b(?:must|should|required|requires?|mandatory|needs?|can be|may be|intended for|evaluates?|gauges?|is an?|based on|conferred)\b",
        rest,
    ):
        return "no", None
    head = clause.text[: inside[0].start - clause.start].strip(" -")
    before = named(re.split(rf"\s(?:{_HELD_THINGS})\b", head)[0])
    if before:
        return "yes", before
    owner = re.search(r"\b(?:of|for) (?:the |our )?([A-Z][\w.&-]*(?:,? (?:and )?[A-Z\d][\w.&-]*)*)", rest)
    return "yes", owner[1] if owner else None


def named(phrase: str) -> str | None:
    """Return the name in a subject phrase: its first run of capitalised words, with what belongs to it; None without one."""
    phrase = re.split(
        r"\s+(?:that|which|who|covered|used|hosted|located|running|operated|listed|described|available|under|such as|including|in the|is|are|was|were|has|have|can|may|must|will|would|should|provides?|offers?|commissions?|performs?|conducts?|publishes|issues|makes|gives|keeps?|works?|engages?|contracts?|asks?|needs?|knows?|takes?|shares?|considers?|uses?|enables?|helps?|supports?|maintains?|modell?ed)\b",
        phrase,
    )[0]
    phrase = re.sub(
        r"^(?:the|those|these|all|both|each|every|an?|some|most|many|and|selected|certain|existing)\s+", "", phrase, flags=re.IGNORECASE
    )
    phrase = re.sub(r"(?:['’]s?)$", "", phrase).strip(" ,")
    if (
        _PREPOSITION.match(phrase)
        or _FINITE.match(phrase)
        or re.match(r"(?:the$|an?$|it|they|this|these|that|those|there|how|what|which|why|who|whether|not)\b", phrase, re.IGNORECASE)
    ):
        return None
    if not phrase or len(phrase) > 160 or vocabulary.GENERIC.match(phrase):
        return None
    last = phrase.split()[-1]
    if last.islower() and "." not in last and not vocabulary.THING.search(last):
        return None
    if not re.search(r"(?:^|\s)(?:[A-Z]|\w+\.\w|\w*[A-Z]\w)", phrase):
        return None
    return phrase


def _possessive(clause: _Clause, inside: tuple[Mention, ...]) -> _Said | None:
    """Read "our SOC 2 report", whatever the sentence says of it: who has a report of their own was examined."""
    for mention in inside:
        at = mention.start - clause.start
        if re.search(r"\b(?:our|their own|its)\b(?:\s[\w,/&-]+){0,4}?\s$", clause.text[:at]) and vocabulary.EVENT.search(
            clause.text[mention.end - clause.start :][:60]
        ):
            return _Said("claimed", None, mention.start, mention.start)
    return None


def _background(mention: Mention, clause: _Clause, said: _Said, inside: tuple[Mention, ...]) -> bool:
    """Return whether the words right before a mention make it the background of something else.

    So does a bracket that opens right behind another mention: "SOC 1 (SSAE 18, ISAE 3402)".
    """
    gap = clause.text[: mention.start - clause.start][-60:]
    opened = clause.text.rfind("(", 0, mention.start - clause.start)
    closed = clause.text.find(")", max(opened, 0), mention.start - clause.start)
    if opened >= 0 and closed < 0 and any(0 <= opened + clause.start - m.end <= 2 for m in inside if m is not mention):
        return True
    if re.search(r"\bbased on\b", clause.text[: mention.start - clause.start]):
        return True
    found = vocabulary.BACKGROUND.search(gap.rstrip())
    return found is not None and said.end <= mention.start - (len(gap) - found.start())


def _statement(mention: Mention, said: _Said, clause: _Clause, sentence: str) -> Statement:
    text = clause.text
    valid = _VALID.search(sentence)
    cadence = _CADENCE.search(text)
    tested = _TESTED.search(text)
    granted = None if tested else _AUTHORITY.search(text)
    basis = next((name for name, pattern in vocabulary.BASES if pattern.search(text)), None)
    if said.stance == "supports":
        basis = "aligned"
    return Statement(
        mention,
        said.stance,
        basis,
        subject=said.subject,
        authority=granted["name"].strip(" .") if granted and basis in ("authorized", "provisional", "certified") else None,
        assessor=tested["name"].strip(" .") if tested else None,
        valid=next((group.strip() for group in valid.groups() if group), None) if valid else None,
        cadence=cadence[0] if cadence else None,
        level=mention.level,
    )

"""A service as a page names it → its name, condition, alias and members, and the claims of them.

Where services are listed is for `listings`, `scopes`, `tables` and `labels` to find.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline import words
from pipeline.extract import holders, vocabulary
from pipeline.model import Block, Claim, Source
from pipeline.standards import Mention

_ALIAS = re.compile(
    r"\s*[(\[]\s*(?:formerly|previously|formally|also|a\.?k\.?a\.?|prior|was|renamed from"
    r"|earlier)\b\s*(?:known as|called|named|branded as|as)?:?\s*(?P<alias>[^)\]]+)[)\]]"
    r"|,?\s+formerly (?:known as |called )?(?P<bare>[A-Z][^,;(]*)",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"(?:\s+cloud service)?\s*(?P<a>[(\[]\s*(?:not |only |excl|except|incl|with|without|when"
    r"|if|either|as a |limited|preview|beta|in |for |us |eu |see |subject|available|applies"
    r"|commercial only|government only)[^)\]]*[)\]])"
    r"|\s+(?P<b>(?:cloud service )?(?:either )?(?:as a standalone|as included|when included"
    r"|when used|either as)\b.*)$"
    r"|[,;]?\s+(?P<c>(?:excluding|excludes|except(?: for)?|only (?:in|for|when|with)"
    r"|when used with|limited to|with the exception of|including)\b.*)$"
    r"|\s+[–—-]\s+(?P<d>(?:only|excl|except|not |limited|preview|beta|when|if |in "
    r"|for |includ).*)$",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"[,;.]?\s+(?:\(?(?:for|to) (?:more|further|detailed|additional|details|learn)\b|\(?see\b"
    r"|\(?learn more\b).*$",
    re.IGNORECASE,
)
_SMALL = frozenset(["and", "or", "of", "for", "the", "&", "a", "an", "in", "by", "with", "on"])
_WHERE = re.compile(r"\b(?:von|der|des|für|zur|zum|de|du|des|para|di|van|voor)\b")
"""Small words of other languages inside what a certificate covers in prose ("Betrieb von
Rechenzentren")."""
_AND_OR_BRACKET = re.compile(r"[()\[\]]|\s+(?:and|und|sowie|et|y|e|en)\s+")
_ARTICLE = re.compile(r"^(?:the|both|our|and|or)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Service:
    """A service as a list prints it, taken apart: its name, what conditions it,
    its former name, the names it joins.
    """

    name: str
    condition: str | None = None
    alias: str | None = None
    members: tuple[str, ...] = ()


def service(text: str) -> Service:
    """Take a list entry apart; a parenthesis that is no condition
    and no former name stays in the name.
    """
    text = _POINTER.sub("", words.squeeze(text)).strip(" ,;*•").removesuffix(".")
    alias = None
    text, condition = remarked(text)
    if found := _ALIAS.search(text):
        alias = (found["alias"] or found["bare"]).strip()
        text = text[: found.start()] + text[found.end() :]
    if found := _CONDITION.search(text):
        condition = condition or next(part for part in found.groups() if part).strip(" ()[]")
        text = text[: found.start()] + text[found.end() :]
    name = words.squeeze(text).strip(" ,;")
    return Service(name, condition, alias, members(name))


def remarked(text: str) -> tuple[str, str | None]:
    """Part an entry such as "Ledger. The certificate covers its EU region." into the name
    and the sentences that condition it.
    """
    first, *rest = words.sentences(text) or ("",)
    if (
        rest
        and first.endswith(".")
        and len(first.split()) <= 6
        and nameable(first.removesuffix("."))
    ):
        return first.removesuffix("."), " ".join(rest)
    return text, None


def members(name: str) -> tuple[str, ...]:
    """Return the names that a bullet joins; () for one name,
    even when it holds an "and" ("Identity and Access Management").
    """
    if ": " in name:
        return ()
    parts = [
        part
        for piece in split(name)
        for part in (re.split(r"\s+and\s+", piece) if " and " in piece else [piece])
    ]
    if len(parts) < 2 or not all(part[:1].isupper() or part[:1].isdigit() for part in parts):
        return ()
    joined = name.count(",") > 0 or all(part.split()[0] == parts[0].split()[0] for part in parts)
    return tuple(parts) if joined else ()


def split(text: str, *, sentence: bool = False) -> list[str]:
    """Split a list at its commas or semicolons outside brackets;
    in a sentence also at its closing "and".

    In a cell an "and" is part of a name ("Identity and Access Management")
    unless a comma stands before it.
    """
    text = words.squeeze(text).strip()
    mark = ";" if _outside(text, ";") else ","
    parts = [part.strip(" ,;") for part in _cut(text, mark)]
    if len(parts) > 1 and (closing := re.match(r"^(?:and|or|&)\s+(.*)$", parts[-1])):
        parts[-1] = closing[1]
    elif sentence:
        head, found, tail = _last_and(parts[-1])
        if found and _ARTICLE.sub("", tail)[:1].isupper():
            parts[-1:] = [head, tail]
    return [
        _ARTICLE.sub("", part) for part in parts if part and part not in ("etc.", "etc", "more")
    ]


def _last_and(text: str) -> tuple[str, bool, str]:
    depth = 0
    for match in reversed(list(_AND_OR_BRACKET.finditer(text))):
        depth += {")": 1, "]": 1, "(": -1, "[": -1}.get(match[0], 0)
        if depth == 0 and match[0] not in ("(", ")", "[", "]"):
            return text[: match.start()], True, text[match.end() :]
    return text, False, ""


def _outside(text: str, mark: str) -> bool:
    return len(list(_cut(text, mark))) > 1


def _cut(text: str, mark: str) -> Iterator[str]:
    depth = start = 0
    for index, letter in enumerate(text):
        depth += (letter in "([") - (letter in ")]")
        if (
            letter == mark
            and depth <= 0
            and not (mark == "," and text[index + 1 : index + 2].isdigit())
        ):
            yield text[start:index]
            start = index + 1
    yield text[start:]


@dataclass(frozen=True, slots=True)
class Entry:
    """A service as a page lists it: the text that names it, where it stands, the environment it is
    listed for, and the notes that condition it.

    `source` is the sentence or label that says so, where that is not the text.
    """

    text: str
    block: Block
    group: str | None = None
    notes: tuple[str, ...] = ()
    source: str | None = None


def listed(entry: Entry, mentions: tuple[Mention | None, ...], scope: str) -> Iterator[Claim]:
    """Yield one service claim for each standard of the list.

    None stands for all that the page holds.
    """
    named, block = service(entry.text), entry.block
    if not re.search(r"\w", named.name) or len(named.name) > 300:
        return
    for mention in mentions:
        yield Claim(
            kind="service",
            source=Source(entry.source or entry.text, block.section, block.line),
            standard=mention.standard if mention else None,
            standard_name=mention.name if mention else None,
            service=named.name,
            scope="out" if scope == "out" else "in",
            group=entry.group,
            members=named.members,
            condition="; ".join(part for part in (named.condition, *entry.notes) if part) or None,
            alias=named.alias,
        )


def nameable(name: str) -> bool:
    """Return whether a piece of a list is a service's name."""
    if words.fold(name) in ("all", "all products", "all services", "various", "multiple"):
        return False
    return (
        bool(re.match(r"^[A-Z0-9]", name))
        and len(name.split()) <= 14
        and holders.named(name) is not None
        and not re.search(
            r"\b(?:is|are|was|will|must|should|you|your)\b|\b(?:that|which|who)$", name
        )
    )


def is_titled(name: str) -> bool:
    """Return whether a name is written as names are: every word of it in capitals but the small
    ones."""
    plain = re.sub(r"[(\[][^)\]]*[)\]]", "", name).split()
    own = [word for word in plain if word not in _SMALL]
    return (
        bool(own)
        and len(own) <= 6
        and not _WHERE.search(name)
        and all(word[:1].isupper() or word[:1].isdigit() for word in own)
        and not vocabulary.GENERIC.match(name)
        and words.fold(name).split()[0] not in ("all", "the")
    )

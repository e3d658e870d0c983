"""Lists → services in and out of a standard's scope. Tables have a room of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline import words
from pipeline.extract import vocabulary
from pipeline.extract.context import Context
from pipeline.extract.holders import named
from pipeline.model import Block, Claim, Source
from pipeline.standards import Mention

_ALIAS = re.compile(
    r"\s*[(\[]\s*(?:formerly|previously|formally|also|a\.?k\.?a\.?|prior|was|renamed from|earlier)\b\s*(?:known as|called|named|branded as|as)?:?\s*(?P<alias>[^)\]]+)[)\]]|,?\s+formerly (?:known as |called )?(?P<bare>[A-Z][^,;(]*)",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"(?:\s+cloud service)?\s*(?P<a>[(\[]\s*(?:not |only |excl|except|incl|with|without|when|if|either|as a |limited|preview|beta|in |for |us |eu |see |subject|available|applies|commercial only|government only)[^)\]]*[)\]])"
    r"|\s+(?P<b>(?:cloud service )?(?:either )?(?:as a standalone|as included|when included|when used|either as)\b.*)$"
    r"|[,;]?\s+(?P<c>(?:excluding|excludes|except(?: for)?|only (?:in|for|when|with)|when used with|limited to|with the exception of|including)\b.*)$"
    r"|\s+[–—-]\s+(?P<d>(?:only|excl|except|not |limited|preview|beta|when|if |in |for |includ).*)$",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"^(?P<head>.{3,200}?)(?:\s+(?:are|is|includes?|include|comprises?|consists? of|covers?|are as follows)\s*:?|:)\s+(?P<list>[A-Z0-9].*)$"
)
_IN_SCOPE_PREDICATE = re.compile(
    r"^(?P<list>.{2,300}?)\s+(?:is|are)\s+(?:now |also |currently |all |both |each )?(?:in[- ]scope|within (?:the )?scope|in (?:the )?scope|included in (?:the )?scope|\w+[- ]eligible)\b"
)
_OUT_PREDICATE = re.compile(
    r"^(?P<list>.{2,160}?)\s+(?:(?:is|are)(?: currently)? (?:not|excluded|out of)|isn't|aren't|(?:does|do) not|doesn't|don't)\b(?P<rest>.*)$",
    re.IGNORECASE,
)
_OUT_WORDS = re.compile(
    r"\b(?:support|scope|included|covered|comply|compliant|eligible|part of|certified|exclud\w*|from)\b",
    re.IGNORECASE,
)
_ENVIRONMENT = re.compile(
    r"^(?P<name>.+?)\s+in\s+(?:the\s+)?(?P<group>[A-Z][\w.&-]*(?:\s+(?:\d+|and|or|[A-Z][\w.&-]*|cloud|environments?|multi-tenant|tenants?|regions?|plans?))*)$"
)
_GROUPS = re.compile(
    r"\b(?:commercial|government|gov ?cloud|gcc(?: high)?|dod|public sector|sovereign|china|multi-tenant|dedicated)\b",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"[,;.]?\s+(?:\(?(?:for|to) (?:more|further|detailed|additional|details|learn)\b|\(?see\b|\(?learn more\b).*$",
    re.IGNORECASE,
)
_PLACES = re.compile(
    r"\b(?:regions?|locations?|data ?cent(?:er|re)s?|geograph\w+|countries)\b", re.IGNORECASE
)
_PLACES_BELOW = re.compile(rf"{_PLACES.pattern}\W*$", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the|both|our|and|or)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Service:
    """A service as a list prints it, taken apart: its name, what conditions it, its former name, the names it joins."""

    name: str
    condition: str | None = None
    alias: str | None = None
    members: tuple[str, ...] = ()


def service(text: str) -> Service:
    """Take a list entry apart; a parenthesis that is no condition and no former name stays in the name."""
    text = _POINTER.sub("", words.squeeze(text)).strip(" ,;*•").removesuffix(".")
    alias = None
    text, condition = _remarked(text)
    if found := _ALIAS.search(text):
        alias = (found["alias"] or found["bare"]).strip()
        text = text[: found.start()] + text[found.end() :]
    if found := _CONDITION.search(text):
        condition = condition or next(part for part in found.groups() if part).strip(" ()[]")
        text = text[: found.start()] + text[found.end() :]
    name = words.squeeze(text).strip(" ,;")
    return Service(name, condition, alias, members(name))


def _remarked(text: str) -> tuple[str, str | None]:
    """Part an entry such as "Ledger. The certificate covers its EU region." into the name and the sentences that condition it."""
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
    """Return the names that a bullet joins; () for one name, even when it holds an "and" ("Identity and Access Management")."""
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
    """Split a list at its commas or semicolons outside brackets; in a sentence also at its closing "and".

    In a cell an "and" is part of a name ("Identity and Access Management") unless a comma stands before it.
    """
    text = words.squeeze(text).strip()
    mark = ";" if _outside(text, ";") else ","
    parts = [part.strip(" ,;") for part in _cut(text, mark)]
    if len(parts) > 1 and (closing := re.match(r"^(?:and|or|&)\s+(.*)$", parts[-1])):
        parts[-1] = closing[1]
    elif sentence:
        head, found, tail = _last_and(parts[-1])
        if found and tail[:1].isupper():
            parts[-1:] = [head, tail]
    return [
        _ARTICLE.sub("", part) for part in parts if part and part not in ("etc.", "etc", "more")
    ]


def _last_and(text: str) -> tuple[str, bool, str]:
    depth = 0
    for match in reversed(list(re.finditer(r"[()\[\]]|\s+and\s+", text))):
        depth += {")": 1, "]": 1, "(": -1, "[": -1}.get(match[0], 0)
        if depth == 0 and match[0].strip() == "and":
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


def claims(context: Context) -> Iterator[Claim]:
    """Yield the services of in-scope and out-of-scope lists, and of sentences that list them, in page order."""
    yield from _told_apart(
        [
            pair
            for index, block in context.indexed("item")
            for pair in _of_item(context, index, block)
        ]
    )
    for _, block in context.indexed("paragraph", "item", "definition", "note"):
        for sentence in words.sentences(block.text):
            yield from _of_sentence(context, block, sentence)


def _told_apart(items: list[tuple[Claim, str | None]]) -> Iterator[Claim]:
    """Yield the services of lists, grouped by the level or edition of their list where a page has lists of one standard at several."""
    found: dict[str | None, set[str]] = {}
    for claim, level in items:
        found.setdefault(claim.standard, set()).update([level] if level else [])
    for claim, level in items:
        apart = claim.group is None and len(found[claim.standard]) > 1
        yield replace(claim, group=level) if apart else claim


def scope_of(context: Context, text: str) -> str | None:
    """Return whether a lead or heading puts what is listed below it in or out of scope, None when it does not tell."""
    if vocabulary.OUT_OF_SCOPE.search(text) or (
        vocabulary.NOT_LEAD.search(text) and context.mentions(text)
    ):
        return "out"
    return "in" if vocabulary.IN_SCOPE.search(text) else None


def _of_item(context: Context, index: int, block: Block) -> Iterator[tuple[Claim, str | None]]:
    """Yield the services of a list entry, each with the level or edition that its list is for."""
    lead = context.lead(index)
    scope, told, group = scope_of(context, lead), lead, None
    parent = lead if not lead.endswith(":") or block.level > 1 else ""
    if scope is None:
        titled = len(block.section) < 2 or bool(context.topic_of(block.section[-1]))
        for depth, heading in enumerate(reversed(block.section if titled else block.section[1:])):
            scope = scope_of(context, heading)
            if scope:
                told = heading
                group = block.section[-1] if depth else None
                break
        if block.level > 1 and parent:
            group = parent.rstrip(": ")
    if group is None and scope is not None and block.section and _GROUPS.search(block.section[-1]):
        group = block.section[-1]
    if (
        scope is None
        or not _is_name(block.text)
        or _PLACES.search(told)
        or _PLACES_BELOW.search(lead)
    ):
        return
    mentions = context.topic_of(told) or context.topic_of(lead) or context.topic(block)
    if group and context.topic_of(group):
        mentions, group = context.topic_of(group), None
    for mention in mentions:
        for claim in listed(block.text, (mention,), scope, block, group=group, notes=block.notes):
            yield claim, mention.level or mention.edition


def _is_name(text: str) -> bool:
    """Return whether a list entry names a service rather than telling or instructing something."""
    body = re.sub(r"[(\[][^)\]]*[)\]]", "", _remarked(text)[0]).strip()
    instructs = (
        vocabulary.IMPERATIVE.match(body)
        and len(body.split()) > 3
        and any(word.islower() for word in body.split())
    )
    if instructs or re.search(r"\b(?:ID|number|no\.):?\s*\S+$", text, re.IGNORECASE):
        return False
    if re.search(r"\b(?:cannot|can't|must|should|will|won't)\b", body):
        return False
    return (
        len(words.sentences(body)) == 1
        and not (body.endswith(".") and len(body.split()) > 8)
        and not body.endswith((":", "?"))
    )


def listed(
    text: str,
    mentions: tuple[Mention, ...],
    scope: str,
    block: Block,
    *,
    group: str | None = None,
    notes: tuple[str, ...] = (),
    source: str | None = None,
) -> Iterator[Claim]:
    """Yield one service claim for each standard of the list."""
    entry = service(text)
    if not re.search(r"\w", entry.name) or len(entry.name) > 300:
        return
    for mention in mentions:
        yield Claim(
            kind="service",
            source=Source(source or text, block.section, block.line),
            standard=mention.standard,
            standard_name=mention.name,
            service=entry.name,
            scope="out" if scope == "out" else "in",
            group=group,
            members=entry.members,
            condition="; ".join(part for part in (entry.condition, *notes) if part) or None,
            alias=entry.alias,
        )


def _of_sentence(context: Context, block: Block, sentence: str) -> Iterator[Claim]:
    mentions = context.topic_of(sentence) or context.topic(block)
    if not mentions or sentence.endswith("?"):
        return
    body = words.straight(sentence).rstrip(".")
    if (
        (found := _LISTED.match(body))
        and scope_of(context, found["head"])
        and not re.search(r"\b(?:if|when|whether|where)\b", found["head"], re.IGNORECASE)
    ):
        names = split(found["list"], sentence=True)
        if len(names) > 1 and all(nameable(name) for name in names):
            yield from _of_names(
                names, mentions, scope_of(context, found["head"]) or "in", block, sentence
            )
            return
    titled = (
        scope_of(context, block.section[-1])
        if block.kind == "paragraph" and len(block.section) > 1
        else None
    )
    names = split(body, sentence=True) if titled else []
    if titled and len(names) > 1 and all(nameable(name) for name in names):
        yield from _of_names(names, mentions, titled, block, sentence)
        return
    if found := _IN_SCOPE_PREDICATE.match(body):
        names = split(found["list"], sentence=True)
        if all(nameable(name) for name in names):
            yield from _of_names(names, mentions, "in", block, sentence)
            return
    yield from _out(context, block, body, sentence, mentions)


def _of_names(
    names: list[str], mentions: tuple[Mention, ...], scope: str, block: Block, sentence: str
) -> Iterator[Claim]:
    group = None
    if closing := _ENVIRONMENT.match(names[-1]):
        names, group = [*names[:-1], closing["name"]], closing["group"]
    elif len(names) > 1 and (closing := _ENVIRONMENT.match(f"{names[-2]} and {names[-1]}")):
        names, group = [*names[:-2], closing["name"]], closing["group"]
    for name in names:
        yield from listed(name, mentions, scope, block, group=group, source=sentence)


def nameable(name: str) -> bool:
    """Return whether a piece of a list is a service's name."""
    if words.fold(name) in ("all", "all products", "all services", "various", "multiple"):
        return False
    return (
        bool(re.match(r"^[A-Z0-9]", name))
        and len(name.split()) <= 14
        and named(name) is not None
        and not re.search(
            r"\b(?:is|are|was|will|must|should|you|your)\b|\b(?:that|which|who)$", name
        )
    )


def _out(
    context: Context, block: Block, body: str, sentence: str, mentions: tuple[Mention, ...]
) -> Iterator[Claim]:
    found = _OUT_PREDICATE.match(body)
    if not found or not _OUT_WORDS.search(found["rest"]):
        return
    scoped = re.search(
        r"\b(?:scope|these standards|this standard|certificat\w+|attestation|BAA|report)\b",
        found["rest"],
    )
    if not (scoped or re.search(r"\b(?:support|covered|included|eligible)\b", found["rest"])):
        return
    names = split(found["list"], sentence=True)
    if (
        re.search(r"\bin[- ]scope\b", found["rest"])
        and re.fullmatch(r"[A-Z]\w+(?: [\w-]+){1,4}", found["list"])
        and not vocabulary.GENERIC.match(found["list"])
    ):
        yield from _of_names([found["list"]], mentions, "out", block, sentence)
        return
    if any(re.search(r"\b(?:regions?|data ?cent(?:er|re)s?)\b", name) for name in names):
        return
    if all(nameable(name) and not context.topic_of(name) for name in names):
        for claim in _of_names(names, mentions, "out", block, sentence):
            yield replace(claim, condition=None)

"""A sentence → the services that it leaves out of scope: "X is not part of the boundary", "Die X
ist von allen Zertifikaten ausgenommen". Regions, customers and conditions are no services."""

from __future__ import annotations

import re

from pipeline.extract import covered, services, vocabulary
from pipeline.extract.context import Context

_OUT_PREDICATE = re.compile(
    r"^(?P<list>.{2,160}?)\s+(?:(?:is|are)(?: currently)? (?:not|excluded|out of|outside|beyond)"
    r"|isn't|aren't|(?:does|do) not|doesn't|don't)\b(?P<rest>.*)$",
    re.IGNORECASE,
)
_OUT_WORDS = re.compile(
    r"\b(?:support|scope|boundary|included|covered|comply|compliant|eligible|part of"
    r"|certified|exclud\w*|from)\b",
    re.IGNORECASE,
)
_SCOPED = re.compile(
    r"\b(?:scope|boundary|these standards|this standard|certificat\w+|attestation"
    r"|audits?|assessment"
    r"|BAA|reports?)\b"
)
_SUPPORTED = re.compile(r"\b(?:support|covered|included|eligible)\b")
_OUT_ELSEWHERE = re.compile(
    r"^(?P<list>.{2,160}?)\s+(?:(?:ist|sind|wird|werden)\s+(?:derzeit |aktuell |noch )?(?:"
    r"(?:von|vom|aus) .{3,80} (?:ausgenommen|ausgeschlossen)"
    r"|nicht (?:Teil|Bestandteil) .{3,80}|nicht im Geltungsbereich\b.*"
    r"|nicht (?:vom|von|durch|in|im) .{3,80} (?:umfasst|abgedeckt|erfasst|enthalten))"
    r"|(?:est|sont) (?:exclue?s? d|hors (?:du )?périmètre).*"
    r"|(?:n['’]est|ne sont) pas (?:couvert|inclus|compris|dans le périmètre).*"
    r"|(?:está|están) (?:exclu[ií]d|fuera del alcance).*|no (?:está|están) (?:cubiert|incluid).*"
    r"|(?:è|sono) esclus.*|non (?:è|sono) (?:copert|inclus|compres).*"
    r"|(?:is|zijn) (?:uitgesloten van|niet inbegrepen in).*"
    r"|(?:está|estão) exclu[ií]d.*|não (?:está|estão) (?:cobert|incluíd).*)$"
)
"""How other languages leave a service out: "Die X ist von allen Zertifikaten ausgenommen"."""
_ARTICLE = re.compile(
    r"(?P<before>^|\b(?:und|et|y|e|en) )"
    r"(?:die|der|das|unsere?|le|la|les|notre|nos|el|los|las|il|lo|gli|de|het|os)\s+",
    re.IGNORECASE,
)


def names(context: Context, body: str) -> list[str]:
    """Return the services that a sentence without its full stop leaves out of scope."""
    if elsewhere := _elsewhere(body):
        listed = services.split(bare(elsewhere["list"]), sentence=True)
        good = all(services.nameable(name) and services.is_titled(name) for name in listed)
        return listed if good else []
    found = _OUT_PREDICATE.match(body)
    return _left_out(context, found) if found and is_said(body) else []


def is_said(body: str) -> bool:
    """Return whether a sentence leaves its subject out of what is covered."""
    if _elsewhere(body):
        return True
    found = _OUT_PREDICATE.match(body)
    return bool(found and _OUT_WORDS.search(found["rest"]) and _of_papers(found["rest"]))


def may_be_said(body: str) -> bool:
    """Return whether a sentence has a form in which one leaves its subject out of anything."""
    return (_OUT_PREDICATE.match(body) or _OUT_ELSEWHERE.match(body)) is not None


def _elsewhere(body: str) -> re.Match[str] | None:
    """Return how a sentence of another language leaves its subject out of a paper, not of a
    contract or a price."""
    found = _OUT_ELSEWHERE.match(body)
    return found if found and covered.PAPER.search(body, found.end("list")) else None


def _of_papers(rest: str) -> bool:
    return bool(_SCOPED.search(rest) or _SUPPORTED.search(rest))


def _left_out(context: Context, found: re.Match[str]) -> list[str]:
    """Return the services that an English sentence leaves out; none where it leaves out regions or
    customers."""
    names, rest = services.split(found["list"], sentence=True), found["rest"]
    if (
        re.search(r"\bin[- ]scope\b", rest)
        and re.fullmatch(r"[A-Z]\w+(?: [\w-]+){1,4}", found["list"])
        and not vocabulary.GENERIC.match(found["list"])
    ):
        return [found["list"]]
    if any(re.search(r"\b(?:regions?|data ?cent(?:er|re)s?)\b", name) for name in names):
        return []
    # "Practices outside the United States are not eligible" leaves customers out, not services.
    titled = all(map(services.is_titled, names))
    if not _SCOPED.search(rest) and "eligible" in rest and not titled:
        return []
    named = all(services.nameable(name) and not context.topic_of(name) for name in names)
    return names if named else []


def bare(text: str) -> str:
    """Return subjects without the articles of another language ("Die … und die …", "Le …")."""
    return _ARTICLE.sub(r"\g<before>", text)

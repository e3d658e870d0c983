"""What the user wants told → who is told what, and how loudly: `[[rules]]` and `[[alerts]]` of the config as values.

Rules are applied when listing, reporting and alerting, never when storing; nothing here reads a config or sends anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from pipeline import words

if TYPE_CHECKING:
    from pipeline.model import Change, Document, Page, Severity, Source


@dataclass(frozen=True, slots=True)
class Rule:
    """Changes that meet every condition given are told at `severity`. `text` are pinned words, on either side of the change."""

    severity: Severity
    kind: str | None = None
    change: str | None = None
    field: str | None = None
    standard: str | None = None
    vendor: str | None = None
    page: str | None = None
    text: str | None = None

    @property
    def conditions(self) -> tuple[tuple[str, str], ...]:
        """Return the conditions given, each with its name, in the order of the config's reference."""
        named = (
            (item.name, getattr(self, item.name))
            for item in fields(self)
            if item.name != "severity"
        )
        return tuple((name, value) for name, value in named if value is not None)

    def __str__(self) -> str:
        return ", ".join(f'{name} "{value}"' for name, value in self.conditions)


@dataclass(frozen=True, slots=True)
class Alert:
    """Somebody to tell: changes at `severity` or above go to `to` (`mailto:…` or a webhook's URL).

    `name` stands for the recipient wherever people read, so that an address with a token in it is never shown. `daily`
    asks for a line after every run, changes or none. `secret_env` names the variable whose value signs a webhook.
    """

    to: str
    severity: Severity = "medium"
    daily: bool = False
    name: str = ""
    secret_env: str | None = None


@dataclass(frozen=True, slots=True)
class Smtp:
    """The mail server that alerts go through; user name and password are read from the variables named, at delivery."""

    host: str
    sender: str
    port: int = 25
    starttls: bool = False
    username_env: str | None = None
    password_env: str | None = None
    timeout: float = 30.0


def applies(rule: Rule, change: Change, page: Page) -> bool:
    """Say whether a change of a page meets every condition of the rule."""
    return all(_meets(name, value, change, page) for name, value in rule.conditions)


def severity_of(rules: tuple[Rule, ...], change: Change, page: Page) -> tuple[Severity, str]:
    """Return the severity in force and why: that of the first rule that applies, else the change's own."""
    for number, rule in enumerate(rules, 1):
        if applies(rule, change, page):
            return (
                rule.severity,
                f"{change.why}; {rule.severity} by rule {number} of the config ({rule})",
            )
    return change.severity, change.why


def unpinned(
    rules: tuple[Rule, ...], read: Iterable[tuple[Page, Document]]
) -> tuple[tuple[int, Rule], ...]:
    """Return the rules, with their place, whose pinned words stand in no sentence or cell of any page they are about.

    `read` holds the pages as last read; a rule about pages of which none is there is not judged.
    """
    texts = [(page, _sentences(document)) for page, document in read]
    found = []
    for place, rule in enumerate(rules):
        about = [said for page, said in texts if _about(rule, page)]
        pin = words.fold(rule.text or "")
        if pin and about and not any(pin in sentence for said in about for sentence in said):
            found.append((place, rule))
    return tuple(found)


def _about(rule: Rule, page: Page) -> bool:
    asked = ((rule.page, page.id), (rule.vendor, page.vendor))
    return all(words.fold(value) == words.fold(actual or "") for value, actual in asked if value)


def _sentences(document: Document) -> tuple[str, ...]:
    """Return all that a rule's words are looked for in: a change is told sentence by sentence, or cell by cell."""
    texts = [value for _, value in document.front_matter] + [document.title or ""]
    for block in document.blocks:
        texts += [cell.text for cell in block.cells] if block.cells else words.sentences(block.text)
        texts += block.notes
    return tuple(words.fold(text) for text in texts)


def _meets(name: str, value: str, change: Change, page: Page) -> bool:
    if name == "text":
        return any(words.fold(value) in words.fold(text) for text in _texts(change))
    actual = {
        "kind": (change.kind,),
        "change": (change.change,),
        "field": (change.field,),
        # A list that stands for several standards is told once: its examples name them.
        "standard": (
            change.standard,
            change.standard_name,
            *(change.examples if change.kind == "service" else ()),
        ),
        "vendor": (page.vendor,),
        "page": (page.id,),
    }[name]
    return words.fold(value) in {words.fold(text) for text in actual if text}


def _texts(change: Change) -> tuple[str, ...]:
    sides: tuple[Source | None, ...] = (change.source_before, change.source_after)
    return (
        *(side.text for side in sides if side),
        *(text for text in (change.before, change.after) if text),
    )

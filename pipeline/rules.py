"""What the user wants told → who is told what, and how loudly: `[[rules]]` and `[[alerts]]` of the config as values.

Rules are applied when listing, reporting and alerting, never when storing; nothing here reads a config or sends anything.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from pipeline import words
from pipeline.model import Change, Page, Severity, Source


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
        named = ((item.name, getattr(self, item.name)) for item in fields(self) if item.name != "severity")
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
            return rule.severity, f"{change.why}; {rule.severity} by rule {number} of the config ({rule})"
    return change.severity, change.why


def _meets(name: str, value: str, change: Change, page: Page) -> bool:
    if name == "text":
        return any(words.fold(value) in words.fold(text) for text in _texts(change))
    actual = {
        "kind": (change.kind,),
        "change": (change.change,),
        "field": (change.field,),
        "standard": (change.standard, change.standard_name),
        "vendor": (page.vendor,),
        "page": (page.id,),
    }[name]
    return words.fold(value) in {words.fold(text) for text in actual if text}


def _texts(change: Change) -> tuple[str, ...]:
    sides: tuple[Source | None, ...] = (change.source_before, change.source_after)
    return (*(side.text for side in sides if side), *(text for text in (change.before, change.after) if text))

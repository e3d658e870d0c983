"""What the user wants told → who is told what, and how loudly:
`[[rules]]` and `[[alerts]]` of the config as values.

Rules are applied when listing, reporting and alerting, never when storing;
nothing here reads a config or sends anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal

from pipeline import words
from pipeline.model import SEVERITIES

if TYPE_CHECKING:
    from pipeline.model import Change, Document, Page, Severity, Source, Told

OF_PAGES = ("vendor", "page", "owner", "tier")
"""Conditions that a page meets by itself, whatever changes on it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Changes that meet every condition given are told at `severity`.

    `text` are pinned words, on either side of the change.
    """

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
        """Return the conditions given, each with its name,
        in the order of the config's reference.
        """
        named = (
            (item.name, getattr(self, item.name))
            for item in fields(self)
            if item.name != "severity"
        )
        return tuple((name, value) for name, value in named if value is not None)

    def __str__(self) -> str:
        return ", ".join(f'{name} "{value}"' for name, value in self.conditions)


@dataclass(frozen=True, slots=True)
class Requirement:
    """What the user needs vendors to hold: what touches it is told one severity higher, and names
    it.

    `standards` are ids or names, any of which it is about; `editions` those that do. Without
    `standards` it is about every standard of `service`, without `service` about every service.
    `vendor` and `page` say where it is looked for.
    """

    standards: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    service: str | None = None
    vendor: str | None = None
    page: str | None = None
    owner: str | None = None

    def __str__(self) -> str:
        editions = f" {' or '.join(self.editions)}" if self.editions else ""
        held = f"{', '.join(self.standards)}{editions}"
        said = ": ".join(part for part in (self.service or "", held) if part)
        of = f" of {self.vendor}" if self.vendor else ""
        return f"{said}{of}{f' (owner {self.owner})' if self.owner else ''}"


InForce = tuple[Rule | Requirement, ...]
"""What decides at which severity a change is told: the rules, of which the first
that applies counts, and the requirements.
"""


@dataclass(frozen=True, slots=True)
class Alert:
    """Somebody to tell: changes at `severity` or above go to `to` (`mailto:…`,
    a webhook's URL, or a chat's address).

    `name` stands for the recipient wherever people read, so that an address with a token in it is
    never shown. `daily` asks for a line after every run, changes or none. `secret_env` names the
    variable whose value signs a webhook. `only` are conditions, each with the values of which one
    must hold; `digest` collects what changed, for the first run of a day or week. `number` is its
    place in the config, from 1.
    """

    to: str
    severity: Severity = "medium"
    daily: bool = False
    name: str = ""
    secret_env: str | None = None
    only: tuple[tuple[str, tuple[str, ...]], ...] = ()
    digest: Literal["daily", "weekly"] | None = None
    number: int = 1

    def __str__(self) -> str:
        only = "".join(f", {name} {' or '.join(values)}" for name, values in self.only)
        above = "" if self.severity == "critical" else " or above"
        return f"alert {self.number} ({self.severity}{above}{only})"

    @property
    def recipient(self) -> str:
        """Return what the recipient is called."""
        return self.name or self.to


@dataclass(frozen=True, slots=True)
class Smtp:
    """The mail server that alerts go through; user name and password are read
    from the variables named, at delivery.
    """

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


def severity_of(in_force: InForce, change: Change, page: Page) -> tuple[Severity, str]:
    """Return the severity in force and why: that of the first rule that applies,
    else the change's own; and one higher where it touches a requirement.
    """
    severity, why = _ruled(in_force, change, page)
    touched = [
        one for one in in_force if isinstance(one, Requirement) and touches(one, change, page)
    ]
    if not touched:
        return severity, why
    raised = SEVERITIES[max(SEVERITIES.index(severity) - 1, 0)]
    names = "; ".join(map(str, touched))
    how = f"{raised} instead of {severity}, for it" if raised != severity else "it"
    return raised, f"{why}; {how} touches what you require: {names}"


def _ruled(in_force: InForce, change: Change, page: Page) -> tuple[Severity, str]:
    found = [one for one in in_force if isinstance(one, Rule)]
    for number, rule in enumerate(found, 1):
        if applies(rule, change, page):
            return (
                rule.severity,
                f"{change.why}; {rule.severity} by rule {number} of the config ({rule})",
            )
    return change.severity, change.why


def is_ruled(in_force: InForce, change: Change, page: Page) -> bool:
    """Say whether a rule applies to a change."""
    return any(isinstance(one, Rule) and applies(one, change, page) for one in in_force)


def touches(requirement: Requirement, change: Change, page: Page) -> bool:
    """Say whether a change is about what is required: about a standard of it,
    and of services about that service alone.
    """
    if not concerns(requirement, page):
        return False
    if requirement.standards and not any(
        _meets("standard", standard, change, page) for standard in requirement.standards
    ):
        return False
    if requirement.service and (change.kind == "service" or not requirement.standards):
        return words.fold(requirement.service) in _services(change)
    return bool(requirement.standards) and change.kind != "metadata"


def concerns(requirement: Requirement, page: Page) -> bool:
    """Say whether something is required of what a page says."""
    return _about(requirement, page)


def _services(change: Change) -> set[str]:
    """Return what a change calls the services that it is about, folded."""
    sides = [side for side in (change.claim_before, change.claim_after) if side]
    names = [change.before, change.after, change.name]
    names += [name for side in sides for name in (side.service, side.alias, *side.members)]
    return {words.fold(name) for name in names if name}


def takes(alert: Alert, told: Told) -> bool:
    """Say whether a change is one that an alert is for."""
    loud = SEVERITIES.index(told.severity) <= SEVERITIES.index(alert.severity)
    return loud and all(
        any(_meets(name, value, told.change, told.page) for value in values)
        for name, values in alert.only
    )


def watches(alert: Alert, page: Page) -> bool:
    """Say whether an alert is for changes of a page at all, whatever they are."""
    return all(
        any(_of(name, value, page) for value in values)
        for name, values in alert.only
        if name in OF_PAGES
    )


def unpinned(
    rules: tuple[Rule, ...], read: Iterable[tuple[Page, Document]]
) -> tuple[tuple[int, Rule], ...]:
    """Return the rules, with their place, whose pinned words stand in no sentence
    or cell of any page they are about.

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


def _about(rule: Rule | Requirement, page: Page) -> bool:
    asked = (("page", rule.page), ("vendor", rule.vendor))
    return all(_of(name, value, page) for name, value in asked if value)


def _of(name: str, value: str, page: Page) -> bool:
    actual = page.id if name == "page" else getattr(page, name)
    return words.fold(value) == words.fold(actual or "")


def _sentences(document: Document) -> tuple[str, ...]:
    """Return all that a rule's words are looked for in: a change is told sentence
    by sentence, or cell by cell.
    """
    texts = [value for _, value in document.front_matter] + [document.title or ""]
    for block in document.blocks:
        texts += [cell.text for cell in block.cells] if block.cells else words.sentences(block.text)
        texts += block.notes
    return tuple(words.fold(text) for text in texts)


def _meets(name: str, value: str, change: Change, page: Page) -> bool:
    if name == "text":
        return any(words.fold(value) in words.fold(text) for text in _texts(change))
    if name in OF_PAGES:
        return _of(name, value, page)
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
    }[name]
    return words.fold(value) in {words.fold(text) for text in actual if text}


def _texts(change: Change) -> tuple[str, ...]:
    sides: tuple[Source | None, ...] = (change.source_before, change.source_after)
    return (
        *(side.text for side in sides if side),
        *(text for text in (change.before, change.after) if text),
    )

"""A first good look → what the page claims, sorted for reading."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import (
    Claim,
    First,
    Page,
    Remark,
)
from pipeline.report import phrases


@dataclass(frozen=True, slots=True)
class Services:
    """Services that share a scope, a group and the same standards:
    the lists of "SOC 1, 2, 3" are told once.
    """

    standards: tuple[str, ...]
    scope: str
    group: str | None
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Baseline:
    """What one page claims at the first good look; `standards` by subject, in page order."""

    first: First
    names: dict[str, str]
    subjects: tuple[tuple[str | None, tuple[Claim, ...]], ...]
    services: tuple[Services, ...]
    notes: tuple[Claim, ...]
    documents: tuple[Claim, ...]
    suppliers: tuple[Claim, ...]
    metadata: tuple[Claim, ...]

    @property
    def page(self) -> Page:
        """Return the page that was looked at."""
        return self.first.look.page

    @property
    def total(self) -> int:
        """Return how many claims about standards there are."""
        return sum(len(claims) for _, claims in self.subjects)

    @property
    def root(self) -> str | None:
        """Return the heading that all claims about standards stand under,
        which need not be told of each.
        """
        roots = {claim.source.section[:1] for _, claims in self.subjects for claim in claims}
        return next(iter(roots))[0] if len(roots) == 1 and roots != {()} else None

    def remarks(self, claim: Claim) -> tuple[Remark, ...]:
        """Return what an analyst should know of a claim: superseded editions,
        mismatched documents.
        """
        return tuple(remark for remark in self.first.reading.remarks if remark.claim == claim)


def of(first: First) -> Baseline:
    """Return what a page claims, sorted for reading."""
    claims = first.reading.claims
    standards = tuple(item for item in claims if item.kind == "standard")
    subjects = tuple(dict.fromkeys(item.subject for item in standards))
    return Baseline(
        first=first,
        names={
            item.standard: item.standard_name
            for item in claims
            if item.standard and item.standard_name
        },
        subjects=tuple(
            (subject, tuple(item for item in standards if item.subject == subject))
            for subject in subjects
        ),
        services=services(tuple(item for item in claims if item.kind == "service")),
        notes=tuple(item for item in claims if item.kind == "note"),
        documents=tuple(item for item in claims if item.kind == "evidence"),
        suppliers=tuple(item for item in claims if item.kind == "supplier"),
        metadata=tuple(item for item in claims if item.kind == "metadata"),
    )


def services(claims: tuple[Claim, ...]) -> tuple[Services, ...]:
    """Return services by scope, standard and group; standards with the very same list share one."""
    lists: dict[tuple[str, str, str | None], list[Claim]] = {}
    for claim in claims:
        standard = claim.standard_name or claim.standard or phrases.NO_STANDARD
        lists.setdefault((standard, claim.scope or "in", claim.group), []).append(claim)
    merged: dict[tuple[object, ...], Services] = {}
    for (standard, scope, group), found in lists.items():
        same = (scope, group, tuple((item.service, item.condition) for item in found))
        known = merged.get(same)
        merged[same] = Services(
            (*(known.standards if known else ()), standard), scope, group, tuple(found)
        )
    return tuple(sorted(merged.values(), key=lambda item: item.scope == "out"))

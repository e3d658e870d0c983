"""Pairs of service claims → changes of scope lists: services that came, went, were renamed, moved or conditioned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pipeline.diff import fields, services, tell
from pipeline.diff.pairing import Pairs
from pipeline.diff.renames import Lens
from pipeline.model import Change, Claim

Listed = dict[tuple[str | None, str], set[tuple[str | None, str | None]]]


def changes(
    pairs: Pairs, renamed: Sequence[services.Renamed], before: Iterable[Claim], after: Iterable[Claim], lens: Lens
) -> Iterator[Change]:
    """Tell what became of the services, each name of a joined bullet by itself."""
    by_pair = {(id(r.before), id(r.after)): r for r in renamed}
    yield from _renames(renamed)
    then, now = _listed(before, lens), _listed(after, lens)
    for b, a in pairs.joined:
        if b.kind == "service" and (id(b), id(a)) not in by_pair and b != a:
            yield from _changed(b, a, then, now, lens)
    yield from _came_or_went([c for c in pairs.gone if c.kind == "service"], now, lens, gone=True)
    yield from _came_or_went([c for c in pairs.new if c.kind == "service"], then, lens, gone=False)


def _listed(claims: Iterable[Claim], lens: Lens) -> Listed:
    """Return for each standard and name the scopes and groups in which it is listed."""
    found: Listed = defaultdict(set)
    for claim in claims:
        if claim.kind == "service":
            for name in (*services.names(claim, lens), lens.same(claim.service)):
                found[claim.standard, name].add((claim.scope, claim.group))
    return found


def _renames(renamed: Sequence[services.Renamed]) -> Iterator[Change]:
    told: dict[tuple[str | None, str | None, str | None], list[services.Renamed]] = defaultdict(list)
    for rename in renamed:
        told[rename.before.standard, rename.before.service, rename.after.service].append(rename)
    for same in told.values():
        first = same[0]
        yield tell.change(
            "service", "renamed", first.before, first.after, count=len(same), confidence=round(first.confidence, 2), reason=first.reason
        )


def _changed(b: Claim, a: Claim, then: Listed, now: Listed, lens: Lens) -> Iterator[Change]:
    differ = {d.field: d for d in fields.differences(b, a, lens)}
    if b.members or a.members:
        yield from _members(b, a, then, now, lens)
    if "scope" in differ:
        yield tell.change("service", "changed", b, a, field="scope", from_value=b.scope, to_value=a.scope)
    if "group" in differ and b.group and a.group:
        yield tell.change("service", "changed", b, a, field="group", from_value=b.group, to_value=a.group)
    if "condition" in differ:
        yield tell.change("service", "changed", b, a, field="condition", from_value=b.condition, to_value=a.condition)


def _members(b: Claim, a: Claim, then: Listed, now: Listed, lens: Lens) -> Iterator[Change]:
    old, new = services.names(b, lens), services.names(a, lens)
    for name in old.keys() - new.keys():
        if (b.standard, name) not in now:
            yield tell.change("service", "removed", b, None, old=old[name], source_after=a.source)
    for name in new.keys() - old.keys():
        if (a.standard, name) not in then:
            yield tell.change("service", "added", None, a, new=new[name], source_before=b.source)


def regrouped(pairs: Iterable[tuple[Claim | None, Claim | None]]) -> tuple[set[str], set[str]]:
    """Return the texts, before and after, of bullets whose names stand in other bullets now: form, for names that stayed."""
    texts: tuple[set[str], set[str]] = (set(), set())
    for pair in pairs:
        claims = [claim for claim in pair if claim]
        if claims[0].kind == "service" and (len(claims) == 1 or claims[0].members != claims[1].members):
            for side, claim in enumerate(pair):
                texts[side].update({claim.text} if claim else ())
    return texts


def _came_or_went(claims: list[Claim], other: Listed, lens: Lens, *, gone: bool) -> Iterator[Change]:
    """Tell each name that the other page does not list alike; the same service in several groups of a standard once."""
    told: dict[tuple[str | None, str, str | None], list[tuple[Claim, str]]] = defaultdict(list)
    for claim in claims:
        for name, printed in services.names(claim, lens).items():
            if not _still(claim, other.get((claim.standard, name), set())):
                told[claim.standard, name, claim.scope].append((claim, printed))
    for same in told.values():
        claim, printed = same[0]
        groups = tuple(dict.fromkeys(c.group for c, _ in same if c.group))
        more: dict[str, Any] = {"count": len(same), "examples": groups if len(same) > 1 else ()}
        if gone:
            yield tell.change("service", "removed", claim, None, old=printed, **more)
        else:
            yield tell.change("service", "added", None, claim, new=printed, **more)


def _still(claim: Claim, places: set[tuple[str | None, str | None]]) -> bool:
    """Say whether the other page lists it too: in this group, or where either page names no group."""
    groups = {group for scope, group in places if scope == claim.scope}
    return bool(groups) and (claim.group is None or None in groups or claim.group in groups)

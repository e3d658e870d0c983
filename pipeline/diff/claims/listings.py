"""Pairs of service claims → changes of scope lists: services that came, went,
were renamed, moved or conditioned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pipeline import words
from pipeline.diff import drafting
from pipeline.diff.claims import caveats, fields
from pipeline.diff.claims.pairing import Pairs
from pipeline.diff.names import naming, service_names
from pipeline.diff.names.lens import Lens
from pipeline.diff.sides import Sides
from pipeline.model import Change, Claim

Listed = dict[tuple[str | None, str], set[tuple[str | None, str | None]]]


def changes(
    pairs: Pairs, renamed: Sequence[service_names.Renamed], sides: Sides
) -> Iterator[Change]:
    """Yield what became of the services, each name of a joined bullet by itself."""
    before, after = sides.before.claims, sides.after.claims
    yield from _once(_every(pairs, renamed, sides), _shared_lists(before, after, sides.lens))


def _every(
    pairs: Pairs, renamed: Sequence[service_names.Renamed], sides: Sides
) -> Iterator[Change]:
    before, after, lens = sides.before.claims, sides.after.claims, sides.lens
    by_pair = {(id(r.before), id(r.after)): r for r in renamed}
    yield from _renames(renamed)
    then, now = _listed(before, lens), _listed(after, lens)
    relabelled = _relabelled(before, after)
    for b, a in pairs.joined:
        if b.kind == "service" and (id(b), id(a)) not in by_pair and b != a:
            found = _changed(b, a, then, now, lens)
            yield from (
                change
                for change in found
                if change.field != "group" or (b.standard, b.group, a.group) not in relabelled
            )
    yield from _came_or_went([c for c in pairs.gone if c.kind == "service"], now, lens, gone=True)
    yield from _came_or_went([c for c in pairs.new if c.kind == "service"], then, lens, gone=False)


def _shared_lists(
    before: Sequence[Claim], after: Sequence[Claim], lens: Lens
) -> dict[str | None, str | None]:
    """Return for each standard the first one whose list of services is the very same
    on either page: one list, two standards.
    """
    lists: dict[str | None, set[tuple[object, ...]]] = {}
    for side, claims in enumerate((before, after)):
        for claim in claims:
            if claim.kind == "service":
                entry = (side, lens.same(claim.service), claim.scope, claim.group, claim.text)
                lists.setdefault(claim.standard, set()).add(entry)
    first: dict[frozenset[tuple[object, ...]], str | None] = {}
    return {
        standard: first.setdefault(frozenset(entries), standard)
        for standard, entries in lists.items()
    }


def _once(found: Iterable[Change], once: dict[str | None, str | None]) -> Iterator[Change]:
    """Yield what happened to one list that stands for several standards once, with their names."""
    alike: dict[tuple[object, ...], list[Change]] = defaultdict(list)
    for change in found:
        key = (
            once.get(change.standard),
            change.change,
            change.field,
            change.before,
            change.after,
            change.from_value,
            change.to_value,
        )
        alike[key].append(change)
    for same in alike.values():
        others = tuple(dict.fromkeys(c.standard_name or c.standard or "" for c in same))
        yield (
            same[0]
            if len(others) == 1
            else drafting.again(same[0], count=len(same), examples=others)
        )


def _listed(claims: Iterable[Claim], lens: Lens) -> Listed:
    """Return for each standard and name the scopes and groups in which it is listed."""
    found: Listed = defaultdict(set)
    for claim in claims:
        if claim.kind == "service":
            for name in (*service_names.names(claim, lens), lens.same(claim.service)):
                found[claim.standard, name].add((claim.scope, claim.group))
    return found


def _relabelled(
    before: Sequence[Claim], after: Sequence[Claim]
) -> set[tuple[str | None, str | None, str | None]]:
    """Return the (standard, old, new) groups where a whole list stands under another heading:
    the heading's wording changed.

    A heading that names another environment ("GCC" to "GCC High") is no such thing:
    there each service moved.
    """
    old, new = (
        {(c.standard, c.group) for c in claims if c.kind == "service" and c.group}
        for claims in (before, after)
    )
    return {
        (standard, gone, came)
        for standard, gone in old - new
        for other, came in new - old
        if other == standard and gone and came and not naming.other_place(gone, came)
    }


def _renames(renamed: Sequence[service_names.Renamed]) -> Iterator[Change]:
    """Yield each new name once, with the standards in whose lists it stands."""
    found: dict[tuple[str | None, str | None], list[service_names.Renamed]] = defaultdict(list)
    for rename in sorted(renamed, key=lambda rename: rename.before.standard or ""):
        found[rename.before.service, rename.after.service].append(rename)
    for same in found.values():
        b, a = same[0].before, same[0].after
        names = tuple(
            dict.fromkeys(r.before.standard_name or r.before.standard or "" for r in same)
        )
        more: dict[str, Any] = {"count": len(same), "examples": names if len(names) > 1 else ()}
        limits = naming.limits(b.service or ""), naming.limits(a.service or "")
        if naming.bare(b.service or "") == naming.bare(a.service or "") and any(limits):
            yield drafting.change(
                "service",
                "changed",
                b,
                a,
                field="condition",
                from_value=limits[0],
                to_value=limits[1],
                **more,
            )
        else:
            more |= {"confidence": round(same[0].confidence, 2), "reason": same[0].reason}
            yield drafting.change("service", "renamed", b, a, **more)


def _changed(b: Claim, a: Claim, then: Listed, now: Listed, lens: Lens) -> Iterator[Change]:
    differ = {d.field: d for d in fields.differences(b, a, lens)}
    if len(service_names.names(b, lens)) + len(service_names.names(a, lens)) > 2:
        yield from _members(b, a, then, now, lens)
    if "scope" in differ:
        yield drafting.change(
            "service", "changed", b, a, field="scope", from_value=b.scope, to_value=a.scope
        )
    if "group" in differ and b.group and a.group:
        yield drafting.change(
            "service", "changed", b, a, field="group", from_value=b.group, to_value=a.group
        )
    if "condition" in differ and not _same_words(b, a, lens):
        yield drafting.change(
            "service",
            "changed",
            b,
            a,
            field="condition",
            from_value=b.condition,
            to_value=a.condition,
        )


def _same_words(b: Claim, a: Claim, lens: Lens) -> bool:
    """Say whether two entries that hold their conditions differ by punctuation alone:
    one set the condition in brackets.
    """
    held = all(words.fold(c.condition or "") in words.fold(c.text) for c in (b, a))
    return held and caveats.bare(b.text, lens) == caveats.bare(a.text, lens)


def _members(b: Claim, a: Claim, then: Listed, now: Listed, lens: Lens) -> Iterator[Change]:
    old, new = service_names.names(b, lens), service_names.names(a, lens)
    for name in [name for name in old if name not in new]:
        if (b.standard, name) not in now:
            yield drafting.change(
                "service", "removed", b, None, old=old[name], source_after=a.source
            )
    for name in [name for name in new if name not in old]:
        if (a.standard, name) not in then:
            yield drafting.change(
                "service", "added", None, a, new=new[name], source_before=b.source
            )


def regrouped(pairs: Iterable[tuple[Claim | None, Claim | None]]) -> tuple[set[str], set[str]]:
    """Return the texts, before and after, of bullets whose names stand in other bullets now:
    form, for names that stayed.
    """
    texts: tuple[set[str], set[str]] = (set(), set())
    for pair in pairs:
        claims = [claim for claim in pair if claim]
        if claims[0].kind == "service" and (
            len(claims) == 1 or claims[0].members != claims[1].members
        ):
            for side, claim in enumerate(pair):
                texts[side].update({claim.text} if claim else ())
    return texts


def _came_or_went(
    claims: list[Claim], other: Listed, lens: Lens, *, gone: bool
) -> Iterator[Change]:
    """Yield each name that the other page does not list alike;
    the same service in several groups of a standard once.
    """
    found: dict[tuple[str | None, str, str | None], list[tuple[Claim, str]]] = defaultdict(list)
    for claim in claims:
        for name, printed in service_names.names(claim, lens).items():
            if not _still(claim, other.get((claim.standard, name), set())):
                found[claim.standard, name, claim.scope].append((claim, printed))
    for same in found.values():
        claim, printed = same[0]
        groups = tuple(dict.fromkeys(c.group for c, _ in same if c.group))
        more: dict[str, Any] = {"count": len(same), "examples": groups if len(same) > 1 else ()}
        if gone:
            yield drafting.change("service", "removed", claim, None, old=printed, **more)
        else:
            yield drafting.change("service", "added", None, claim, new=printed, **more)


def _still(claim: Claim, places: set[tuple[str | None, str | None]]) -> bool:
    """Say whether the other page lists it too: in this group,
    or where either page names no group.
    """
    groups = {group for scope, group in places if scope == claim.scope}
    return bool(groups) and (claim.group is None or None in groups or claim.group in groups)

"""Past, Outcome → Step: which claim is which, where its intervals begin and end, and what each change is called.

Pure. An id follows from the page, the claim's key when it was first made, and how many were made under that key before; so
the same captures give the same ids, in whatever order they came to us. A claim that comes back is the claim that went.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from pipeline.history import Begun, Identified, Past, Recorded, Step
from pipeline.model import Cause, Change, Claim, Origin, Source

Pair = tuple[Claim | None, Claim | None]


def carry(
    past: Past,
    pairs: Iterable[Pair],
    changes: Iterable[Change],
    *,
    at: datetime,
    origin: Origin,
    run: str | None = None,
) -> tuple[Past, Step]:
    """Return what stands after a good look, and what the look did; `pairs` say which claims are the same."""
    tale = _Tale(past)
    for before, after in pairs:
        tale.tell(before, after)
    tale.end()
    live = origin == "live"
    # What a page did before anybody watched it is history; so is what is told by a capture that we did not take ourselves.
    cause: Cause = "page" if live and past.live else "backfill"
    recorded, transitions = _recorded(changes, tale, past, cause)
    step = Step(
        at,
        past.last_good_at,
        tuple(tale.ended),
        tuple(tale.begun),
        tuple(tale.moved),
        recorded,
        run if live else None,
    )
    return Past(
        past.page,
        tuple(tale.now),
        tuple(tale.gone),
        tale.births,
        transitions,
        at,
        past.live or live,
    ), step


def confirm(past: Past, *, at: datetime, origin: Origin) -> Past:
    """Return what stands after a good look that found the same bytes."""
    return replace(past, last_good_at=at, live=past.live or origin == "live")


class _Tale:
    """Goes through the pairs of one look and gives every claim its id."""

    def __init__(self, past: Past) -> None:
        self.page = past.page
        self.births = dict(past.births)
        self.gone = list(past.gone)
        self.now: list[Identified] = []
        self.lost: list[Identified] = []
        self.ended: list[str] = []
        self.begun: list[Begun] = []
        self.moved: list[Identified] = []
        self.ids: dict[tuple[Claim, Source], str] = {}
        self._open = {one.id: one for one in past.standing}
        self._exact: dict[tuple[Claim, Source], list[Identified]] = defaultdict(list)
        self._alike: dict[Claim, list[Identified]] = defaultdict(list)
        for one in sorted(past.standing, key=lambda one: one.id, reverse=True):
            self._exact[one.claim, one.claim.source].append(one)
            self._alike[one.claim].append(one)

    def tell(self, before: Claim | None, after: Claim | None) -> None:
        """Go on with one pair."""
        was = self._take(before) if before else None
        if before and was:
            self.ids[before, before.source] = was.id
        if after is None:
            self.lost += [was] if was else []
            return
        claim_id = was.id if was else self._return(after) or self._birth(after)
        self.ids[after, after.source] = claim_id
        self.now.append(Identified(claim_id, after))
        if was and was.claim != after:
            self.ended.append(claim_id)
            self.begun.append(Begun(claim_id, after))
        elif was and was.claim.source != after.source:
            self.moved.append(Identified(claim_id, after))

    def end(self) -> None:
        """Let go what no pair spoke of, and what was lost."""
        self.lost = sorted((*self.lost, *self._open.values()), key=lambda one: one.id)
        self.ended += [one.id for one in self.lost]
        self.gone = [*self.lost, *self.gone]

    def _take(self, claim: Claim) -> Identified | None:
        """Return the standing claim that a comparison means: the one in that very place, else one that says the same."""
        for candidates in (self._exact[claim, claim.source], self._alike[claim]):
            while candidates:
                one = candidates.pop()
                if self._open.pop(one.id, None):
                    return one
        return None

    def _return(self, claim: Claim) -> str | None:
        """Return the id of the claim that comes back: one that said the same, else the last gone under its key."""
        alike = [one for one in self.gone if one.claim.key == claim.key]
        if not alike:
            return None
        back = next((one for one in alike if one.claim == claim), alike[0])
        self.gone.remove(back)
        self.begun.append(Begun(back.id, claim))
        return back.id

    def _birth(self, claim: Claim) -> str:
        key = json.dumps(claim.key, ensure_ascii=False)
        number = self.births.get(key, 0)
        self.births[key] = number + 1
        claim_id = digest(self.page, "claim", key, number)
        self.begun.append(Begun(claim_id, claim, born=key))
        return claim_id


def _recorded(
    changes: Iterable[Change], tale: _Tale, past: Past, cause: Cause
) -> tuple[tuple[Recorded, ...], dict[str, int]]:
    """Return the changes with their ids, and how many there were of each transition now."""
    counts = dict(past.transitions)
    found = []
    for change in changes:
        claim = change.claim_after or change.claim_before
        what = (
            past.page,
            _key(change),
            change.kind,
            change.change,
            change.field,
            change.before,
            change.after,
        )
        transition = digest(*what)
        number = counts.get(transition, 0)
        counts[transition] = number + 1
        claim_id = tale.ids.get((claim, claim.source)) if claim else None
        found.append(
            Recorded(
                digest(*what, number),
                transition,
                replace(change, cause=cause),
                claim_id,
                _mirror(change, past.page),
            )
        )
    return tuple(found), counts


def _key(change: Change) -> tuple[str, ...]:
    """Return the key of the claim that a change is about: as it was before, for a rename changes the key itself."""
    claim = change.claim_before or change.claim_after
    return claim.key if claim else (change.kind,)


def _mirror(change: Change, page: str) -> str:
    """Return the transition that leads back from a change."""
    claim = change.claim_after or change.claim_before
    word = {"added": "removed", "removed": "added"}.get(change.change, change.change)
    return digest(
        page,
        claim.key if claim else (change.kind,),
        change.kind,
        word,
        change.field,
        change.after,
        change.before,
    )


def reread(page: str, changes: Iterable[Change], stamp: str, cause: Cause) -> tuple[Recorded, ...]:
    """Return what a new reader reads otherwise in the same bytes, with ids that no change of the page can have."""
    found: dict[str, Recorded] = {}
    for change in changes:
        what = (
            cause,
            stamp,
            page,
            _key(change),
            change.kind,
            change.change,
            change.field,
            change.before,
            change.after,
        )
        number = 0
        while (change_id := digest(*what, number)) in found:
            number += 1
        found[change_id] = Recorded(change_id, digest(*what), replace(change, cause=cause))
    return tuple(found.values())


def successors(before: Past, after: Past) -> list[tuple[str, str]]:
    """Return old id → new id of claims that another derivation of the same page gave another id."""
    now = (*after.standing, *after.gone)
    ids = {one.id for one in now}
    pairs = []
    for old in (*before.standing, *before.gone):
        if old.id not in ids:
            same = [one for one in now if one.claim == old.claim] or [
                one for one in now if one.claim.key == old.claim.key
            ]
            pairs += [(old.id, same[0].id)] if same else []
    return pairs


def digest(*parts: object) -> str:
    """Return the first 12 hex digits of the SHA-256 over the parts."""
    return hashlib.sha256(
        json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()[:12]

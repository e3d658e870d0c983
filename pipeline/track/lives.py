"""Past, Outcome → Step: which claim is which, where its intervals begin and end,
and what each change is called.

Pure. An id follows from what was seen and in which capture: the one in which a claim began, or a
change was seen first. So the same captures give the same ids in whatever order they came to us, and
an id that was shown can never come to name something else: what other captures show is called
otherwise. A claim that comes back is the claim that went.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pipeline.history import Begun, Identified, Past, Recorded, Step
from pipeline.model import Cause, Change, Claim, Origin, Source

Pair = tuple[Claim | None, Claim | None]


@dataclass(frozen=True, slots=True)
class Sight:
    """A good look as it is told: the capture by its time and digest, where it came from,
    and the run that took it.
    """

    at: datetime
    digest: str
    origin: Origin
    run: str | None = None

    @property
    def capture(self) -> tuple[str, str]:
        """Return what names the capture among all of its page."""
        return self.at.astimezone(UTC).isoformat(), self.digest


def carry(
    past: Past, pairs: Iterable[Pair], changes: Iterable[Change], sight: Sight
) -> tuple[Past, Step]:
    """Return what stands after a good look, and what the look did;
    `pairs` say which claims are the same.
    """
    tale = _Tale(past, sight)
    for before, after in pairs:
        tale.tell(before, after)
    tale.end()
    live = sight.origin == "live"
    # What a page did before anybody watched it is history;
    # so is what is told by a capture that we did not take ourselves.
    cause: Cause = "page" if live and past.live else "backfill"
    step = Step(
        sight.at,
        past.last_good_at,
        tuple(tale.ended),
        tuple(tale.begun),
        tuple(tale.moved),
        _recorded(changes, tale, cause),
        sight.run if live else None,
    )
    now = Past(past.page, tuple(tale.now), tale.gone, sight.at, past.live or live)
    return now, step


def confirm(past: Past, sight: Sight) -> Past:
    """Return what stands after a good look that found the same bytes."""
    return replace(past, last_good_at=sight.at, live=past.live or sight.origin == "live")


class _Tale:
    """Goes through the pairs of one look and gives every claim its id."""

    def __init__(self, past: Past, sight: Sight) -> None:
        self.page = past.page
        self.capture = sight.capture
        self.gone = past.gone
        self.now: list[Identified] = []
        self.lost: list[Identified] = []
        self.ended: list[str] = []
        self.begun: list[Begun] = []
        self.moved: list[Identified] = []
        self.ids: dict[tuple[Claim, Source], str] = {}
        self._back: set[str] = set()
        self._by_key: dict[tuple[str, ...], list[Identified]] = defaultdict(list)
        self._born: Counter[str] = Counter()
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
        still = (one for one in self.gone if one.id not in self._back)
        self.gone = (*self.lost, *still)

    def _take(self, claim: Claim) -> Identified | None:
        """Return the standing claim that a comparison means: the one in that very place,
        else one that says the same.
        """
        for candidates in (self._exact[claim, claim.source], self._alike[claim]):
            while candidates:
                one = candidates.pop()
                if self._open.pop(one.id, None):
                    return one
        return None

    def _return(self, claim: Claim) -> str | None:
        """Return the id of the claim that comes back: one that said the same,
        else the last gone under its key.
        """
        if not self._by_key:
            for one in self.gone:
                self._by_key[one.claim.key].append(one)
        alike = self._by_key.get(claim.key)
        if not alike:
            return None
        back = next((one for one in alike if one.claim == claim), alike[0])
        alike.remove(back)
        self._back.add(back.id)
        self.begun.append(Begun(back.id, claim))
        return back.id

    def _birth(self, claim: Claim) -> str:
        key = json.dumps(claim.key, ensure_ascii=False)
        claim_id = numbered(self._born, self.page, "claim", key, _which(claim), *self.capture)
        self.begun.append(Begun(claim_id, claim, born=key))
        return claim_id


def _recorded(changes: Iterable[Change], tale: _Tale, cause: Cause) -> tuple[Recorded, ...]:
    """Return the changes with their ids."""
    told: Counter[str] = Counter()
    found = []
    for change in changes:
        claim = change.claim_after or change.claim_before
        what = (tale.page, *_what(change))
        sides = _which(change.claim_before), _which(change.claim_after)
        change_id = numbered(told, *what, *sides, *tale.capture)
        claim_id = tale.ids.get((claim, claim.source)) if claim else None
        mirror = _mirror(change, tale.page)
        found.append(
            Recorded(change_id, digest(*what), replace(change, cause=cause), claim_id, mirror)
        )
    return tuple(found)


def _what(change: Change) -> tuple[object, ...]:
    """Return what a change says: the same for all of its kind, whenever they happened."""
    said = change.kind, change.change, change.field, change.before, change.after
    return _key(change), *said


def _which(claim: Claim | None) -> tuple[str | None, ...] | None:
    """Return what tells a claim from others of its key: a service goes from one group
    while it stays in another.
    """
    if claim is None:
        return None
    return claim.edition, claim.level, claim.stance, claim.group, claim.scope


def _key(change: Change) -> tuple[str, ...]:
    """Return the key of the claim that a change is about: as it was before,
    for a rename changes the key itself.
    """
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


def reread(past: Past, changes: Iterable[Change], stamp: str, cause: Cause) -> tuple[Recorded, ...]:
    """Return what a new reader reads otherwise in a page's last good capture,
    with ids that no change of the page can have.
    """
    told: Counter[str] = Counter()
    read = past.last_good_at.astimezone(UTC).isoformat() if past.last_good_at else None
    found = []
    for change in changes:
        what = (cause, stamp, past.page, *_what(change))
        change_id = numbered(told, *what, read)
        found.append(Recorded(change_id, digest(*what), replace(change, cause=cause)))
    return tuple(found)


def numbered(told: Counter[str], *parts: object) -> str:
    """Return the id of what the parts say, numbered where the same was said
    in the same capture before.
    """
    first = digest(*parts)
    told[first] += 1
    return digest(*parts, told[first] - 1)


def digest(*parts: object) -> str:
    """Return the first 12 hex digits of the SHA-256 over the parts."""
    return hashlib.sha256(
        json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()[:12]

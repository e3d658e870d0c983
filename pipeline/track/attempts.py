"""What was begun to be read and what was given up, as lines of the top journal:
no run meets the same trap twice.

An attempt is written down before it begins. One that overran its budget, or brought its process
down, is not made again with the same bytes, the same bytes before them and the same reader, unless
the budget was raised. One whose end nobody saw (the run was killed, the machine went down) is made
again, but not for ever. Decides only; the store writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from pipeline.model import Failed, Failure, Outcome
from pipeline.track.cases import Case, Judge

OFTEN = 3
"""How often a reading is begun whose end nobody sees."""

GivenUp = Mapping[tuple[str, str], str]
"""Why readings were given up, by the digest of the body and of the one before it, "" for none."""


def key(case: Case) -> tuple[str, str]:
    """Return what an attempt is known by: the digest of the body, and of the last good one."""
    return case.look.snapshot.digest if case.look.snapshot else "", case.known.digest or ""


def facts(case: Case, stamp: str, seconds: float, failure: Failure | None = None) -> dict[str, Any]:
    """Return what the journal says of an attempt that begins, or of one that was given up."""
    digest, before = key(case)
    found = {
        "page": case.look.page.id,
        "at": case.look.looked_at.astimezone(UTC).isoformat(),
        "stamp": stamp,
        "digest": digest,
        "before": before,
        "seconds": seconds,
        "reason": failure and failure.reason,
    }
    return {name: value for name, value in found.items() if value not in (None, "")}


def spared(case: Case, given_up: GivenUp, unseen: int = 0) -> Outcome | None:
    """Return the failure of a look that is not to be read, None where it is;
    `unseen` attempts had no end that we know of.
    """
    reason = given_up.get(key(case))
    if reason is None and unseen >= OFTEN:
        reason = f"reading it was begun {unseen} times, and each time the run ended before it did"
    if reason is None:
        return None
    text = f"{reason}; the same bytes are not read again"
    return Failed(case.look, Failure("read", text), case.known.failures + 1)


def sparing(judge: Judge, given_up: GivenUp) -> Judge:
    """Return a judge that judges as the other one, but for looks at what was given up:
    their failure is told as it was then.
    """
    met: set[tuple[str, str]] = set()

    def judged(case: Case) -> Outcome:
        first = key(case) not in met
        met.add(key(case))
        if first and (reason := given_up.get(key(case))):
            return Failed(case.look, Failure("read", reason), case.known.failures + 1)
        return spared(case, given_up) or judge(case)

    return judged

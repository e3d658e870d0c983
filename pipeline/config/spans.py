"""Words → a span of time: "14 days", "12 hours". Knows no clock and no calendar."""

from __future__ import annotations

import re
from datetime import timedelta

SPANS = 'write a number with its unit, as "14 days", "12 hours" or "90 minutes"'
LONGEST = timedelta(days=366)
_SPAN = re.compile(r"(\d{1,7}) ?(second|minute|hour|day|week)s?")


def span(text: str) -> timedelta:
    """Return the span that words say; raise ValueError with the form, or the most there may be."""
    found = _SPAN.fullmatch(" ".join(text.lower().split()))
    if found is None:
        raise ValueError(f"is no span of time; {SPANS}")
    said = timedelta(**{f"{found[2]}s": int(found[1])})
    if said > LONGEST:
        raise ValueError(f"is too long; take at most {LONGEST.days} days")
    return said

"""How often a message was tried → when it is tried again, and when it is given up. Reads no clock.

A channel that is down is tried again and again, less and less often;
one that refuses is given up after a few tries.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

Status = Literal["waiting", "failed", "refused", "dead", "discarded", "sent"]
"""`failed` may pass by itself, `refused` needs somebody to correct something.

`dead` is tried no more by itself.
"""

AT_ONCE = 3
"""So many times what may pass is tried at each run, before it is left in peace for a while."""
FIRST, LONGEST = timedelta(minutes=15), timedelta(hours=12)
GIVEN_UP = {"failed": (12, timedelta(days=3)), "refused": (4, timedelta(days=1))}
"""From how many tries, and how old, a message is dead: a day covers a webhook
that is being moved, three a long weekend.
"""
MOST = 30
"""A message that was tried so often is not tried again because another one got through:
it is itself what is refused.
"""


def is_due(status: Status, attempts: int, tried_at: datetime | None, now: datetime) -> bool:
    """Say whether a message is to be tried in a run at that time."""
    if status == "waiting":
        return True
    if status not in GIVEN_UP or tried_at is None:
        return False
    free = AT_ONCE if status == "failed" else 1
    if status == "failed" and attempts < free:
        return True
    wait = min(FIRST * (1 << min(attempts - free, 10)), LONGEST)
    # A clock that was set back must not keep a message for ever.
    return not tried_at <= now < tried_at + wait


def after(*, lasting: bool, attempts: int, age: timedelta) -> Status:
    """Return what becomes of a message that was not taken: how often it was tried
    by now, and how old it is.
    """
    status: Status = "refused" if lasting else "failed"
    most, oldest = GIVEN_UP[status]
    return "dead" if attempts >= most and age >= oldest else status

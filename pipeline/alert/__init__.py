"""Run, alerts → messages, and messages → mail servers and webhooks. Choosing is pure; handing over knows nothing of runs.

Keeps no outbox and tries nothing twice: `track` stores the messages, hands them over after the commit, and keeps the
reason when that fails.
"""

from __future__ import annotations

from pipeline.alert.choose import messages
from pipeline.alert.send import deliver

__all__ = ["deliver", "messages"]

"""Run, alerts → messages, and messages → mail servers, webhooks and chats. Choosing is pure; handing over knows nothing of runs.

Keeps no outbox and tries nothing twice: `track` stores the messages, hands them over after the commit, and keeps the
reason when that fails; `trying` says when it does so again.
"""

from __future__ import annotations

from pipeline.alert.choose import messages, trial
from pipeline.alert.send import Means, deliver

__all__ = ["Means", "deliver", "messages", "trial"]

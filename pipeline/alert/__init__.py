"""Run, alerts → messages, and messages → mail servers, webhooks and chats.

Choosing is pure; handing over knows nothing of runs.

Keeps no outbox and tries nothing twice: `track` stores the messages, hands them over after the
commit, and keeps the reason when that fails; `trying` says when it does so again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline import parts

if TYPE_CHECKING:
    from pipeline.alert.choose import messages, trial
    from pipeline.alert.send import Means, deliver
else:
    __getattr__ = parts.of(__name__, {"choose": "messages trial", "send": "Means deliver"})

__all__ = ["Means", "deliver", "messages", "trial"]

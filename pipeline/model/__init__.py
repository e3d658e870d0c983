"""Every value that travels between the rooms: frozen, slotted, compared by content.

    pages → texts → claims → changes → runs → situations

Nothing here computes more than digests and keys, and nothing of the project is imported but
`words`. Import the values from here, by name; the parts are how they are laid out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline import parts

if TYPE_CHECKING:
    from pipeline.model.changes import (
        ALERTING,
        SEVERITIES,
        Cause,
        Change,
        ChangeKind,
        ChangeWord,
        Comparison,
        Line,
        Mark,
        Severity,
        Stretch,
    )
    from pipeline.model.claims import (
        STANCES,
        STATUS,
        Claim,
        ClaimKind,
        Reading,
        Remark,
        Source,
        Stance,
    )
    from pipeline.model.pages import Origin, Page, Snapshot
    from pipeline.model.runs import (
        Accepted,
        Changed,
        Doubt,
        Failed,
        Failure,
        Finding,
        First,
        Held,
        HeldBack,
        Known,
        Look,
        Message,
        Notice,
        NoticeKind,
        Outage,
        Outcome,
        Run,
        Standing,
        Told,
        Unchanged,
        Unconfirmed,
        Verdict,
        Word,
    )
    from pipeline.model.situations import (
        Dated,
        Dead,
        Digest,
        Need,
        Recent,
        Reminder,
        Said,
        Situation,
    )
    from pipeline.model.texts import Block, BlockKind, Cell, Document, Link
else:
    __getattr__ = parts.of(
        __name__,
        {
            "changes": (
                "ALERTING SEVERITIES Cause Change ChangeKind ChangeWord Comparison Line Mark "
                "Severity Stretch"
            ),
            "claims": "STANCES STATUS Claim ClaimKind Reading Remark Source Stance",
            "pages": "Origin Page Snapshot",
            "runs": (
                "Accepted Changed Doubt Failed Failure Finding First Held HeldBack Known Look "
                "Message Notice NoticeKind Outage Outcome Run Standing Told Unchanged Unconfirmed "
                "Verdict Word"
            ),
            "situations": "Dated Dead Digest Need Recent Reminder Said Situation",
            "texts": "Block BlockKind Cell Document Link",
        },
    )

__all__ = [
    "ALERTING",
    "SEVERITIES",
    "STANCES",
    "STATUS",
    "Accepted",
    "Block",
    "BlockKind",
    "Cause",
    "Cell",
    "Change",
    "ChangeKind",
    "ChangeWord",
    "Changed",
    "Claim",
    "ClaimKind",
    "Comparison",
    "Dated",
    "Dead",
    "Digest",
    "Document",
    "Doubt",
    "Failed",
    "Failure",
    "Finding",
    "First",
    "Held",
    "HeldBack",
    "Known",
    "Line",
    "Link",
    "Look",
    "Mark",
    "Message",
    "Need",
    "Notice",
    "NoticeKind",
    "Origin",
    "Outage",
    "Outcome",
    "Page",
    "Reading",
    "Recent",
    "Remark",
    "Reminder",
    "Run",
    "Said",
    "Severity",
    "Situation",
    "Snapshot",
    "Source",
    "Stance",
    "Standing",
    "Stretch",
    "Told",
    "Unchanged",
    "Unconfirmed",
    "Verdict",
    "Word",
]

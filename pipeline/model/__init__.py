"""Every value that travels between the rooms: frozen, slotted, compared by content.

    pages → texts → claims → changes → looks → runs → situations

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
        Note,
        Reading,
        Remark,
        Source,
        Stance,
    )
    from pipeline.model.looks import (
        Changed,
        Failed,
        Failure,
        First,
        HeldBack,
        Known,
        Look,
        Outcome,
        Unchanged,
        Verdict,
    )
    from pipeline.model.pages import Origin, Page, Snapshot
    from pipeline.model.runs import (
        Accepted,
        Doubt,
        Finding,
        Held,
        Message,
        Notice,
        NoticeKind,
        Outage,
        Run,
        Standing,
        Told,
        Unconfirmed,
        Word,
    )
    from pipeline.model.situations import (
        Confirmation,
        Dated,
        Dead,
        Digest,
        Gone,
        Listed,
        Need,
        Recent,
        Reminder,
        Rhythm,
        Said,
        Sent,
        Settled,
        Situation,
    )
    from pipeline.model.statements import Statement, Watched
    from pipeline.model.texts import Block, BlockKind, Cell, Document, Link
else:
    __getattr__ = parts.of(
        __name__,
        {
            "changes": (
                "ALERTING SEVERITIES Cause Change ChangeKind ChangeWord Comparison Line Mark "
                "Severity Stretch"
            ),
            "claims": "STANCES STATUS Claim ClaimKind Note Reading Remark Source Stance",
            "pages": "Origin Page Snapshot",
            "looks": ("Changed Failed Failure First HeldBack Known Look Outcome Unchanged Verdict"),
            "runs": (
                "Accepted Doubt Finding Held Message Notice NoticeKind Outage Run Standing "
                "Told Unconfirmed Word"
            ),
            "situations": (
                "Confirmation Dated Dead Digest Gone Listed Need Recent Reminder Rhythm Said "
                "Sent Settled Situation"
            ),
            "statements": "Statement Watched",
            "texts": "Block BlockKind Cell Document Link",
        },
    )

"""Every value that travels between the rooms: frozen, slotted, compared by content.

    pages → texts → claims → changes → runs

Nothing here computes more than digests and keys, and nothing of the project is imported but `words`. Import the values from
here, by name; the parts are how they are laid out.
"""

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
from pipeline.model.claims import STANCES, Claim, ClaimKind, Reading, Remark, Source, Stance
from pipeline.model.pages import Origin, Page, Snapshot
from pipeline.model.runs import (
    Changed,
    Failed,
    Failure,
    Finding,
    First,
    HeldBack,
    Known,
    Look,
    Message,
    Outcome,
    Run,
    Standing,
    Told,
    Unchanged,
    Verdict,
)
from pipeline.model.texts import Block, BlockKind, Cell, Document, Link

__all__ = [
    "ALERTING",
    "SEVERITIES",
    "STANCES",
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
    "Document",
    "Failed",
    "Failure",
    "Finding",
    "First",
    "HeldBack",
    "Known",
    "Line",
    "Link",
    "Look",
    "Mark",
    "Message",
    "Origin",
    "Outcome",
    "Page",
    "Reading",
    "Remark",
    "Run",
    "Severity",
    "Snapshot",
    "Source",
    "Stance",
    "Standing",
    "Stretch",
    "Told",
    "Unchanged",
    "Verdict",
]

"""What a paper prints outside its labels → whom an auditor's report is addressed to, who signs it,
its period, its body."""

from __future__ import annotations

import re

from pipeline.extract.context import Context
from pipeline.model import Block

TOP = 6
"""Among how many blocks at its top a paper's title stands, below a letterhead and above the name of
its holder."""
_ADDRESSED = re.compile(
    r"^to the (?:management|board of directors)(?: and \w+)? of (?P<name>[A-Z].*?):?$",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    r"^(?:report )?(?:for the period(?: of| from)?|(?:report |reporting "
    r"|review )?period(?: from| of)?:?) (?P<period>.*\d{4})\W*$",
    re.IGNORECASE,
)
_FIRM = re.compile(
    r"^[A-Z][\w&.,'’ -]{2,60}\b(?:LLP|LLC|PLLC|P\.?C\.|GmbH|AG|AS|Ltd\.?|Limited|S\.A\.|CPAs?)$"
)
_BODIES = re.compile(
    r"\b(?P<name>[A-Z][\w&.'-]*(?: (?:&|[A-Z][\w&.'-]*)){0,4} (?:LLP|LLC|PLLC|GmbH|AG|AS|BV"
    r"|B\.V\.|Ltd|Limited|Inc|SA|S\.A\.))(?![\w])"
)
_CALLED = re.compile(
    r"^(?:(?:The|Die|La|L['’]) ?)?(?:Zertifizierungsstelle|Certification Body|Organisme) (?:of )?",
    re.IGNORECASE,
)
_CERTIFYING = re.compile(
    r"\b(?:certif\w*|cert|registrars?|assurance|zertifizierung\w*)\b", re.IGNORECASE
)
"""What a letterhead says of whoever issues certificates."""
_AUDITORS = re.compile(r"\b(?:auditor|accountant|assurance|practitioner)", re.IGNORECASE)
_VERSION = re.compile(r"\bversion (?P<version>\d[\d.]*\d|\d)\b", re.IGNORECASE)


def printed_version(context: Context) -> str | None:
    """Return the version that the top of a form prints ("Version 3.2.1")."""
    found = (_VERSION.search(block.text) for block in context.blocks[:TOP])
    return next((match["version"] for match in found if match), None)


def addressed(context: Context) -> str | None:
    """Return whose management an auditor's report is addressed to."""
    found = (_ADDRESSED.search(block.text) for block in context.blocks)
    return next((match["name"] for match in found if match), None)


def period(blocks: tuple[Block, ...]) -> str | None:
    """Return the period that a report prints on its cover."""
    found = (_PERIOD.search(block.text) for block in blocks[: 2 * TOP])
    return next((match["period"] for match in found if match), None)


def auditor(blocks: tuple[Block, ...], holder: str | None) -> str | None:
    """Return the firm that signs an auditor's report, in a line of its own."""
    signed = (
        block.text
        for block in blocks
        if block.kind == "paragraph"
        and any(_AUDITORS.search(heading) for heading in block.section)
        and _FIRM.match(block.text)
    )
    return next((name for name in signed if name != holder), None)


def body(context: Context, certifying: str | None, title: Block | None) -> str | None:
    """Return the certification body that a letterhead or the `certifying` sentence names."""
    said = [certifying] if certifying else []
    head = context.blocks[: context.blocks.index(title)] if title in context.blocks[:TOP] else ()
    said += [block.text for block in head if _CERTIFYING.search(block.text)]
    matches = (_BODIES.search(text) for text in said)
    return next((_CALLED.sub("", match["name"]) for match in matches if match), None)

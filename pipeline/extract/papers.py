"""A paper as people get it → its labels with their values: whom it names, until when, what it
covers and what not.

An attestation, certificate or letter is a form: "Company name:" stands beside or over its value, a
box is ticked or empty. What a label means is told by its own words, for one form prints the
company's name where another prints "Holder".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from pipeline.extract import services, vocabulary
from pipeline.model import Block, Cell, Claim
from pipeline.standards import Mention

_WHO = (
    r"(?:(?:assessed |certified |legal )?(?:company|entity|organi[sz]ation|service provider"
    r"|merchant)|(?:certificate )?holder|client|licensee|registrant|applicant)"
)
_WHAT = r"(?:services?|systems?|products?|applications?|platforms?)(?: ?\(s\))?"
_ROLES = {
    "holder": rf"{_WHO}(?: name| details)?|(?:legal )?name of (?:the )?{_WHO}"
    r"|(?:certificate )?(?:issued|awarded|granted) to"
    r"|(?:zertifikats?)?inhaber|unternehmen|organisation|titulaire|entreprise|titular"
    r"|empresa|titolare",
    "assessor": r"(?:external |independent )?(?:QSA|assessor|auditor|3PAO|certification body"
    r"|registrar|qualified security assessor)"
    r"(?: (?:company|firm|organi[sz]ation|body))*(?: name)?|(?:certified|audited|assessed"
    r"|issued|examined) by"
    r"|zertifizierungsstelle|organisme (?:de certification|certificateur)",
    "until": r"(?:certificate |certification )?(?:expir(?:y|ation|es)|valid (?:un)?till?"
    r"|valid (?:to|thr(?:ough|u)))(?: date| on)?|date of (?:expiry|expiration)"
    r"|(?:certificate )?validity(?: period| until)?|valid|end of validity|gültig bis"
    r"|gültigkeit(?:sdauer)?|valable jusqu['’]au|validité|válido hasta|valido fino al",
    "period": r"(?:report(?:ing)?|examination|audit|review|assessment"
    r"|observation)? ?period(?: covered| of coverage| under review)?",
    "version": r"(?:standard |framework |pci dss )?(?:version|edition)",
    "standard": r"standards?|norm(?:en)?|norme|scheme|framework|(?:certification"
    r"|audit) (?:standard|criteria)|certified to",
    "scope": r"(?:certificat(?:e|ion) |audit |assessment "
    r"|report )?scope(?: of (?:the )?(?:certificat(?:e|ion)|services?|audit|assessment|report))?"
    r"|geltungsbereich|anwendungsbereich|umfang|champ d['’]application|périmètre|alcance"
    r"|ámbito|campo di applicazione|toepassingsgebied",
    "in": r"covered|covers|included|in[- ]scope|"
    rf"(?:names? of )?(?:the )?{_WHAT} (?:assessed|included|covered|in[- ]scope"
    r"|within scope)(?: in (?:the|this) \w+)?"
    rf"|(?:assessed|included|covered|in[- ]scope|certified) {_WHAT}",
    "out": r"not (?:covered|included|in[- ]scope)|excluded|excludes|exclusions|out[- ]of[- ]scope"
    r"|nicht enthalten|ausgenommen|"
    rf"(?:names? of )?(?:the )?{_WHAT} (?:not (?:assessed|included|covered|in[- ]scope)"
    r"|excluded|out[- ]of[- ]scope)(?: (?:from|in) (?:the|this) \w+)?"
    rf"|(?:excluded|out[- ]of[- ]scope) {_WHAT}",
    "heading": rf"{_WHAT} that (?:were|are) .{{0,80}}\bincluded in the scope\b.*",
    "other": r"(?:holds )?certificate (?:no\.?|number|registration number)|(?:original |first "
    r"|initial )?(?:registration|certification|issue|approval) date"
    r"|effective(?: date)?|valid from|(?:date of )?(?:first )?(?:issue|approval)"
    r"|certified since|gültig ab|gültig von|valable du|registration (?:no\.?|number)",
}
_ROLE = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _ROLES.items()}
_LABELLED = re.compile(r"^(?P<label>[^:|]{2,90}?)\s*:(?:\s+(?P<value>.*))?$")
_BOX = re.compile(r"[☐☒☑✓✔]|\[[ xX]\]")
_EMPTY = re.compile(r"☐|\[ \]")
_ASSESSORS = re.compile(r"\b(?:assessor|auditor|QSA|certification body|registrar)\b", re.IGNORECASE)
_VERDICT = re.compile(
    r"(?:(?P<before>[☐☒☑✓✔]|\[[ xX]\])\s*)?\b(?P<not>non-?|not[ -])?compliant\b(?!\s+(?:but"
    r"|with))(?:\s*(?P<after>[☐☒☑✓✔]|\[[ xX]\]))?",
    re.IGNORECASE,
)
_LONGEST_NAME = 10


@dataclass(frozen=True, slots=True)
class Field:
    """A label of a form with its value, and the block that prints the value."""

    label: str
    value: str
    block: Block
    place: int

    @property
    def role(self) -> str | None:
        """Return what the label asks for, None for what no claim needs."""
        return role(self.label)


def role(label: str) -> str | None:
    """Return what a label asks for: `holder`, `assessor`, `until` …; None where its words are no
    known label's."""
    bare = re.sub(r"\s*\([^)s][^)]*\)|\s*\((?!s\)).*$|[\s:]+$", "", label).strip(" *")
    return next((name for name, pattern in _ROLE.items() if pattern.fullmatch(bare)), None)


def fields(blocks: tuple[Block, ...]) -> tuple[Field, ...]:
    """Return the labels of a form with their values, in the order of the page."""
    found: list[Field] = []
    for place, block in enumerate(blocks):
        following = blocks[place + 1] if place + 1 < len(blocks) else None
        found += (
            _of_cells(place, block, following) if block.cells else _of_text(place, block, following)
        )
    return tuple(found)


def _of_cells(place: int, block: Block, following: Block | None) -> Iterator[Field]:
    cells = [cell for cell in block.cells if cell.text]
    below = [cell for cell in following.cells if cell.text] if following else []
    # Labels in one row, their values in the next: "Issue date | Expiry date" over "2025-05-04 |
    # 2028-05-03".
    if following and len(cells) == len(below) > 1 and all(role(cell.text) for cell in cells):
        if not any(cell.headers for cell in below):
            yield from (
                Field(label.text, value.text, following, place + 1)
                for label, value in zip(cells, below, strict=True)
            )
        return
    yield from (Field(cell.headers[-1], cell.text, block, place) for cell in cells if cell.headers)
    yield from (
        Field(label.text, value.text, block, place) for label, value in _side_by_side(cells)
    )


def _side_by_side(cells: list[Cell]) -> Iterator[tuple[Cell, Cell]]:
    for label, value in pairwise(cells):
        if (label.text.endswith(":") or role(label.text)) and not value.text.endswith(":"):
            yield label, value


def _of_text(place: int, block: Block, following: Block | None) -> Iterator[Field]:
    found = _LABELLED.match(block.text)
    label = found["label"] if found else block.text
    if found and found["value"]:
        yield Field(label, found["value"], block, place)
    elif following and (found or role(label)) and not is_label(following):
        yield Field(label, following.text, following, place + 1)


def labelled(text: str) -> tuple[str, str]:
    """Return a text's label and its value, the value empty where there is none behind it."""
    found = _LABELLED.match(text)
    return (found["label"], found["value"] or "") if found else (text, "")


def is_label(block: Block) -> bool:
    """Return whether a block is a label, with or without its value behind it."""
    found = _LABELLED.match(block.text)
    return role(found["label"] if found else block.text) is not None


# --------------------------------------------------------------------------- what the labels say


def holder(found: tuple[Field, ...], blocks: tuple[Block, ...]) -> str | None:
    """Return whom the form names as the one assessed or certified: its company, not the
    assessor's."""
    own = (field for field in found if field.role == "holder" and not _of_assessor(field, blocks))
    return next((name for field in own if (name := _name(field.value))), None)


def assessor(found: tuple[Field, ...], blocks: tuple[Block, ...]) -> str | None:
    """Return the company that the form names as the assessor's."""
    theirs = (
        field
        for field in found
        if field.role == "assessor" or (field.role == "holder" and _of_assessor(field, blocks))
    )
    return next((name for field in theirs if (name := _name(field.value))), None)


def value(found: tuple[Field, ...], wanted: str) -> str | None:
    """Return the first value of a role that names a year or a version."""
    told = (field.value for field in found if field.role == wanted)
    return next((text.strip(" .|") for text in told if re.search(r"\d", text)), None)


def _of_assessor(field: Field, blocks: tuple[Block, ...]) -> bool:
    """Say whether a "Company name" stands in the assessor's part: the last heading or line over it
    that tells does."""
    for block in reversed(blocks[: field.place]):
        if block.kind == "row" or ((found := _LABELLED.match(block.text)) and found["value"]):
            continue
        if _ASSESSORS.search(block.text):
            return not re.search(
                r"\bservice provider and\b|\bassessed\b", block.text, re.IGNORECASE
            )
        if block.kind == "heading" or re.match(r"Part \d", block.text):
            return False
    return False


def _name(text: str) -> str | None:
    name = text.strip(" .:|*") if not text.rstrip().endswith("Inc.") else text.strip(" :|*")
    is_one = (
        0 < len(name.split()) <= _LONGEST_NAME and name[:1].isalnum() and not name[:1].islower()
    )
    return name if is_one and not _LABELLED.match(name) else None


def services_named(
    found: tuple[Field, ...], blocks: tuple[Block, ...], mentions: tuple[Mention, ...]
) -> Iterator[Claim]:
    """Yield the services that a form names as assessed or not, and those that its boxes leave
    out."""
    for field in found:
        if field.role in ("in", "out") and not _BOX.search(field.value):
            for text, block in ((field.value, field.block), *_below(field, blocks)):
                for name in services.split(text, sentence=True):
                    if services.nameable(name) and not vocabulary.BLANK.match(name):
                        yield from services.listed(
                            services.Entry(name, block, source=text), mentions, field.role
                        )
    scope = None
    for block in blocks:
        boxes = list(_boxes(block.text))
        if scope and boxes:
            for ticked, name in boxes:
                kept = scope if ticked else "out"
                yield from services.listed(
                    services.Entry(name, block, source=block.text), mentions, kept
                )
        elif block.kind != "item" or not boxes:
            label = _LABELLED.match(block.text)
            scope = role(label["label"] if label else block.text)
            scope = scope if scope in ("in", "out") else None


def _below(field: Field, blocks: tuple[Block, ...]) -> Iterator[tuple[str, Block]]:
    """Yield the further lines of a list of names whose first one stands beside its label."""
    for block in blocks[field.place + 1 :]:
        printed = [cell.text for cell in block.cells if cell.text] or [block.text]
        alone = block.kind in ("item", "paragraph", "row") and len(printed) == 1
        if not alone or is_label(block) or ":" in block.text or _BOX.search(block.text):
            return
        if not all(map(services.is_titled, services.split(printed[0], sentence=True))):
            return
        yield printed[0], block


def _boxes(text: str) -> Iterator[tuple[bool, str]]:
    """Yield each box of a text with what stands behind it: whether it is ticked, and the name."""
    marks = list(_BOX.finditer(text))
    if marks and not text[: marks[0].start()].strip(" |"):
        for mark, end in zip(marks, (*(m.start() for m in marks[1:]), len(text)), strict=True):
            if name := text[mark.end() : end].strip(" |"):
                yield _EMPTY.match(mark[0]) is None, name


def is_compliant(blocks: tuple[Block, ...]) -> tuple[bool, Block] | None:
    """Return what the boxes of a form say of compliance, and in which block; None where no box
    does."""
    for block in blocks:
        for found in _VERDICT.finditer(block.text):
            # "Compliant ☒   Non-Compliant ☐" has its boxes behind the words, the newer form before
            # them.
            behind = not _BOX.match(block.text)
            box = found["after"] if behind else found["before"]
            if box and not _EMPTY.match(box):
                return not found["not"], block
    return None

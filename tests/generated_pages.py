"""Two captures of a page with many claims, made up from a seed: a few of a hundred changed, went
and came, as of one list.

Readings are put together as the reader would leave them; nothing is read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from pipeline.model import Block, Claim, Document, Reading, Source

KINDS = (*("service",) * 15, "standard", "note", "note", "evidence", "supplier")
"""What stands on the page, by twenties."""
VENDOR = "Larkfield"
STANDARDS = {"hipaa": "HIPAA", "fedramp": "FedRAMP", "soc-2": "SOC 2", "iso-27001": "ISO/IEC 27001"}
_FIRST = (
    "Harbor Relay Vault Studio Beacon Ledger Atlas Quarry Signal Orchard Meadow "
    "Falcon Cedar Delta Ember Flint "
)
FIRST = tuple(_FIRST.split())
_SECOND = (
    "Store Queue Monitor Gateway Registry Builder Insights Backup Search Stream "
    "Pipeline Console Archive Router "
)
SECOND = tuple(_SECOND.split())
STATUSES = {
    "certified": "claimed",
    "ready": "supports",
    "planned for 2027": "planned",
    "not certified": "not_claimed",
}
YEARS = ("2023", "2024", "2025", "2026")
REGIONS = ("Norway", "Iceland", "Kenya", "Chile", "Oman", "Peru", "Malta", "Fiji")

DETAILS = {
    "service": REGIONS,
    "standard": tuple(STATUSES),
    "note": REGIONS,
    "evidence": YEARS,
    "supplier": REGIONS,
}


@dataclass(frozen=True, slots=True)
class Said:
    """One block of the page and the claim that it makes; what it says can change without its
    name."""

    kind: str
    name: str
    standard: str
    detail: str = ""

    @property
    def text(self) -> str:
        """Return the block's text."""
        if self.kind == "service":
            return f"{self.name} ({self.detail})" if self.detail else self.name
        if self.kind == "standard":
            return f"{self.name} is {STANDARDS[self.standard]} {self.detail}."
        if self.kind == "evidence":
            return f"{STANDARDS[self.standard]} report of {self.name} for {self.detail}"
        if self.kind == "supplier":
            return f"{self.name} hosts backups in {self.detail}."
        return f"{self.name} customers may keep regulated data in the {self.detail} region only."


def readings(claims: int, seed: int = 0, part: float = 0.02) -> tuple[Reading, Reading]:
    """Return two captures with about that many claims; `part` of them changed, `part` went and
    `part` came."""
    random = Random(seed)
    said = [_said(random, number) for number in range(claims)]
    gone = set(random.sample(range(claims), round(claims * part)))
    stay = [
        _changed(random, one) if random.random() < part else one
        for n, one in enumerate(said)
        if n not in gone
    ]
    for number in range(round(claims * part)):
        stay.insert(random.randrange(len(stay) + 1), _said(random, claims + number))
    return _reading(said), _reading(stay)


def rewritten(units: int, seed: int = 0) -> tuple[Reading, Reading]:
    """Return two captures of a page of which hardly a sentence stayed."""
    random = Random(seed)
    pages = []
    for _ in range(2):
        texts = (
            " ".join(random.choices(FIRST + SECOND + REGIONS, k=random.randrange(8, 30)))
            for _ in range(units)
        )
        blocks = tuple(
            Block("paragraph", f"{text}.", ("Security",), line)
            for line, text in enumerate(texts, 1)
        )
        pages.append(Reading(Document("Security", (), blocks)))
    return pages[0], pages[1]


def _said(random: Random, number: int) -> Said:
    kind = KINDS[number % len(KINDS)]
    name = f"{random.choice(FIRST)} {random.choice(SECOND)}"
    # As in a long list, most names share a word with many others, and each has one of its own.
    name = f"{name} {random.choice(FIRST)}{number}" if kind == "service" else f"{name} {number}"
    detail = random.choice(DETAILS[kind]) if kind != "service" or random.random() < 0.1 else ""
    return Said(kind, name, random.choice(tuple(STANDARDS)), detail)


def _changed(random: Random, one: Said) -> Said:
    return replace(one, detail=random.choice([d for d in DETAILS[one.kind] if d != one.detail]))


def _reading(said: list[Said]) -> Reading:
    blocks = [Block("heading", f"{VENDOR} compliance", (f"{VENDOR} compliance",), 1, level=1)]
    claims = [Claim("product", Source(VENDOR), subject=VENDOR)]
    groups = [(kind, standard) for kind in DETAILS for standard in STANDARDS]
    for number, group in enumerate(groups, 1):
        kind, standard = group
        section = (f"{VENDOR} compliance", f"{STANDARDS[standard]} {kind}s")
        blocks.append(Block("heading", section[-1], section, len(blocks) + 1, level=2))
        for one in said:
            if (one.kind, one.standard) == group:
                line = len(blocks) + 1
                shape = "item" if kind == "service" else "paragraph"
                blocks.append(Block(shape, one.text, section, line, level=1, group=number))
                claims.append(_claim(one, Source(one.text, section, line)))
    document = Document(f"{VENDOR} compliance", (), tuple(blocks))
    return Reading(document, tuple(claims), (VENDOR,))


def _claim(one: Said, source: Source) -> Claim:
    about = {"standard": one.standard, "standard_name": STANDARDS[one.standard]}
    if one.kind == "service":
        return Claim(
            "service",
            source,
            VENDOR,
            **about,
            service=one.name,
            scope="in",
            condition=one.detail or None,
        )
    if one.kind == "standard":
        return Claim("standard", source, one.name, **about, stance=STATUSES[one.detail])
    if one.kind == "evidence":
        url = f"https://larkfield.example/reports/{one.name.replace(' ', '-')}-{one.detail}.pdf"
        return Claim("evidence", source, VENDOR, **about, name=one.text, url=url, document="report")
    if one.kind == "supplier":
        return Claim("supplier", source, name=one.name, purpose="backups", location=one.detail)
    return Claim("note", source, VENDOR, **about, value=one.text, note_kind="region")

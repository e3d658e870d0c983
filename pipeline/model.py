"""Every value that travels between the rooms: frozen, slotted, compared by content.

This module computes nothing beyond digests and keys, and imports nothing of the project but `words`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import datetime, timedelta
from typing import Literal

from pipeline import words

Severity = Literal["critical", "high", "medium", "low", "info"]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low", "info")
ALERTING: tuple[Severity, ...] = ("critical", "high", "medium")

ClaimKind = Literal["product", "standard", "service", "note", "evidence", "metadata"]
Stance = Literal["claimed", "supports", "planned", "unknown", "not_claimed"]
STANCES: tuple[Stance, ...] = ("claimed", "supports", "planned", "unknown", "not_claimed")
"""Strong to weak; `unknown` is a status that the reader does not know and never counts as held."""

BlockKind = Literal["heading", "paragraph", "item", "row", "header", "note", "term", "definition", "code", "include"]
ChangeKind = Literal["product", "standard", "service", "note", "evidence", "metadata", "wording"]
ChangeWord = Literal["added", "removed", "changed", "renamed"]
Cause = Literal["page", "reader", "config", "backfill"]
Origin = Literal["live", "git", "warc", "wayback", "dir"]


# --------------------------------------------------------------------------- what we watch


@dataclass(frozen=True, slots=True)
class Page:
    """A page that the config asks us to watch; `url` is an http(s) URL or an absolute path.

    `headers_env` and `cookies_env` pair the name of a header or cookie with that of the environment variable that holds its
    value; `browser` says that a script fills the page in.
    """

    id: str
    url: str
    vendor: str | None = None
    product: str | None = None
    owner: str | None = None
    tier: str | None = None
    ref: str | None = None
    format: str | None = None
    selector: str | None = None
    ignore: tuple[str, ...] = ()
    schedule: str | None = None
    browser: bool = False
    headers_env: tuple[tuple[str, str], ...] = ()
    cookies_env: tuple[tuple[str, str], ...] = ()

    @property
    def rules(self) -> str:
        """Return what in the config decides how this page is read, as one comparable text."""
        return repr((self.format, self.selector, self.ignore, self.vendor, self.product))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One capture of a page: the exact bytes, when the page looked so, and when we came to know.

    `headers` are lower-case names in order, without cookies and credentials. `redirects` are the URLs passed on the way
    from the page's address to `url`, each with its status (`"301 https://…"`). `revision` is the commit it was taken from,
    `screenshot` a JPEG of what a browser showed.
    """

    page: Page
    captured_at: datetime
    recorded_at: datetime
    origin: Origin
    url: str
    media_type: str
    body: bytes = attribute(repr=False)
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    redirects: tuple[str, ...] = ()
    revision: str | None = None
    screenshot: bytes | None = attribute(default=None, repr=False, compare=False)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the body, in hex."""
        return hashlib.sha256(self.body).hexdigest()

    def header(self, name: str) -> str | None:
        """Return the first header of that lower-case name."""
        return next((value for key, value in self.headers if key == name), None)


# --------------------------------------------------------------------------- what a page says, as text


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a text; `url` as written, unresolved."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table row, bound to its column by the texts of the header cells above it, outermost first."""

    text: str
    headers: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a page's readable text, in page order; its text is decoded and has single spaces.

    `section` is the path of headings it stands under, H1 first; a heading's own text is its last element. `level` is a
    heading's level, or how many lists enclose the block (an item of a top list has 1). `line` is the 1-based source
    line, None where the format has none. `label` is an admonition's kind (`note`, `important`, …), a code block's
    language, or the target of an include that was not read. `strong` says that the whole text is set in bold. Items of
    one list and rows of one table share a `group` number. `notes` are the texts of footnotes marked in the block.
    A row's or table header's text is its cells' texts joined by " | ".
    """

    kind: BlockKind
    text: str
    section: tuple[str, ...] = ()
    line: int | None = None
    links: tuple[Link, ...] = ()
    level: int = 0
    label: str | None = None
    strong: bool = False
    group: int = 0
    cells: tuple[Cell, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A page's readable content; the source's format is forgotten here.

    `front_matter` holds YAML front matter or HTML `<meta>` pairs in page order, values as printed.
    """

    title: str | None
    front_matter: tuple[tuple[str, str], ...] = ()
    blocks: tuple[Block, ...] = ()


# --------------------------------------------------------------------------- what a page claims


@dataclass(frozen=True, slots=True)
class Source:
    """Where a claim stands: the exact sentence or cell, the path of headings, the 1-based line."""

    text: str
    section: tuple[str, ...] = ()
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Something a page says, as of one capture, about what somebody holds with regard to a standard.

    The attributes are those of the contract's table. `value` is a note's text or a metadata value. `standards` are all
    the standards of a document; `standard` is the first of them. `source` is not part of equality.
    """

    kind: ClaimKind
    source: Source = attribute(compare=False)
    subject: str | None = None
    standard: str | None = None
    standard_name: str | None = attribute(default=None, compare=False)
    edition: str | None = None
    level: str | None = None
    stance: Stance | None = None
    basis: str | None = None
    authority: str | None = None
    assessor: str | None = None
    valid: str | None = None
    cadence: str | None = None
    service: str | None = None
    scope: Literal["in", "out"] | None = None
    group: str | None = None
    members: tuple[str, ...] = ()
    condition: str | None = None
    alias: str | None = None
    name: str | None = None
    url: str | None = None
    document: str | None = None
    standards: tuple[str, ...] = ()
    mismatch: bool = False
    value: str | None = None

    @property
    def text(self) -> str:
        """Return the exact sentence or cell that makes the claim."""
        return self.source.text

    @property
    def key(self) -> tuple[str, ...]:
        """Return what says which claims of two readings may be the same.

        Never an edition, level, stance, group or scope. Keys may repeat within a reading.
        """
        parts: dict[str, tuple[str | None, ...]] = {
            "product": (self.subject,),
            "standard": (self.standard, self.subject),
            "service": (self.standard, self.service),
            "note": (self.standard, self.value),
            "evidence": (self.name,),
            "metadata": (self.name,),
        }
        return (self.kind, *(words.fold(part or "") for part in parts[self.kind]))


@dataclass(frozen=True, slots=True)
class Remark:
    """Something an analyst should know of a claim that is no change: a superseded edition, a mismatched document."""

    kind: Literal["superseded", "mismatch"]
    claim: Claim
    text: str
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader made of one capture: the text, the claims in page order, and what it did not understand.

    `products` are the subjects the page speaks for, the main one first. `not_understood` are sentences for a person
    ("line 12: status \"phase two\" is not known"). `stamp` names the reader (code, catalogue, page rules).
    """

    document: Document
    claims: tuple[Claim, ...] = ()
    products: tuple[str, ...] = ()
    not_understood: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    stamp: str = ""


# --------------------------------------------------------------------------- what changed


@dataclass(frozen=True, slots=True)
class Mark:
    """A run of words of a marked text: in both, only before, or only after.

    In a table's marks, `row` begins a row, and `cell` a cell under the column heading that is its text.
    """

    op: Literal["same", "gone", "new", "row", "cell"]
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One difference in claims between two captures of a page, told once.

    `before`, `after`, `from_value` and `to_value` are as the contract fixes them (`from`/`to` in JSON: the field's
    values of a changed service). `source_before`/`source_after` are the whole sentences; `marks` mark their words.
    `claim_before`/`claim_after` are the claims it is about, None for wording. `count` and `examples` tell a change that
    shows in many places alike. `severity` is the contract's default; rules of the config never rewrite it. `batch` is a
    sentence shared by the many changes of one cause ("40 services added for FedRAMP"), for views to fold them under.
    """

    kind: ChangeKind
    change: ChangeWord
    severity: Severity
    why: str
    summary: str
    field: str | None = None
    standard: str | None = None
    standard_name: str | None = None
    subject: str | None = None
    before: str | None = None
    after: str | None = None
    from_value: str | None = None
    to_value: str | None = None
    name: str | None = None
    source_before: Source | None = None
    source_after: Source | None = None
    marks: tuple[Mark, ...] = ()
    claim_before: Claim | None = attribute(default=None, repr=False)
    claim_after: Claim | None = attribute(default=None, repr=False)
    count: int = 1
    examples: tuple[str, ...] = ()
    confidence: float | None = None
    reason: str | None = None
    cause: Cause = "page"
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, item or row of two pages side by side, in marks; where all are `same` it is context."""

    marks: tuple[Mark, ...]
    kind: BlockKind = "paragraph"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring lines of two pages of which some differ; `skipped` lines before them are alike and not shown."""

    section: tuple[str, ...]
    lines: tuple[Line, ...]
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs between two readings, and which claims are the same.

    `changes` by severity, then page order. `form` counts differences of form alone. `pairs` holds every claim of both
    readings once: (before, after), with None where a claim came or went; what is paired is one claim for history,
    whatever of it changed. `stretches` are the two pages side by side, where they differ.
    """

    changes: tuple[Change, ...] = ()
    form: int = 0
    pairs: tuple[tuple[Claim | None, Claim | None], ...] = ()
    stretches: tuple[Stretch, ...] = attribute(default=(), compare=False, repr=False)


# --------------------------------------------------------------------------- what a run did


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a capture is really the page: `name` is `ok` or names the fault (`challenge`, `empty`, …)."""

    name: str = "ok"
    reason: str = ""

    @property
    def ok(self) -> bool:
        """Return whether the capture may be compared."""
        return self.name == "ok"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a page could not be read: the stage (`fetch`, `parse`, …) and a reason that a person can act on."""

    stage: str
    reason: str


@dataclass(frozen=True, slots=True)
class Known:
    """What a look and its judgement need of a page's past: picklable, and small but for the last good reading.

    `snapshot` and `reading` are the last good capture and its reading by the reader now in force; both None before the
    first good look. `failures` counts the looks that failed in a row. `url` is where the last good body was found, live.
    """

    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    size: int | None = None
    snapshot: Snapshot | None = None
    reading: Reading | None = None
    failures: int = 0
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """One attempt to read a page: a snapshot, the server's word that nothing changed, or a failure."""

    page: Page
    looked_at: datetime
    snapshot: Snapshot | None = None
    not_modified: bool = False
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class First:
    """The first good look at a page: a baseline, and no change."""

    look: Look
    reading: Reading


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A good look that found no claim and no word changed; `form` counts formatting differences.

    Where the bytes differ, `after` is their reading and `comparison` says where each claim stands now.
    """

    look: Look
    form: int = 0
    after: Reading | None = None
    comparison: Comparison | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A good look that found changes."""

    look: Look
    before: Reading
    after: Reading
    comparison: Comparison
    seen_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A capture that does not look like the page: stored and shown, never compared.

    For a mass change, `good` is the digest of the last good capture, and `since` when the first one was held back before this.
    """

    look: Look
    verdict: Verdict
    good: str | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A look that failed; the page's last good claims stay."""

    look: Look
    failure: Failure
    in_a_row: int = 1
    last_good_at: datetime | None = None


Outcome = First | Unchanged | Changed | HeldBack | Failed


@dataclass(frozen=True, slots=True)
class Told:
    """A recorded change as a report, an alert or a listing shows it: with its id, its page and when it was seen.

    `severity` and `why` are those in force after the config's rules; `change.severity` stays the default. `reverts` is the
    id of the earlier change that this one undid, `dwell` how long the page said so; a `flap` is told for both, at info.
    """

    id: str
    page: Page
    change: Change
    severity: Severity
    why: str
    first_seen: datetime
    seen_until: datetime | None = None
    status: str = "open"
    reverts: str | None = None
    dwell: timedelta | None = None
    flap: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """One pass over the pages: what reports and alerts receive. `told` are its changes, most severe first."""

    started_at: datetime
    finished_at: datetime
    outcomes: tuple[Outcome, ...] = ()
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a page stood before a run: its last good look, how many looks since then could not read it, and whether it was doubted."""

    page: str
    last_good_at: datetime | None = None
    unread: int = 0
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody is to be told of a run, ready to hand over and to keep until it was.

    `id` follows from recipient and content, so that the same news is never sent under two ids. `to` is the recipient's
    name in the config, never an address that holds a token. `payload` is the JSON for a webhook.
    """

    id: str
    to: str
    subject: str
    text: str
    html: str
    payload: str

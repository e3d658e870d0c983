"""Inline content → one run of text with its links, bold spans and footnote marks,
each by its place in the text.

A run is raw: spaces and leftovers are still in it until `Run.finish`. It knows nothing of blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from pipeline import words
from pipeline.model import Link

BREAK = "\x0b"
"""Stands for a line break that the page asks for (`<br>`); a space to everything that squeezes."""

MARK = re.compile("\ue000([^\ue000\ue001]*)\ue001")
"""A footnote mark in a run's text, which `notes` resolves or puts back."""

_EDGE = re.compile(r"[.;:,!?([/&-]$|\b(?:and|or|und|et)$")
_INCLUDE = re.compile(
    r"\[!(?:INCLUDE"
    r"|code(?:-[\w+#]+)?)\s*(?:\[(?P<label>[^\]]{0,300})\]\((?P<path>[^)]{0,500})\)"
    r"|(?P<bare>[^\]\[]{0,300}))\]",
    re.I,
)
_DIRECTIVE = re.compile(
    r"\[!(?:div|video|embed|zone)\b[^\]\n]{0,300}\]|\[\[?_?TOC_?\]\]?", re.IGNORECASE
)
_COMPONENT = re.compile(r"</?[A-Z][\w.]{0,60}(?:\s[^<>]{0,300})?/?>")
_LITERAL_LINK = re.compile(r"!?\[([^\[\]\n]{1,300})\]\(([^()\s]{0,500})\)")
# A content system that writes its style sheet into the text, one rule a line.
_CSS = re.compile(
    r"^[ \t]*(?:[.#@][\w-][^{}\n]*|[\w-]+[.#:][\w-]+[ \t]*)\{[^{}\n]*:[^{}\n]*\}[ \t]*$",
    re.MULTILINE,
)
_PLAIN = "/:?#@!$&'()*+,;=%~"
_BARE_URL = re.compile(r"https?://[^\s<>\"'|\ue000-\ue001]+[^\s<>\"'|.,;:!?)\]\ue000-\ue001]")


@dataclass(slots=True)
class Span:
    """Where in a run's raw text something holds: a link's target, or bold (`url` is None)."""

    start: int
    end: int
    url: str | None = None


@dataclass(slots=True)
class Text:
    """A finished run: what a block or cell says."""

    text: str
    links: tuple[Link, ...] = ()
    strong: bool = False
    includes: tuple[str, ...] = ()
    opening: str = ""


@dataclass(slots=True)
class Run:
    """Inline content in the making.

    `line` is where its first word stands, `alts` the texts of its images.
    """

    pieces: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    alts: list[str] = field(default_factory=list)
    line: int | None = None
    length: int = 0

    def add(self, text: str) -> None:
        """Append text as it stands."""
        self.pieces.append(text)
        self.length += len(text)

    def raw(self) -> str:
        """Return the text as it stands."""
        if len(self.pieces) > 1:
            self.pieces = ["".join(self.pieces)]
        return self.pieces[0] if self.pieces else ""

    def blank(self) -> bool:
        """Return whether nothing can be read in it."""
        if self.alts or not self.pieces:
            return not self.alts
        text = self.raw()
        return not text or text.isspace()

    def parts(self, ranges: Iterable[tuple[int, int]]) -> Iterator[Run]:
        """Yield the parts of the run between ascending places, in one pass over text and spans."""
        raw, line, counted = self.raw(), self.line, 0
        coming = sorted(self.spans, key=lambda span: span.start, reverse=True)
        current: list[Span] = []
        for start, end in ranges:
            while coming and coming[-1].start < end:
                current.append(coming.pop())
            current = [span for span in current if span.end > start]
            text = raw[start:end]
            first = start + len(text) - len(text.lstrip())
            line = None if line is None else line + raw.count("\n", counted, first)
            counted = max(counted, first)
            spans = [
                Span(max(span.start, start) - start, min(span.end, end) - start, span.url)
                for span in current
            ]
            yield Run([text], spans, [], line, len(text))

    def opens_bold(self) -> str:
        """Return the bold words that the run begins with, "" without any."""
        raw = self.raw()
        return next(
            (
                raw[s.start : s.end].strip()
                for s in self.spans
                if s.url is None and not raw[: s.start].strip()
            ),
            "",
        )

    def finish(self, breaks: str = " ") -> Text:
        """Return what the run says; `breaks` joins the lines that the page itself breaks."""
        raw = self.raw()
        links = [
            Link(words.squeeze(MARK.sub("", raw[s.start : s.end])), target(s.url))
            for s in self.spans
            if s.url is not None
        ]
        strong = bool(self.spans) and _all_bold(raw, [s for s in self.spans if s.url is None])
        includes: list[str] = []
        if "[!" in raw or "TOC" in raw:
            raw, includes, links = _without_includes(raw, links)
        if "{" in raw:
            raw = _CSS.sub("", raw)
        if "](" in raw:
            links += [
                Link(words.squeeze(label), target(url)) for label, url in _LITERAL_LINK.findall(raw)
            ]
            raw = _LITERAL_LINK.sub(r"\1", raw)
        if "<" in raw:
            raw = _COMPONENT.sub("", raw)
        if "://" in raw:
            known = {link.url for link in links} | {link.text for link in links}
            links += [
                Link(url, target(url))
                for url in dict.fromkeys(_BARE_URL.findall(raw))
                if url not in known
            ]
        if not raw.strip() and self.alts:
            raw = " ".join(self.alts)
        text = join(raw.split(BREAK), breaks) if BREAK in raw else words.squeeze(raw)
        return Text(
            text,
            tuple(link for link in links if link.text or link.url) if links else (),
            strong and bool(text),
            tuple(includes),
            self._opening(text) if self.spans else "",
        )

    def _opening(self, text: str) -> str:
        """Return the words set apart that a finished text begins with,
        "" for none or for all of it.
        """
        raw = self.raw()
        firsts = (raw[s.start : s.end] for s in self.spans if not raw[: s.start].strip())
        found = (words.squeeze(MARK.sub("", first)) for first in firsts)
        return next(
            (first for first in found if first and text.startswith(first) and first != text), ""
        )


def target(url: str) -> str:
    """Return a link's target as written.

    One that cannot be taken apart (`http://[::1`) has its odd signs encoded.
    """
    try:
        urlsplit(url)
    except ValueError:
        return quote(url, safe=_PLAIN)
    return url


def join(parts: list[str], separator: str) -> str:
    """Return the parts as one text; a separator other than a space only stands
    where a part is complete without it.
    """
    text = ""
    for part in filter(None, map(words.squeeze, parts)):
        text += (" " if _EDGE.search(text[-12:]) else separator) + part if text else part
    return text


def _all_bold(raw: str, spans: list[Span]) -> bool:
    if not spans:
        return False
    done = 0
    for span in spans:
        if raw[done : span.start].strip():
            return False
        done = max(done, span.end)
    return not raw[done:].strip()


def _without_includes(raw: str, links: list[Link]) -> tuple[str, list[str], list[Link]]:
    """Return the text without includes, the paths of the includes, and the links
    that belong to none of them.
    """
    includes: list[str] = []

    def take(found: re.Match[str]) -> str:
        label = words.squeeze(found["label"] or found["bare"] or "")
        path = found["path"] or next((link.url for link in links if link.text == label), label)
        includes.append(words.squeeze(path))
        return " "

    raw = _DIRECTIVE.sub(" ", _INCLUDE.sub(take, raw))
    return raw, includes, [link for link in links if link.url not in includes]

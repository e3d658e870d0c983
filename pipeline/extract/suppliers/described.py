"""What stands beside a supplier's name → what it does, where, and what it holds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline import words
from pipeline.extract import vocabulary
from pipeline.extract.context import Context
from pipeline.extract.suppliers import lexis, phrases
from pipeline.model import Block, Claim, Source
from pipeline.standards import Mention

_MARKS = re.compile(r"\s*[·|•;\n]\s*|\s[–—-]\s|(?<=[\w)])\.\s+(?=\S)|\s/\s")
_COMMA = re.compile(r",\s+(?![^()]*\))")
_LABEL = re.compile(r"^(?P<label>[^\W\d][\w /’'-]{1,40}?)\s*:\s+(?P<value>\S.*)$")
_WITHIN = re.compile(r"^(?P<doing>.+?),?\s(?:in|en|à|aux?)\s(?P<place>[^,;]+(?:,\s[^,;]+)?)$")
_FOR = re.compile(r"^(?:(?:is |are )?used (?:for|to|as)|for|für|pour|para)\s+", re.IGNORECASE)
_PICTURE = re.compile(r"\blogo\b", re.IGNORECASE)
"""The text of a card's picture, which names and tells nothing."""
_BRACKET = re.compile(r"\s*\(([^()]+)\)")
_BRIEF = 5
"""Words of a part from which on its commas are those of a sentence."""
_STORY = 30
"""Words of a text beyond which it tells a story, and is no supplier's purpose."""
_CONTRACTS = "contract"


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a supplier, as printed; `standards` are ids, in page order."""

    purpose: str | None = None
    location: str | None = None
    standards: tuple[str, ...] = ()

    def __add__(self, other: Told) -> Told:
        """Return what both say: purposes and places one after another, each once."""
        return Told(
            _both(self.purpose, other.purpose),
            _both(self.location, other.location),
            tuple(dict.fromkeys((*self.standards, *other.standards))),
        )

    def __bool__(self) -> bool:
        return bool(self.purpose or self.location or self.standards)


def claim(name: str, told: Told, block: Block, text: str | None = None) -> Claim:
    """Return the claim that a page lists a supplier.

    `text` is its entry, if that is less than the block.
    """
    return Claim(
        kind="supplier",
        source=Source(text or block.text, block.section, block.line),
        name=lexis.bare(words.squeeze(name).strip(" ,;:")),
        purpose=told.purpose,
        location=told.location,
        standards=told.standards,
    )


def held(context: Context, text: str, mentions: Iterable[Mention] | None = None) -> tuple[str, ...]:
    """Return the standards that a text says a supplier holds, none that it denies or puts off;
    a contract is not held.
    """
    known = context.mentions(text) if mentions is None else mentions
    found: dict[str, None] = {}
    for mention in known:
        standard = context.catalogue.get(mention.standard)
        clause = _clause(text, mention)
        if standard and standard.kind != _CONTRACTS and not phrases.says("pending", clause):
            found[mention.standard] = None
    return tuple(found)


def _clause(text: str, mention: Mention) -> str:
    """Return what stands around a mention up to the next comma, semicolon or stop,
    without the mention.
    """
    before = re.split(r"[,;.]\s", text[: mention.start])[-1]
    behind = re.split(r"[,;.](?:\s|$)", text[mention.end :])[0]
    return f"{before} {behind}"


def ticked(text: str) -> bool:
    """Return whether a cell below a standard's name says that it is held."""
    return bool(vocabulary.TICK.match(text))


def told(context: Context, text: str) -> Told:
    """Return what a text beside a name says."""
    if len(text.split()) > _STORY:
        return Told(standards=held(context, text))
    purposes: list[str] = []
    places: list[str] = []
    for part in (text,) if is_labelled(text) else _parts(text):
        labelled = _LABEL.match(part)
        role = lexis.role(labelled["label"]) if labelled else None
        value = labelled["value"] if labelled and role else part
        if role in ("purpose", "name"):
            purposes += [value] if role == "purpose" else []
        elif role in ("location", "home") or lexis.is_place(value):
            places.append(lexis.place(value))
        elif not (context.mentions(value) or lexis.is_blank(value) or _PICTURE.search(value)):
            purposes.append(_FOR.sub("", value))
    return _placed(purposes, places, held(context, text))


def _placed(purposes: list[str], places: list[str], standards: tuple[str, ...]) -> Told:
    """Return what is told, with the city that stands before its country,
    and the place that closes a purpose.
    """
    while len(purposes) > 1 and places and _is_city(purposes[-1]):
        places.insert(0, purposes.pop())
    within = _WITHIN.match(purposes[-1]) if purposes and not places else None
    if within and lexis.is_place(within["place"]):
        purposes[-1] = within["doing"]
        places.append(lexis.place(within["place"]))
    purpose, place = _joined(purposes, ", "), _joined(places, ", ")
    return Told(purpose and purpose.strip(" .,;"), place, standards)


def _is_city(text: str) -> bool:
    return all(token[0].isupper() for token in text.split()) and not phrases.says("doing", text)


def _parts(text: str) -> list[str]:
    """Return the parts that marks and brackets set apart, and the items of a brief list."""
    if text.count(")") > text.count("("):
        text = text.replace(")", " · ", 1)  # what opened it stands behind the name
    text = _BRACKET.sub(lambda m: f" · {m[1]} · " if lexis.is_place(m[1]) else m[0], text)
    found: list[str] = []
    for part in _MARKS.split(text.strip(" .,;:–—-")):
        items = _COMMA.split(part)
        brief = all(len(item.split()) <= _BRIEF for item in items)
        found += [part] if lexis.is_place(part) or not brief else items
    return [part.strip(" ,;") for part in found if part.strip(" ,;.")]


def _both(one: str | None, other: str | None) -> str | None:
    """Return two texts one after another, the longer one where it holds the other."""
    if one and other and (one in other or other in one):
        return max(one, other, key=len)
    return _joined((one, other), "; ")


def _joined(parts: Iterable[str | None], mark: str) -> str | None:
    return mark.join(dict.fromkeys(filter(None, parts))) or None


def named(text: str) -> str | None:
    """Return the name of a line such as "Name: Acme", None for any other."""
    found = _LABEL.match(text)
    return found["value"] if found and lexis.role(found["label"]) == "name" else None


def is_labelled(text: str) -> bool:
    """Return whether a text is a line such as "Location: Ireland"."""
    found = _LABEL.match(text)
    return bool(found and lexis.role(found["label"]) not in (None, "name"))

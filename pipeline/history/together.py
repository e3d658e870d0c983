"""Claims of several pages → what they say together: superseded editions, contradictions, gaps, planned dates that passed.

Findings are no changes and alert nobody; each holds the sentences that it was found in. Silence is a gap only where a page
lists what is in scope, and where the product could have stood in that list.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations

from pipeline import words
from pipeline.history import planned
from pipeline.history.rows import Row
from pipeline.standards import Catalogue

HELD = ("claimed", "supports")
LIST = 3
"""From how many services on one page a list for a standard is taken for the list of all that is in its scope."""
_GENERIC = re.compile(r"\b(services?|products?|offerings?|solutions?|platforms?|company|subsidiaries|we|our|the|and|all|cloud|online)\b")


def findings(claims: Iterable[Row], catalogue: Catalogue, on: date) -> list[Row]:
    """Return what the claims of all pages say together, as of a day, by vendor and standard."""
    rows = [row for row in claims if not ("correction" in row and not row["correction"]["should_be"])]
    held = [row for row in rows if row["kind"] == "standard"]
    found = [*_superseded(held, catalogue, on), *_passed(held, on), *_contradictions(held), *_scopes(rows), *_gaps(rows, held)]
    return sorted(found, key=lambda row: (row["vendor"] or "", row["standard"] or "", row["kind"], json.dumps(row["texts"])))


def _found(kind: str, summary: str, *said: Row, reference: str | None = None) -> Row:
    """Return a finding with the sentences it rests on, the first one's claim giving it its place."""
    first = said[0]
    texts = [{"page": row["page"], "claim": row["id"], "text": row["text"]} for row in said]
    named = {name: first[name] for name in ("vendor", "standard", "standard_name", "subject")}
    return {"kind": kind, **named, "summary": summary, "texts": texts, "reference": reference}


def _superseded(held: list[Row], catalogue: Catalogue, on: date) -> Iterator[Row]:
    for row in held:
        fact = catalogue.superseded(row["standard"], row["edition"]) if row["edition"] and row["stance"] in (*HELD, "planned") else None
        if fact is not None:
            until = f"; certificates had to move by {fact.until}" if fact.until and fact.until < on else ""
            until = until or (f"; certificates have to move by {fact.until}" if fact.until else "")
            summary = f"{_name(row)}: the {row['edition']} edition was superseded by {fact.superseded_by}{until}"
            yield _found("superseded", summary, row, reference=fact.source)


def _passed(held: list[Row], on: date) -> Iterator[Row]:
    for row in held:
        day = planned.last_day(row["text"]) if row["stance"] == "planned" else None
        if day is not None and day < on:
            yield _found("passed", f"{_name(row)}: planned for a date that has passed ({day})", row)


# --------------------------------------------------------------------------- contradictions


def _contradictions(held: list[Row]) -> Iterator[Row]:
    """Yield pairs of pages of one vendor that say of one subject what cannot both be so."""
    by_subject: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in held:
        if row["vendor"]:
            by_subject[row["vendor"], row["standard"], _subject(row)].append(row)
    for rows in by_subject.values():
        pages: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            pages[row["page"]].append(row)
        for one, other in combinations(pages.values(), 2):
            yield from _between(one, other)


def _between(one: list[Row], other: list[Row]) -> Iterator[Row]:
    for stance, word in (("not_claimed", "denied"), ("planned", "only planned")):
        for here, there in ((one, other), (other, one)):
            claimed = next((row for row in here if row["stance"] == "claimed"), None)
            # "The following are not in scope of it:" denies it of what follows, not of the vendor.
            not_so = next((row for row in there if row["stance"] == stance and not row["text"].rstrip().endswith(":")), None)
            # A page that says both is not the other page's contradiction, but its own distinction.
            if claimed and not_so and not any(row["stance"] == "claimed" for row in there):
                yield _found("contradiction", f"{_name(claimed)}: claimed on one page, {word} on another", claimed, not_so)
    editions = [{row["edition"]: row for row in rows if row["edition"] and row["stance"] == "claimed"} for rows in (one, other)]
    if all(editions) and not set(editions[0]) & set(editions[1]):
        first, second = (sorted(found.items())[-1] for found in editions)
        yield _found("contradiction", f"{_name(first[1])}: edition {first[0]} on one page, {second[0]} on another", first[1], second[1])


def _scopes(rows: list[Row]) -> Iterator[Row]:
    """Yield services that one page has in the scope of a standard and another page of the vendor outside it."""
    ins: dict[tuple[str, str, str, str], Row] = {}
    services = [row for row in rows if row["kind"] == "service" and row["vendor"] and row["standard"] and not row.get("condition")]
    for row in services:
        if row["scope"] == "in":
            ins.setdefault(_service(row), row)
    for row in services:
        listed = ins.get(_service(row)) if row["scope"] == "out" else None
        if listed and listed["page"] != row["page"]:
            yield _found("contradiction", f"{row['service']}: in scope of {_short(row)} on one page, out of it on another", listed, row)


def _service(row: Row) -> tuple[str, str, str, str]:
    return row["vendor"], row["standard"], words.fold(row["service"] or ""), words.fold(row["group"] or "")


# --------------------------------------------------------------------------- gaps


def _gaps(rows: list[Row], held: list[Row]) -> Iterator[Row]:
    """Yield products that claim a standard and are missing where the vendor lists what is in its scope."""
    lists: dict[tuple[str | None, str], dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row["kind"] == "service" and row["standard"]:
            lists[row["vendor"], row["standard"]][row["page"]].append(row)
    products = {(row["page"], words.fold(row["subject"] or "")) for row in rows if row["kind"] == "product"}
    told: set[tuple[str, str, str]] = set()
    for claim in held:
        product = _product(claim) if (claim["page"], words.fold(claim["subject"] or "")) in products else None
        if claim["stance"] != "claimed" or product is None or not claim["vendor"]:
            continue
        for page, listed in lists[claim["vendor"], claim["standard"]].items():
            mark = (product, claim["standard"], page)
            if len(listed) < LIST or mark in told or _from(claim, listed):
                continue
            if not any(_covers(row, product) for row in listed):
                told.add(mark)
                where = "on the same page" if page == claim["page"] else f"on {page}"
                summary = f"{_name(claim)}: claimed, but missing among the {len(listed)} services listed {where}"
                yield _found("gap", summary, claim, listed[0])


def _from(claim: Row, listed: list[Row]) -> bool:
    """Say whether the claim is made by that very list: what is listed are the product's own services."""
    return any(row["page"] == claim["page"] and claim["text"] in (row["text"], *row["section"]) for row in listed)


def _product(claim: Row) -> str | None:
    """Return the folded name of a product without its vendor's, None where it names no product of its own."""
    vendor = claim["vendor"] or ""
    name = re.sub(rf"^{re.escape(vendor)}(?:'s|’s)?\b", "", claim["subject"] or "", flags=re.IGNORECASE).strip()
    own = _GENERIC.sub("", name)
    return words.fold(name) if any(word[:1].isupper() or word[:1].isdigit() for word in own.split()) else None


def _covers(row: Row, product: str) -> bool:
    """Say whether a listed service may be the product: either name within the other, or a part or former name that is."""
    vendor = words.fold(row["vendor"] or "")
    for name in (row["service"], row.get("alias"), *(row.get("members") or ())):
        listed = words.fold(name or "").removeprefix(f"{vendor} ")
        if listed and (_within(product, listed) or _within(listed, product)):
            return True
    return False


def _within(part: str, whole: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(part)}(?!\w)", whole) is not None


def _subject(row: Row) -> str:
    """Return whom a claim speaks of, folded; the vendor itself, however it is called, is one subject."""
    return _product(row) or ""


def _short(row: Row) -> str:
    return str(row["standard_name"] or row["standard"])


def _name(row: Row) -> str:
    return f"{row['subject']}, {_short(row)}" if row["subject"] else _short(row)

"""Claims of several pages → what they say together: superseded editions, contradictions, gaps, dates that passed.

Findings are no changes and alert nobody; each holds the sentences that it was found in. Silence is a gap only where a page
lists what is in scope, and where the product could have stood in that list; what a page lists it for is told once.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations

from pipeline import dates, standards, words
from pipeline.history.rows import Row
from pipeline.standards import Catalogue

HELD = ("claimed", "supports")
LIST = 3
"""From how many services on one page a list for a standard is taken for the list of all that is in its scope."""
_GENERIC = re.compile(
    r"\b(services?|products?|offerings?|solutions?|platforms?|company|subsidiaries|we|our|the|and|all|cloud|online)\b"
)

_PLACE = re.compile(
    r"\b(government|govcloud|gov|federal|public|private|commercial|sovereign|community|dedicated|regions?|zones?|environments?|tenants?|clouds?"
    r"|eu|europe|european|us|usa|united states|uk|germany|france|canada|australia|japan|china|dod|gcc|high|il[2-6])\b"
)


def findings(claims: Iterable[Row], catalogue: Catalogue, on: date) -> list[Row]:
    """Return what the claims of all pages say together, as of a day, by vendor and standard."""
    rows = [
        row for row in claims if not ("correction" in row and not row["correction"]["should_be"])
    ]
    held = [row for row in rows if row["kind"] == "standard"]
    found = [
        *_superseded(held, catalogue),
        *_passed(held, on),
        *_expired(held, catalogue, on),
        *_contradictions(held),
        *_scopes(rows),
        *_gaps(rows, held),
    ]
    return sorted(
        found,
        key=lambda row: (
            row["vendor"] or "",
            row["standard"] or "",
            row["kind"],
            json.dumps(row["texts"]),
        ),
    )


def _found(
    kind: str, summary: str, *said: Row, reference: str | None = None, about: int = 1
) -> Row:
    """Return a finding with the sentences it rests on: first what it is `about`, which gives it its place, then the rest."""
    first = said[0]
    texts = [{"page": row["page"], "claim": row["id"], "text": row["text"]} for row in said]
    named = {name: first[name] for name in ("vendor", "standard", "standard_name", "subject")}
    more = {
        "claims": [row["id"] for row in said[:about]],
        "standards": [row["standard"] for row in said[:about]],
    }
    return {
        "kind": kind,
        **named,
        **more,
        "summary": summary,
        "texts": texts,
        "reference": reference,
    }


def _superseded(held: list[Row], catalogue: Catalogue) -> Iterator[Row]:
    for row in held:
        facts = (
            catalogue.successors(row["standard"], row["edition"])
            if row["stance"] in (*HELD, "planned")
            else ()
        )
        if facts:
            edition = f": the {row['edition']} edition" if row["edition"] else ""
            summary = standards.sentence(f"{name(row)}{edition}", facts)
            yield _found("superseded", summary, row, reference=facts[0].source)


def _passed(held: list[Row], on: date) -> Iterator[Row]:
    for row in held:
        day = dates.last_day(row["text"]) if row["stance"] == "planned" else None
        if day is not None and day < on:
            yield _found("passed", f"{name(row)}: planned for a date that has passed ({day})", row)


def _expired(held: list[Row], catalogue: Catalogue, on: date) -> Iterator[Row]:
    """Yield what is claimed and was valid, as the page itself prints, until a day before this one."""
    for row in held:
        ends = valid_until(row, catalogue) if row["stance"] == "claimed" else None
        if ends is not None and ends < on:
            summary = f"{name(row)}: the page claims it with a validity that ended on {ends}"
            yield _found("expired", f"{summary} (“{row['valid']}”)", row)


def valid_until(row: Row, catalogue: Catalogue) -> date | None:
    """Return the day on which a claim's printed validity ends; None where it prints none, or the period of a report.

    "1 March 2025 to 28 February 2028" is until when a certificate is valid, and what an attestation looked back on.
    """
    valid, known = row.get("valid"), catalogue.get(row["standard"] or "")
    lasts = row.get("basis") == "certified" or (known and known.kind == "certification")
    return dates.end_of(valid) if valid and (lasts or not dates.is_range(valid)) else None


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
            not_so = next(
                (
                    row
                    for row in there
                    if row["stance"] == stance and not row["text"].rstrip().endswith(":")
                ),
                None,
            )
            # A page that says both is not the other page's contradiction, but its own distinction.
            if claimed and not_so and not any(row["stance"] == "claimed" for row in there):
                yield _found(
                    "contradiction",
                    f"{name(claimed)}: claimed on one page, {word} on another",
                    claimed,
                    not_so,
                )
    editions = [
        {row["edition"]: row for row in rows if row["edition"] and row["stance"] == "claimed"}
        for rows in (one, other)
    ]
    if all(editions) and not set(editions[0]) & set(editions[1]):
        first, second = (sorted(found.items())[-1] for found in editions)
        yield _found(
            "contradiction",
            f"{name(first[1])}: edition {first[0]} on one page, {second[0]} on another",
            first[1],
            second[1],
        )


def _scopes(rows: list[Row]) -> Iterator[Row]:
    """Yield services that one page has in the scope of a standard and another page of the vendor outside it."""
    ins: dict[tuple[str, str, str, str], Row] = {}
    services = [
        row
        for row in rows
        if row["kind"] == "service"
        and row["vendor"]
        and row["standard"]
        and not row.get("condition")
    ]
    for row in services:
        if row["scope"] == "in":
            ins.setdefault(_service(row), row)
    for row in services:
        listed = ins.get(_service(row)) if row["scope"] == "out" else None
        if listed and listed["page"] != row["page"]:
            yield _found(
                "contradiction",
                f"{row['service']}: in scope of {_short(row)} on one page, out of it on another",
                listed,
                row,
            )


def _service(row: Row) -> tuple[str, str, str, str]:
    return (
        row["vendor"],
        row["standard"],
        words.fold(row["service"] or ""),
        words.fold(row["group"] or ""),
    )


# --------------------------------------------------------------------------- gaps


def _gaps(rows: list[Row], held: list[Row]) -> Iterator[Row]:
    """Yield products that claim a standard and are missing where the vendor lists what is in its scope."""
    lists: dict[tuple[str | None, str], dict[str, list[Row]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for row in rows:
        if row["kind"] == "service" and row["standard"]:
            lists[row["vendor"], row["standard"]][row["page"]].append(row)
    products = {
        (row["page"], words.fold(row["subject"] or "")) for row in rows if row["kind"] == "product"
    }
    missing: dict[tuple[str, str, str], dict[str, tuple[Row, list[Row]]]] = defaultdict(dict)
    for claim in sorted(held, key=_short):
        product = (
            _product(claim)
            if (claim["page"], words.fold(claim["subject"] or "")) in products
            else None
        )
        # An environment is where services run: lists of services have it above them, or not at all.
        if (
            claim["stance"] != "claimed"
            or not product
            or not _PLACE.sub("", _GENERIC.sub("", product)).strip()
            or not claim["vendor"]
        ):
            continue
        for page, listed in lists[claim["vendor"], claim["standard"]].items():
            if (
                len(listed) >= LIST
                and not _from(claim, listed)
                and not any(_covers(row, product) for row in listed)
            ):
                missing[claim["vendor"], product, page].setdefault(
                    claim["standard"], (claim, listed)
                )
    for (_, _, page), found in missing.items():
        yield _gap(
            page, [claim for claim, _ in found.values()], [listed for _, listed in found.values()]
        )


def _gap(page: str, claims: list[Row], lists: list[list[Row]]) -> Row:
    """Return the one finding of a product that a page lists for none of the standards it claims."""
    where = "on the same page" if page == claims[0]["page"] else f"on {page}"
    listed = len({words.fold(row["service"] or "") for rows in lists for row in rows})
    names = [_short(claim) for claim in claims]
    several = f"{claims[0]['subject']}: {', '.join(names[:-1])} and {names[-1]} claimed"
    summary = f"{f'{name(claims[0])}: claimed' if len(claims) == 1 else several}, but missing among the {listed} services listed {where}"
    firsts = {rows[0]["text"]: rows[0] for rows in lists}
    return _found("gap", summary, *claims, *firsts.values(), about=len(claims))


def _from(claim: Row, listed: list[Row]) -> bool:
    """Say whether the claim is made by that very list: what is listed are the product's own services."""
    return any(
        row["page"] == claim["page"] and claim["text"] in (row["text"], *row["section"])
        for row in listed
    )


def _product(claim: Row) -> str | None:
    """Return the folded name of a product without its vendor's, None where it names no product of its own."""
    vendor = claim["vendor"] or ""
    name = re.sub(
        rf"^{re.escape(vendor)}(?:'s|’s)?\b", "", claim["subject"] or "", flags=re.IGNORECASE
    ).strip()
    own = _GENERIC.sub("", name)
    return (
        words.fold(name)
        if any(word[:1].isupper() or word[:1].isdigit() for word in own.split())
        else None
    )


def _covers(row: Row, product: str) -> bool:
    """Say whether a listed service may be the product: either name within the other, or a part or former name that is.

    What stands in a list under the product's own name is the product's.
    """
    vendor = words.fold(row["vendor"] or "")
    if any(
        _within(product, words.fold(name)) for name in (row["group"] or "", *row["section"][1:])
    ):
        return True
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


def name(row: Row) -> str:
    """Return what a claim of a standard is called: its subject, where there is one, and the standard."""
    return f"{row['subject']}, {_short(row)}" if row["subject"] else _short(row)

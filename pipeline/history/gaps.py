"""Claims of all pages → products that claim a standard and are missing where the vendor lists what
is in its scope.

Silence is a gap only where a page lists what is in scope,
and where the product could have stood in that list; what a page lists it for is told once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from pipeline import words
from pipeline.history import finding
from pipeline.history.rows import Row

LIST = 3
"""From how many services on one page a list for a standard is taken for the list of all that is in
its scope."""
_PLACE = re.compile(
    r"\b(government|govcloud|gov|federal|public|private|commercial|sovereign|community"
    r"|dedicated|regions?|zones?|environments?|tenants?|clouds?"
    r"|eu|europe|european|us|usa|united states|uk|germany|france|canada|australia|japan|china"
    r"|dod|gcc|high|il[2-6])\b"
)


def gaps(rows: list[Row], held: list[Row]) -> Iterator[Row]:
    """Yield products that claim a standard and are missing where the vendor lists what is in its
    scope."""
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
    for claim in sorted(held, key=finding.short):
        product = (
            finding.product(claim)
            if (claim["page"], words.fold(claim["subject"] or "")) in products
            else None
        )
        # An environment is where services run: lists of services have it above them, or not at all.
        if (
            claim["stance"] != "claimed"
            or not product
            or not _PLACE.sub("", finding.GENERIC.sub("", product)).strip()
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
    names = [finding.short(claim) for claim in claims]
    several = f"{claims[0]['subject']}: {', '.join(names[:-1])} and {names[-1]} claimed"
    said = f"{finding.name(claims[0])}: claimed" if len(claims) == 1 else several
    summary = f"{said}, but missing among the {listed} services listed {where}"
    firsts = {rows[0]["text"]: rows[0] for rows in lists}
    return finding.found("gap", summary, *claims, *firsts.values(), about=len(claims))


def _from(claim: Row, listed: list[Row]) -> bool:
    """Say whether the claim is made by that very list: what is listed are the product's own
    services."""
    return any(
        row["page"] == claim["page"] and claim["text"] in (row["text"], *row["section"])
        for row in listed
    )


def _covers(row: Row, product: str) -> bool:
    """Say whether a listed service may be the product: either name within the other, or a part or
    former name that is.

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

"""Claims of several pages → what they say together: superseded editions, contradictions,
gaps, dates that passed.

Findings are no changes and alert nobody; each holds the sentences that it was found in.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from pipeline import dates, standards, words
from pipeline.history import finding, gaps
from pipeline.history.rows import Row
from pipeline.standards import Catalogue

HELD = ("claimed", "supports")
Pages = dict[str, list[Row]]
"""What each page claims of one standard and subject."""


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
        *gaps.gaps(rows, held),
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


def _superseded(held: list[Row], catalogue: Catalogue) -> Iterator[Row]:
    for row in held:
        facts = (
            catalogue.successors(row["standard"], row["edition"])
            if row["stance"] in (*HELD, "planned")
            else ()
        )
        if facts:
            edition = f": the {row['edition']} edition" if row["edition"] else ""
            summary = standards.sentence(f"{finding.name(row)}{edition}", facts)
            yield finding.found("superseded", summary, row, reference=facts[0].source)


def _passed(held: list[Row], on: date) -> Iterator[Row]:
    for row in held:
        day = dates.last_day(row["text"]) if row["stance"] == "planned" else None
        if day is not None and day < on:
            yield finding.found(
                "passed", f"{finding.name(row)}: planned for a date that has passed ({day})", row
            )


def _expired(held: list[Row], catalogue: Catalogue, on: date) -> Iterator[Row]:
    """Yield what is claimed and was valid, as the page itself prints,
    until a day before this one.
    """
    for row in held:
        ends = valid_until(row, catalogue) if row["stance"] == "claimed" else None
        if ends is not None and ends < on:
            summary = (
                f"{finding.name(row)}: the page claims it with a validity that ended on {ends}"
            )
            yield finding.found("expired", f"{summary} (“{row['valid']}”)", row)


def valid_until(row: Row, catalogue: Catalogue) -> date | None:
    """Return the day on which a claim's printed validity ends.

    None where it prints none, or the period of a report.

    "1 March 2025 to 28 February 2028" is until when a certificate is valid,
    and what an attestation looked back on.
    """
    valid, known = row.get("valid"), catalogue.get(row["standard"] or "")
    lasts = row.get("basis") == "certified" or (known and known.kind == "certification")
    return dates.end_of(valid) if valid and (lasts or not dates.is_range(valid)) else None


# --------------------------------------------------------------------------- contradictions


def _contradictions(held: list[Row]) -> Iterator[Row]:
    """Yield what pages of one vendor say of one subject that cannot both be so: each disagreement
    once, however many pages there are on either side.
    """
    by_subject: dict[tuple[str, str, str], dict[str, list[Row]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for row in held:
        if row["vendor"]:
            by_subject[row["vendor"], row["standard"], _subject(row)][row["page"]].append(row)
    for pages in by_subject.values():
        if len(pages) > 1:
            yield from _denied(pages)
            yield from _editions(pages)


def _denied(pages: Pages) -> Iterator[Row]:
    """Yield what some pages claim and others deny, or only plan."""
    claiming = _first(pages, "claimed")
    # A page that says both is not the other page's contradiction, but its own distinction.
    silent = {page: rows for page, rows in pages.items() if page not in claiming}
    for stance, word in (("not_claimed", "denied"), ("planned", "only planned")):
        against = list(_first(silent, stance).values())
        if claiming and against:
            claimed = list(claiming.values())
            where = f"claimed on {_on(claimed)}, {word} on {_on(against, after=True)}"
            name = finding.name(claimed[0])
            yield finding.found("contradiction", f"{name}: {where}", *claimed, *against)


def _first(pages: Pages, stance: str) -> dict[str, Row]:
    """Return the first claim of that stance of each page that has one."""
    found: dict[str, Row] = {}
    for page, rows in pages.items():
        for row in rows:
            # "The following are not in scope of it:" denies it of what follows, not of the vendor.
            lists = stance != "claimed" and row["text"].rstrip().endswith(":")
            if row["stance"] == stance and not lists:
                found.setdefault(page, row)
    return found


def _on(rows: list[Row], *, after: bool = False) -> str:
    """Return on how many pages something stands, `after` the first of its kind was counted."""
    if len(rows) == 1:
        return "another" if after else "one page"
    return f"{len(rows)} {'others' if after else 'pages'}"


def _editions(pages: Pages) -> Iterator[Row]:
    """Yield the editions that pages claim, where some have none in common with others."""
    alike: dict[frozenset[str], list[Row]] = defaultdict(list)
    for rows in pages.values():
        editions = {
            row["edition"]: row for row in rows if row["edition"] and row["stance"] == "claimed"
        }
        if editions:
            alike[frozenset(editions)].append(editions[max(editions)])
    apart = [rows for one, rows in alike.items() if any(one.isdisjoint(other) for other in alike)]
    if apart:
        where = [
            f"{rows[0]['edition']} on {_on(rows, after=bool(place))}"
            for place, rows in enumerate(apart)
        ]
        every = [row for rows in apart for row in rows]
        said = f"{finding.name(every[0])}: edition {', '.join(where)}"
        yield finding.found("contradiction", said, *every)


def _scopes(rows: list[Row]) -> Iterator[Row]:
    """Yield services that one page has in the scope of a standard and another page
    of the vendor outside it.
    """
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
            yield finding.found(
                "contradiction",
                f"{row['service']}: in scope of {finding.short(row)} on one page, "
                "out of it on another",
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


def _subject(row: Row) -> str:
    """Return whom a claim speaks of, folded; the vendor itself,
    however it is called, is one subject.
    """
    return finding.product(row) or ""

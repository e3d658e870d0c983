"""Rows of claims → a row of a finding, and what it calls the claims it rests on. Finds nothing
itself."""

from __future__ import annotations

import re

from pipeline import words
from pipeline.history.rows import Row

GENERIC = re.compile(
    r"\b(services?|products?|offerings?|solutions?|platforms?|company|subsidiaries|we|our|the"
    r"|and|all|cloud|online)\b"
)


def found(kind: str, summary: str, *said: Row, reference: str | None = None, about: int = 1) -> Row:
    """Return a finding with the sentences it rests on: first what it is `about`, which gives it
    its place, then the rest."""
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


def product(claim: Row) -> str | None:
    """Return the folded name of a product without its vendor's, None where it names no product of
    its own."""
    vendor = claim["vendor"] or ""
    name = re.sub(
        rf"^{re.escape(vendor)}(?:'s|’s)?\b", "", claim["subject"] or "", flags=re.IGNORECASE
    ).strip()
    own = GENERIC.sub("", name)
    return (
        words.fold(name)
        if any(word[:1].isupper() or word[:1].isdigit() for word in own.split())
        else None
    )


def short(row: Row) -> str:
    return str(row["standard_name"] or row["standard"])


def name(row: Row) -> str:
    """Return what a claim of a standard is called: its subject, where there is one, and the
    standard."""
    return f"{row['subject']}, {short(row)}" if row["subject"] else short(row)

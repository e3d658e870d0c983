"""Claim, Change, Reading, Comparison, Run → the JSON objects that the commands and reports print.

Keys keep their order.
"""

from __future__ import annotations

import json as text
from collections import Counter
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

from pipeline import visible
from pipeline.model import (
    SEVERITIES,
    Accepted,
    Change,
    Changed,
    Claim,
    Comparison,
    Failed,
    Finding,
    First,
    Held,
    HeldBack,
    Outcome,
    Reading,
    Run,
    Told,
    Unchanged,
    Unconfirmed,
)
from pipeline.report import holding, links, outcomes, outline, phrases

Object = dict[str, Any]
RESULTS = {
    First: "first",
    Unchanged: "unchanged",
    Changed: "changed",
    HeldBack: "held_back",
    Failed: "failed",
}
FURTHER = (
    "basis",
    "authority",
    "assessor",
    "valid",
    "cadence",
    "members",
    "condition",
    "alias",
    "document",
    "standards",
    "mismatch",
    "purpose",
    "location",
    "standard_names",
    "note_kind",
    "why",
    "margin",
)


def claim(claim: Claim) -> Object:
    """Return a claim as its JSON object; further attributes are there where they have a value."""
    further = {name: getattr(claim, name) for name in FURTHER if getattr(claim, name)}
    return {
        "kind": claim.kind,
        "subject": claim.subject,
        "standard": claim.standard,
        "standard_name": claim.standard_name,
        "edition": claim.edition,
        "level": claim.level,
        "stance": claim.stance,
        "service": claim.service,
        "scope": claim.scope,
        "group": claim.group,
        "name": claim.name,
        "url": claim.url,
        "text": claim.text,
        "section": list(claim.source.section),
        "line": claim.source.line,
        **{
            name: list(value) if isinstance(value, tuple) else value
            for name, value in further.items()
        },
        **({"value": claim.value} if claim.value and claim.value != claim.text else {}),
    }


def change(change: Change) -> Object:
    """Return a change as its JSON object, with its default severity;
    `from` and `to` are a changed service's values."""
    source = change.source_after or change.source_before
    return {
        "change": change.change,
        "kind": change.kind,
        "field": change.field,
        "standard": change.standard,
        "standard_name": change.standard_name,
        "subject": change.subject,
        "before": change.before,
        "after": change.after,
        "from": change.from_value,
        "to": change.to_value,
        "name": change.name,
        "severity": change.severity,
        "why": change.why,
        "summary": change.summary,
        "section": list(source.section) if source else [],
        "text_before": change.source_before.text if change.source_before else None,
        "text_after": change.source_after.text if change.source_after else None,
        **({"count": change.count, "examples": list(change.examples)} if change.count > 1 else {}),
        **({"confidence": change.confidence} if change.confidence is not None else {}),
        **({"reason": change.reason} if change.reason else {}),
        **({"batch": change.batch} if change.batch else {}),
        **({"read": list(change.reasons)} if change.reasons else {}),
    }


def extract(source: str, reading: Reading) -> Object:
    """Return what a page claims, as `extract` prints it; `source` is the address
    or path as it was given."""
    return {
        "source": source,
        "title": reading.document.title,
        "products": list(reading.products),
        "not_understood": list(reading.not_understood),
        "claims": [claim(item) for item in reading.claims],
        "remarks": [
            {
                "kind": item.kind,
                "standard": item.claim.standard,
                "text": item.text,
                "claim": item.claim.text,
                "reference": item.reference,
            }
            for item in reading.remarks
        ],
    }


def diff(old: str, new: str, comparison: Comparison) -> Object:
    """Return what changed between two pages, as `diff` prints it;
    the summary counts changes by default severity, and `form`."""
    found = Counter(item.severity for item in comparison.changes)
    return {
        "old": old,
        "new": new,
        "summary": {
            **{severity: found[severity] for severity in SEVERITIES},
            "form": comparison.form,
        },
        "changes": [change(item) for item in comparison.changes],
    }


def json(run: Run) -> str:
    """Return a run's report as JSON: the run, its changes most severe first, its pages;
    same run, same bytes."""
    whole = {
        "run": _run(run),
        "changes": [visible.values(told(item, run.site)) for item in run.told],
        "pages": [visible.values(_page(item, run)) for item in run.outcomes],
        "held": [visible.values(held(item)) for item in run.held],
        "findings": [visible.values(_finding(item)) for item in run.findings],
    }
    # Piece by piece: the pieces of a first look at a thousand pages, held at once,
    # outweigh all else that a run holds.
    written = StringIO()
    for piece in text.JSONEncoder(ensure_ascii=False, indent=2).iterencode(whole):
        written.write(piece)
    return written.getvalue() + "\n"


def told(told: Told, site: str | None = None) -> Object:
    """Return a recorded change as its JSON object: `severity` and `why` are those in force after
    the config's rules, `review` is its address on the web page at `site`."""
    return {
        "id": told.id,
        "page": told.page.id,
        "vendor": told.page.vendor,
        "url": told.page.url,
        "first_seen": phrases.iso(told.first_seen),
        "seen_until": _at(told.seen_until),
        "status": told.status,
        "cause": told.change.cause,
        "default_severity": told.change.severity,
        **change(told.change),
        "severity": told.severity,
        "why": told.why,
        **(
            {"reverts": told.reverts, "dwell_hours": _hours(told.dwell), "flap": told.flap}
            if told.reverts
            else {}
        ),
        **links.named(site, told.id),
    }


def _hours(dwell: timedelta | None) -> float | None:
    return round(dwell.total_seconds() / 3600, 1) if dwell is not None else None


def _at(at: datetime | None) -> str | None:
    return phrases.iso(at) if at else None


def held(held: Held) -> Object:
    """Return all that is said of a page that is held back as its JSON object;
    nothing in it is confirmed."""
    accept, reject = (command for _, command in holding.ways(held))
    word = held.rejected
    return {
        "page": held.page.id,
        "vendor": held.page.vendor,
        "url": held.page.url,
        "verdict": held.verdict.name,
        "reason": held.verdict.reason,
        "since": phrases.iso(held.since),
        "last_good_at": _at(held.last_good_at),
        "captured_at": phrases.iso(held.captured_at),
        "captures": {"good": held.good, "held_back": held.digest},
        "confirmed": False,
        "summary": holding.outlook(held),
        "changes": [_unconfirmed(item) for item in held.changes],
        "baseline_claims": held.claims if held.good is None else None,
        "not_compared": held.unsaid,
        "rejected": word and {"by": word.who, "at": _at(word.at), "note": word.note},
        "accept": accept,
        "reject": reject,
    }


def _unconfirmed(item: Unconfirmed) -> Object:
    return {
        **change(item.change),
        "severity": item.severity,
        "why": item.why,
        "default_severity": item.change.severity,
        "confirmed": False,
    }


def _run(run: Run) -> Object:
    counts = Counter(RESULTS[type(item)] for item in run.outcomes)
    causes: Counter[str] = Counter(item.change.cause for item in run.told)
    severities = Counter(item.severity for item in run.told if item.change.cause == "page")
    return {
        "started_at": phrases.iso(run.started_at),
        "finished_at": phrases.iso(run.finished_at),
        "id": run.id,
        "cut_off": run.cut_off,
        "accepted": run.accepted and _accepted(run.accepted),
        "headline": outline.headline(run),
        "pages": len(run.outcomes),
        "read": len(run.outcomes) - counts["failed"] - counts["held_back"],
        **{result: counts[result] for result in RESULTS.values()},
        "severities": {severity: severities[severity] for severity in SEVERITIES},
        "causes": {cause: causes[cause] for cause in ("page", *phrases.CAUSES)},
        "form": outline.form(run),
        "heads": dict(run.heads),
    }


def _accepted(accepted: Accepted) -> Object:
    word, since = accepted.word, phrases.iso(accepted.held_since)
    return {"page": word.page, "by": word.who, "note": word.note, "held_since": since}


def _finding(item: Finding) -> Object:
    said = [{"page": page, "text": text} for page, text in item.said]
    return {"kind": item.kind, "summary": item.summary, "said": said, "reference": item.reference}


def _page(outcome: Outcome, run: Run) -> Object:
    look, page = outcome.look, outcome.look.page
    failed = outcome if isinstance(outcome, Failed) else None
    verdict = outcome.verdict if isinstance(outcome, HeldBack) else None
    why = failed.failure if failed else verdict
    return {
        "page": page.id,
        "vendor": page.vendor,
        "product": page.product,
        "url": page.url,
        "result": RESULTS[type(outcome)],
        "result_text": outcomes.result(outcome, run.told),
        "looked_at": phrases.iso(look.looked_at),
        "captured_at": _at(look.snapshot.captured_at) if look.snapshot else None,
        "digest": look.snapshot.digest if look.snapshot else None,
        "form": outline.form_of(outcome),
        "verdict": verdict and verdict.name,
        "stage": failed and failed.failure.stage,
        "reason": why and why.reason,
        "in_a_row": failed.in_a_row if failed else 0,
        "last_good_at": _at(failed.last_good_at) if failed else None,
        "baseline": extract(page.url, outcome.reading) if isinstance(outcome, First) else None,
    }

"""What differs → Change: severity, the reason for it, its sentence and its word marks.

Finds nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pipeline.diff import severity, summaries
from pipeline.diff.names.lens import Rename
from pipeline.diff.texts import marks
from pipeline.model import Change, ChangeKind, ChangeWord, Claim, Source


def change(
    kind: ChangeKind, word: ChangeWord, before: Claim | None, after: Claim | None, **facts: Any
) -> Change:
    """Return the change of a claim.

    `facts` are further attributes of the change, such as its `field`; `old`
    and `new` stand for what is shown of the claims. What is not given is taken from the claims.
    """
    claim = after or before
    assert claim is not None
    field = facts.pop("field", None)
    shown = facts.pop("old", None), facts.pop("new", None)
    grade, why = severity.grade(kind, word, field, before, after)
    known: dict[str, Any] = {
        "standard": claim.standard,
        "standard_name": claim.standard_name,
        "subject": claim.subject,
        "name": claim.name,
        "source_before": before.source if before else None,
        "source_after": after.source if after else None,
        "before": shown[0] or value(before, field),
        "after": shown[1] or value(after, field),
        "claim_before": before,
        "claim_after": after,
    }
    draft = Change(kind, word, grade, why, "", field, **{**known, **facts})
    texts = draft.source_before, draft.source_after
    between = marks.marks(texts[0].text, texts[1].text) if texts[0] and texts[1] else ()
    return again(draft, marks=draft.marks or between)


def wording(
    before: Source | None,
    after: Source | None,
    *,
    old: str | None = None,
    new: str | None = None,
    **more: Any,
) -> Change:
    """Return the change of a text that touches no claim; `old` and `new` stand
    for the sentences where only a part is told.
    """
    word: ChangeWord = "changed" if before and after else "removed" if before else "added"
    if not old and not new:
        old, new = before.text if before else None, after.text if after else None
    grade, why = severity.grade("wording", word, None, None, None)
    draft = Change(
        "wording",
        word,
        grade,
        why,
        "",
        before=old,
        after=new,
        source_before=before,
        source_after=after,
        **more,
    )
    return again(draft, marks=draft.marks or (marks.marks(old, new) if old and new else ()))


def renamed(rename: Rename, b: Claim | None, a: Claim | None) -> Change:
    """Return the rename of a product; the claims are None where the page names it
    without claiming for it.
    """
    grade, why = severity.grade("product", "renamed", None, b, a)
    made = Change(
        "product",
        "renamed",
        grade,
        why,
        "",
        before=rename.before,
        after=rename.after,
        subject=rename.after,
        claim_before=b,
        claim_after=a,
        count=max(rename.count, 1),
        examples=rename.examples,
        confidence=round(rename.confidence, 2),
        reason=rename.reason,
    )
    sources = {"source_before": b.source if b else None, "source_after": a.source if a else None}
    texts = (b.text, a.text) if b and a else (rename.before, rename.after)
    return again(made, marks=marks.marks(*texts), **sources)


def fact(name: str, before: str | None, after: str | None) -> Change:
    """Return the change of a front matter key that is no claim."""
    word: ChangeWord = "added" if before is None else "removed" if after is None else "changed"
    draft = Change(
        "metadata",
        word,
        *severity.grade("metadata", word, None, None, None),
        "",
        before=before,
        after=after,
        name=name,
    )
    return replace(
        draft,
        summary=summaries.summary(draft),
        marks=marks.marks(before, after) if before and after else (),
    )


def again(draft: Change, **more: Any) -> Change:
    """Return the change with further facts, and the sentence that tells them."""
    draft = replace(draft, **more)
    return replace(draft, summary=summaries.summary(draft))


def value(claim: Claim | None, field: str | None) -> str | None:
    """Return what a change shows of a claim: the field's value,
    or what a person would call the claim.
    """
    if claim is None:
        return None
    if field and claim.kind != "service":
        shown = getattr(claim, field, None)
        return ", ".join(shown) if isinstance(shown, tuple) else shown
    return {
        "product": claim.subject,
        "service": claim.service,
        "note": claim.value or claim.text,
        "evidence": claim.name,
        "supplier": claim.name,
        "metadata": claim.value,
    }.get(claim.kind, summaries.title(claim))

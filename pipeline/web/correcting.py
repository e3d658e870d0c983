"""A claim that we read wrong → a person's correction of it, or taking that back.

The vendor's words are never altered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from datasette.utils.asgi import Response

from pipeline import history, track, visible
from pipeline.errors import ReviewError, Unclear
from pipeline.report import phrases
from pipeline.standards import Catalogue
from pipeline.track import Store, correcting
from pipeline.web import change
from pipeline.web.asked import Asked
from pipeline.web.site import Settled

Row = dict[str, Any]
LONGEST = 300
STANDARD = ("edition", "level", "stance", "subject", "basis", "authority", "assessor", "valid")
FIELDS: dict[str, tuple[str, ...]] = {
    "standard": ("standard", *STANDARD, "cadence"),
    "service": ("service", "standard", "scope", "group", "condition", "alias"),
    "note": ("standard",),
    "evidence": ("name", "document"),
    "supplier": ("name", "purpose", "location"),
    "product": ("subject",),
    "metadata": ("name",),
}
"""What each kind of claim can be corrected in, in the order of its form."""
CALLED = {"stance": "Status", "valid": "Validity", "cadence": "How often", "alias": "Former name"}
SCOPES = {"in": "in scope", "out": "out of scope"}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form: what it is called, how it reads now, and what can be chosen,
    empty where anything may be written.
    """

    name: str
    label: str
    value: str
    choices: tuple[tuple[str, str], ...] = ()


def fields(claim: Row, catalogue: Catalogue) -> tuple[Field, ...]:
    """Return the fields by which a claim can be corrected, as it reads now."""
    return tuple(
        Field(
            name,
            CALLED.get(name, phrases.capital(name)),
            str(claim.get(name) or ""),
            tuple(_choices(name, claim, catalogue)),
        )
        for name in FIELDS[claim["kind"]]
    )


def _choices(name: str, claim: Row, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    if name == "standard":
        if claim["kind"] == "note":
            yield "", "none"
        named = ((one.id, one.name) for one in catalogue.standards)
        yield from sorted(named, key=lambda pair: pair[1].casefold())
    elif name in correcting.ALLOWED:
        said = {**phrases.STATUS, **SCOPES}
        yield from ((value, said[value]) for value in correcting.ALLOWED[name])


def mark(life: Sequence[Row]) -> str:
    """Return what names the claim as it was shown:
    whoever corrects it must have seen what it says now.
    """
    last = life[-1]
    said = last.get("correction") or last.get("asks_again") or {}
    return f"{last['worded_since']}.{said.get('review', '')}"


async def correct(asked: Asked) -> Response:
    """Keep how a claim should read, that there is no such claim, or that it was read right."""
    form = await asked.form()
    note, who = change.text(form, "note"), asked.reviewer.name
    said = form.get("said", ["reads"])[0]
    if not note:
        raise Unclear("say how you know: a correction needs a note")
    site, claim_id = asked.site, asked.part("id")

    def task(store: Store) -> Settled:
        life = history.history(store.db, claim_id)
        if form.get("seen", [""])[0] != mark(life):
            raise ReviewError("the claim was corrected or worded anew meanwhile: look at it first")
        verdict, should_be = "wrong", dict[str, str | None]()
        if said == "right":
            verdict = "accept"
        elif said == "reads":
            should_be = _should_be(form, life[-1], site.catalogue)
        given = track.Review(verdict, site.now(), who, note, should_be=should_be)
        track.review(store, life[-1]["id"], given)
        return Settled(_said(said))

    return change.back(asked, form, await site.write(task))


def _said(what: str) -> str:
    return {
        "right": "The correction is taken back",
        "none": "Kept: there is no such claim",
    }.get(what, "Our reading is corrected")


def _should_be(form: change.Form, claim: Row, catalogue: Catalogue) -> dict[str, str | None]:
    """Return the fields that a form gives another value, and those that were corrected before."""
    written = {
        one.name: visible.line(form[one.name][0])[:LONGEST]
        for one in fields(claim, catalogue)
        if one.name in form
    }
    other = [(name, to) for name, to in written.items() if to != str(claim.get(name) or "")]
    before = (claim.get("correction") or {}).get("should_be", {})
    if not other:
        raise Unclear("nothing is corrected: change a field, or say that there is no such claim")
    kept = [(name, to or "") for name, to in before.items() if name not in dict(other)]
    return correcting.should_be([*kept, *other], catalogue)

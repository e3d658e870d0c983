"""One change, with all that is known of it; and verdicts on changes and
on captures that are held back.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC
from typing import Any

from datasette.utils.asgi import Response

from pipeline import history, track, visible
from pipeline.errors import NotFound, ReviewError, Unclear
from pipeline.model import Word
from pipeline.report import due, phrases
from pipeline.track import Store
from pipeline.web import asking, inbox
from pipeline.web.asked import Asked
from pipeline.web.site import Settled

Row = dict[str, Any]
Form = dict[str, list[str]]
PAST = {
    "accept": "accepted",
    "dismiss": "dismissed",
    "ask": "asked",
    "reopen": "reopened",
    "note": "noted",
}
BACK = {"open": "reopen", "accepted": "accept", "dismissed": "dismiss", "asked": "ask"}
"""The verdict that gives a change the status it had."""
LONGEST = 4000


async def show(asked: Asked) -> Response:
    """Show a change; an id of before leads to the one it has now."""
    rules = asked.site.config.in_force
    found = await asked.site.ask(history.shown, shown_id=asked.part("id"), in_force=rules)
    if found.told.id != asked.part("id"):
        return Response.redirect(f"/changes/{found.told.id}")
    return asked.page("change.html", found=found, told=found.told, mark=inbox.mark(found.row))


async def review(asked: Asked) -> Response:
    """Keep a verdict on each change that a form names, but for those
    that somebody else settled meanwhile.
    """
    form = await asked.form()
    marks = [mark for value in form.get("id", []) for mark in value.split()]
    if not marks:
        raise Unclear("no change is chosen: tick one first")
    verdict = form.get("verdict", ["note"])[0]
    if verdict not in PAST:
        raise Unclear(f"there is no verdict {verdict!r}")
    who, rules = asked.reviewer.name, asked.site.config.in_force
    more: dict[str, Any] = {name: text(form, name) for name in ("note", "owner", "ref")}
    more["due"] = _due(form)
    if verdict == "note" and all(value is None for value in more.values()):
        raise Unclear("a note says something: write it, or give an owner, a ticket or a due date")
    at = asked.site.now()

    def task(store: Store) -> Settled:
        done, left = [], []
        for given in marks:
            target, seen, wanted = _parted(given, verdict)
            row = history.shown(store.db, target, rules).row
            if seen != len(row["reviews"]):
                left.append(_meanwhile(row))
                continue
            track.review(store, row["id"], track.Review(wanted, at, who, **more))
            done.append((row, wanted))
        return _settled(done, left)

    settled = await asked.site.write(task)
    return back(asked, form, settled)


def _parted(given: str, verdict: str) -> tuple[str, int, str]:
    """Return the id, how many verdicts were seen, and the verdict that a form names:
    its own, or that of one change.
    """
    target, _, rest = given.partition(".")
    seen, _, own = rest.partition(".")
    if not seen.isdigit() or (own and own not in PAST):
        raise Unclear(f"the form names no change: {given!r}")
    return target, int(seen), own or verdict


def _meanwhile(row: Row) -> str:
    if not row["reviews"]:
        return f"{row['summary']}: it was derived anew meanwhile"
    last = row["reviews"][-1]
    return f"{row['summary']}: {PAST[last['verdict']]} by {last['who'] or 'somebody'} meanwhile"


def _settled(done: list[tuple[Row, str]], left: list[str]) -> Settled:
    """Return what was settled in words, with the verdicts that would take it back."""
    counts = Counter(PAST[wanted] for _, wanted in done)
    said = phrases.listing(
        tuple(f"{phrases.count(number, 'change')} {word}" for word, number in counts.items())
    )
    undo = tuple(
        (f"{row['id']}.{len(row['reviews']) + 1}", BACK[row["status"]])
        for row, wanted in done
        if wanted != "note" and BACK[row["status"]] != wanted
    )
    ids = tuple(row["id"] for row, wanted in done if wanted == "ask")
    ask = asking.address(ids) if ids else None
    return Settled(said or "Nothing was settled", undo, tuple(left), ask)


def _due(form: Form) -> str | None:
    """Return the due date that a form gives, empty where it clears the one that was shown,
    None where it leaves it.
    """
    shown, given = (form.get(name, [""])[0] for name in ("due_shown", "due"))
    if given == shown:
        return None
    try:
        return due.parsed(given or "none")
    except ValueError:
        raise Unclear(f"{given!r} is no date: write it as 2024-05-01") from None


def text(form: Form, name: str) -> str | None:
    """Return what a form's field says, None where it says nothing."""
    return visible.text(form.get(name, [""])[0])[:LONGEST].strip() or None


def back(asked: Asked, form: Form, settled: Settled) -> Response:
    """Lead back to the page of ours that the form was on."""
    where = form.get("back", ["/"])[0]
    if not where.startswith("/") or where.startswith(("//", "/\\")) or not where.isprintable():
        where = "/"
    joined = "&" if "?" in where else "?"
    name = asked.site.remember(settled)
    return Response.redirect(f"{where}{joined}done={name}", status=303)


# ---------------------------------------------------------------------- captures that are held back


async def accept(asked: Asked) -> Response:
    """Take the capture that is held back for the page, and tell what that changes."""
    form = await asked.form()
    word = Word(asked.part("page"), asked.reviewer.name, text(form, "note"))
    site = asked.site

    def task(store: Store) -> Settled:
        _still_held(store, word.page, form)
        done = track.release(store, site.catalogue, word, now=site.now)
        changes = phrases.count(len(done.told), "change")
        return Settled(f"The capture of {word.page} is accepted; {changes} reported")

    return back(asked, form, await site.write(task))


async def reject(asked: Asked) -> Response:
    """Say that the capture that is held back is not the page."""
    form = await asked.form()
    page, note = asked.part("page"), text(form, "note")
    if not note:
        raise Unclear("say why it is not the page: write a note")
    at, who = asked.site.now().astimezone(UTC), asked.reviewer.name

    def task(store: Store) -> Settled:
        _still_held(store, page, form)
        track.review(store, page, track.Review("no-change", at, who, note))
        return Settled(
            f"The capture of {page} is rejected: it stays held back while the page shows that text"
        )

    return back(asked, form, await asked.site.write(task))


def _still_held(store: Store, page: str, form: Form) -> None:
    """Raise NotFound where no capture of the page is held back,
    ReviewError where it is another than was shown.
    """
    held = history.last_held(store.db, page)
    if held is None:
        raise NotFound(f"no capture of {page} is held back any more")
    if held["digest"] != form.get("digest", [""])[0]:
        raise ReviewError(f"another capture of {page} is held back by now: look at it first")

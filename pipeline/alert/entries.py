"""Changes → entries: what is said of each change, or of those of one cause, in whatever form a
message takes.

Whatever comes from a page is hostile: `visible` takes out what nobody sees; each form makes the
rest harmless itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline import visible
from pipeline.alert import times
from pipeline.alert.news import News
from pipeline.model import Mark, Severity, Told
from pipeline.report import folding, links, marking, phrases
from pipeline.report.folding import Fold
from pipeline.report.marking import View

SHORT = 12
"""So many letters of a capture's digest are said; the JSON has all."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person reads as one: `title` says it, `names` what it is about where it is many
    changes.

    `sides` are the sentences before and after, each in marks; `inline` both in one, empty where no
    words are marked. `page` is its address and `link` leads to the place on it, None for a local
    file, `review` to the web page. `ids` are those of its changes. `captures` names the digests of
    both states, empty where none is known.
    """

    severity: Severity
    title: str
    names: str
    sides: tuple[tuple[str, tuple[Mark, ...]], ...]
    inline: tuple[Mark, ...]
    seen: str
    why: str
    place: str
    page: str | None
    link: str | None
    review: str | None
    ids: tuple[str, ...]
    captures: str = ""


def entries(news: News) -> tuple[Entry, ...]:
    """Return what is said of the changes, those of one cause folded, most severe first."""
    return tuple(_entry(fold, news) for fold in folding.folds(news.changes))


def title(item: Told, said: str | None = None) -> str:
    """Return a change in a line: whose page, and what became of it."""
    page = item.page
    return visible.line(f"{page.vendor or page.id}: {said or item.change.summary}")


def _entry(fold: Fold, news: News) -> Entry:
    first, single = fold.first, fold.title is None
    view = marking.view(first.change) if single else None
    sides = _sides(view, first.change.summary) if view else ()
    by = news.because.get(first.id)
    doubted = all(item.id in news.unconfirmed for item in fold.told)
    page = first.page
    place = " · ".join(part for part in (page.vendor, page.id, page.url) if part)
    return Entry(
        severity=first.severity,
        title=f"{title(first, fold.title)}{' (unconfirmed)' if doubted else ''}",
        names=_names(fold),
        sides=sides,
        inline=view.inline if sides and view and view.marked and not view.grids else (),
        seen=times.seen(first, news.zone),
        why=visible.line(
            f"{first.why}{f' · sent by alert {by.number}' if by and by.number else ''}"
        ),
        place=visible.line(place),
        page=links.safe(page.url),
        link=links.live(first),
        review=links.review(news.site, first.id),
        ids=tuple(item.id for item in fold.told),
        captures=_captures(first),
    )


def _sides(view: View, title: str) -> tuple[tuple[str, tuple[Mark, ...]], ...]:
    """Return the sentences of both sides; none where the title has the only one word for word."""
    both = (("before", view.before), ("after", view.after))
    found = tuple((name, marks) for name, marks in both if marks)
    said = "".join(mark.text for mark in found[0][1]) if len(found) == 1 else ""
    return () if said.strip() and f"“{visible.line(said)}”" in visible.line(title) else found


def _captures(item: Told) -> str:
    """Return what `claimwatch show` is given for the captures of both states."""
    named = zip(("before", "after"), item.captures, strict=True)
    said = ", ".join(f"{name} {digest[:SHORT]}" for name, digest in named if digest)
    return f"captures: {said}" if said else ""


def _names(fold: Fold) -> str:
    if fold.title is None:
        return ""
    more = f" and {fold.more} more" if fold.more else ""
    return visible.line(f"{', '.join(fold.names)}{more}")


def quieter(news: News) -> str:
    """Say how changes like the least severe of these are told no more."""
    change, page = news.changes[-1].change, news.changes[-1].page
    fields = {"page": page.id, "kind": change.kind, "change": change.change, "severity": "info"}
    keys = ", ".join(f'{name} = "{value}"' for name, value in fields.items())
    return f"To hear no more of changes like the last, add a rule to the config with {keys}."


def senders(news: News) -> str:
    """Say what the alerts of the config are for that sent these changes."""
    # What the canary sends, no alert of the config does.
    named = (str(alert) for alert in news.because.values() if alert.number)
    told = tuple(dict.fromkeys(named))
    return visible.line(f"Sent by {phrases.listing(told)}.") if told else ""

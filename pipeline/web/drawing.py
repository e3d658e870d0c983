"""Values → a page's HTML, by our templates and those of the reports.

Every text is escaped where it is put in.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from functools import cache, partial
from typing import Any

from jinja2 import Environment

from pipeline.report import drawing, due, phrases

SHEETS = ("style.css", "matrix.css", "profile.css", "site.css")


@cache
def templates(zone: tzinfo = UTC) -> Environment:
    """Return the templates, with the words that only these pages need,
    and with instants in that time zone.
    """
    environment = drawing.zoned(drawing.templates("pipeline.web"), zone)
    environment.filters |= {
        "ago": ago,
        "label_of": label_of,
        "due": due.words,
        "due_state": due.state,
        "due_said": due.said,
    }
    environment.filters |= {
        "when": partial(when, zone=zone),
        "day": partial(phrases.day, zone=zone),
    }
    return environment


def page(template: str, zone: tzinfo, **values: Any) -> str:
    """Return a page drawn by the template of that name."""
    return templates(zone).get_template(template).render(**values)


def style(*sheets: str) -> str:
    """Return the style sheet of our pages, those of the reports and then ours, or what others
    make one."""
    pages = templates()
    return "\n".join(pages.get_template(name).render() for name in sheets or SHEETS)


def instant(at: str | datetime) -> datetime:
    """Return an instant that rows write as text."""
    return at if isinstance(at, datetime) else datetime.fromisoformat(at)


def when(at: str | datetime | None, zone: tzinfo = UTC) -> str:
    """Return an instant as reports write it, `never` where there is none."""
    return phrases.instant(instant(at), zone) if at else "never"


def ago(at: str | datetime | None, now: datetime) -> str:
    """Return how long ago an instant is, in the largest unit that fits: `today`,
    `3 days`, `5 months`.
    """
    if not at:
        return "never"
    days = (now - instant(at)).days
    for length, unit in ((365, "year"), (30, "month"), (1, "day")):
        if days >= 2 * length or (days >= length and unit == "day"):
            return phrases.count(days // length, unit)
    return "today"


def label_of(row: dict[str, Any]) -> str:
    """Return what sort of change a row is, in two or three words, as reports say it."""
    kind = phrases.KINDS.get(row["kind"], row["kind"])
    field = phrases.FIELDS.get(row["field"], row["field"]) if row["field"] else None
    if row["change"] != "changed" or not field or row["kind"] in ("wording", "note", "metadata"):
        return f"{kind} {row['change']}"
    return f"{field} changed" if row["kind"] == "standard" else f"{kind} {field} changed"

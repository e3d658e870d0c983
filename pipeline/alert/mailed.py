"""News → the HTML of a mail: no script, no image, nothing remote;
every style stands where it is used, as mail readers want it.
"""

from __future__ import annotations

from datetime import tzinfo
from html import escape
from itertools import pairwise

from pipeline import visible
from pipeline.alert import entries, plain, saying
from pipeline.alert.entries import Entry
from pipeline.alert.news import News
from pipeline.model import Held, Mark, Reminder, Severity
from pipeline.report import holding, links, marking, phrases

COLOURS = {
    "critical": "#b00020",
    "high": "#b34700",
    "medium": "#7a5c00",
    "low": "#35607a",
    "info": "#555555",
}
WHOLE = 25
"""So many entries are told whole; those after them, the least severe, in a line each."""
VERDICTS = ("accept", "dismiss", "ask")
_TAGS = {"gone": ("del", "#fde8e8"), "new": ("ins", "#dff3e3")}
_BODY = (
    "font-family:sans-serif;font-size:15px;line-height:1.45;"
    "color:#222;max-width:42em;overflow-wrap:anywhere"
)
_CODE = "font-size:13px;background:#f2f2f2;padding:1px 4px;overflow-wrap:anywhere"
_SMALL = "color:#555;font-size:13px;margin:6px 0 0;overflow-wrap:anywhere"


def html(news: News) -> str:
    """Write the message as HTML."""
    told = entries.entries(news)
    body = [*map(_paragraph, saying.opening(news))]
    body += [_paragraph(said)] if (said := saying.nothing(news)) else []
    body += map(_entry, told[:WHOLE])
    body += map(_line, told[WHOLE:])
    body += map(_reminder, news.reminders)
    body += [_paragraph(saying.trouble(trouble, news)) for trouble in news.troubles]
    body += map(_paragraph, saying.failures(news))
    body += (_held(held, news.zone) for held in news.held)
    if senders := entries.senders(news):
        body += map(_closing, (senders, entries.quieter(news)))
    body += [_closing(said) for said in saying.closing(news)]
    return visible.text(
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"></head>'
        f'<body style="{_BODY}">{"".join(body)}</body></html>\n'
    )


def _safe(value: str) -> str:
    return escape(visible.line(value))


def _paragraph(text: str) -> str:
    return f"<p>{_safe(text)}</p>"


def _closing(text: str) -> str:
    name, _, place = text.partition(": ")
    if (url := links.safe(place)) is not None:
        return f'<p style="{_SMALL}">{_safe(name)}: <a href="{escape(url)}">{_safe(place)}</a></p>'
    return f'<p style="{_SMALL}">{_safe(text)}</p>'


def _entry(entry: Entry) -> str:
    return _card(entry.severity, entry.title, f"{_names(entry)}{_said(entry)}{_foot(entry)}")


def _reminder(one: Reminder) -> str:
    lines = "<br>".join(map(_safe, saying.reminder_lines(one)))
    foot = f'<p style="{_SMALL}">{lines}</p>' if lines else ""
    return _card(one.severity, saying.reminder_title(one), foot)


def _card(severity: Severity, title: str, inner: str) -> str:
    colour = COLOURS[severity]
    card = f"border-left:4px solid {colour};padding:2px 0 2px 12px;margin:18px 0"
    return (
        f'<div style="{card}"><div><b style="color:{colour}">{severity}</b> '
        f"<b>{_safe(title)}</b></div>{inner}</div>"
    )


def _names(entry: Entry) -> str:
    return f'<div style="margin-top:4px">{_safe(entry.names)}</div>' if entry.names else ""


def _said(entry: Entry) -> str:
    """Return the sentence with its words marked; both sentences where no words are."""
    if entry.inline:
        return f'<p style="margin:6px 0">{_marked(entry.inline)}</p>'
    return "".join(
        f'<p style="margin:6px 0"><span style="color:#555">{name}:</span> {_marked(marks)}</p>'
        for name, marks in entry.sides
    )


def _marked(marks: tuple[Mark, ...]) -> str:
    """Return marks as HTML, with a space between several words that went and those
    that came in their place.
    """
    parts: list[str] = []
    for before, mark in pairwise((Mark("same", ""), *marks)):
        touching = not before.text[-1:].isspace() and not mark.text[:1].isspace()
        replaced = (before.op, mark.op) == ("gone", "new") and " " in before.text.strip()
        parts += [" "] if touching and replaced else []
        parts.append(_mark(mark))
    return "".join(parts)


def _mark(mark: Mark) -> str:
    if mark.op not in _TAGS or not mark.text.strip():
        return escape(visible.text(mark.text))
    lead, inner, trail = marking.edges(mark)
    tag, colour = _TAGS[mark.op]
    return f'{lead}<{tag} style="background:{colour}">{_safe(inner)}</{tag}>{trail}'


def _foot(entry: Entry) -> str:
    place = _safe(entry.place)
    if entry.link:
        place = f'<a href="{escape(entry.link)}" style="color:#35607a">{place}</a>'
    place += f"<br>{_safe(entry.captures)}" if entry.captures else ""
    if entry.review:
        place += f'<br><a href="{escape(entry.review)}" style="color:#35607a">Review it</a>'
    verdicts = " | ".join(
        f'<span style="white-space:nowrap">--{verdict}</span>' for verdict in VERDICTS
    )
    review = f"claimwatch review {_safe(' '.join(entry.ids))} {verdicts}"
    return (
        f'<p style="{_SMALL}">{_safe(entry.seen)}<br>why: {_safe(entry.why)}<br>{place}<br>'
        f'<code style="{_CODE}">{review}</code></p>'
    )


def _line(entry: Entry) -> str:
    colour, names = COLOURS[entry.severity], f" ({entry.names})" if entry.names else ""
    ids = f'<code style="{_CODE}">{_safe(" ".join(entry.ids))}</code>'
    return (
        f'<p style="margin:4px 0"><b style="color:{colour}">{entry.severity}</b> '
        f"{_safe(entry.title + names)} {ids}</p>"
    )


def _held(held: Held, zone: tzinfo) -> str:
    found = "".join(
        f'<li><b style="color:{COLOURS[one.severity]}">{one.severity}</b>, unconfirmed: '
        f"{_safe(one.text)}{f': {_safe(one.names)}' if one.names else ''}</li>"
        for one in holding.entries(held)[: plain.HELD]
    )
    more = holding.beyond(held, plain.HELD)
    found += f"<li>{_safe(more)}</li>" if more else ""
    timed = (holding.opening, holding.stands, holding.rejection)
    said = (*(say(held, zone) for say in timed), holding.outlook(held))
    parts = "".join(_paragraph(line) for line in said if line)
    ways = "".join(
        f'{_safe(how)}: <code style="{_CODE}">{_safe(do)}</code><br>'
        for how, do in holding.ways(held)
    )
    captures = "".join(
        f'The {name}, of {phrases.instant(at, zone)}: <code style="{_CODE}">{digest}</code><br>'
        for name, digest, at in holding.captures(held)
    )
    head = f"<h3>{_safe(phrases.page_name(held.page))}</h3>"
    return f'{head}{parts}<ul>{found}</ul><p>{ways}</p><p style="{_SMALL}">{captures}</p>'

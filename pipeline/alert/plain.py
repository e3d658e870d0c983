"""News → plain text. Words that went or came are in brackets, for nothing else shows them there."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline import visible
from pipeline.alert import entries, saying
from pipeline.alert.entries import Entry
from pipeline.alert.news import News
from pipeline.model import Mark, Reminder
from pipeline.report import holding, marking

WHOLE = 25
"""So many entries are told whole; those after them, the least severe, in a line each."""
HELD = 20
"""So many entries are told of what would change if a capture that is held back were accepted."""
_BRACKETS = {"gone": ("[-", "-]"), "new": ("[+", "+]")}


def text(news: News, *, brief: bool = False) -> str:
    """Write the message as plain text; a `brief` one, for chats,
    leaves out what leads to no decision there.
    """
    told = entries.entries(news)
    parts = [*saying.opening(news), *filter(None, [saying.nothing(news)])]
    parts += ["\n".join(_lines(entry, brief)) for entry in told[:WHOLE]]
    parts += ["\n".join(_line(entry) for entry in told[WHOLE:])] if told[WHOLE:] else []
    parts += map(_reminder, news.reminders)
    parts += [saying.trouble(trouble, news) for trouble in news.troubles]
    parts += saying.failures(news)
    parts += ["\n".join(holding.plain(held, news.zone, HELD)) for held in news.held]
    if not brief and (senders := entries.senders(news)):
        parts.append(f"{senders}\n{entries.quieter(news)}")
    return visible.text("\n\n".join([*parts, *saying.closing(news)]) + "\n")


def _lines(entry: Entry, brief: bool) -> Iterator[str]:
    yield f"[{entry.severity}] {entry.title}"
    if entry.names:
        yield f"  {entry.names}"
    for name, marks in entry.sides:
        yield f"  {name}: {visible.line(marked(marks))}"
    if not brief:
        yield f"  {entry.seen}"
    yield f"  why: {entry.why}"
    if not brief:
        yield f"  {entry.place}"
        if entry.captures:
            yield f"  {entry.captures}"
    if entry.review or (brief and entry.page):
        yield f"  review: {entry.review}" if entry.review else f"  {entry.page}"
    yield f"  claimwatch review {' '.join(entry.ids)} --accept | --dismiss | --ask"


def _line(entry: Entry) -> str:
    names = f" ({entry.names})" if entry.names else ""
    return f"[{entry.severity}] {entry.title}{names}: claimwatch review {' '.join(entry.ids)}"


def _reminder(one: Reminder) -> str:
    first = f"[{one.severity}] {saying.reminder_title(one)}"
    return "\n  ".join([first, *saying.reminder_lines(one)])


def marked(marks: tuple[Mark, ...]) -> str:
    """Return marks as text, what went as `[-…-]` and what came as `[+…+]`,
    no space marked that stands beside it.
    """
    return "".join(map(_marked, marks))


def _marked(mark: Mark) -> str:
    if mark.op not in _BRACKETS or not mark.text.strip():
        return mark.text
    lead, inner, trail = marking.edges(mark)
    opening, closing = _BRACKETS[mark.op]
    return f"{lead}{opening}{inner}{closing}{trail}"

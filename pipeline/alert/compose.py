"""News → subject, plain text, HTML and JSON. Whatever comes from a page is hostile: `visible` takes out what nobody sees."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import escape

from pipeline import report, visible
from pipeline.alert import chat
from pipeline.alert.news import News, Tally, Trouble
from pipeline.model import Failed, Held, Mark, Source, Told
from pipeline.report import holding, outline, phrases

LONGEST = 150
COLOURS = {
    "critical": "#b00020",
    "high": "#b34700",
    "medium": "#7a5c00",
    "low": "#35607a",
    "info": "#555555",
}
_TAGS = {"gone": "del", "new": "ins"}


def subject(news: News) -> str:
    """Say the most important thing in one line."""
    changes, troubles = news.changes, news.troubles
    if len(changes) == 1:
        said = f"claimwatch: {changes[0].severity}: {changes[0].change.summary}"
        return visible.line(said)[:LONGEST]
    if changes:
        pages = sorted({item.page.id for item in changes})
        where = pages[0] if len(pages) == 1 else f"{len(pages)} pages"
        return (
            f"claimwatch: {len(changes)} changes on {where}, the most severe {changes[0].severity}"
        )
    if troubles:
        troubles = tuple(sorted(troubles, key=lambda trouble: trouble.kind != "doubted"))
        return f"claimwatch: {troubles[0].page.id} {_state(troubles[0], news)}" + (
            f", and {len(troubles) - 1} more" if len(troubles) > 1 else ""
        )
    return f"claimwatch: {quiet(news.tally)}"


def quiet(tally: Tally) -> str:
    """Say that nothing changed where that is known: never without the pages of which it is not."""
    unread = _unread(tally)
    if not unread:
        first = f", {tally.first} of them for the first time" if tally.first else ""
        return f"nothing changed; {tally.read} of {tally.pages} pages read{first}"
    if not tally.read:
        return f"0 of {tally.pages} pages read; {unread}"
    return f"nothing changed on the {tally.read} of {tally.pages} pages that were read; {unread}"


def _unread(tally: Tally) -> str:
    parts = (
        f"{tally.failed} could not be read" if tally.failed else "",
        f"{tally.held} held back" if tally.held else "",
    )
    return ", ".join(part for part in parts if part)


def text(news: News) -> str:
    """Write the mail as plain text."""
    parts = _opening(news)
    if not news.changes and not news.troubles:
        parts.append(f"{phrases.capital(quiet(news.tally))}.")
    parts += ["\n".join(_change_lines(item)) for item in news.changes]
    parts += [_trouble(trouble, news) for trouble in news.troubles]
    parts += [_failed(outcome) for outcome in _further(news)]
    parts += ["\n".join(holding.plain(held)) for held in news.held]
    parts += [phrases.witness(news.head)] if news.head else []
    return visible.text("\n\n".join(parts) + "\n")


def html(news: News) -> str:
    """Write the mail as HTML without scripts, images or remote parts."""
    body = [f"<p>{_safe(part)}</p>" for part in _opening(news)]
    if not news.changes and not news.troubles:
        body.append(f"<p>{phrases.capital(quiet(news.tally))}.</p>")
    body += [_change_html(item) for item in news.changes]
    body += [f"<p>{_safe(_trouble(trouble, news))}</p>" for trouble in news.troubles]
    body += [f"<p>{_safe(_failed(outcome))}</p>" for outcome in _further(news)]
    body += [_held_html(held) for held in news.held]
    body += [f"<p>{_safe(phrases.witness(news.head))}</p>"] if news.head else []
    style = "font-family:sans-serif;max-width:42em;line-height:1.4"
    return visible.text(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"></head><body style="{style}">{"".join(body)}</body></html>\n'
    )


def payload(message_id: str, news: News) -> str:
    """Write the webhook's JSON."""
    tally, oldest = news.tally, news.tally.oldest
    whole = {
        "id": message_id,
        "subject": subject(news),
        "text": chat.text(subject(news), text(news)),
        "pages": {
            "read": tally.read,
            "of": tally.pages,
            "failed": tally.failed,
            "held_back": tally.held,
        },
        "oldest_good_look": {"page": oldest[0], "at": _iso(oldest[1])} if oldest else None,
        "finished_at": _iso(news.at),
        "changes": [_change_json(item) for item in news.changes],
        "unread": [
            _trouble_json(trouble) for trouble in news.troubles if trouble.kind != "recovered"
        ],
        "recovered": [
            _trouble_json(trouble) for trouble in news.troubles if trouble.kind == "recovered"
        ],
        "held": [report.held(held) for held in news.held],
        "head": news.head,
    }
    return json.dumps(visible.values(whole), ensure_ascii=True)


def _safe(value: str) -> str:
    return escape(visible.line(value))


def _tally(news: News) -> str:
    tally = news.tally
    read = f"{tally.read} of {tally.pages} pages read"
    parts = [read, _unread(tally), _oldest(tally)]
    return "; ".join(part for part in parts if part) + "."


def _oldest(tally: Tally) -> str:
    if tally.oldest is None:
        return ""
    page, at = tally.oldest
    return f"oldest good look {when(at)} ({page})"


def _change_lines(item: Told) -> list[str]:
    change = item.change
    lines = [
        f"[{item.severity}] {visible.line(change.summary)}",
        f"  {_place(item)}",
        f"  why: {visible.line(item.why)}",
    ]
    lines += [f"  {side}: {visible.line(source.text)}" for side, source in _sides(item)]
    return [
        *lines,
        f"  {_seen(item)}",
        f"  claimwatch review {item.id} --accept | --dismiss | --ask",
    ]


def _change_html(item: Told) -> str:
    change = item.change
    head = f'<h3 style="margin-bottom:0"><span style="color:{COLOURS[item.severity]}">{item.severity}</span> {_safe(change.summary)}</h3>'
    sides = [f"<p>{''.join(_marked(mark) for mark in change.marks)}</p>"] if change.marks else []
    sides = sides or [f"<p><b>{side}</b> {_safe(source.text)}</p>" for side, source in _sides(item)]
    foot = f"{_safe(_place(item))}<br>why: {_safe(item.why)}<br>{_seen(item)}<br><code>claimwatch review {_safe(item.id)}</code>"
    return f'{head}{"".join(sides)}<p style="color:#555">{foot}</p>'


def _marked(mark: Mark) -> str:
    # The text keeps its outer spaces, which stand between this mark and the next.
    inner = f"{' ' * mark.text[:1].isspace()}{_safe(mark.text)}{' ' * mark.text[-1:].isspace()}"
    tag = _TAGS.get(mark.op)
    return f"<{tag}>{inner}</{tag}> " if tag else f"{inner} "


def _change_json(item: Told) -> dict[str, object]:
    seen = {"first_seen": _iso(item.first_seen), "seen_until": _iso(item.seen_until)}
    named = {
        "id": item.id,
        "page": item.page.id,
        "vendor": item.page.vendor,
        "url": item.page.url,
        **seen,
    }
    return {**named, **report.change(item.change), "severity": item.severity, "why": item.why}


def _trouble_json(trouble: Trouble) -> dict[str, object]:
    page = trouble.page
    told: dict[str, object] = {
        "page": page.id,
        "url": page.url,
        "since": _iso(trouble.since),
        "looks": trouble.looks,
        "last_good_at": _iso(trouble.last_good_at),
        "reason": trouble.reason,
    }
    if trouble.captures is None:
        return told
    return {**told, "severity": "critical", "confirmed": False, "captures": list(trouble.captures)}


def _trouble(trouble: Trouble, news: News) -> str:
    last = f"last good look {when(trouble.last_good_at)}"
    said = f"{trouble.page.id} {_state(trouble, news)} ({trouble.page.url}; {last})"
    if trouble.kind == "recovered":
        return f"{said}."
    said += f": {phrases.sentence(visible.line(trouble.reason or ''))}"
    if _is_held(trouble, news):
        return f"{said} What it would change is below."
    if trouble.captures:
        return f"{said} Both captures are kept: {' and '.join(trouble.captures)}."
    return f"{said} Its last good claims stay."


def _failed(outcome: Failed) -> str:
    page = outcome.look.page
    return f"{page.id} ({page.url}): {visible.line(phrases.failure(outcome))} Its last good claims stay."


def _further(news: News) -> list[Failed]:
    """Return the pages that failed of which nothing is said yet."""
    said = {trouble.page.id for trouble in news.troubles if trouble.kind != "recovered"}
    return [outcome for outcome in news.failed if outcome.look.page.id not in said]


def _opening(news: News) -> list[str]:
    accepted = [outline.accepted(news.accepted)] if news.accepted else []
    return [_tally(news), *accepted]


def _held_html(held: Held) -> str:
    entries = "".join(
        f'<li><b style="color:{COLOURS[one.severity]}">{one.severity}</b>, unconfirmed: '
        f"{_safe(one.text)}{f': {_safe(one.names)}' if one.names else ''}</li>"
        for one in holding.entries(held)
    )
    said = (holding.opening, holding.stands, holding.rejection, holding.outlook)
    parts = "".join(f"<p>{_safe(line)}</p>" for say in said if (line := say(held)))
    ways = "".join(f"{_safe(how)}: <code>{_safe(do)}</code><br>" for how, do in holding.ways(held))
    captures = "".join(
        f"The {name}, of {phrases.instant(at)}: <code>{digest}</code><br>"
        for name, digest, at in holding.captures(held)
    )
    head = f"<h3>{_safe(phrases.page_name(held.page))}</h3>"
    return f'{head}{parts}<ul>{entries}</ul><p>{ways}</p><p style="color:#555">{captures}</p>'


def _is_held(trouble: Trouble, news: News) -> bool:
    return any(held.page.id == trouble.page.id for held in news.held)


def _state(trouble: Trouble, news: News) -> str:
    if trouble.kind == "doubted":
        return "may have changed as a whole (critical, unconfirmed)"
    if trouble.kind == "recovered":
        return f"is read again, after {trouble.looks} {'look' if trouble.looks == 1 else 'looks'} without a good one"
    if _is_held(trouble, news):
        return f"is held back: {trouble.looks} looks in a row without a good one"
    return f"could not be read {trouble.looks} times in a row"


def _sides(item: Told) -> list[tuple[str, Source]]:
    sides = (("before", item.change.source_before), ("after", item.change.source_after))
    return [(side, source) for side, source in sides if source is not None]


def _place(item: Told) -> str:
    page = item.page
    return visible.line(" · ".join(part for part in (page.vendor, page.id, page.url) if part))


def _seen(item: Told) -> str:
    until = f"old state last seen {when(item.seen_until)}, " if item.seen_until else ""
    return f"{until}new state first seen {when(item.first_seen)}"


def when(at: datetime | None) -> str:
    """Return an instant in UTC to the minute, `never` for None."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if at else "never"


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None

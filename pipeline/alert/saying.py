"""News → the sentences that every form of a message says: its subject, how much was read, what is
wrong with which page.
"""

from __future__ import annotations

from datetime import tzinfo

from pipeline import visible
from pipeline.alert import entries
from pipeline.alert.news import News, Tally, Trouble
from pipeline.alert.times import when
from pipeline.model import SEVERITIES, Failed, Reminder, Settled
from pipeline.report import outcomes, outline, phrases

LONGEST = 150


def subject(news: News) -> str:
    """Say the most important thing in one line: whose page, and the worst that changed there."""
    if news.changes:
        word = f"{news.settled.word}: " if news.settled else ""
        return _cut(f"claimwatch: {word}{_digest(news)}{_worst(news)}")
    urgent = any(one.severity in ("critical", "high") for one in news.reminders)
    if news.reminders and (urgent or not news.troubles):
        others = len(news.reminders) + len(news.troubles) - 1
        first, beside = news.reminders[0], f" (and {others} more)" if others else ""
        return _cut(f"claimwatch: {_digest(news)}{first.severity}: {reminder_title(first)}{beside}")
    if news.troubles:
        troubles = tuple(sorted(news.troubles, key=lambda trouble: trouble.kind != "doubted"))
        more = f", and {len(troubles) - 1} more" if len(troubles) > 1 else ""
        return f"claimwatch: {_digest(news)}{troubles[0].page.id} {state(troubles[0], news)}{more}"
    return f"claimwatch: {quiet(news.tally)}"


def reminder_title(one: Reminder) -> str:
    """Return a reminder in a line: of whose page, and what."""
    vendor = one.page.vendor or one.page.id if one.page else ""
    said = visible.line(one.summary)
    return said if not vendor or said.startswith(vendor) else f"{vendor}: {said}"


def reminder_lines(one: Reminder) -> list[str]:
    """Return what else is said of a reminder: where it stands, and why or what to do."""
    page = one.page
    place = " · ".join(part for part in (page.vendor, page.id, page.url) if part) if page else ""
    return [visible.line(line) for line in (one.reason, place) if line]


def _worst(news: News) -> str:
    folds = entries.entries(news)
    first = min(folds, key=lambda entry: SEVERITIES.index(entry.severity))
    said = f"{first.severity}: {first.title}"
    others = len({item.page.vendor or item.page.id for item in news.changes}) - 1
    if len(folds) == 1:
        return said
    of = f", of {phrases.count(others + 1, 'vendor')}" if others else ""
    more = f" (and {len(folds) - 1} more{of})"
    return _cut(said, LONGEST - len(more) - len("claimwatch: weekly digest: ")) + more


def _digest(news: News) -> str:
    return f"{news.digest} digest: " if news.digest else ""


def _cut(line: str, most: int = LONGEST) -> str:
    """Return a line, cut off behind a word where it is too long."""
    line = visible.line(line)
    return line if len(line) <= most else line[: most - 1].rpartition(" ")[0] + "…"


def opening(news: News) -> list[str]:
    """Return the first sentences: what a digest covers, how much was read, what was accepted."""
    ends = f"{when(news.since, news.zone)} to {when(news.at, news.zone)}"
    since = f"What changed from {ends}." if news.digest else ""
    accepted = outline.accepted(news.accepted, news.zone) if news.accepted else ""
    first = _settled(news.settled) if news.settled else _tally(news.tally, news.zone)
    doubt = UNCONFIRMED if news.unconfirmed else ""
    return [said for said in (since, first, accepted, doubt) if said]


UNCONFIRMED = (
    "What is unconfirmed stood on a page that took back earlier changes, or is set to be looked at "
    "twice. The next good look confirms or withdraws it, in this thread."
)


def _settled(settled: Settled) -> str:
    count = len(settled.told)
    what = f"{phrases.count(count, 'change')} that {'was' if count == 1 else 'were'} reported"
    is_so = f"as unconfirmed {'is' if count == 1 else 'are'} {settled.word}"
    if settled.word == "confirmed":
        return f"A second look shows it again: {what} {is_so}."
    return f"A second look shows the page as it was before: {what} {is_so}."


def nothing(news: News) -> str:
    """Say that there is nothing to tell, where there is not."""
    return (
        ""
        if news.changes or news.troubles or news.reminders
        else f"{phrases.capital(quiet(news.tally))}."
    )


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


def _tally(tally: Tally, zone: tzinfo) -> str:
    claims = f"{phrases.count(tally.claims, 'claim')} stand" if tally.claims else ""
    parts = [
        f"{tally.read} of {tally.pages} pages read",
        _unread(tally),
        claims,
        _oldest(tally, zone),
    ]
    return "; ".join(part for part in parts if part) + "."


def _oldest(tally: Tally, zone: tzinfo) -> str:
    if tally.oldest is None:
        return ""
    page, at = tally.oldest
    return f"oldest good look {when(at, zone)} ({page})"


def trouble(trouble: Trouble, news: News) -> str:
    """Say what is wrong with a page, and what stands in the meantime."""
    last = f"last good look {when(trouble.last_good_at, news.zone)}"
    said = f"{trouble.page.id} {state(trouble, news)} ({trouble.page.url}; {last})"
    if trouble.kind == "recovered":
        return f"{said}."
    said += f": {phrases.sentence(visible.line(trouble.reason or ''))}"
    if _is_held(trouble, news):
        return f"{said} What it would change is below."
    if trouble.captures:
        return f"{said} Both captures are kept: {' and '.join(trouble.captures)}."
    return f"{said} Its last good claims stay."


def failures(news: News) -> list[str]:
    """Say of each page that failed, and of which nothing is said yet, why it did."""
    said = {trouble.page.id for trouble in news.troubles if trouble.kind != "recovered"}
    return [_failed(outcome) for outcome in news.failed if outcome.look.page.id not in said]


def _failed(outcome: Failed) -> str:
    page = outcome.look.page
    reason = visible.line(outcomes.failure(outcome))
    return f"{page.id} ({page.url}): {reason} Its last good claims stay."


def state(trouble: Trouble, news: News) -> str:
    """Say how a page stands, as the end of a sentence that begins with its name."""
    looks = trouble.looks
    if trouble.kind == "doubted":
        return "may have changed as a whole (critical, unconfirmed)"
    if trouble.kind == "recovered":
        return f"is read again, after {phrases.count(looks, 'look')} without a good one"
    if _is_held(trouble, news):
        return f"is held back: {looks} looks in a row without a good one"
    return f"could not be read {looks} times in a row"


def _is_held(trouble: Trouble, news: News) -> bool:
    return any(held.page.id == trouble.page.id for held in news.held)


def closing(news: News) -> list[str]:
    """Return the last sentences: where the report lies, and where the record stands."""
    report = f"Report: {news.report}" if news.report and news.changes else ""
    head = phrases.witness(news.head) if news.head else ""
    return [said for said in (report, head) if said]

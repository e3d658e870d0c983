"""Changes of one page → the mail that asks its vendor about them: what stood there,
what stands there now, and when.

Says nothing of who reviews how: notes, severities and owners are the analyst's own. Sends nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import groupby
from urllib.parse import quote

from pipeline import visible
from pipeline.model import Source, Told
from pipeline.report import links, phrases

MOST = 20
"""So many changes are quoted in one mail."""
QUOTED = 600
"""A quotation longer than this is cut: the vendor finds it by its beginning."""
LONGEST_LINK = 2000
"""A longer link is cut off by some mail programs and browsers."""
LONGEST_SUBJECT = 120
_REQUEST = (
    "Could you please confirm that {this}, and tell us what {it} for us as your customer? If there "
    "is a new report, certificate or statement, please send it or say where we can get it."
)
_ONE = {"this": "this change is intended", "it": "it means"}
_SEVERAL = {"this": "these changes are intended", "it": "they mean"}


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to a vendor about one page; `link` opens it in a mail program,
    None where it is too long for a link.
    """

    page: str
    vendor: str | None
    subject: str
    body: str
    link: str | None


def mails(told: Sequence[Told], zone: tzinfo = UTC) -> tuple[Mail, ...]:
    """Return a mail for each page that changes stand on, in the order of the changes;
    dates are of that zone.
    """
    order = list(dict.fromkeys(item.page.id for item in told))
    by_page = sorted(told, key=lambda item: order.index(item.page.id))
    return tuple(
        _mail(tuple(same), zone) for _, same in groupby(by_page, lambda item: item.page.id)
    )


def _mail(told: tuple[Told, ...], zone: tzinfo) -> Mail:
    page, first = told[0].page, told[0].change
    about = first.standard_name or first.standard or first.subject or "compliance"
    about = phrases.count(len(told), "change") if len(told) > 1 else about
    url = links.safe(page.url)
    subject = f"Question about {about} on your page{f' {url}' if url else ''}"
    subject = _cut(visible.line(subject), LONGEST_SUBJECT)
    body = visible.text("\n\n".join(_parts(told, zone)) + "\n")
    link = f"mailto:?subject={_encoded(subject)}&body={_encoded(body)}"
    return Mail(page.id, page.vendor, subject, body, link if len(link) <= LONGEST_LINK else None)


def _parts(told: Sequence[Told], zone: tzinfo) -> Iterator[str]:
    page, many = told[0].page, len(told) > 1
    yield f"Dear {visible.line(page.vendor)} team," if page.vendor else "Hello,"
    said = f"{phrases.count(len(told), 'thing')} changed" if many else "something changed"
    # A copy on our disk has no address that means anything to the vendor.
    where = f"your page\n{url}\nsays" if (url := links.safe(page.url)) else "your page says"
    yield f"we keep track of what {where} about compliance, and saw that {said} there."
    for number, item in enumerate(told[:MOST], 1):
        lead = f"{number}. " if many else ""
        yield f"{lead}{visible.line(phrases.sentence(item.change.summary))}"
        yield from _sides(item, zone)
    if len(told) > MOST:
        yield f"And {phrases.count(len(told) - MOST, 'more change')} on the same page."
    yield _REQUEST.format_map(_SEVERAL if many else _ONE)
    yield "Kind regards"


def _sides(item: Told, zone: tzinfo) -> Iterator[str]:
    change, since = item.change, _day(item.first_seen, zone)
    until = f"Until {_day(item.seen_until, zone)}" if item.seen_until else "Before"
    if change.source_before is not None:
        yield f"{until}, the page said:\n{_quoted(change.source_before)}"
    if change.source_after is not None:
        yield f"Since {since} at the latest, it says:\n{_quoted(change.source_after)}"
    elif change.source_before is not None:
        yield f"Since {since} at the latest, it no longer says so."


def _quoted(source: Source) -> str:
    text = _cut(visible.text(source.text).strip(), QUOTED)
    return "\n".join(f"> {line}" for line in text.splitlines())


def _day(at: datetime, zone: tzinfo) -> str:
    day = at.astimezone(zone)
    return f"{day.day} {phrases.MONTHS[day.month - 1]} {day.year}"


def _cut(text: str, most: int) -> str:
    """Return a text, cut off behind a word where it is too long."""
    if len(text) <= most:
        return text
    return (text[: most - 1].rpartition(" ")[0] or text[: most - 1]) + "…"


def _encoded(text: str) -> str:
    return quote(text.replace("\n", "\r\n"), safe="", errors="replace")

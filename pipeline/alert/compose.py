"""News → Message: subject, plain text, HTML, and the JSON of a webhook.

saying    the sentences that all forms say      entries   what is said of each change,
                                                          or of those of one cause
plain     plain text                            mailed    HTML
chat      plain text as chats show it           times     instants in words
"""

from __future__ import annotations

import json

from pipeline import report, visible
from pipeline.alert import chat, mailed, plain, saying
from pipeline.alert.news import News, Trouble
from pipeline.alert.times import iso
from pipeline.model import Message, Reminder, Told
from pipeline.report import links


def message(message_id: str, recipient: str, news: News) -> Message:
    """Return the news in every form that it may be handed over in."""
    subject, text = saying.subject(news), plain.text(news)
    payload = {
        "id": message_id,
        "subject": subject,
        "text": chat.text(subject, plain.text(news, brief=True)),
    }
    return Message(
        message_id,
        recipient,
        subject,
        text,
        mailed.html(news),
        json.dumps(visible.values({**payload, **_facts(news)}), ensure_ascii=True),
        news.settled.thread if news.settled else "",
    )


def _facts(news: News) -> dict[str, object]:
    """Return what a webhook gets beside the words."""
    tally, oldest = news.tally, news.tally.oldest
    unread = [_trouble(trouble) for trouble in news.troubles if trouble.kind != "recovered"]
    recovered = [_trouble(trouble) for trouble in news.troubles if trouble.kind == "recovered"]
    told = [_change(item, news) for item in news.changes]
    digest = {"of": news.digest, "since": iso(news.since), "until": iso(news.at)}
    return {
        "pages": {
            "read": tally.read,
            "of": tally.pages,
            "failed": tally.failed,
            "held_back": tally.held,
        },
        "oldest_good_look": {"page": oldest[0], "at": iso(oldest[1])} if oldest else None,
        "finished_at": iso(news.at),
        "changes": [] if news.settled else told,
        "settled": told if news.settled else [],
        "thread": news.settled.thread if news.settled else None,
        "unread": unread,
        "recovered": recovered,
        "reminders": [_reminder(one) for one in news.reminders],
        "held": [report.held(held) for held in news.held],
        "head": news.head,
        "report": news.report,
        "digest": digest if news.digest else None,
    }


def _change(item: Told, news: News) -> dict[str, object]:
    seen = {"first_seen": iso(item.first_seen), "seen_until": iso(item.seen_until)}
    named = {
        "id": item.id,
        "page": item.page.id,
        "vendor": item.page.vendor,
        "url": item.page.url,
        "owner": item.page.owner,
        **seen,
        "captures": {"before": item.captures[0], "after": item.captures[1]},
    }
    by: dict[str, object] = {"severity": item.severity, "why": item.why}
    by |= links.named(news.site, item.id)
    if item.id in news.unconfirmed or news.settled:
        by["confirmed"] = news.settled is not None and news.settled.word == "confirmed"
    if (sender := news.because.get(item.id)) is not None:
        by["sent_by"] = str(sender)
    return {**named, **report.change(item.change), **by}


def _reminder(one: Reminder) -> dict[str, object]:
    page = one.page
    return {
        "id": one.id,
        "severity": one.severity,
        "summary": one.summary,
        "page": page.id if page else None,
        "vendor": page.vendor if page else None,
        "url": page.url if page else None,
        "standard": one.standard,
        "reason": one.reason,
    }


def _trouble(trouble: Trouble) -> dict[str, object]:
    page = trouble.page
    told: dict[str, object] = {
        "page": page.id,
        "url": page.url,
        "since": iso(trouble.since),
        "looks": trouble.looks,
        "last_good_at": iso(trouble.last_good_at),
        "reason": trouble.reason,
    }
    if trouble.captures is None:
        return told
    return {**told, "severity": "critical", "confirmed": False, "captures": list(trouble.captures)}

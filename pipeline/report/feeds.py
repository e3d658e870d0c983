"""Changes → an Atom feed, newest first.

The only importer of feedgenerator; asks no clock: dates are those of the changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from html import escape

from pipeline import visible, words
from pipeline.model import Mark, Told
from pipeline.report import links, marking, phrases

LINK = "index.html"
_TAGS = {"gone": "del", "new": "ins"}


def atom(about: str, title: str, told: Sequence[Told], site: str | None = None) -> str:
    """Return a feed of recorded changes, at least one.

    `about` names it among our feeds, for ever. Entries lead to the web page at `site`, where
    that is said, else to the live page.
    """
    from feedgenerator import Atom1Feed

    feed = Atom1Feed(
        title=visible.line(title),
        link=LINK,
        description="What changed in the compliance claims that are watched.",
        author_name="claimwatch",
        feed_guid=f"urn:claimwatch:feed:{about}",
    )
    for item in sorted(told, key=lambda one: (one.first_seen, one.id), reverse=True):
        page = item.page
        feed.add_item(
            title=_title(item),
            link=links.review(site, item.id) or links.live(item) or LINK,
            description=_body(item),
            unique_id=f"urn:claimwatch:change:{item.id}",
            pubdate=item.first_seen,
            updateddate=item.first_seen,
            categories=[name for name in (item.severity, page.vendor, page.id) if name],
        )
    return str(feed.writeString("utf-8"))


def slug(vendor: str) -> str:
    """Return a vendor's name as a file's: what of it is no letter or digit
    of ASCII is told apart by a digest.
    """
    plain = "".join(one if one.isascii() and one.isalnum() else "-" for one in vendor.lower())
    name = "-".join(part for part in plain.split("-") if part)
    if name.replace("-", " ") == words.fold(vendor):
        return name
    digest = hashlib.sha256(vendor.encode()).hexdigest()[:6]
    return f"{name}-{digest}" if name else digest


def _title(item: Told) -> str:
    page = item.page
    return visible.line(f"{item.severity}: {page.vendor or page.id}: {item.change.summary}")


def _body(item: Told) -> str:
    """Return the sentence with its words marked, and when and why, as HTML."""
    view = marking.view(item.change)
    sides = (view.inline,) if view.marked else (view.before or (), view.after or ())
    said = "".join(f"<p>{''.join(map(_mark, marks))}</p>" for marks in sides if marks)
    seen = "; ".join(
        f"{name} {phrases.instant(at)}" if at else name for name, at in phrases.seen(item)
    )
    why = f"<p>{escape(visible.line(f'{seen}. {phrases.severity_reason(item)}.'))}</p>"
    live = links.live(item)
    return f'{said}{why}<p><a href="{escape(live)}">The live page</a></p>' if live else said + why


def _mark(mark: Mark) -> str:
    if mark.op not in _TAGS or not mark.text.strip():
        return escape(visible.text(mark.text))
    lead, inner, trail = marking.edges(mark)
    tag = _TAGS[mark.op]
    return f"{lead}<{tag}>{escape(visible.text(inner))}</{tag}>{trail}"

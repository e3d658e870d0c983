"""A page's addresses → links that are safe to draw. Fetches nothing and knows no form of report."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit

from pipeline import visible
from pipeline.model import Change, Told

SCHEMES = ("http", "https", "mailto")
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f<>\"`\\^{|}]")


def safe(url: str | None, base: str = "") -> str | None:
    """Return an address that may be followed, absolute, None where its scheme is not on the list.

    A relative address is one of the page at `base`; where that is a local file, it leads nowhere.
    """
    try:
        whole = visible.text(urljoin(base, (url or "").strip()))
        parts = urlsplit(whole)
    except ValueError:  # "https://[": a template's leftover, which is shown as text
        return None
    if parts.scheme not in SCHEMES or not (parts.netloc or parts.scheme == "mailto"):
        return None
    return _UNSAFE.sub(lambda match: quote(match[0]), whole)


def review(site: str | None, change_id: str) -> str | None:
    """Return the address of a change on the web page, None where it is not said
    where people open that.
    """
    return f"{site.rstrip('/')}/changes/{change_id}" if site else None


def named(site: str | None, change_id: str) -> dict[str, str]:
    """Return the address of a change on the web page as the key `review`, none where that is
    not known."""
    address = review(site, change_id)
    return {"review": address} if address else {}


def live(told: Told) -> str | None:
    """Return the address of the live page at the place of a change,
    None for a page that is a local file.
    """
    url = safe(told.page.url)
    text = passage(told.change)
    if url is None or urlsplit(url).scheme == "mailto":
        return None
    return f"{url}{'' if '#' in url else '#'}:~:text={fragment(text)}" if text else url


def passage(change: Change) -> str:
    """Return words by which a browser finds the new state of a change on the page;
    empty where nothing is left to find.

    A table's row does not stand on the page as one text, so its first cell stands for it;
    of a passage, its first paragraph.
    """
    if change.change == "removed" or change.source_after is None or change.kind == "metadata":
        return ""
    first = change.source_after.text.partition("\n")[0].partition(" … ")[0]
    return next((cell for cell in (part.strip() for part in first.split(" | ")) if cell), "")


def fragment(text: str) -> str:
    """Return a text directive's value: a short text whole,
    a long one by its first and last words.
    """
    spoken = text.split()
    ends = (
        (" ".join(spoken[:6]), " ".join(spoken[-6:])) if len(spoken) > 16 else (" ".join(spoken),)
    )
    return ",".join(quote(end, safe="", errors="replace").replace("-", "%2D") for end in ends)

"""URL → the target it stands for.

Knows which parts of an address are a way of writing; it opens nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

_TRACKING = re.compile(
    r"utm_\w+|gclid|fbclid|msclkid|mc_\w+|wt\.\w+|ocid|icid|_hs\w+|trk|src_trk|cid_src",
    re.IGNORECASE,
)


@lru_cache(maxsize=16384)
def target(url: str) -> str:
    """Return one spelling for all ways to write the same target: no scheme, tracking,
    default port, end slash or escapes.
    """
    try:
        parts = urlsplit(url.strip().replace("\\", ""))
    except ValueError:
        return url.strip()
    host = (
        (parts.netloc or "")
        .casefold()
        .removeprefix("www.")
        .removesuffix(":443")
        .removesuffix(":80")
    )
    path = quote(unquote(parts.path), safe="/:@!$&'()*+,;=~-._").rstrip("/")
    query = urlencode(
        sorted(
            (key, value)
            for key, value in parse_qsl(parts.query, keep_blank_values=True)
            if not _TRACKING.fullmatch(key)
        )
    )
    scheme = f"{parts.scheme}:" if parts.scheme not in ("", "http", "https") else ""
    fragment = "" if parts.fragment.startswith(":~:") else parts.fragment
    place = f"{scheme}//{host}{path}" if host else f"{scheme}{path}"
    return f"{place}{'?' if query else ''}{query}{'#' if fragment else ''}{fragment}"


def move(before: str, after: str) -> tuple[str, str]:
    """Return what of two addresses differs once their common end is taken off:
    equal for all links that moved alike.
    """
    a, b = re.split(r"(?<=/)", before), re.split(r"(?<=/)", after)
    while a and b and a[-1] == b[-1]:
        a.pop()
        b.pop()
    return "".join(a), "".join(b)

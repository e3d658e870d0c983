"""Text → what a reader sees of it.

The one place that does it, for what is read and for all that is written.

    text     without characters that nobody sees or that steer a terminal, line breaks kept
    line     the same on one line
    values   the same for everything in a JSON value
    spelled  with plain letters for ligatures, fullwidth letters and letters of another font

Knows nothing of pages, claims or forms of output.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

_PLAIN = re.compile("[\t\n\x20-\x7e]*")
_ODD = re.compile("[^\t\n\x20-\x7e]")
# What few texts need is compiled when the first one comes: most commands print plain letters alone.
_SPACES = "[\x0b-\x0d\x1c-\x1f\x85\u2028\u2029]"
# Format characters (Cf) but for the joiners and the few that have a shape, controls, and what every
# program may ignore (Default_Ignorable_Code_Point): variation selectors, fillers, tags.
_UNSEEN = (
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
_LAST_OF_PLANES = "".join(
    chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17)
)
_NO_CHARACTER = f"[\ud800-\udfff\ufdd0-\ufdef{_LAST_OF_PLANES}]"
# Persian writes words with a non-joiner, Hindi and its relatives letters with either,
# and an emoji of several is one.
_WRITING = "\u0600-\u077f\u08a0-\u08ff\u0900-\u0dff\u1780-\u17ff\u1800-\u18af"
_EMOJI = "\u2190-\u2bff\U0001f000-\U0001faff"
_JOINER = f"[\u200c\u200d](?!(?<=[{_WRITING}].)[{_WRITING}])(?!(?<=[{_EMOJI}].)[{_EMOJI}])"
_WIDE = "[\uff01-\uff5e]*[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a][\uff01-\uff5e]*"
_WIDE_BETWEEN = "(?<=[A-Za-z0-9])[\uff0b\uff0d\uff0e\uff0f\uff1a](?=[A-Za-z0-9])"
_LETTERS = (
    *range(0x2100, 0x2139),
    *range(0x2160, 0x2180),
    *range(0xFB00, 0xFB07),
    *range(0x1D400, 0x1D800),
)
_IS_WIDE = "[\uff01-\uff5e]"
_IS_FORM = "[\u2100-\u2138\u2160-\u217f\ufb00-\ufb06\U0001d400-\U0001d7ff]"
"""The wide forms and the letters of `_LETTERS`: most texts have none."""


def text(value: str) -> str:
    """Return the text without characters that nobody sees; `\\n` and `\\t` stay,
    other line breaks become `\\n` or a space.

    Soft hyphens, zero-width characters, direction marks, tags, variation selectors and controls go;
    half a surrogate pair and what is no character become U+FFFD. A joiner stays where the script or
    an emoji needs it.
    """
    if _PLAIN.fullmatch(value):
        return value
    # A page has few sorts of letters beside the plain ones:
    # what none of them is need not be looked for in all of it.
    odd = "".join(set(_ODD.findall(value)))
    if _of(_SPACES).search(odd):
        value = _of(_SPACES).sub(" ", value.replace("\r\n", "\n"))
    if _of(_UNSEEN).search(odd):
        value = _of(_UNSEEN).sub("", value)
    if "\u200c" in odd or "\u200d" in odd:
        value = _of(_JOINER).sub("", value)
    return _of(_NO_CHARACTER).sub("\ufffd", value) if _of(_NO_CHARACTER).search(odd) else value


def line(value: str) -> str:
    """Return the text on one line with single spaces, without characters that nobody sees."""
    return " ".join(text(value).split())


def values(value: Any) -> Any:
    """Return a JSON value with every text and key in it as `text` returns it;
    tuples come back as lists.
    """
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict):
        return {text(str(key)): values(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [values(part) for part in value]
    return value


def spelled(value: str) -> str:
    """Return the text with plain letters and digits for other forms of them:
    `ﬁ`, `Ⅱ`, `ＩＳＯ／ＩＥＣ`, `𝗦𝗢𝗖`.

    Raised and circled digits stay, for they mark footnotes,
    and so does punctuation between Chinese characters.
    """
    if value.isascii():
        return value
    if _of(_IS_WIDE).search(value):
        value = _of(_WIDE_BETWEEN).sub(_normal, _of(_WIDE).sub(_normal, value))
    return value.translate(_spellings()) if _of(_IS_FORM).search(value) else value


@cache
def _of(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _normal(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0])


@cache
def _spellings() -> dict[int, str]:
    """Return the letters and digits that are others in another font or in one piece,
    for `str.translate`.
    """
    found = {}
    for code in _LETTERS:
        form, normal = (
            unicodedata.decomposition(chr(code)),
            unicodedata.normalize("NFKC", chr(code)),
        )
        written = form.startswith("<font>") or (form.startswith("<compat>") and code >= 0x2160)
        if written and normal.isascii() and normal.isalnum():
            found[code] = normal
    return found

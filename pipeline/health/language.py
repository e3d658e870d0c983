"""Text → the language it is written in, or None where it does not show: by script,
else by small words.

A list of standards and services has hardly a small word, and then nothing is said:
a doubt never holds a page back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

READ = 40_000
WORDS = 40
"""Fewer words than this show no language."""
VARIETY = 5
SHARE, LEAD = 0.08, 1.6
"""Of a text's words, so many are small words of its language, so many times more than of the next
likely one; and they are several different ones, for a list of versions is full of the Czech for
"in" ("v3").
"""

_SCRIPTS = (
    ("Japanese", re.compile("[\u3040-\u30ff]")),
    ("Korean", re.compile("[\uac00-\ud7af]")),
    ("Chinese", re.compile("[\u4e00-\u9fff]")),
    ("a language in Cyrillic script", re.compile("[\u0400-\u04ff]")),
    ("Greek", re.compile("[\u0370-\u03ff]")),
    ("Arabic", re.compile("[\u0600-\u06ff]")),
    ("Hebrew", re.compile("[\u0590-\u05ff]")),
    ("Thai", re.compile("[\u0e00-\u0e7f]")),
    ("Hindi", re.compile("[\u0900-\u097f]")),
)
_ANY_SCRIPT = re.compile(
    "[\u0370-\u04ff\u0590-\u05ff\u0600-\u06ff\u0900-\u097f\u0e00-\u0e7f"
    "\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]"
)
SMALL = {
    "English": "the of and to is are with for that this by we our your on from as be or have has "
    "which it its an at",
    "German": "der die das und ist sind mit für von den dem ein eine einer zu im auf wird werden "
    "nicht sie wir oder des nach auch",
    "French": "le la les des et est sont avec pour que une du dans vous nous par sur au aux ou "
    "cette ces votre nos qui",
    "Spanish": "el la los las y es son con para que una del por se su sus en nuestros esta este "
    "como más o al lo",
    "Italian": "il lo gli di e è sono con per che una del della dei delle nel in da si un nostri "
    "questo come più alla al",
    "Portuguese": "o os as e é são com para que uma do da dos das não em por se um nossos este "
    "esta como mais ao no na",
    "Dutch": "de het een van en is zijn met voor dat niet op aan door wij onze uw te als ook bij "
    "naar of worden wordt",
    "Swedish": "och att det som en är för av med till den på inte vi om ett har de våra "
    "eller från kan",
    "Danish": "og at det som en er for af med til den på ikke vi om et har de vores eller fra kan",
    "Polish": "i w na z do jest są się nie że oraz dla przez od po jak to lub przy za nasze które",
    "Czech": "a v na s do je jsou se že pro od po jako nebo při za které podle být není tak",
    "Finnish": "ja on ei että se sekä tai ovat kanssa mukaan myös joka kun voi ole tämä oman",
    "Turkish": "ve bir bu için ile olarak da de olan veya daha gibi her çok en kadar sonra",
}
_BY_WORD: dict[bytes, list[str]] = {}
for _language, _words in SMALL.items():
    for _word in _words.split():
        _BY_WORD.setdefault(_word.encode(), []).append(_language)
_WORD = re.compile(r"[^\W\d_]+")
_LETTERS = bytes(code if code > 127 or chr(code).isalpha() else 32 for code in range(256)).lower()
"""For each byte of a text itself, ASCII letters as small ones,
and a space for what is in ASCII no letter.
"""


def of(text: str) -> str | None:
    """Return the language's English name."""
    return _of(text[:READ])


@lru_cache(maxsize=4)
def _of(text: str) -> str | None:
    # The captures of a page are looked at one after the other, each beside the one before it.
    return _by_script(text) or _by_words(text)


def _by_script(text: str) -> str | None:
    """Return the language whose letters a text is written in,
    None for Latin ones, which many share.
    """
    if not _ANY_SCRIPT.search(text):
        return None
    letters = sum(map(str.isalpha, text))
    for name, script in _SCRIPTS:
        # Kana beside Han are Japanese, so a small share of them is enough;
        # names in Latin letters stand in every text.
        if letters >= WORDS and len(script.findall(text)) > 0.15 * letters:
            return name
    return None


def _by_words(text: str) -> str | None:
    """Return the language whose small words a text is full of."""
    found = text.encode("utf-8", "replace").translate(_LETTERS).split()
    if not text.isascii():
        found = [word for token in found for word in _apart(token)]
    scores, varieties = Counter[str](), Counter[str]()
    for word, count in Counter(filter(_BY_WORD.__contains__, found)).items():
        for language in _BY_WORD[word]:
            scores[language] += count
            varieties[language] += 1
    (first, most), (_, next_most) = [*scores.most_common(2), ("", 0), ("", 0)][:2]
    if len(found) < WORDS or varieties[first] < VARIETY:
        return None
    return first if most >= SHARE * len(found) and most >= LEAD * next_most else None


def _apart(token: bytes) -> Iterable[bytes]:
    """Return the words in what stands between two spaces.

    It may hold more signs than plain letters.
    """
    if token.isascii():
        return (token,)
    return (word.lower().encode() for word in _WORD.findall(token.decode()))

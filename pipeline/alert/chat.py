"""Subject and plain text of a mail → the `text` of a webhook, which chats show as a message.

What a page says stays words in it: nothing of it calls people, formats,
or leads to another address than it shows.
"""

from __future__ import annotations

import re

MOST = 3000
"""How many characters a message has at most: chats cut longer ones off,
some in the middle of a word.
"""
_CALLS = re.compile(r"(?<!\w)@(?=\w)")
# Chats read <!channel>, <https://…|words>, [words](https://…)
# and ```; none has a way to write these that all others show.
_FORMS = str.maketrans({"<": "‹", ">": "›", "[": "(", "]": ")", "`": "'"})


def text(subject: str, body: str) -> str:
    """Return the message: the subject in a line, and of the body the lines that fit."""
    said = _CALLS.sub("＠", f"{subject}\n\n{body}".translate(_FORMS)).strip()
    if len(said) <= MOST:
        return said
    more = "\n… and more: see the report."
    whole = said[: MOST - len(more)]
    # A line that is cut off may say the opposite of the whole one.
    kept, _, cut = whole.rpartition("\n")
    return f"{(kept or cut).rstrip()}{more}"

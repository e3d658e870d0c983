"""Every number that decides a comparison, by name and with its reason;
likenesses are 0 to 100, as rapidfuzz gives them.

They were chosen on labelled changes of real pages.
Whoever moves one replays the histories (`bench/replay.py`).
"""

from __future__ import annotations

# --------------------------------------------------------------------------- texts side by side

ALONE = 48.0
"""A text that stands alone in the place of another is its new wording from here on:
hardly a word of it need have stayed.
"""

IN_PLACE = 58.0
"""Of several texts between the same neighbours, the ones so like are one in another wording."""

MOVED = 72.0
"""A text that moved and changed as well must be so like the old one."""

ANY_ORDER = 0.97
"""What a likeness of words in any order counts against one of characters in order."""

MARKED_WINDOW = 4000
"""Beyond so many words of both texts together, only what they begin and end with is told apart."""

WINDOW = 120
"""How many units of a hunk are weighed against each other;
a heavier rewrite is told as removed and added text.
"""

LARGE = 20_000**2
"""From how many pairs of units on two pages are laid side by side by the texts
that both have once.
"""

LINKS = 100
"""How many links of a block are looked for in a sentence: those that come first,
of those that were in none before it.
"""

CARD = 8
"""How many texts one line is spread over at most: a standard, its status, a date, a few remarks."""

HEAD = 24
"""How many words the first text of a card has at most."""

SENTENCE = 6
"""From how many words on a text of prose says by itself what it says;
"Yes!" and "ISO 27001" need their surroundings.
"""

SHOWN_WHOLE = 0.8
"""A text is shown already where one that makes up so much of it is."""

HALF = 60
"""From which likeness on a text of which a change shows one side is the other side of that change.
"""

# --------------------------------------------------------------------------- claims side by side

CROWD = 60
"""How many claims of one key are weighed against each other;
more are paired in order of the page.
"""

REWORDED = 60
"""From which likeness on two sentences are one in other words.

What an unlike one says beside is news of its own.
"""

SAME_NOTE = 64
"""From which likeness on two notes about one standard are one note in other words."""

SHORTENED = 10
"""What a note that was shortened or drawn out in its place loses against one
that is merely reworded.
"""

STEM = 6
"""By how many letters the words of two notes are compared:
"responsible" and "responsibility" are one.
"""

REPHRASED = 3
"""How many telling words two notes under one heading share at least that say the same
in quite other words.
"""

REPHRASED_SHARE = 0.6
"""How much of the shorter one's telling words these are."""

HEADING = 90
"""From which likeness on two headings are one."""

FREE_WORDS = 4
"""How many words, or a quarter of all, a note may change that bind nobody
and still be the same note.
"""

SAME_DOCUMENT = 80
"""From which likeness on two documents' names are of one document."""

NAMING = 0.8
"""How much of a text a paper's name takes where the text is nothing but the name."""

SAME_KEY = 85
"""From which likeness on two keys of a page's front matter are one key, spelt otherwise."""

LIKE_LINK = 60
"""From which likeness of its words on a link took the place of another."""

# --------------------------------------------------------------------------- names

CONTEXT = 3
"""How many words two sentences must share for what differs in them
to be one thing under two names.
"""

LONGEST_NAME = 9
"""Of how many words a name is at most."""

BY_NAME = 92
"""From which likeness on two sentences differ by a product's name alone."""

MANY = 3
"""How many services must bear another brand before it is taken for one."""

BRAND = 4
"""From how many letters on the words that names begin with are taken for a brand."""

EXAMPLES = 5
"""How many sentences a renamed product is shown in."""

TELLING = 0.2
"""From which weight on a word says something of which service is meant."""

DISTINCT = 0.9
"""From which weight on one word alone tells a service from all others."""

KIN = 80
"""From which likeness on two words are of one stem: "Store" and "Storage"."""

SPELT = 0.75
"""How alike two names are that are spelt otherwise, in the same place of the same list."""

SPELT_ANYWHERE = 0.9
"""The same, wherever they stand."""

SHARED = 0.55
"""How much of the shorter name's weight two names share that are most of one another."""

SHARED_LONG = 0.45
"""The same, of the longer name's."""

SAME_SUPPLIER = 88
"""From which likeness on two names are of one supplier, spelt otherwise."""

NAMES_ALONE = 4
"""Up to how many words for each standard that it names a line names them and says no more."""

# --------------------------------------------------------------------------- what is worth an alert

SURE = 0.7
"""The margin from which on a sentence is a note beyond doubt;
chosen on labelled changes of pages.
"""

LIKELY = 0.5
"""The margin from which on it is one where a date in it moved:
most lines with dates that move are lines of validity.
"""

# --------------------------------------------------------------------------- how it is shown

BATCH = 4
"""How many changes of one cause views fold under one sentence."""

NAMED = 3
"""How many rows or links a sentence names."""

SHORTEST = 160
"""How many characters of a text a summary shows."""

PASSAGE = 900
"""How many characters of several paragraphs, items or rows, before and after together,
are told as one passage.
"""

LONG = 600
"""From how many characters on a reworded text is told by the passage that differs."""

AROUND = 8
"""How many unchanged words are shown on either side of that passage."""

NEAR = 4
"""How many passages back a difference may belong to: a list's items are told in turn
with what stands beside it.
"""

LINES = 1
"""How many unchanged lines are shown before and after what differs."""

WIDE = 8
"""A row of more columns is shown by its first cell and those that differ."""

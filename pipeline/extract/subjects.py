"""Document → whom the page speaks for: its products, from the title,
the headings and the sentences themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from pipeline import words
from pipeline.extract import printed, vocabulary
from pipeline.extract.context import Context
from pipeline.extract.holders import named
from pipeline.model import Page

_VERB = re.compile(
    r"^(?P<subject>(?:The |Our )?[\w.&'’/+-]+(?: [\w.&'’/+-]+){0,6}?)\s+(?:is|has|have|was"
    r"|provides?|offers?|uses?|takes?|supports?|complies|maintains?|participates?|meets|holds"
    r"|undergoes|undergo|enables?|lets|helps?|can|will|does|keeps?|retains?|currently"
    r"|operates?|ensures?|allows?|includes?|commits?|encrypts?|stores?|hosts?|runs?|aligns?"
    r"|are|services|makes?|also|customers|regularly|follows?|employs?|utilizes?|leverages?"
    r"|earned|received|achieved|completed)\b"
)
_AT = re.compile(r"^(?:Here )?[Aa]t (?P<subject>[A-Z][\w.&'-]*(?: [A-Z][\w.&'-]*)*), (?:we|our)\b")
_ASKED = re.compile(
    r"^(?:Is|Does|Has|Can|Will|Ist|Hat|¿Es|¿Está|¿Tiene"
    r"|¿Cumple) (?P<subject>[A-Z][\w.&'-]*(?: [A-Z][\w.&'-]*)*) [^?]+\?$"
)
"""A question about somebody, which the page answers for itself: "Is Acme Mail certified?"."""
_ANY = re.compile(r"(?:an?|any|each|every|no|some|most|many)\b", re.IGNORECASE)
_DENIES = re.compile(r"\b(?:not|excluded|except)\b|n['’]t\b")
_IS_A_TOOL = re.compile(
    r"\bis an? (?:\w+ )?(?:feature|tool|portal|guide|dashboard|website|document|blog|newsletter)\b"
)
_TAIL = r"(?:services?|platforms?|cloud|products?|suite|apps?)"


def main(context: Context, page: Page | None) -> str | None:
    """Return the page's main product: the config's, else the name that the title
    and the sentences share, else the site's."""
    if page and page.product:
        return page.product
    body = " ".join(
        _unmentioned(block.text, context) for block in context.blocks if block.kind != "heading"
    )
    headings = [block for block in context.blocks if block.kind == "heading"]
    title = context.document.title or ""
    heads = (*[block.text for block in headings if block.level == 1][:1], title)
    for head in heads:
        if ends := printed.headed(_unmentioned(head, context), body, vocabulary.COMMON):
            return ends
    text = " ".join((body, *(block.text for block in headings), title))
    for head in heads:
        fit = [one for one in _candidates(head, context) if _is_spoken_of(one, context, body, text)]
        if fit:
            return max(fit, key=len)
    return next(map(_of_site, context.document.names), None)


def _is_spoken_of(name: str, context: Context, body: str, text: str) -> bool:
    """Return whether a page's body prints a name whole, and has it for a subject
    or a name of several words twice."""
    if name not in body or not re.search(rf"\b{re.escape(name)}\b", body):
        return False
    several = " " in name
    return bool(_census(context).get(words.fold(name))) or (
        several and len(re.findall(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)) >= 2
    )


def _of_site(name: str) -> str:
    """Return a site's name without the place of the page in it: "Acme Help Center",
    "Acme sub-processors"."""
    tokens = printed.PLACE.sub("", name).split()
    while len(tokens) > 1 and tokens[-1].islower() and tokens[-1] in vocabulary.COMMON:
        tokens.pop()
    return " ".join(tokens)


def _unmentioned(text: str, context: Context) -> str:
    """Return a text without the standards it names, so that parts
    of their long names are nobody's."""
    for mention in reversed(context.mentions(text)):
        text = f"{text[: mention.start]} {text[mention.end :]}"
    return text


def commonest(context: Context) -> str | None:
    """Return the name that most sentences have for their subject, None when none is named twice."""
    text = " ".join(block.text for block in context.blocks)
    names = [(count, name) for name, count in _counted(context).items()]
    count, name = max(names, default=(0, ""), key=lambda pair: (pair[0], -len(pair[1])))
    if count >= 2:
        return name
    # Beside a name printed more often, one that a single sentence speaks
    # of is somebody else's (a payment provider).
    alone = (
        count
        and len(names) == 1
        and not any(
            printed.supplied(text, m.start()) for m in re.finditer(re.escape(name.split()[0]), text)
        )
    )
    return name if alone and text.count(name) >= text.count(most_printed(context) or name) else None


def most_printed(context: Context, claims: bool = True) -> str | None:
    """Return the name that the page prints most, else the brand of its title;
    `claims` tells whether the page makes any."""
    heads = (
        *(block.text for block in context.blocks if block.kind == "heading"),
        context.document.title or "",
    )
    text = "\n".join(
        _unmentioned(text, context)
        for text in (*(block.text for block in context.blocks), heads[-1])
    )
    whole = next(
        (value for key, value in context.document.front_matter if key.lower() == "title"), heads[-1]
    )
    return printed.most(text, heads, vocabulary.COMMON, claims) or printed.brand(
        whole, vocabulary.COMMON
    )


def products(
    context: Context,
    main_product: str | None,
    subjects: Iterable[str],
    vendor: str | None,
    fallback: str | None,
) -> tuple[str, ...]:
    """Return the products of a page, the main one first: the title's,
    else those that its claims name, else the commonest subject."""
    if main_product:
        return (main_product,)
    found: Counter[str] = Counter()
    for subject in subjects:
        for name in parts(subject):
            name = _short(name, context)
            if _proper(name) and len(name.split()) <= 5 and not context.mentions(name):
                found[name] += 1
    if fallback and fallback in found and not context.page_topic:
        # Beside the page's own voice, a name claimed
        # for once is somebody else's (a hosting provider).
        found = Counter(
            {
                n: count
                for n, count in found.items()
                if count > 1 or n.split()[0] == fallback.split()[0]
            }
        )
    if found:
        return tuple(name for name, _ in found.most_common(6))
    return tuple(name for name in (fallback or vendor,) if name)


def _short(name: str, context: Context) -> str:
    """Return a name without the vendor's before it, where the page prints it
    so more often than not ("Acme Mail", then "Mail")."""
    first, _, rest = name.partition(" ")
    if not rest or not _proper(rest) or not _census(context).get(words.fold(first)):
        return name
    text = " ".join(block.text for block in context.blocks)
    whole, bare = (
        len(re.findall(rf"(?<![\w-]){re.escape(part)}(?![\w-])", text)) for part in (name, rest)
    )
    return rest if bare > 2 * whole else name


def parts(subject: str) -> list[str]:
    """Split a joined subject into its names; an "and" inside one name keeps it whole."""
    pieces = [
        piece.strip() for piece in re.split(r",\s*(?:and\s+)?|\s+and\s+", subject) if piece.strip()
    ]
    if len(pieces) > 1 and all(_proper(piece) for piece in pieces):
        first = pieces[0].split()
        if len(first) > 1 and any(piece.split()[0] == first[1] for piece in pieces[1:]):
            pieces[0] = " ".join(first[1:])
        return pieces
    return [subject]


def _proper(name: str) -> bool:
    tail = re.sub(rf"(?<=\w) {_TAIL}$", "", name).split()
    return (
        bool(tail)
        and not all(words.fold(word) in vocabulary.COMMON for word in tail)
        and all(
            re.match(r"[A-Z0-9(&]|[a-z]+\d[a-z]|\w+\.\w|of$|for$|and$|&$", word) for word in tail
        )
    )


def _candidates(head: str, context: Context) -> Iterable[str]:
    for mention in reversed(context.mentions(head)):
        head = f"{head[: mention.start]} | {head[mention.end :]}"
    for piece in re.split(r"[|:;()–—\"“”]|\s-\s", head):
        tokens = piece.split()
        for start in range(len(tokens)):
            for end in range(len(tokens), start, -1):
                words_ = tokens[start:end]
                if _is_name(words_):
                    yield " ".join(words_).strip(",.?!’'")


def _is_name(tokens: list[str]) -> bool:
    first, last = tokens[0], tokens[-1]
    if (
        not re.match(r"[A-Z]|\w+\.\w", first)
        or words.fold(first) in vocabulary.FUNCTION
        or all(words.fold(t.strip(",.?!")) in vocabulary.COMMON for t in tokens)
    ):
        return False
    if any(
        word in ("and", "or", "with", "is", "are", "in", "to", "your", "our") for word in tokens
    ) or words.fold(last) in (
        "compliance",
        "the",
    ):
        return False
    return bool(re.match(r"[A-Z0-9]|\w+\.\w", last)) or bool(
        re.fullmatch(_TAIL, last) and len(tokens) > 1
    )


@lru_cache(maxsize=2)
def _counted(context: Context) -> Counter[str]:
    """Count the names that sentences have for their subject, leaving out tools
    that the page tells its reader to use."""
    found: Counter[str] = Counter()
    for block in context.blocks:
        instructs = bool(block.section) and vocabulary.IMPERATIVE.match(block.section[-1])
        if block.kind == "heading" and (asked := _ASKED.match(block.text)):
            found.update(filter(None, (_name(context, asked["subject"]),)))
        elif block.kind in ("paragraph", "item", "definition", "note", "row") and not instructs:
            found.update(
                name
                for sentence in words.sentences(block.text)
                if (name := _spoken_of(context, sentence))
            )
    return found


def _spoken_of(context: Context, sentence: str) -> str | None:
    subject = _subject(sentence)
    return _name(context, subject) if subject else None


@lru_cache(maxsize=8192)
def _subject(sentence: str) -> str | None:
    """Return the words that a sentence has for its subject, None where it denies
    or speaks of a tool."""
    match = _VERB.match(sentence) or _AT.match(sentence)
    if not match or _ANY.match(match["subject"]):
        return None
    denies = _DENIES.search(sentence) or _IS_A_TOOL.search(sentence)
    return None if denies else match["subject"]


def _name(context: Context, subject: str) -> str | None:
    """Return the name that a subject is, None for one that names nobody
    in particular, or a standard."""
    name = named(subject)
    name = re.split(r"['’]s?\s", name)[0] if name else None
    if name is None or not _proper(name) or words.fold(name.split()[0]) in vocabulary.FUNCTION:
        return None
    return None if context.mentions(name) or vocabulary.GENERIC.match(name) else name


@lru_cache(maxsize=2)
def _census(context: Context) -> dict[str, int]:
    return {words.fold(name): count for name, count in _counted(context).items()}

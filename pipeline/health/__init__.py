"""Snapshot, Known → Verdict: is this really the page, or something that stands in its place?

Knows no vendor's page and reads no claim: what it knows of walls is data in `signs` and `titles`,
what it measures is in `shown`,
what it asks of the body alone in `arrived`. A page is never judged by one of its standards;
whether too many claims went at once is the guard's question.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from pipeline import standards, words
from pipeline.health import arrived, chosen, data, language, onward, shown, signs, walls
from pipeline.health.onward import target as sent_on
from pipeline.health.shown import NOT_HAD, Shown
from pipeline.model import Known, Snapshot, Verdict

__all__ = ["NOT_HAD", "alike", "language_of", "little", "sent_on", "stub", "verdict", "wall"]
LITTLE = 1500
"""Characters of text outside navigation, header and footer under which a page may be a wall;
no real page read so far, that also bore a wall's words, was as short.
"""
SPOKEN = {"login": 3, "missing": 3, "consent": 3}
"""Standards that a page must name to be no wall of a kind: a sign-in page may say which reports lie
behind it, a page that helps who is lost may link to one, a consent page names privacy laws. No
other wall names any.
"""
FEWER, KEPT = 2, 0.1
"""A page is strange that shows less than half of its usual text,
and of whose phrases no tenth stood there before.
"""
LOADING = 100
"""Characters of text under which a page that says that it is loading says nothing else."""


def verdict(snapshot: Snapshot, known: Known) -> Verdict:
    """Say whether the capture is really the page: `ok`, else the first fault found,
    with a reason a person can check.
    """
    answer_fault = _status(snapshot) or data.verdict(snapshot, first=known.snapshot is None)
    body_fault = answer_fault or _kind(snapshot, known) or arrived.body(snapshot)
    if body_fault is not None:
        return body_fault
    return (
        _onward(snapshot)
        or wall(snapshot, known)
        or _left(snapshot)
        or arrived.cut(snapshot, known)
        or _hollow(snapshot)
        or _partial(snapshot, known)
        or arrived.shrunk(snapshot, known)
        or chosen.verdict(snapshot, known)
        or _foreign(snapshot, known)
        or _strange(snapshot, known)
        or Verdict()
    )


def wall(snapshot: Snapshot, known: Known | None = None) -> Verdict | None:
    """Return the challenge, captcha, sign-in, consent, missing or maintenance page
    that stands before the page, if any.

    A header is proof. Any other sign is the page's own where the last good capture bore it too, or
    where the page speaks of standards, as hardly a wall does; but not where it shows nothing of
    what the last good capture showed.
    """
    for sign in signs.HEADERS:
        value = snapshot.header(sign.header)
        if value is not None and sign.pattern.search(value):
            return Verdict(sign.verdict, f"{sign.means} (header {sign.header}: {value[:60]})")
    if not little(snapshot):
        return None
    usual = known.snapshot if known else None
    own = (
        {one.reason for one in walls.seen(usual, _measured(usual))}
        if usual and little(usual)
        else set()
    )
    page = _measured(snapshot)
    told = [one for one in walls.seen(snapshot, page) if one.reason not in own]
    spoken = told and _speaks(snapshot, SPOKEN.get(told[0].name, 1)) and not walls.plain(told, page)
    if not told or (spoken and not (usual and _unlike(_text(snapshot), _text(usual)))):
        return None
    return told[0]


def _speaks(snapshot: Snapshot, least: int) -> bool:
    """Say whether a page speaks of so many standards, whichever they are."""
    page = _measured(snapshot)
    named = standards.load().mentions(
        "\n".join((page.title, *page.headings, page.text[: 2 * LITTLE]))
    )
    return len({mention.standard for mention in named}) >= least


def little(snapshot: Snapshot) -> bool:
    """Say whether a page shows so little that it may stand in another one's place."""
    return (
        shown.is_html(snapshot.body, snapshot.media_type)
        and len(_measured(snapshot).text) <= LITTLE
    )


def stub(snapshot: Snapshot, known: Known) -> bool:
    """Say whether a page shows so little, and nothing else is wrong with it."""
    return little(snapshot) and verdict(snapshot, known).ok


def alike(one: Snapshot, other: Snapshot) -> bool:
    """Say whether two pages show the same text, their addresses aside:
    how a site answers what it does not have.
    """
    texts = [words.squeeze(_without_address(found)) for found in (one, other)]
    return bool(texts[0]) and texts[0] == texts[1]


def _without_address(snapshot: Snapshot) -> str:
    page, path = _measured(snapshot), urlsplit(snapshot.url).path
    text = f"{page.title} {' '.join(page.headings)} {page.text}"
    return (
        text.replace(snapshot.url, " ")
        .replace(path, " ")
        .replace(path.rpartition("/")[2] or path, " ")
    )


def _status(snapshot: Snapshot) -> Verdict | None:
    if snapshot.status is None or 200 <= snapshot.status < 300:
        return None
    seen = wall(snapshot)
    return Verdict("status", f"HTTP {snapshot.status}" + (f", {seen.reason}" if seen else ""))


def _kind(snapshot: Snapshot, known: Known) -> Verdict | None:
    """Tell a page in place of a PDF or of JSON, and the other way round:
    a link that leads to something else now.
    """
    usual = known.snapshot
    if usual is None or not usual.body.strip() or not snapshot.body.strip():
        return None
    before, now = _form(usual.body), _form(snapshot.body)
    if before == now or (shown.is_html(snapshot.body, snapshot.media_type) and wall(snapshot)):
        return None
    return Verdict("type", f"{now}, where {before} is usual")


def _form(body: bytes) -> str:
    if shown.is_pdf(body):
        return "a PDF"
    return "JSON" if shown.is_json(body) else "a page of text"


def _onward(snapshot: Snapshot) -> Verdict | None:
    """Tell a page that only sends its readers on: what it says is not what they came for."""
    url = onward.target(snapshot)
    if url is None:
        return None
    if url == snapshot.url:
        return Verdict("moved", "the page shows next to nothing, and only loads itself again")
    return Verdict("moved", f"the page sends its readers on to {onward.named(url)}")


def _left(snapshot: Snapshot) -> Verdict | None:
    url = onward.by_script(snapshot)
    if url is None or _speaks(snapshot, 1):
        return None
    told = f"a script of the page sends its readers on to {onward.named(url)}"
    return Verdict("moved", f"{told}; set url to it, or browser = true")


def _hollow(snapshot: Snapshot) -> Verdict | None:
    """Tell a page whose content a script would have to fetch, and one that shows nothing at all."""
    if not shown.is_html(snapshot.body, snapshot.media_type):
        return None
    page = _measured(snapshot)
    needs = page.empty_root or (signs.NEEDS_SCRIPT.search(page.noscript) and len(page.text) < 200)
    if page.scripts and needs and len(page.text) < LITTLE and not _speaks(snapshot, 1):
        return _shell(snapshot)
    if page.scripts and len(page.text) < LOADING and signs.LOADING.match(page.text):
        return _shell(snapshot)
    if page.scripts and len(page.headings) == 1 and len(page.text) < len(page.headings[0]) + 20:
        return _shell(snapshot)
    if len(page.text) < 20 and (page.frames or not page.headings):
        return (
            _shell(snapshot)
            if page.scripts or page.frames
            else Verdict("empty", "the page shows no text")
        )
    return None


def _shell(snapshot: Snapshot) -> Verdict:
    if snapshot.page.browser:
        return Verdict(
            "shell",
            "the page stays empty in a browser too: "
            "its scripts did not run to their end, or found nothing",
        )
    return Verdict(
        "shell",
        "the content is filled in by a script or a frame; the page needs a browser: "
        "set browser = true for it",
    )


def _partial(snapshot: Snapshot, known: Known) -> Verdict | None:
    """Tell a page of which a part did not come that came before, and that shows less:
    what is missing stood there.
    """
    usual = known.snapshot
    if usual is None or not snapshot.page.browser:
        return None
    missed = sorted(shown.not_had(snapshot.body) - shown.not_had(usual.body))
    if missed and len(_text(snapshot)) < len(_text(usual)):
        return Verdict(
            "truncated",
            f"a part of the page could not be had, {missed[0].decode()}, "
            "and it shows less than usual",
        )
    return None


def _foreign(snapshot: Snapshot, known: Known) -> Verdict | None:
    """Tell a page in another language: a server that guesses ours,
    or a translation in the original's place.
    """
    if known.snapshot is None or shown.is_pdf(snapshot.body):
        return None
    now = language_of(snapshot)
    usual = known.language if known.language is not None or not now else language_of(known.snapshot)
    if now and usual and now != usual:
        return Verdict("language", f"the page is in {now}, where {usual} is usual")
    return None


def language_of(snapshot: Snapshot) -> str | None:
    """Return the English name of the language that a page shows, None for none."""
    return language.of(_text(snapshot))


def _strange(snapshot: Snapshot, known: Known) -> Verdict | None:
    """Tell a page that shows little, and nothing of what it showed before:
    a wall in words that nobody foresaw.
    """
    if known.snapshot is None or shown.is_pdf(snapshot.body) or shown.is_pdf(known.snapshot.body):
        return None
    now = _text(snapshot)
    if (
        len(now) > LITTLE
        or not _unlike(now, _text(known.snapshot))
        or standards.load().mentions(now)
    ):
        return None
    return Verdict(
        "short", f'the page shows little, and nothing of what it showed before: "{now[:80]}"'
    )


def _unlike(now: str, before: str) -> bool:
    """Say whether a text is much shorter than another, and has hardly a phrase of it."""
    phrases = _phrases(now) if FEWER * len(now) <= len(before) else set()
    return bool(phrases) and len(phrases & _phrases(before)) <= KEPT * len(phrases)


def _phrases(text: str) -> set[tuple[str, ...]]:
    found = words.fold(text).split()
    return set(zip(found, found[1:], found[2:], strict=False))


def _measured(snapshot: Snapshot) -> Shown:
    return shown.of(snapshot.body, arrived.content_type(snapshot))


def _text(snapshot: Snapshot) -> str:
    if shown.is_html(snapshot.body, snapshot.media_type):
        return _measured(snapshot).text
    return snapshot.body[: 4 * language.READ].decode("utf-8", "replace")

"""Snapshot → what its signs say that stands in the page's place, the surest first.

Weighs none of them: that is the verdict's work.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline import words
from pipeline.health import shown, signs, titles
from pipeline.health.shown import Shown
from pipeline.model import Snapshot, Verdict

BARE = 300
"""Characters of text under which nothing but a form or a captcha can stand on a page."""


def seen(snapshot: Snapshot, page: Shown) -> Iterator[Verdict]:
    """Yield what the signs of a page that shows little tell, the surest first."""
    source = snapshot.body[: signs.SEARCHED].decode("utf-8", "replace")
    yield from _in_source(signs.SOURCES, source)
    yield from _in_text(signs.TEXTS, page)
    yield from _in_titles(page)
    yield from _login(snapshot, page)
    if len(page.text) < BARE:
        yield from _in_source(signs.WIDGETS, source)
        yield from _in_text(signs.BARE, page)
    yield from _front(snapshot)


def plain(told: list[Verdict], page: Shown) -> bool:
    """Say whether a page is a wall whatever it names: it says above all that it is missing,
    or it both is called a sign-in and is one.
    """
    above = tuple(f'"{title[:80]}"' for title in (page.title, *page.headings[:1]) if title)
    logins = {one.reason.endswith('"') for one in told if one.name == "login"}
    return logins == {True, False} or any(
        one.name == "missing" and one.reason.endswith(above) for one in told
    )


def _in_source(wanted: tuple[signs.Sign, ...], source: str) -> Iterator[Verdict]:
    return (Verdict(sign.verdict, sign.means) for sign in wanted if sign.pattern.search(source))


def _in_text(wanted: tuple[signs.Sign, ...], page: Shown) -> Iterator[Verdict]:
    text = words.straight("\n".join((page.title, page.text, page.noscript)))
    for sign in wanted:
        found = sign.pattern.search(text)
        if found:
            yield Verdict(sign.verdict, f'{sign.means}: "{found[0][:80]}"')


def _in_titles(page: Shown) -> Iterator[Verdict]:
    for sign in titles.TITLES:
        for title in (page.title, *page.headings):
            if sign.pattern.search(title):
                yield Verdict(sign.verdict, f'{sign.means}: "{title[:80]}"')


def _login(snapshot: Snapshot, page: Shown) -> Iterator[Verdict]:
    if page.asks_password:
        yield Verdict("login", "the page asks for a password and shows little else")
    if snapshot.redirects and signs.LOGIN_URL.search(snapshot.url):
        yield Verdict("login", f"redirected to a sign-in page, {snapshot.url.partition('?')[0]}")


def _front(snapshot: Snapshot) -> Iterator[Verdict]:
    """Tell a page that sends us to the front page: the usual way of shops and portals
    to say that it is gone.
    """
    asked, came = snapshot.page.url, snapshot.url
    if snapshot.redirects and shown.depth(asked) > 1 and shown.depth(came) == 0:
        yield Verdict("missing", f"redirected to the front page, {came.partition('?')[0]}")

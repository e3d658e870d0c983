"""What a page costs a run, from its bytes to rows that are committed,
against a bare parse of the same bytes.

Nothing is fetched over a network: each look is handed its bytes. What a run costs that has one page
is taken off, so that the start of the processes which read is no page's cost. Processor time of
this process and of those that it started.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median

import psutil
import quiet
import served
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from pipeline.model import Known, Look, Page, Snapshot

EVERY = 10
"""Of so many pages that are served, one changes from state to state."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its media type, how a page of it is written, and the bare parse
    that it is measured against.
    """

    media_type: str
    page: Callable[[int, int, int], bytes]
    bare: Callable[[bytes], object]


@dataclass(frozen=True, slots=True)
class Spent:
    """Processor seconds of a page's first look, of one at a changed page, and of the bare parse."""

    first: float
    changed: float
    bare: float


def html(number: int, state: int, paragraphs: int) -> bytes:
    """Return a page that says something new in each state."""
    return served.page(EVERY * number + 3, state, paragraphs)


def markdown(number: int, state: int, paragraphs: int) -> bytes:
    """Return the same page's main part as Markdown."""
    main = html(number, state, paragraphs).decode().partition("<main>")[2].partition("</main>")[0]
    for tag, mark in (("h1", "# "), ("h2", "## "), ("p", "")):
        main = re.sub(rf"<{tag}>(.*?)</{tag}>", rf"{mark}\1\n", main)
    return main.encode()


HTML = Format("text/html", html, lambda body: BeautifulSoup(body, "lxml"))
MARKDOWN = Format(
    "text/markdown",
    markdown,
    lambda body: MarkdownIt("commonmark").enable("table").parse(body.decode()),
)


def spent() -> float:
    """Return the processor seconds of this process and of all that it started,
    those that still wait for work too.
    """
    here, total = psutil.Process(), 0.0
    for one in (here, *here.children(recursive=True)):
        times = one.cpu_times()
        total += times.user + times.system + times.children_user + times.children_system
    return total


def looks(form: Format, pages: int, paragraphs: int) -> tuple[float, float]:
    """Return the processor seconds of a first run over so many pages,
    and of one that finds all changed.
    """

    def run(state: int) -> float:
        bodies = {f"page-{n}": form.page(n, state, paragraphs) for n in range(pages)}

        def found(page: Page, known: Known, now: datetime) -> Look:
            body = bodies[page.id]
            shot = Snapshot(page, now, now, "live", page.url, form.media_type, body, 200)
            return Look(page, now, shot)

        begun = spent()
        done = quiet.run(given, days=state + 1, fetch=found)
        kinds = {type(one).__name__ for one in done.outcomes}
        assert kinds == {"Changed" if state else "First"}, kinds
        return spent() - begun

    with tempfile.TemporaryDirectory(prefix="claimwatch-pages-") as work:
        given = quiet.configured(Path(work), pages)
        return run(0), run(1)


def measured(form: Format, pages: int, paragraphs: int = served.PARAGRAPHS) -> Spent:
    """Return what a page costs, the mean of so many; a run over one small page is the baseline."""
    looks(form, 1, 3)  # what this process loads once is no page's cost
    least, most = looks(form, 1, 3), looks(form, pages, paragraphs)
    first, changed = ((b - a) / pages for a, b in zip(least, most, strict=True))
    return Spent(first, changed, bare(form, pages, paragraphs))


def bare(form: Format, pages: int, paragraphs: int) -> float:
    """Return the median of processor seconds of the bare parse of so many pages."""
    took = []
    for number in range(pages):
        body = form.page(number, 0, paragraphs)
        begun = time.process_time()
        form.bare(body)
        took.append(time.process_time() - begun)
    return median(took)

"""Read pages of growing size: how time grows, and what each stage costs against a bare parse of the
same bytes.

    python bench/reading.py [--rounds 5]

Each row doubles the page before it; the last column is its time over that one's (2.0 is linear).
Then what reading pages of prose costs (those of `served.py`), each for the first time, and again
when all their sentences are known. Then, for a page of 40 parts, what each stage of a look costs as
a multiple of the bare parse: `health` judges a new capture beside the last good one, `unpack` and
`pack` bring back the last reading and keep the new one, `compare` tells them apart; `first` and
`changed` are all that a first look and a changed one cost. The baseline is taken in the same run:
`BeautifulSoup(page, "lxml")` for HTML, `MarkdownIt("commonmark").enable("table").parse` for
Markdown. Processor time, medians of the rounds.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import apage
import served
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from pipeline import diff, extract, health, parse, standards
from pipeline.extract import weighed
from pipeline.health import language, shown
from pipeline.model import Known, Page, Reading, Snapshot
from pipeline.track import keeping
from pipeline.track.keeping import Kept

AT = datetime(2026, 1, 1, tzinfo=UTC)
PART = """## Part {n}

Marlow is certified to ISO/IEC 27001:2022 and undergoes an annual SOC 2 Type II audit. Customers are responsible for their own use.
HIPAA is a law that covered entities must follow; Marlow signs a BAA on request, and part {n} is excluded from our PCI DSS report.

- Marlow Mail {n} and Marlow Drive {n}
- ISO 27018:2019

| Service | SOC 1 | SOC 2 |
| --- | --- | --- |
| Service {n} | ✓ | – |
| Service {n} Plus (beta) | ✓ | ✓ |

"""


def markdown(parts: int) -> str:
    """Return a page of so many parts."""
    return "# Marlow compliance\n\n" + "".join(PART.format(n=n) for n in range(parts))


def html(parts: int) -> str:
    """Return the same page as HTML."""
    body = MarkdownIt("commonmark").enable("table").render(markdown(parts))
    return f"<html><head><title>Marlow</title></head><body><main>{body}</main></body></html>"


def captured(source: str, media_type: str) -> Snapshot:
    """Return a text as a capture of a page."""
    return Snapshot(Page("bench", "page"), AT, AT, "dir", "page", media_type, source.encode())


def read(snapshot: Snapshot) -> Reading:
    """Read a page wholly."""
    return extract.reading(parse.document(snapshot), standards.load())


def median(rounds: int, act: Callable[[], object]) -> float:
    """Return the median seconds of so many calls."""
    took = []
    for _ in range(rounds):
        start = time.process_time()
        act()
        took.append(time.process_time() - start)
    return statistics.median(took)


@dataclass(frozen=True)
class Format:
    """A format: how a page of so many parts is written in it, and the bare parse
    that it is measured against.
    """

    name: str
    media_type: str
    page: Callable[[int], str]
    bare: Callable[[str], object]


FORMATS = (
    Format("Markdown", "text/markdown", markdown, MarkdownIt("commonmark").enable("table").parse),
    Format("HTML", "text/html", html, lambda source: BeautifulSoup(source, "lxml")),
)


def growth(form: Format, rounds: int) -> None:
    """Print a row for each size of a page in one format."""
    before = 0.0
    for parts in (10, 20, 40, 80, 160):
        source = form.page(parts)
        snapshot = captured(source, form.media_type)
        took = median(rounds, lambda s=snapshot: read(s))
        base = median(rounds, lambda s=source: form.bare(s))
        grown = f"{took / before:8.2f}" if before else " " * 8
        claims = len(read(snapshot).claims)
        print(
            f"{form.name:10}{len(source) / 1000:8.0f} kB{claims:8} claims"
            f"{took * 1000:9.1f} ms{took / base:8.2f} × bare{grown}"
        )
        before = took


def prose(form: Format, page: Callable[[int, int, int], bytes], rounds: int) -> None:
    """Print what pages of prose cost that are read for the first time, and again,
    as a multiple of the bare parse.
    """
    first, again = list[float](), list[float]()
    for number in range(rounds):
        weighed.forget()  # the other format's pages say the same
        snapshot = captured(page(number, 0, served.PARAGRAPHS).decode(), form.media_type)
        base = median(3, lambda s=snapshot: form.bare(s.body.decode()))
        first.append(median(1, lambda s=snapshot: read(s)) / base)
        again.append(median(3, lambda s=snapshot: read(s)) / base)
    once, later = statistics.median(first), statistics.median(again)
    print(f"{form.name:10}prose: first {once:.2f} × bare, again {later:.2f} × bare")


def acts(form: Format) -> dict[str, Callable[[], object]]:
    """Return the stages of a look at a changed page of a format, ready to be called."""
    catalogue, source = standards.load(), form.page(40)
    old = captured(source, form.media_type)
    new = captured(source.replace("part 20 is excluded", "part 20 is left out"), form.media_type)
    known = Known(digest=old.digest, size=len(old.body), snapshot=old, language="English")
    document, before, after = parse.document(new), read(old), read(new)
    kept = keeping.packed(Kept(before, "English"), old)

    def judged() -> None:
        shown.of.cache_clear()
        language._of.cache_clear()
        health.verdict(new, known)

    def unpacked() -> None:
        keeping._loaded.cache_clear()
        keeping.unpacked(kept, before.stamp, old)

    return {
        "health": judged,
        "unpack": unpacked,
        "parse": lambda: parse.document(new),
        "extract": lambda: extract.reading(document, catalogue),
        "compare": lambda: diff.comparison(before, after, catalogue),
        "pack": lambda: keeping.packed(Kept(after, "English"), new),
    }


STAGES = ("health", "unpack", "parse", "extract", "compare", "pack")


def stages(form: Format, rounds: int) -> None:
    """Print what each stage of a look at a changed page costs, as a multiple of the bare parse."""
    source = form.page(40)
    base = median(rounds, lambda: form.bare(source))
    took = {name: median(rounds, act) / base for name, act in acts(form).items()}
    took["first"] = sum(took[name] for name in ("health", "parse", "extract", "pack"))
    took["changed"] = took["first"] + took["unpack"] + took["compare"]
    print(f"{form.name:10}" + "".join(f"{name} {ratio:.2f}  " for name, ratio in took.items()))


def main() -> int:
    """Print how time grows, then what each stage costs."""
    ask = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    ask.add_argument("--rounds", type=int, default=5)
    rounds = ask.parse_args().rounds
    for form in FORMATS:
        read(captured(form.page(1), form.media_type))  # what is loaded once is no page's cost
    for form in FORMATS:
        growth(form, rounds)
    for form, page in zip(FORMATS, (apage.markdown, apage.html), strict=True):
        prose(form, page, rounds)
    for form in FORMATS:
        stages(form, rounds)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

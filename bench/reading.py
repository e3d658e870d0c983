"""Read pages of growing size: how time grows, and what reading costs against a bare parse of the same bytes.

    python bench/reading.py [--rounds 5]

Each row doubles the page before it; the last column is its time over that one's (2.0 is linear). The ratio to the
baseline is taken in one run: `BeautifulSoup(page, "lxml")` for HTML, `MarkdownIt("commonmark").enable("table").parse`
for Markdown. Medians of the rounds.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from pipeline import extract, parse, standards
from pipeline.model import Page, Snapshot

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


def read(source: str, media_type: str) -> int:
    """Read a page wholly; return the number of its claims."""
    snapshot = Snapshot(Page("bench", "page"), AT, AT, "dir", "page", media_type, source.encode())
    return len(extract.reading(parse.document(snapshot), standards.load()).claims)


def median(rounds: int, act: Callable[[], object]) -> float:
    """Return the median seconds of so many calls."""
    took = []
    for _ in range(rounds):
        start = time.perf_counter()
        act()
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def table(
    name: str,
    media_type: str,
    page: Callable[[int], str],
    bare: Callable[[str], object],
    rounds: int,
) -> None:
    """Print the rows of one format."""
    before = 0.0
    for parts in (10, 20, 40, 80, 160):
        source = page(parts)
        took, base = (
            median(rounds, lambda s=source: read(s, media_type)),
            median(rounds, lambda s=source: bare(s)),
        )
        growth = f"{took / before:8.2f}" if before else " " * 8
        claims = read(source, media_type)
        print(
            f"{name:10}{len(source) / 1000:8.0f} kB{claims:8} claims{took * 1000:9.1f} ms{took / base:8.2f} × bare{growth}"
        )
        before = took


def main() -> int:
    """Print both tables."""
    ask = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    ask.add_argument("--rounds", type=int, default=5)
    rounds = ask.parse_args().rounds
    standards.load()
    table(
        "Markdown",
        "text/markdown",
        markdown,
        MarkdownIt("commonmark").enable("table").parse,
        rounds,
    )
    table("HTML", "text/html", html, lambda source: BeautifulSoup(source, "lxml"), rounds)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

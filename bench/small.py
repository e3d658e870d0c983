"""Small pages, a handful of claims each: what comes in their place,
and what they become while they stay themselves.

    python bench/small.py

Prints a line for each case of `tests/cases/small-*.md`: how many pages it is tried on, and how many
come out wrong. In the one direction, what is not the page is to be held back; in the other, just
what the page dropped is to be told at once.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import small_pages  # noqa: E402  (beside the tests, which hold the same)


def main() -> int:
    """Try every case in both directions, print the table and its totals;
    return 1 where any came out wrong.
    """
    reader = small_pages.reader()
    directions = (
        ("not the page, to be held back", small_pages.walls(), small_pages.told),
        ("the page, to be told", small_pages.sections("small-edits.md"), small_pages.untold),
    )
    everything = 0
    for direction, cases, wrong_of in directions:
        print(f"{direction:60} pages wrong")
        tried = wrong = 0
        for name, fields in cases.items():
            found, number = wrong_of(fields, reader), len(small_pages.watched(fields))
            tried, wrong = tried + number, wrong + len(found)
            print(f"  {name:58} {number:5} {len(found):5}  {', '.join(found)}".rstrip())
        print(f"{len(cases)} cases: {f'{tried} pages, {wrong} wrong':>54}\n")
        everything += wrong
    return int(bool(everything))


if __name__ == "__main__":
    sys.exit(main())

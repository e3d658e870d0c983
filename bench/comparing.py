"""Two captures of a page of many claims, compared: against DeepDiff of the same claims by their
keys, and a plain dict diff.

    python bench/comparing.py [CLAIMS ...] [--profile]

Two of a hundred claims changed, as many went and as many came. "Claims" compares readings whose
pages have no text but their claims; "whole" the pages with all their text. "Rewritten" are pages of
as many sentences of which hardly one stayed, against the lines of difflib. CPU seconds, each the
median of a few, taken in turn. DeepDiff compares dicts of the attributes that count for us, by the
claims' keys; it and the rewritten pages are left out beyond 10,000.
"""

from __future__ import annotations

import cProfile
import difflib
import gc
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from deepdiff import DeepDiff

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from generated_pages import readings, rewritten  # noqa: E402  (beside the tests)

from pipeline import diff, standards  # noqa: E402
from pipeline.diff.claims import fields  # noqa: E402
from pipeline.diff.names.lens import Lens  # noqa: E402
from pipeline.model import Document, Reading  # noqa: E402

SIZES = (1_000, 10_000, 100_000)
DEEP = 10_000
PLAIN = Lens([])
Keyed = dict[str, dict[str, Any]]


def keyed(reading: Reading) -> Keyed:
    """Return the claims by their keys, repeats numbered, each as the attributes in which it is
    compared."""
    found: Keyed = {}
    for claim in reading.claims:
        key = " ".join(claim.key)
        found[key if key not in found else f"{key} {len(found)}"] = fields.comparable(claim, PLAIN)
    return found


def by_hand(before: Keyed, after: Keyed) -> list[tuple[str, str, object, object]]:
    """Return what a plain program would tell: keys that went and came, and every attribute that
    differs."""
    found: list[tuple[str, str, object, object]] = [
        ("gone", key, None, None) for key in before.keys() - after.keys()
    ]
    found += [("new", key, None, None) for key in after.keys() - before.keys()]
    for key in before.keys() & after.keys():
        if before[key] != after[key]:
            found += [
                (name, key, value, after[key].get(name))
                for name, value in before[key].items()
                if after[key].get(name) != value
            ]
    return found


def without_text(reading: Reading) -> Reading:
    """Return the reading of a page of which nothing but the claims is known."""
    return replace(reading, document=Document(reading.document.title))


def medians(ways: dict[str, Callable[[], object]], times: int) -> dict[str, float]:
    """Return the CPU seconds of each way; all of them are taken in turn."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    gc.collect()
    gc.freeze()  # what the ways are given is none of their garbage
    for _ in range(times):
        for name, way in ways.items():
            started = time.process_time()
            way()
            taken[name].append(time.process_time() - started)
    return {name: statistics.median(found) for name, found in taken.items()}


def ways(claims: int) -> dict[str, Callable[[], object]]:
    """Return the ways in which captures of that many claims are compared."""
    catalogue = standards.load()
    before, after = readings(claims)
    bare = without_text(before), without_text(after)
    dicts = keyed(before), keyed(after)
    pages = rewritten(min(claims, DEEP))
    lines = [[block.text for block in page.document.blocks] for page in pages]
    found: dict[str, Callable[[], object]] = {
        "claims": lambda: diff.comparison(*bare, catalogue),
        "whole": lambda: diff.comparison(before, after, catalogue),
        "by hand": lambda: by_hand(*dicts),
    }
    if claims > DEEP:
        return found
    return found | {
        "rewritten": lambda: diff.comparison(*pages, catalogue),
        "difflib": lambda: list(difflib.unified_diff(*lines)),
        "DeepDiff": lambda: DeepDiff(*dicts),
    }


def main() -> int:
    """Print the table, or the profile of a whole comparison."""
    sizes = [int(size) for size in sys.argv[1:] if size.isdigit()] or list(SIZES)
    diff.comparison(*readings(60), standards.load())
    if "--profile" in sys.argv:
        cProfile.runctx("way()", {"way": ways(sizes[0])["whole"]}, {}, sort="cumtime")
        return 0
    names = ("by hand", "DeepDiff", "claims", "whole", "difflib", "rewritten")
    print(f"| claims | {' s | '.join(names)} s | claims ÷ DeepDiff | claims ÷ by hand |")
    print(f"|{'---|' * (len(names) + 3)}")
    for size in sizes:
        took = medians(ways(size), 1 if size > DEEP else 3)
        shown = [f"{took[name]:.3f}" if name in took else "" for name in names]
        deep = f"{took['claims'] / took['DeepDiff']:.2f}" if "DeepDiff" in took else ""
        print(
            f"| {size:,} | {' | '.join(shown)} | {deep} | {took['claims'] / took['by hand']:.0f} |"
        )
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())

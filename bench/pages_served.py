"""The web page over a store of a million states: how long each of its pages takes to answer,
in CPU milliseconds.

    python bench/pages_served.py [--states 1000000] [--store FOLDER] [--rules]

Each page is asked for at once after somebody wrote (cold: every answer is worked out anew), then
again (warm), as often as there is time for; the medians are printed. `--rules` gives the config
rules and a requirement, by which each change has a severity of its own. `--store` keeps the made-up
store there, and takes one that is there.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "bench")]

import big_store  # noqa: E402
from web_site import Web  # noqa: E402

CONFIG = '[[pages]]\nid = "page-00001"\nurl = "page.md"\nvendor = "Larkfield"\n'
RULES = """
[[rules]]
text = "marketing"
severity = "high"

[[rules]]
vendor = "Larkfield"
kind = "note"
severity = "low"

[[requirements]]
standards = ["soc-2"]
"""
GOAL = 100.0
"""Milliseconds in which a page answers at the median."""
TIMES, ENOUGH = 5, 20.0
"""So often a page is asked for, and no more once so many seconds went by."""
PAGES = (
    "/",
    "/?severity=high",
    "/?vendor=Larkfield",
    "/?text=certified",
    "/?sort=due",
    "/changes/{change}",
    "/ask?id={change}",
    "/claims/{claim}",
    "/pages/page-00001",
    "/runs",
    "/search?text=certified",
    "/health",
    "/suppliers",
    "/vendors",
    "/matrix",
    "/vendor?name=Contoso",
    "/data/claims",
    "/data/changes",
)


def measured(web: Web, address: str) -> tuple[float, float]:
    """Return the medians of an address in milliseconds, cold and warm."""
    cold: list[float] = []
    warm: list[float] = []
    began = time.monotonic()
    while len(cold) < TIMES and (not cold or time.monotonic() - began < ENOUGH):
        web.site._answers.clear()
        # Answers of Datasette's own pages are kept elsewhere: it passes over what it does not know.
        asked = f"{address}?_trial={len(cold)}" if address.startswith("/data/") else address
        for times in (cold, warm):
            at = time.process_time()
            answer = web.get(asked)
            times.append((time.process_time() - at) * 1000)
            assert answer.status_code == 200, (address, answer.status_code)
    return statistics.median(cold), statistics.median(warm)


def addresses(web: Web) -> Iterator[str]:
    """Yield the addresses, of a change and a claim that there are."""
    found = {}
    for name in ("change", "claim"):
        sql = f"SELECT id FROM {name} LIMIT 1"
        found[name] = web.get("/data.json", params={"sql": sql, "_shape": "arrayfirst"}).json()[0]
    yield from (page.format(**found) for page in PAGES)


def main() -> int:
    """Print a line for each page; return 1 if the median of all warm answers is above the goal."""
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given.add_argument("--states", type=int, default=1_000_000)
    given.add_argument("--store", type=Path)
    given.add_argument("--rules", action="store_true")
    chosen = given.parse_args()
    with tempfile.TemporaryDirectory(prefix="claimwatch-pages-") as temporary:
        folder = chosen.store or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.toml").write_text(CONFIG + RULES * chosen.rules, encoding="utf-8")
        if not (folder / "claims.db").exists():
            big_store.built(folder / "claims.db", chosen.states).close()
        every: list[float] = []
        with Web(folder) as web:
            for address in addresses(web):
                cold, warm = measured(web, address)
                every.append(warm)
                late = "" if warm <= GOAL else "  above the goal"
                print(f"{address:32} cold {cold:9.1f} ms   warm {warm:7.1f} ms{late}", flush=True)
    median = statistics.median(every)
    print(f"median of {len(every)} pages, warm: {median:.1f} ms; the goal is {GOAL:.0f} ms")
    return int(median > GOAL)


if __name__ == "__main__":
    sys.exit(main())

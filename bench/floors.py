"""Score the reader on gold pages and labelled sentences that lie beside the project,
and hold the scores to floors.

    python bench/floors.py SHARED [--write]

SHARED holds `score/score.py`, `score/sentences.py`, `gold/` and `sentences/`;
`pages/` lies here. Exit 1 where a score is below its floor.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

FLOORS = Path(__file__).parent / "floors.json"
SCORED = Path(__file__).parent / "scored.py"
PAGES = Path(__file__).parent / "pages"


def scores(shared: Path) -> dict[str, dict[str, float]]:
    """Return F1 by measure and kind."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        scorer = [str(SCORED), str(shared / "score" / "score.py")]
        gold = [*scorer, str(shared)]
        rows = [str(shared / "score" / "sentences.py"), str(shared / "sentences" / "train.jsonl")]
        asked = {
            "gold": [*gold, "--skip", "live-"],
            "live": [*gold, "--only", "live-"],
            "pages": [*scorer, str(PAGES)],
            "sentences": rows,
        }
        with ThreadPoolExecutor() as pool:
            made = pool.map(lambda item: _score(out / f"{item[0]}.json", item[1]), asked.items())
            return dict(zip(asked, made, strict=True))


def _score(path: Path, arguments: list[str]) -> dict[str, float]:
    """Run a scorer, and return the F1 of each kind that it wrote down."""
    run = [sys.executable, *arguments, "--json", str(path)]
    subprocess.run(run, stdout=subprocess.DEVNULL, check=False)
    found = json.loads(path.read_text())
    return {kind: value["f1"] for kind, value in found.items() if "f1" in value}


def main() -> int:
    """Print each score beside its floor."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("shared", type=Path)
    ask.add_argument(
        "--write", action="store_true", help="take today's scores, less 0.01, as floors"
    )
    given = ask.parse_args()
    found = scores(given.shared)
    if given.write:
        floors = {name: {kind: round(max(0.0, f1 - 0.01), 3) for kind, f1 in kinds.items()}
                  for name, kinds in found.items()}  # fmt: skip
        FLOORS.write_text(json.dumps(floors, indent=1) + "\n")
    floors = json.loads(FLOORS.read_text())
    low = 0
    for name, kinds in floors.items():
        for kind, floor in kinds.items():
            f1 = found[name].get(kind, 0.0)
            low += f1 < floor
            print(f"{name:10} {kind:20} {f1:.3f} (floor {floor:.3f}){' BELOW' * (f1 < floor)}")
    return int(low > 0)


if __name__ == "__main__":
    sys.exit(main())

"""Learn the reader's weights from the labelled sentences,
and show how well they read vendors that they never met.

    python bench/train.py [--quick]

Needs scikit-learn (the extra `dev`). The same rows give the same bytes: rows and features are
sorted, the solver has no chance in it, weights are rounded. Scores are of the fifth of the vendors
that is kept aside (`labelled.part`): learned without them first, then, for the weights that are
written, from all rows.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import labelled
import numpy as np
from labelled import Example
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize

from pipeline.extract import judgement

ROOM = Path(judgement.__file__).parent
FEWEST = {"standard": 4, "note": 3}
"""How many examples must have a feature before it is learned."""
STRENGTH = {"standard": 20.0, "note": 5.0}
CLOSE = {"standard": 1e-3, "note": 1e-4}
"""How flat the fit must be before it ends; ended ten times earlier,
notes were found 4 points worse.
"""


def examples(subject: str, rows: list[labelled.Row]) -> list[Example]:
    """Return the examples of one judge, in the order of the rows."""
    make = labelled.mentions if subject == "standard" else labelled.notes
    return [example for number, row in enumerate(rows) for example in make(number, row)]


def learn(found: list[Example], subject: str, stamp: str) -> str:
    """Return the text of the weights file that these examples teach."""
    taught = [example for example in found if example.label]
    counts = Counter(feature for example in taught for feature in example.features)
    names = sorted(feature for feature, count in counts.items() if count >= FEWEST[subject])
    places = {name: place for place, name in enumerate(names)}
    matrix = normalize(vectors(taught, places))
    model = LogisticRegression(C=STRENGTH[subject], max_iter=1000, tol=CLOSE[subject])
    model.fit(matrix, [example.label for example in taught])
    rows = {name: list(map(float, model.coef_[:, place])) for name, place in places.items()}
    return judgement.written(list(model.classes_), list(model.intercept_), rows, stamp)


def vectors(found: list[Example], places: dict[str, int]) -> csr_matrix:
    """Return the examples as rows of a sparse matrix."""
    columns: list[int] = []
    ends = [0]
    for example in found:
        columns += sorted(places[name] for name in example.features if name in places)
        ends.append(len(columns))
    shape = (len(found), len(places))
    return csr_matrix((np.ones(len(columns)), columns, ends), shape=shape)


def table(found: list[Example], weights: judgement.Weights) -> list[str]:
    """Return lines of precision, recall and F1 by outcome."""
    hits: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for example in found:
        if example.label:
            outcome = weights.judge(judgement.Features.of(example.features)).outcome
            wanted[example.label] += 1
            given[outcome] += 1
            hits[outcome] += outcome == example.label
    lines = [f"{'outcome':16} {'rows':>6} {'prec':>6} {'recall':>6} {'F1':>6}"]
    for outcome in sorted(wanted):
        right = hits[outcome]
        precision, recall = right / max(1, given[outcome]), right / wanted[outcome]
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        lines.append(f"{outcome:16} {wanted[outcome]:6} {precision:6.3f} {recall:6.3f} {f1:6.3f}")
    lines.append(
        f"{'all':16} {sum(wanted.values()):6} {sum(hits.values()) / sum(wanted.values()):6.3f}"
    )
    return lines


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument(
        "--quick", action="store_true", help="write without scoring vendors kept aside"
    )
    given = ask.parse_args()
    rows = labelled.rows()
    stamp = labelled.digest()
    kept = {number for number, row in enumerate(rows) if labelled.part(row["vendor"]) == 0}
    print(f"{len(rows)} rows, {len(kept)} of them of vendors kept aside")
    for subject in ("standard", "note"):
        found = examples(subject, rows)
        if not given.quick:
            seen = [example for example in found if example.row not in kept]
            unseen = [example for example in found if example.row in kept]
            weights = judgement.Weights(learn(seen, subject, stamp))
            print(f"\n{subject}: learned without the vendors kept aside, tried on them")
            print("\n".join(table(unseen, weights)))
        text = learn(found, subject, stamp)
        (ROOM / f"{subject}.weights").write_text(text, "utf-8")
        print(
            f"{subject}.weights: {len(text.encode()) // 1024} kB, "
            f"{text.count(chr(10)) - 1} features"
        )


if __name__ == "__main__":
    main()

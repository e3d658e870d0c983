"""Take phrases out of the lexicon, one at a time,
and see whether any labelled sentence is judged worse without them.

    python bench/blanking.py [--prune | --check]

A phrase that no sentence misses says nothing that the reader needs: `--prune` takes it out
of its file. Afterwards the weights have to be learned again (`make train`).
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import labelled

from pipeline import lexicon
from pipeline.extract import frames, judgement
from pipeline.extract.outline import Outline, Unit

MOST = 60
"""How many rows a phrase may have to show what it is for:
the first that are judged worse without it are enough.
"""

ENOUGH = 300


@dataclass(frozen=True)
class Place:
    """A unit of a labelled row, with what it should be judged as by each judge."""

    row: labelled.Row
    outline: Outline
    unit: Unit
    note: str | None


class Rows:
    """The labelled rows, by language and by the words that stand in them or over them.

    Where only some `phrases` are asked for, rows that hold none of their first words are left out,
    and rows beyond the first `ENOUGH` of each.
    """

    def __init__(self, phrases: Collection[str] | None = None) -> None:
        self.by_word: dict[str, dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
        left = {phrase.split()[0].rstrip("*"): ENOUGH for phrase in phrases or ()}
        for row in labelled.rows():
            text = " ".join((row["text"], row["lead"] or "", *row["heading"], row["title"] or ""))
            wanted = [stem for stem, count in left.items() if count and stem in text.casefold()]
            if phrases is None or wanted:
                self._add(row)
            for stem in wanted:
                left[stem] -= 1

    def _add(self, row: labelled.Row) -> None:
        outline = labelled.outline(row)
        found = labelled.units(row, outline)
        note = (row["note"] or "none") if len(found) == 1 else None
        for unit in found:
            texts = (unit.text, unit.lead, *unit.over[-2:])
            place = Place(row, outline, unit, note)
            for word in {word for text in texts if text for word in outline.line(text).words}:
                self.by_word[outline.language.code][word].append(place)

    @cached_property
    def words(self) -> dict[str, list[str]]:
        """Return the words of each language, sorted."""
        return {code: sorted(found) for code, found in self.by_word.items()}

    def having(self, code: str, phrase: str) -> list[Place]:
        """Return places whose words hold the first word of a phrase."""
        first = phrase.split()[0]
        known = self.by_word[code]
        if not first.endswith("*"):
            return known.get(first, [])
        stem = first.rstrip("*")
        return [
            p for word in self.words.get(code, ()) if word.startswith(stem) for p in known[word]
        ]


def is_missed(rows: Rows, code: str, tag: str, phrase: str) -> bool:
    """Return whether some labelled sentence is judged worse when a phrase no longer has its tag."""
    left = [pair for pair in lexicon.phrases(code) if pair != (tag, phrase)]
    without = lexicon.Lexicon(code, "", left)
    for place in rows.having(code, phrase)[:MOST]:
        blank = Outline(place.outline.context, (place.row["vendor"] or "",))
        blank.__dict__["language"] = without
        before, after = _chances(place, place.outline), _chances(place, blank)
        if any(b > a + 1e-4 for b, a in zip(before, after, strict=True)):
            return True
    return False


def _chances(place: Place, outline: Outline) -> list[float]:
    """Return the chances of what a unit's labels say, by each judge, in order."""
    found: list[float] = []
    judge = judgement.load("standard").judge
    for count, frame in enumerate(frames.of_unit(outline, place.unit)):
        label = labelled.outcome(place.row, frame, count)
        found.append(judge(frame.features).of(label) if label else 0.0)
    if place.note:
        note = judgement.load("note").judge(frames.for_note(outline, place.unit))
        found.append(note.of(place.note))
    return found


def prune(code: str, dead: set[tuple[str, str]]) -> None:
    """Take phrases out of a language's file."""
    path = Path(lexicon.__file__).parent / f"{code}.toml"
    lines = path.read_text("utf-8").splitlines()
    for place, line in enumerate(lines):
        tag, equals, listed = line.partition(" = [")
        if equals and tag != "signs":
            kept = [p for p in re.findall(r'"([^"]*)"', listed) if (tag, p) not in dead]
            quoted = ", ".join('"' + phrase + '"' for phrase in kept)
            lines[place] = f"{tag} = [{quoted}]" if kept else ""
    path.write_text("\n".join(line for line in lines if line is not None) + "\n", "utf-8")


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--prune", action="store_true", help="take out what nothing misses")
    ask.add_argument("--check", action="store_true", help="exit 1 where something is not missed")
    given = ask.parse_args()
    rows = Rows()
    failed = False
    for code in lexicon.LANGUAGES:
        every = lexicon.phrases(code)
        dead = {pair for pair in every if not is_missed(rows, code, *pair)}
        print(f"{code}: {len(every)} phrases, {len(dead)} that no sentence misses", flush=True)
        failed |= bool(dead)
        if given.prune and dead:
            prune(code, dead)
    raise SystemExit(given.check and failed)


if __name__ == "__main__":
    main()

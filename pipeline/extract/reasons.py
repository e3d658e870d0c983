"""Features → short reasons that a person reads. Adds nothing that the judgement did not weigh."""

from __future__ import annotations

from pipeline.extract import judgement
from pipeline.extract.judgement import Judgement, Subject

_SIDES = {"-": " before it", "+": " behind it", "0": ""}


def words(subject: Subject, judged: Judgement, outcome: str) -> tuple[str, ...]:
    """Return the reasons for an outcome in words, the weightiest first, repeats left out."""
    why = judgement.load(subject).reasons(judged, outcome)
    return tuple(dict.fromkeys(_one(reason.feature) for reason in why))


def _one(feature: str) -> str:
    name, _, value = feature.partition(" ")
    shown = value.replace("§", "its name").replace("£", "another standard").replace("_", " ")
    kind, side = name.rstrip("-+0123456789"), _SIDES.get(name[1:2], "")
    if kind in ("w", "p", "c", "ww", "www", "between", "begins"):
        return f"“{shown}”{side}"
    if name.startswith("#"):
        return f"words of “{shown.replace('&', ' and ').replace('|', ' and ')}”{side}"
    if name.startswith("l"):
        return f"what leads to it: “{shown}”"
    if name.startswith("h"):
        return f"the heading above: “{shown}”"
    if name.startswith("t"):
        return f"the title: “{shown}”"
    return f"its place: {name} {shown}"

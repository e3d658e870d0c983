"""Figures → Prometheus' text format, for the textfile collector of a node exporter.

Draws; counts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline import visible


@dataclass(frozen=True, slots=True)
class Metric:
    """A gauge: its name without our prefix, what it means, and its values by their labels."""

    name: str
    help: str
    values: tuple[tuple[Mapping[str, str], float], ...]


def metrics(figures: Iterable[Metric]) -> str:
    """Return gauges as text, in their order."""
    return "".join(f"{line}\n" for figure in figures for line in _lines(figure))


def _lines(figure: Metric) -> Iterator[str]:
    name = f"claimwatch_{figure.name}"
    yield f"# HELP {name} {figure.help}"
    yield f"# TYPE {name} gauge"
    for labels, value in figure.values:
        pairs = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        yield f"{name}{{{pairs}}} {value:.15g}" if pairs else f"{name} {value:.15g}"


def _escaped(text: str) -> str:
    plain = visible.line(text)
    return plain.replace("\\", "\\\\").replace('"', '\\"')

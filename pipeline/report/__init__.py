"""Run → str: what a run found, drawn as HTML, Markdown, JSON and CSV.

Draws; computes nothing, writes nothing, asks no clock.

Whatever comes from a page is hostile: each form has one place
where all its text is made harmless (`drawing`, `cells`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline import parts

if TYPE_CHECKING:
    from pipeline.report.cells import csv
    from pipeline.report.drawing import html, index, markdown
    from pipeline.report.entries import Entry, entry
    from pipeline.report.face import change, claim, diff, extract, held, json, told
    from pipeline.report.feeds import atom, slug
    from pipeline.report.gauges import Metric, metrics
else:
    __getattr__ = parts.of(
        __name__,
        {
            "cells": "csv",
            "drawing": "html index markdown",
            "entries": "Entry entry",
            "face": "change claim diff extract held json told",
            "feeds": "atom slug",
            "gauges": "Metric metrics",
        },
    )

__all__ = [
    "Entry",
    "Metric",
    "atom",
    "change",
    "claim",
    "csv",
    "diff",
    "entry",
    "extract",
    "held",
    "html",
    "index",
    "json",
    "markdown",
    "metrics",
    "slug",
    "told",
]

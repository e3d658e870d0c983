"""Run → HTML and Markdown, by templates.

Every text is escaped where it is put in; only the templates' own words are markup.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from functools import cache, partial
from itertools import groupby
from types import MappingProxyType

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline import visible, words
from pipeline.model import Mark, Run
from pipeline.report import folding, holding, links, marking, outcomes, outline, phrases
from pipeline.report.entries import Entry

_SPECIAL = re.compile(
    r"([\\`*_\[\]<>|~$&]|(?<=\w):(?=//)|(?<=www)\.|^ ?[#+=-]|^ ?\d+[.)](?=\s|$))", re.IGNORECASE
)
_SPACE = re.compile(r"\s+")
_FILTERS: tuple[Callable[..., object], ...] = (
    *(
        phrases.iso,
        phrases.instant,
        phrases.count,
        phrases.listing,
        phrases.capital,
        phrases.sentence,
        phrases.status,
        phrases.document,
    ),
    *(
        phrases.values,
        phrases.label,
        phrases.headline,
        phrases.page_name,
        phrases.seen,
        phrases.severity_reason,
        phrases.section,
        phrases.certainty,
        phrases.reading,
    ),
    *(
        phrases.details,
        phrases.aside,
        phrases.holds,
        outcomes.result,
        outcomes.formatting,
        outcomes.fault,
        outcomes.failure,
    ),
    *(holding.opening, holding.stands, holding.outlook, holding.rejection),
    *(holding.entries, holding.ways, holding.captures),
    *(marking.view, marking.edges, marking.sides, links.safe, links.live, folding.folds),
)

_ZONED: tuple[Callable[..., str], ...] = (
    phrases.instant,
    holding.opening,
    holding.stands,
    holding.rejection,
)


_NONE: Mapping[str, int] = MappingProxyType({})


def html(run: Run) -> str:
    """Return a run's report as one self-contained HTML page: no script, no outside resource."""
    return (
        pages(run.zone, run.site)
        .get_template("report.html")
        .render(outline=outline.of(run), **style("style.css"))
    )


def index(
    entries: tuple[Entry, ...],
    feed: str | None = None,
    zone: tzinfo = UTC,
    opened: Mapping[str, int] = _NONE,
) -> str:
    """Return the page that lists all reports, newest first, and those of one vendor where that
    is chosen: by style alone, for no script may run in it.

    `feed` is where their changes are as a feed, None without one; `opened` has how many changes of
    each run are open, by its id.
    """
    newest = sorted(entries, key=lambda item: (item.started_at, item.file), reverse=True)
    by_month = groupby(newest, key=lambda item: f"{item.started_at.astimezone(zone):%Y-%m}")
    months = [(phrases.month(name), list(same)) for name, same in by_month]
    template = pages(zone).get_template("index.html")
    names = sorted({name for item in newest for name in item.vendors}, key=str.casefold)
    keys = {name: f"v{number}" for number, name in enumerate(names)}
    chosen = "\n".join(_only(key) for key in keys.values())
    sheet = style("style.css", more=chosen)
    return template.render(
        entries=newest, months=months, feed=feed, vendors=keys, opened=opened, **sheet
    )


def _only(key: str) -> str:
    """Return the rule that hides what is of other vendors where one is chosen."""
    chosen = f'main:has(option[value="{key}"]:checked)'
    return f'{chosen} [data-of]:not([data-of~="{key}"]) {{ display: none; }}'


def markdown(run: Run) -> str:
    """Return a run's report as Markdown (CommonMark with tables) that shows page text as text."""
    text = _plain(run.zone, run.site).get_template("report.md").render(outline=outline.of(run))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


@cache
def pages(zone: tzinfo = UTC, site: str | None = None) -> Environment:
    """Return the HTML templates of the reports, with instants in that time zone;
    changes lead to the web page at `site`.
    """
    return zoned(templates(), zone, site)


def zoned(environment: Environment, zone: tzinfo, site: str | None = None) -> Environment:
    """Let all instants that templates write be of that time zone, changes lead to
    that web page, and return them.
    """
    environment.globals["review_of"] = partial(links.review, site)
    environment.filters |= {one.__name__: partial(one, zone=zone) for one in _ZONED}
    environment.globals["ZONE"] = str(zone)
    return environment


def templates(*rooms: str) -> Environment:
    """Return HTML templates that escape every text: those of other rooms,
    by their names, before ours.
    """
    return _environment(autoescape=True, finalize=_clean, rooms=rooms)


@cache
def _plain(zone: tzinfo, site: str | None) -> Environment:
    environment = _environment(autoescape=False, finalize=escaped)
    environment.filters |= {"link": link, "code": code, "strong": strong}
    return zoned(environment, zone, site)


def _environment(
    *, autoescape: bool, finalize: Callable[[object], object], rooms: tuple[str, ...] = ()
) -> Environment:
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(room) for room in (*rooms, "pipeline.report")]),
        undefined=StrictUndefined,
        autoescape=autoescape,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {function.__name__: function for function in _FILTERS}
    environment.globals |= {
        "CAUSES": phrases.CAUSES,
        "CAUSE_NOTES": phrases.CAUSE_NOTES,
        "FINDINGS": phrases.FINDINGS,
    }
    return environment


def style(*sheets: str, more: str = "") -> dict[str, str]:
    """Return the style sheets as one, with some rules of ours behind them, and the policy
    that allows it alone, by its digest.
    """
    sheet = "\n".join(pages().get_template(name).render().strip() for name in sheets)
    sheet = f"{sheet}\n{more}" if more else sheet
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    return {
        "style": Markup(sheet),
        "policy": f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'",
    }


def _clean(value: object) -> object:
    return (
        visible.text(value) if isinstance(value, str) and not isinstance(value, Markup) else value
    )


def escaped(value: object) -> object:
    """Return a text so that Markdown shows it as it is, on one line: no tag,
    table edge, link or emphasis of its own.
    """
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return _SPECIAL.sub(
        lambda match: f"{match[0][:-1]}\\{match[0][-1]}", _SPACE.sub(" ", visible.text(value))
    )


def link(text: str, url: str | None) -> Markup:
    """Return a Markdown link, or the text alone where there is no address to follow."""
    return Markup(f"[{escaped(text)}](<{url}>)" if url else escaped(text))


def code(text: str) -> Markup:
    """Return a text of ours as inline code."""
    return Markup(f"`{visible.line(text).replace('`', '')}`")


def strong(marks: tuple[Mark, ...], lead: str = "") -> Markup:
    """Return marked text with what is gone struck out and what is new in bold;
    punctuation at the ends stays outside, as Markdown asks.

    Every further line of the text begins with `lead`.
    """
    lines = "".join(
        _emphasised(Mark(mark.op, line), number)
        for mark in marks
        for number, line in enumerate(mark.text.split("\n"))
    )
    return Markup(
        f"\\\n{lead}".join(line for part in lines.split("\n") if (line := words.squeeze(part)))
    )


def _emphasised(mark: Mark, number: int) -> str:
    return "\n" * bool(number) + _emphasis(mark)


def _emphasis(mark: Mark) -> str:
    spoken = [place for place, char in enumerate(mark.text) if char.isalnum()]
    if mark.op == "same" or not spoken:
        return str(escaped(mark.text))
    lead, text, tail = (
        mark.text[: spoken[0]],
        mark.text[spoken[0] : spoken[-1] + 1],
        mark.text[spoken[-1] + 1 :],
    )
    around = "~~" if mark.op == "gone" else "**"
    return f"{escaped(lead)}{around}{escaped(text)}{around}{escaped(tail)}"

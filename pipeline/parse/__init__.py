"""Snapshot → Document: what a page says, as typed blocks.

Markdown, the HTML it renders to and a PDF's text yield the same, plain text,
CSV and JSON as much of it as they hold.

It decides the format and forgets it; it reads no claim, judges no health,
and touches nothing outside its argument.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.model import Block, Document, Snapshot
from pipeline.parse import (
    blocks,
    decode,
    footnotes,
    front,
    html,
    keyed,
    markdown,
    pdf,
    plain,
    restructured,
    separated,
    site,
)
from pipeline.parse.tree import Node, seen


def document(snapshot: Snapshot) -> Document:
    """Read a snapshot's body.

    Raises errors.ParseError where the body is no text that we can read,
    or the page's selector matches nothing.
    """
    if pdf.begins(snapshot.body):
        title, tree = pdf.read(snapshot.body)
        return _document(title, (("title", title),) if title else (), _written(tree))
    form, text = decode.text(snapshot)
    if form in ("text", "csv", "json"):
        return _data(form, text)
    if form == "rst":
        text = restructured.html(text)
    pairs, rest = front.matter(text)
    if form == "markdown":
        written = _written(markdown.read(rest))
    else:
        content = html.content(rest, snapshot.page)
        made = _document(content.title, (*pairs, *content.meta), _written(content.tree))
        return replace(made, names=content.names)
    return _document(None, pairs, written)


def _data(form: str, text: str) -> Document:
    """Return what a source says that is no page for a browser."""
    if form == "json":
        title, root = keyed.read(text)
        return _document(title, (("title", title),) if title else (), _written(root))
    root = plain.read(text) if form == "text" else separated.read(text)
    return _document(None, (), _written(root))


def _document(
    title: str | None, pairs: tuple[tuple[str, str], ...], written: tuple[Block, ...]
) -> Document:
    told = tuple((seen(key), seen(value)) for key, value in pairs)
    named = next((value for key, value in told if key.lower() == "title"), None)
    heading = next(
        (block.text for block in written if block.kind == "heading" and block.level == 1), None
    )
    return Document(_without_site(named or title, heading), told, written)


def _without_site(title: str | None, heading: str | None) -> str | None:
    """Return a page's title without the site's name, where the first heading tells
    which part of it that is.
    """
    return heading if heading and (not title or heading in site.PARTS.split(title)) else title


def _written(tree: Node) -> tuple[Block, ...]:
    known = footnotes.linked(tree)
    return footnotes.resolve(blocks.Writer().walk(tree), known)

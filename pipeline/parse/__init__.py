"""Snapshot → Document: what a page says, as typed blocks. Markdown and the HTML it renders to yield the same.

It decides the format and forgets it; it reads no claim, judges no health, and touches nothing outside its argument.
"""

from __future__ import annotations

from pipeline.model import Block, Document, Snapshot
from pipeline.parse import blocks, decode, footnotes, html, markdown, regions
from pipeline.parse.tree import Node


def document(snapshot: Snapshot) -> Document:
    """Read a snapshot's body.

    Raises errors.ParseError where the body is no text that we can read, or the page's selector matches nothing.
    """
    form, text = decode.text(snapshot)
    front, rest = markdown.front_matter(text)
    if form == "markdown":
        title, written = None, _written(regions.content(markdown.read(rest)))
    else:
        content = html.content(rest, snapshot.page)
        title, front, written = content.title, (*front, *content.meta), _written(content.tree)
    named = next((value for key, value in front if key.lower() == "title"), None)
    heading = next((block.text for block in written if block.kind == "heading" and block.level == 1), None)
    return Document(named or title or heading, front, written)


def _written(tree: Node) -> tuple[Block, ...]:
    known = footnotes.linked(tree)
    return footnotes.resolve(blocks.Writer().walk(tree), known)

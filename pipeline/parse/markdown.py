"""Markdown → the tree of the HTML that it renders to, each element with its source line.

It knows Markdown's dialects; blocks are made by the same walk as HTML's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any

from markdown_it import MarkdownIt, helpers
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from pipeline.parse import leftovers, regions, tree

_TAG = re.compile(r"<([A-Za-z][\w-]*)(?=[\s/>])")
_ADMONITION = re.compile(
    r"^(?:!!!|\?\?\?\+?)[ \t]+(\w+)[^\"\n]*(?:\"([^\"\n]*)\")?[ \t]*$", re.MULTILINE
)
_DEEPEST = 80
"""How deep elements may nest; below that the Markdown parser drops what follows."""
_DEPTHS = (15, 5, 0, 0)
"""Lists and quotes that a line may stand in where the page is deeper than that,
tried one after the other.
"""
_MARK = re.compile(r"[ \t]*(?:>|(?:[-*+:~]|\d{1,9}[.)])(?=[ \t]|$))")
_MARKS = re.compile(rf"(?:{_MARK.pattern})*+")
_ATTEMPTS, _FREE = 30, 5000
"""Characters that are looked through for the ends of links,
for each that a paragraph has, and beside that.
"""
_LEFT = -1
"""Where the characters that are left stand among what is remembered of a paragraph,
which are places in it.
"""


def read(source: str) -> tree.Node:
    """Return the tree of a Markdown text without front matter."""
    parser = _parser()
    env: dict[str, object] = {}
    tokens = _tokens(
        parser,
        _quoted_admonitions(leftovers.tables(leftovers.modules(leftovers.strip(source)))),
        env,
    )
    _number(tokens)
    root = tree.read(parser.renderer.render(tokens, parser.options, env))
    return regions.content(root) if any(map(_is_raw, tokens)) else root


def _tokens(parser: MarkdownIt, source: str, env: dict[str, object]) -> list[Token]:
    """Return the tokens of a text; where lists and quotes nest so deep
    that the parser would drop what follows, of a flatter one.
    """
    for most in _DEPTHS:
        env.clear()
        tokens = parser.parse(source, env)
        if max((token.level for token in tokens), default=0) < _DEEPEST - 2:
            break
        source = "\n".join(_flatter(line, most) for line in source.split("\n"))
    return tokens


def _flatter(line: str, most: int) -> str:
    """Return a line within no more than so many lists and quotes, by its marks and
    by how far it is indented.
    """
    marks = _MARKS.match(line)
    ends = [mark.end() for mark in _MARK.finditer(line, 0, marks.end() if marks else 0)]
    if len(ends) > most:
        line = line[: ends[most - 1] if most else 0] + line[ends[-1] :]
    text = line.lstrip(" \t")
    return line[: len(line) - len(text)].expandtabs(4)[: 2 * most] + text


def _is_raw(token: Token) -> bool:
    """Return whether HTML that the page's author wrote is in it,
    which may hide things or serve the page.
    """
    return token.type == "html_block" or any(
        child.type == "html_inline" for child in token.children or ()
    )


def _quoted_admonitions(source: str) -> str:
    """Write `!!! note "Title"` and the indented lines below it, as MkDocs has them,
    as a quote that says `[!note]`.
    """
    if not _ADMONITION.search(source):
        return source
    lines, within = source.split("\n"), False
    for index, line in enumerate(lines):
        opening = _ADMONITION.match(line)
        within = bool(opening) or (within and (not line.strip() or line.startswith(("    ", "\t"))))
        if opening:
            lines[index] = f"> [!{opening.group(1)}] {opening.group(2) or ''}"
        elif within and line.strip():
            lines[index] = "> " + re.sub(r"^(?: {4}|\t)", "", line)
        elif within and index + 1 < len(lines) and lines[index + 1].startswith(("    ", "\t")):
            lines[index] = ">"
    return "\n".join(lines)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _DEEPEST}).enable(
        ["table", "strikethrough"]
    )
    bounded: Any = SimpleNamespace(**{**vars(helpers), "parseLinkLabel": _label_end})
    parser.helpers = bounded
    return parser.use(footnote_plugin, inline=False).use(deflist_plugin)


def _label_end(state: StateInline, start: int, disable_nested: bool = False) -> int:
    """Return where the text of a link ends, -1 where it does not:
    brackets that nobody closes are looked through for a while.
    """
    allowed = _ATTEMPTS * len(state.src) + _FREE
    if state.cache.get(_LEFT, allowed) < 0:
        return -1
    end = helpers.parseLinkLabel(state, start, disable_nested)
    looked_at = (state.posMax if end < 0 else end) - start
    state.cache[_LEFT] = state.cache.get(_LEFT, allowed) - looked_at
    return end


def _number(tokens: Sequence[Token]) -> None:
    """Write on every block element the source line that it begins on."""
    for token in tokens:
        if token.map is None:
            continue
        line = token.map[0] + 1
        if token.type == "html_block":
            token.content = "\n".join(
                _tagged(part, line + index) for index, part in enumerate(token.content.split("\n"))
            )
        elif token.nesting == 1 or token.type in ("fence", "code_block"):
            token.attrSet(tree.LINE, str(line))


def _tagged(html: str, line: int) -> str:
    return _TAG.sub(rf'<\1 {tree.LINE}="{line}"', html)

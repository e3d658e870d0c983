"""Markdown → front matter and the tree of the HTML that it renders to, each element with its source line.

It knows Markdown's dialects; blocks are made by the same walk as HTML's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from pipeline import errors
from pipeline.parse import leftovers, regions, tree

_FRONT = re.compile(r"\A\s*---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_PAIR = re.compile(r"^([A-Za-z_][\w.-]*)[ \t]*:[ \t]*(.*)$")
_TAG = re.compile(r"<([A-Za-z][\w-]*)(?=[\s/>])")
_ADMONITION = re.compile(
    r"^(?:!!!|\?\?\?\+?)[ \t]+(\w+)[^\"\n]*(?:\"([^\"\n]*)\")?[ \t]*$", re.MULTILINE
)
_DEEPEST = 80
"""How deep elements may nest; below that the Markdown parser drops what follows, and so we refuse the page."""


def front_matter(source: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """Return the pairs of a page's YAML front matter, and the page with blank lines in its place.

    Values are as printed; lists are joined by commas, nested keys by dots. What YAML cannot read is read line by line.
    """
    found = _FRONT.match(source)
    if found is None:
        return (), source
    rest = "\n" * found.group().count("\n") + source[found.end() :]
    try:
        loaded = yaml.load(found.group(1), Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        loaded = None
    if loaded is not None and not isinstance(loaded, dict):
        return ((), source) if not _PAIR.search(found.group(1)) else (_lines(found.group(1)), rest)
    return (tuple(_flat(loaded)) if loaded else _lines(found.group(1))), rest


def _flat(loaded: dict[str, object]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    waiting: list[tuple[str, object]] = list(reversed(loaded.items()))
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend((f"{key}.{inner}", part) for inner, part in reversed(value.items()))
        elif isinstance(value, list):
            pairs.append((str(key), ", ".join(str(part) for part in value)))
        elif value:
            pairs.append((str(key), " ".join(str(value).split())))
    return pairs


def _lines(text: str) -> tuple[tuple[str, str], ...]:
    found = (_PAIR.match(line) for line in text.splitlines())
    return tuple(
        (pair.group(1), pair.group(2).strip().strip("\"'"))
        for pair in found
        if pair and pair.group(2).strip()
    )


def read(source: str) -> tree.Node:
    """Return the tree of a Markdown text without front matter.

    Raises errors.ParseError where lists or quotes nest so deep that no person can have written them.
    """
    parser = _parser()
    env: dict[str, object] = {}
    tokens = parser.parse(
        _quoted_admonitions(leftovers.tables(leftovers.modules(leftovers.strip(source)))), env
    )
    if max((token.level for token in tokens), default=0) >= _DEEPEST - 2:
        raise errors.ParseError(
            f"lists or quotes are nested more than {_DEEPEST // 2 - 1} deep: mend the page's source, or watch its HTML"
        )
    _number(tokens)
    root = tree.read(parser.renderer.render(tokens, parser.options, env))
    return regions.content(root) if any(map(_is_raw, tokens)) else root


def _is_raw(token: Token) -> bool:
    """Return whether HTML that the page's author wrote is in it, which may hide things or serve the page."""
    return token.type == "html_block" or any(
        child.type == "html_inline" for child in token.children or ()
    )


def _quoted_admonitions(source: str) -> str:
    """Write `!!! note "Title"` and the indented lines below it, as MkDocs has them, as a quote that says `[!note]`."""
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
    return parser.use(footnote_plugin, inline=False).use(deflist_plugin)


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

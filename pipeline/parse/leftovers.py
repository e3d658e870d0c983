"""Source text → the same text without leftovers of templating.

Line breaks stay, so that line numbers stay true.

Knows Jinja, Liquid, ERB, Hugo, MDX, PHP and kramdown; it runs none of them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

_LONGEST = 20_000
"""A brace that finds its partner only after so many characters is no template."""

_QUOTED = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_SAID = re.compile(rf"\s*(?:_|_\w|gettext|t|trans)\s*\(\s*({_QUOTED})", re.DOTALL)
_LITERAL = re.compile(rf"\s*({_QUOTED})\s*$", re.DOTALL)
_LINKED = re.compile(rf"[=-]?\s*link_to\s*\(?\s*({_QUOTED})\s*,\s*({_QUOTED})", re.DOTALL)
_PATH = re.compile(r"-?\s*(?:link|post_url)\s+([^\s%]+)")
_ATTRIBUTE_LIST = re.compile(r"\{:[^{}\n]{0,300}\}|[ \t]\{#[\w:.-]{1,100}\}")
_TITLE = re.compile(
    r"\{%-?\s{0,9}block\s+\w*title\w*\s{0,9}-?%\}([^<%]{0,400})\{%-?\s{0,9}endblock\b[^%]{0,40}%\}"
)
_CALLOUT = re.compile(
    r"^([ \t]*(?:<p>)?)(?:\{\{(?:<|&lt;|%)|\{%-?)\s{0,9}(/|end)?"
    r"(note|tip|info|warning|important|caution|danger|alert|notice|hint|callout|admonition)\b"
    r"([^\n{}]{0,200}?)(?:(?:>|&gt;|%)\}\}|-?%\})((?:</p>)?[ \t]*)$",
    re.MULTILINE,
)
_CALLOUT_KIND = re.compile(r"\b(note|tip|info|warning|important|caution|danger|hint)\b")
_MODULE = re.compile(
    r"^(?:import\s[^\n]{0,300}['\"][^'\"\n]+['\"];?|export\s+(?:const|let|default"
    r"|function)\b[^\n]*)[ \t]*$",
    re.MULTILINE,
)
_TABLE = re.compile(r"^[ \t]*<table\b.*?</table>", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"<pre\b|```")
_VARIABLE = re.compile(
    r"-?\s*[$.]?(?P<path>[A-Za-z_]\w*(?:[.-][A-Za-z_]\w*){0,6})\s*(?:\|[^{}|]{0,60})?-?\s*"
)
_BRACED = re.compile(
    r"(?<![\w/={])\$?\{(?P<braced>[A-Za-z_][\w.]{1,60})\}|%(?P<upper>[A-Z][A-Z_]{2,40})%"
)
_MAYBE_BRACED = re.compile(r"\{[A-Za-z_][\w.]{1,60}\}|%[A-Z][A-Z_]{2,40}%")
"""The same whatever stands before it: it begins with one of two signs,
and so is soon looked for.
"""
_NAMED = re.compile(
    r"product|brand|company|vendor|keyword|platform|project|organi[sz]ation|(?:service|app"
    r"|org|tool|site)_?name",
    re.IGNORECASE,
)
"""Parts of a variable's path that say that a name is put in its place;
any other may stand for a whole page.
"""
_PLAIN_PARTS = frozenset(
    ("name", "title", "full", "short", "long", "notm", "tm", "text", "label", "display")
)
_INLINE_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\(([^()\s\"]{1,500})\)")


def strip(source: str) -> str:
    """Return the source without templating; translated and linked texts in it are kept
    as the page would show them.
    """
    if not _is_templated(source):
        return source
    source = _between(source, "{% comment %}", "{% endcomment %}", _blank)
    source = _between(source, "{#", "#}", _comment)
    source = _between(source, "{/*", "*/}", _blank)
    source = _CALLOUT.sub(_callout, source)
    source = _TITLE.sub(r"<title>\1</title>", source)
    source = _between(source, "{%", "%}", _statement)
    source = _between(source, "{{", "}}", _expression)
    source = _between(source, "<%", "%>", _expression)
    source = _between(source, "&lt;%", "%&gt;", _expression)
    source = _between(source, "<?php", "?>", _blank)
    if _MAYBE_BRACED.search(source):
        source = _BRACED.sub(_braced, source)
    return _ATTRIBUTE_LIST.sub("", source) if "{:" in source or "{#" in source else source


def modules(source: str) -> str:
    """Return a Markdown source without MDX's import and export lines,
    which are no text of the page.
    """
    return _MODULE.sub("", source) if "import" in source or "export" in source else source


def tables(source: str) -> str:
    """Return a Markdown source with HTML tables written close to the margin,
    where blank lines in them end no table.

    MDX has no indented code: a cell behind a blank line is a cell, and its links are links.
    """
    closed = source.rfind("</table>") + len("</table>")
    return (
        _TABLE.sub(_table, source[:closed]) + source[closed:]
        if "<table" in source[:closed]
        else source
    )


def _table(found: re.Match[str]) -> str:
    if _CODE.search(found[0]) or not re.search(r"\n[ \t]*\n", found[0]):
        return found[0]
    apart = re.sub(r"^[ \t]+", "", found[0], flags=re.MULTILINE)
    return _INLINE_LINK.sub(r'<a href="\2">\1</a>', apart)


def _between(source: str, opener: str, closer: str, shown: Callable[[str], str]) -> str:
    """Replace what stands between two marks, marks included; in linear time,
    however many marks have no partner.
    """
    start = source.find(opener)
    if start < 0:
        return source
    parts, done, end = [], 0, -1
    while start >= 0:
        if end < start + len(opener):
            end = source.find(closer, start + len(opener))
        if end < 0:
            break
        if end - start <= _LONGEST:
            parts += [source[done:start], shown(source[start + len(opener) : end])]
            done = end + len(closer)
        start = source.find(opener, max(done, start + len(opener)))
    return "".join([*parts, source[done:]])


def _is_templated(source: str) -> bool:
    """Say whether any mark of a template may stand in a source;
    single signs are found soonest, and few others beside them.
    """
    behind = {source[place + 1 : place + 2] for place in _places(source, "{")}
    before = {source[max(0, place - 1) : place] for place in _places(source, "%")}
    return (
        not behind.isdisjoint("{%#/:")
        or not before.isdisjoint("<;")
        or "<?php" in source
        or _MAYBE_BRACED.search(source) is not None
    )


def _places(source: str, sign: str) -> Iterator[int]:
    place = source.find(sign)
    while place >= 0:
        yield place
        place = source.find(sign, place + 1)


def _callout(found: re.Match[str]) -> str:
    """Write a site generator's `{{< note >}}` and `{% endnote %}` as the lines
    that open and close a note.
    """
    before, closing, name, arguments, after = found.groups()
    kind = _CALLOUT_KIND.search(arguments) or _CALLOUT_KIND.search(name)
    return f"{before}:::{'' if closing else kind.group(1) if kind else 'note'}{after}"


def _statement(inner: str) -> str:
    path = _PATH.match(inner)
    if path is None and inner.lstrip("- ").startswith("$"):
        return _name(inner) + _blank(inner)
    return (path.group(1) if path else "") + _blank(inner)


def _expression(inner: str) -> str:
    inner = html.unescape(inner)
    linked = _LINKED.match(inner)
    if linked:
        target, text = html.escape(_unquote(linked.group(2))), _unquote(linked.group(1))
        return f'<a href="{target}"{_blank(inner)}>{text}</a>'
    said = _SAID.match(inner) or _LITERAL.match(inner)
    return _unquote(said.group(1)) if said else _name(inner) + _blank(inner)


def _braced(found: re.Match[str]) -> str:
    inner = found["braced"] or found["upper"]
    return _name(inner) or found[0]


def _name(inner: str) -> str:
    """Return the name that a variable stands for, made readable;
    "" where it may stand for anything.

    A sentence whose subject is only a variable keeps one:
    `{{site.data.keyword.ledger_full_notm}}` is "Ledger".
    """
    found = _VARIABLE.fullmatch(inner)
    if found is None or not _NAMED.search(found["path"]):
        return ""
    for part in reversed(re.split(r"[.-]", found["path"])):
        apart = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", part).split("_")
        kept = [word for word in apart if word and word.lower() not in _PLAIN_PARTS]
        if kept:
            return " ".join(word.capitalize() for word in kept)
    return ""


def _comment(inner: str) -> str:
    # `{#anchor}` closes without a second mark, so
    # that the next comment's end would swallow the text between.
    return _blank(inner) if "}" not in inner else "{#" + inner + "#}"


def _unquote(literal: str) -> str:
    return re.sub(r"\\(.)", r"\1", literal[1:-1])


def _blank(text: str) -> str:
    return "\n" * text.count("\n")

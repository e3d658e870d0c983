"""Node → blocks: the one walk that both formats share.

It knows what elements mean to a reader (heading, item, row, note, term …); which of them are content is decided before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline import words
from pipeline.model import Block, BlockKind, Link
from pipeline.parse import badges, callouts, inline, labelled, tables
from pipeline.parse.runs import BREAK, Run, Text
from pipeline.parse.tree import LINE, Node

HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LINE_START = re.compile(r"(?:^|[\n\x0b])[ \t\n]*$")
_LINE_END = re.compile(r"[ \t:]*\x0b")
_DEEPEST = 8  # notes within notes; more are a note that nobody closed
_COLONS = re.compile(r"^[ \t]*:{3,}[ \t]*([^\n\x0b]*?)[ \t]*:*[ \t]*$", re.MULTILINE)
_TASK = re.compile(r"^\[([ xX])\]\s+")


def _aria_level(node: Node) -> int:
    told = node.get("aria-level").strip()
    return min(max(int(told), 1), len(HEADINGS)) if told.isdecimal() and len(told) < 3 else 2


@dataclass(slots=True)
class Frame:
    """An element that is open and matters to what is read within it."""

    node: Node
    role: str
    kind: BlockKind = "paragraph"
    group: int = 0
    level: int = 0
    first: bool = True


@dataclass(slots=True)
class Callout:
    """A note in the making: the texts read in it so far."""

    label: str
    line: int | None
    parts: list[tuple[str, bool]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    node: Node | None = None


class Writer:
    """Writes the blocks of one tree; `written` are those so far."""

    def __init__(self) -> None:
        self.written: list[Block] = []
        self.path: list[tuple[int, str]] = []
        self.inline = inline.Inline()
        self.frames: list[Frame] = []
        self.open_groups: dict[str, list[int]] = {"list": [], "terms": []}
        self.callouts: list[Callout] = []
        self.groups = 0
        self.lists = 0
        self.line: int | None = None

    # ------------------------------------------------------------------ the walk

    def walk(self, root: Node) -> list[Block]:
        """Return the blocks of a tree, in page order."""
        waiting: list[tuple[Node | str, bool]] = [(root, True)]
        while waiting:
            item, entering = waiting.pop()
            if isinstance(item, str):
                self.inline.say(item, self.line)
            elif not entering:
                self.leave(item)
            elif self.enter(item):
                waiting.append((item, False))
                waiting.extend((child, True) for child in reversed(item.children))
        self.flush()
        while self.callouts:
            self.close_callout()
        return self.written

    def enter(self, node: Node) -> bool:
        """Open an element; return whether what is in it is to be read by this walk."""
        if node.tag in inline.SILENT:
            return False
        if LINE in node.attrs:
            self.line = node.line
        if inline.within(node.tag):
            return self.inline.enter(node, self.line)
        if self.within_line():
            self.inline.run.add(" " if self.frames[-1].role != "code" else "")
            return node.tag != "hr"
        self.flush()
        if node.tag == "button" and not (inline.opens_panel(node) or node.first("img")):
            return False
        if node.tag == "table" and not tables.lays_out(node):
            self.table(node)
            return False
        self.open(node)
        return True

    def within_line(self) -> bool:
        """Return whether all that is read now belongs to one line, such as a heading's."""
        return bool(self.frames) and self.frames[-1].role in ("heading", "code", "summary")

    def leave(self, node: Node) -> None:
        """Close an element."""
        self.inline.leave(node)
        if inline.within(node.tag) or (self.within_line() and self.frames[-1].node is not node):
            return
        self.flush()
        if self.callouts and self.callouts[-1].node is node:
            self.close_callout()
        if self.frames and self.frames[-1].node is node:
            role = self.frames.pop().role
            self.lists -= role == "list"
            if role in self.open_groups:
                self.open_groups[role].pop()

    # ------------------------------------------------------------------ what elements mean

    def open(self, node: Node) -> None:
        """Remember what an element means to the text within it."""
        tag = node.tag
        if badges.CLOSING in node.attrs:  # a footer is below the page's first heading alone
            self.path = [(level, text) for level, text in self.path if level == 1]
        if tag in HEADINGS or node.get("role") == "heading":
            self.push(
                node,
                "heading",
                "heading",
                level=HEADINGS.get(tag) or _aria_level(node),
            )
        elif tag in ("ul", "ol", "menu", "dir"):
            self.lists += 1
            self.groups += 1
            self.push(node, "list", group=self.groups, level=self.lists)
        elif tag == "li":
            self.push(node, "item", "item", group=self.group_of("list"), level=self.lists)
        elif tag == "dl":
            self.groups += 1
            self.push(node, "terms", group=self.groups)
        elif tag in ("dt", "dd"):
            self.push(
                node,
                "item",
                "term" if tag == "dt" else "definition",
                group=self.group_of("terms"),
                level=self.lists,
            )
        elif tag == "pre":
            self.push(node, "code", "code")
        elif tag in ("summary", "button") or inline.opens_panel(node):
            if node.first(*HEADINGS):
                return
            self.push(node, "summary")
        elif tag == "blockquote":
            self.push(node, "quote")
        else:
            label = callouts.label(node) if len(self.callouts) < _DEEPEST else None
            if label:
                self.callouts.append(Callout(label, self.line, node=node))

    def push(
        self, node: Node, role: str, kind: BlockKind = "paragraph", group: int = 0, level: int = 0
    ) -> None:
        """Open a frame."""
        self.frames.append(Frame(node, role, kind, group, level))
        if role in self.open_groups:
            self.open_groups[role].append(group)

    def group_of(self, role: str) -> int:
        """Return the number of the innermost list of that sort, 0 without one."""
        return self.open_groups[role][-1] if self.open_groups[role] else 0

    # ------------------------------------------------------------------ writing

    def flush(self) -> None:
        """Write what the open run says, and begin a new one."""
        run = self.inline.take()
        if run.blank():
            return
        if self.frames and self.frames[-1].role == "code":
            self.code(run)
        elif ":::" in run.raw():
            self.directives(run)
        else:
            self.titled(run)

    def code(self, run: Run) -> None:
        node = self.frames[-1].node
        inner = node.first("code") or node
        language = re.search(
            r"lang(?:uage)?-([\w+#-]+)", f"{inner.get('class')} {node.get('class')}"
        )
        self.emit(
            "code",
            Text(words.squeeze(run.raw())),
            run.line,
            label=language.group(1) if language else None,
        )

    def directives(self, run: Run) -> None:
        """Write the texts between lines such as `:::note Title`, `:::moniker range="x"` and `:::`."""
        lines = list(_COLONS.finditer(run.raw()))
        starts, ends = (
            [0, *(found.end() for found in lines)],
            [*(found.start() for found in lines), run.length],
        )
        for index, part in enumerate(run.parts(zip(starts, ends, strict=True))):
            self.write(part)
            if index < len(lines):
                self.directive(lines[index].group(1), part.line)

    def directive(self, said: str, line: int | None) -> None:
        """Open or close the note that a line of colons speaks of; any other such line is a leftover."""
        name, _, title = said.partition(" ")
        label = callouts.named(name.strip("{}").split("[")[0])
        if label:
            if len(self.callouts) >= _DEEPEST:
                self.close_callout()
            bracketed = re.search(r"\[([^\]]*)\]", said)
            title = bracketed.group(1) if bracketed else words.squeeze(title)
            self.callouts.append(Callout(label, line, [(title, False)] if title else []))
        elif not name and self.callouts and self.callouts[-1].node is None:
            self.close_callout()

    def titled(self, run: Run) -> None:
        """Write a run; one with a line that is only a bold **Note** is a note from there on."""
        raw = run.raw()
        for span in run.spans if BREAK in raw else ():
            name = (
                raw[span.start : span.end].strip(" :").lower() if span.end - span.start < 20 else ""
            )
            if (
                span.url is None
                and callouts.named(name)
                and _LINE_START.search(raw[max(0, span.start - 9) : span.start])
            ):
                if not _LINE_END.match(raw, span.end):
                    continue
                before, after = run.parts([(0, span.start), (span.end, run.length)])
                self.write(before)
                self.callouts.append(Callout(name, after.line))
                self.write(after)
                self.close_callout()
                return
        for part in labelled.parts(run) if self.is_running() else (run,):
            self.write(part)

    def is_running(self) -> bool:
        """Return whether what is read now is running text: a paragraph or an entry, no heading and no title."""
        role = self.frames[-1].role if self.frames else ""
        return role not in ("heading", "summary", "quote") and not self.callouts

    def write(self, run: Run) -> None:
        """Write one run as the block that its place makes of it."""
        if run.blank():
            return
        said = run.finish()
        if self.frames and self.frames[-1].role == "quote" and self.frames[-1].first:
            said = self.quoted(said, run.line, run.opens_bold())
        if said.text and self.callouts:
            self.note(said)
        elif said.text:
            self.place(said, run.line)
        for path in said.includes:
            self.emit("include", Text(path), run.line, label=path)

    def quoted(self, said: Text, line: int | None, bold: str) -> Text:
        """Open a note where a quote begins with `[!NOTE]` or a bold **Note**."""
        self.frames[-1].first = False
        label, rest = callouts.opening(said.text)
        if label is None and (label := callouts.named(bold.strip(" :."))):
            rest = said.text[len(bold.rstrip()) :].lstrip(" :.–—-")
        if label:
            self.callouts.append(Callout(label, line, node=self.frames[-1].node))
        return Text(
            rest,
            said.links,
            said.strong and not label,
            said.includes,
            "" if label else said.opening,
        )

    def note(self, said: Text) -> None:
        callout = self.callouts[-1]
        if not callout.parts and callouts.is_title(said.text, callout.label):
            return
        callout.parts.append((said.text, bool(self.frames) and self.frames[-1].kind == "item"))
        callout.links += said.links

    def close_callout(self) -> None:
        """Write the innermost open note."""
        callout = self.callouts.pop()
        text = callouts.joined(callout.parts)
        if text and self.callouts:
            self.callouts[-1].parts.append((text, False))
            self.callouts[-1].links += callout.links
        elif text:
            self.emit("note", Text(text, tuple(callout.links)), callout.line, label=callout.label)

    def place(self, said: Text, line: int | None) -> None:
        frame = self.frames[-1] if self.frames else None
        if (
            frame is not None
            and frame.role == "heading"
            and any(link.url.startswith("#tab/") for link in said.links)
        ):
            # A documentation site writes the tabs of a page as headings; they do not close the section they stand in.
            self.emit("paragraph", Text(said.text, (), True), line, level=self.lists)
        elif frame is None or frame.role in ("quote", "list", "terms"):
            self.emit("paragraph", said, line, level=self.lists)
        elif frame.role == "heading":
            self.heading(said, line, frame.level)
        elif frame.role == "summary":
            self.emit("paragraph", Text(said.text, said.links, True), line, level=self.lists)
        else:
            kind: BlockKind = frame.kind if frame.first or frame.kind != "item" else "paragraph"
            frame.first = False
            task = _TASK.match(said.text) if kind == "item" else None
            label = None if task is None else ("unchecked" if task.group(1) == " " else "checked")
            text = said.text[task.end() :] if task else said.text
            self.emit(
                kind,
                Text(text, said.links, said.strong, opening=said.opening),
                line,
                level=frame.level,
                group=frame.group,
                label=label,
            )

    def heading(self, said: Text, line: int | None, level: int) -> None:
        while self.path and self.path[-1][0] >= level:
            self.path.pop()
        self.path.append((level, said.text))
        self.emit("heading", Text(said.text, said.links), line, level=level)

    def table(self, node: Node) -> None:
        """Write a table's caption and rows."""
        self.groups += 1
        caption = tables.caption(node)
        if caption is not None and caption.text:
            self.emit("paragraph", caption, self.line, level=self.lists)
        for kind, cells, line in tables.rows(node):
            text = " | ".join(cell.text for cell in cells)
            links = tuple(link for cell in cells for link in cell.links)
            block = Block(
                kind,
                text,
                self.section,
                line or self.line,
                links,
                self.lists,
                group=self.groups,
                cells=cells,
            )
            self.written.append(block)

    @property
    def section(self) -> tuple[str, ...]:
        """Return the path of headings that is open."""
        return tuple(text for _, text in self.path)

    def emit(
        self,
        kind: BlockKind,
        said: Text,
        line: int | None,
        *,
        level: int = 0,
        group: int = 0,
        label: str | None = None,
    ) -> None:
        self.written.append(
            Block(
                kind,
                said.text,
                self.section,
                line,
                said.links,
                level,
                label,
                said.strong,
                said.opening,
                group,
            )
        )

"""Node → blocks: the one walk that both formats share.

It knows what elements mean to a reader (heading, item, row, note, term …);
which of them are content is decided before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline import words
from pipeline.model import Block, BlockKind
from pipeline.parse import badges, callouts, inline, labelled, tables
from pipeline.parse.elements import HEADINGS, MEANING, Frame, aria_level
from pipeline.parse.notes import Notes
from pipeline.parse.runs import BREAK, Run, Text
from pipeline.parse.tree import LINE, Node
from pipeline.parse.written import Written

_LINE_START = re.compile(r"(?:^|[\n\x0b])[ \t\n]*$")
_LINE_END = re.compile(r"[ \t:]*\x0b")
_COLONS = re.compile(r"^[ \t]*:{3,}[ \t]*([^\n\x0b]*?)[ \t]*:*[ \t]*$", re.MULTILINE)


class Writer:
    """Writes the blocks of one tree."""

    def __init__(self) -> None:
        self.page = Written()
        self.inline = inline.Inline()
        self.frames: list[Frame] = []
        self.open_groups: dict[str, list[int]] = {"list": [], "terms": []}
        self.notes = Notes(self.page)
        self.lists = 0
        self.line: int | None = None

    def walk(self, root: Node) -> list[Block]:
        """Return the blocks of a tree, in page order."""
        within: list[tuple[Node, Iterator[Node | str]]] = []
        if self.enter(root):
            within.append((root, iter(root.children)))
        while within:
            node, children = within[-1]
            for child in children:
                if isinstance(child, str):
                    self.inline.say(child, self.line)
                elif self.enter(child):
                    within.append((child, iter(child.children)))
                    break
            else:
                within.pop()
                self.leave(node)
        self.flush()
        while self.notes:
            self.notes.end()
        return self.page.blocks

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
            self.page.table(node, self.line, self.lists)
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
        if self.notes.node is node:
            self.notes.end()
        if self.frames and self.frames[-1].node is node:
            role = self.frames.pop().role
            self.lists -= role == "list"
            if role in self.open_groups:
                self.open_groups[role].pop()

    def open(self, node: Node) -> None:
        """Remember what an element means to the text within it."""
        tag = node.tag
        if not node.attrs and tag not in MEANING:
            return
        if badges.CLOSING in node.attrs:  # a footer is below the page's first heading alone
            self.page.leave_sections()
        if tag in HEADINGS or node.get("role") == "heading":
            self.push(
                node,
                "heading",
                "heading",
                level=HEADINGS.get(tag) or aria_level(node),
            )
        elif tag in ("ul", "ol", "menu", "dir"):
            self.lists += 1
            self.push(node, "list", group=self.page.new_group(), level=self.lists)
        elif tag == "li":
            self.push(node, "item", "item", group=self.group_of("list"), level=self.lists)
        elif tag == "dl":
            self.push(node, "terms", group=self.page.new_group())
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
            label = None if self.notes.is_full else callouts.label(node)
            if label:
                self.notes.begin(label, self.line, node)

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

    def flush(self) -> None:
        """Write what the open run says, and begin a new one."""
        if self.inline.run.blank():
            self.inline.drop()
            return
        run = self.inline.take()
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
        said = Text(words.squeeze(run.raw()))
        self.page.label("code", said, run.line, language.group(1) if language else None)

    def directives(self, run: Run) -> None:
        """Write the texts between lines such as `:::note Title`,
        `:::moniker range="x"` and `:::`.
        """
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
        """Open or close the note that a line of colons speaks of;
        any other such line is a leftover.
        """
        name, _, title = said.partition(" ")
        label = callouts.named(name.strip("{}").split("[")[0])
        if label:
            if self.notes.is_full:
                self.notes.end()
            bracketed = re.search(r"\[([^\]]*)\]", said)
            title = bracketed.group(1) if bracketed else words.squeeze(title)
            self.notes.begin(label, line)
            if title:
                self.notes.title(title)
        elif not name and self.notes and self.notes.node is None:
            self.notes.end()

    def titled(self, run: Run) -> None:
        """Write a run; one with a line that is only a bold **Note** is a note from there on."""
        raw = run.raw()
        if BREAK not in raw:
            self.write_lines(run)
            return
        for span in run.spans:
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
                self.notes.begin(name, after.line)
                self.write(after)
                self.notes.end()
                return
        self.write_lines(run)

    def write_lines(self, run: Run) -> None:
        """Write a run whose label lines are lines of their own."""
        for part in labelled.parts(run) if ":" in run.raw() and self.is_running() else (run,):
            self.write(part)

    def is_running(self) -> bool:
        """Return whether what is read now is running text: a paragraph or an entry,
        no heading and no title.
        """
        role = self.frames[-1].role if self.frames else ""
        return role not in ("heading", "summary", "quote") and not self.notes

    def write(self, run: Run) -> None:
        """Write one run as the block that its place makes of it."""
        if run.blank():
            return
        said = run.finish()
        if self.frames and self.frames[-1].role == "quote" and self.frames[-1].first:
            said = self.quoted(said, run.line, run.opens_bold())
        if said.text and self.notes:
            self.notes.add(said, item=bool(self.frames) and self.frames[-1].kind == "item")
        elif said.text:
            self.place(said, run.line)
        for path in said.includes:
            self.page.label("include", Text(path), run.line, path)

    def quoted(self, said: Text, line: int | None, bold: str) -> Text:
        """Open a note where a quote begins with `[!NOTE]` or a bold **Note**."""
        self.frames[-1].first = False
        label, rest = callouts.opening(said.text)
        if label is None and (label := callouts.named(bold.strip(" :."))):
            rest = said.text[len(bold.rstrip()) :].lstrip(" :.–—-")
        if label:
            self.notes.begin(label, line, self.frames[-1].node)
        return Text(
            rest,
            said.links,
            said.strong and not label,
            said.includes,
            "" if label else said.opening,
        )

    def place(self, said: Text, line: int | None) -> None:
        frame = self.frames[-1] if self.frames else None
        if (
            frame is not None
            and frame.role == "heading"
            and any(link.url.startswith("#tab/") for link in said.links)
        ):
            # A documentation site writes the tabs of a page as headings;
            # they do not close the section they stand in.
            self.page.write("paragraph", Text(said.text, (), True), line, self.lists)
        elif frame is None or frame.role in ("quote", "list", "terms"):
            self.page.write("paragraph", said, line, self.lists)
        elif frame.role == "heading":
            self.page.heading(said, line, frame.level)
        elif frame.role == "summary":
            self.page.write("paragraph", Text(said.text, said.links, True), line, self.lists)
        else:
            kind: BlockKind = frame.kind if frame.first or frame.kind != "item" else "paragraph"
            frame.first = False
            self.page.write(kind, said, line, frame.level, frame.group)

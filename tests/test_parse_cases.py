"""Golden cases: each page in `cases/parse-*.md` and the blocks that it yields, one a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import parse
from pipeline.model import Block, Cell, Document, Page, Snapshot

CASES = sorted((Path(__file__).parent / "cases").glob("parse-*.md"))
CASE = re.compile(
    r"^# (?P<title>[^\n]+)\n````(?P<form>markdown"
    r"|html)\n(?P<page>.*?)^````\n````text\n(?P<blocks>.*?)^````$",
    re.MULTILINE | re.DOTALL,
)
THEN = datetime(2024, 3, 1, tzinfo=UTC)


def read(page: str, form: str) -> Document:
    return parse.document(
        Snapshot(Page("page", "/page"), THEN, THEN, "live", "/page", f"text/{form}", page.encode())
    )


def shown(document: Document) -> Iterator[str]:
    """Yield a document as lines: title and pairs, then line, kind, level, group,
    label, text, links, notes and cells of each block.
    """
    yield f"title: {document.title}"
    for name, value in document.front_matter:
        yield f"{name}: {value}"
    for block in document.blocks:
        yield line_of(block)
        yield from (
            f"      {cell_of(cell)}"
            for cell in block.cells
            if block.kind == "row" or cell.notes or cell.links
        )


def line_of(block: Block) -> str:
    number = "" if block.line is None else f"{block.line} "
    level = f" {block.level}" if block.level else ""
    label = f" [{block.label}]" if block.label else ""
    links = "".join(f" <{link.text}: {link.url}>" for link in block.links)
    notes = "".join(f" ^{note}^" for note in block.notes)
    return (
        f"{number}{block.kind}{level}{label}{' bold' if block.strong else ''}: "
        f"{block.text}{links}{notes}"
    )


def cell_of(cell: Cell) -> str:
    notes = "".join(f" ^{note}^" for note in cell.notes)
    return f"{' > '.join(cell.headers) or '-'} = {cell.text}{notes}"


def cases() -> list[tuple[str, str, str, str]]:
    return [
        found.group("title", "form", "page", "blocks")
        for path in CASES
        for found in CASE.finditer(path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(
    ("form", "page", "blocks"), [case[1:] for case in cases()], ids=[case[0] for case in cases()]
)
def test_a_page_yields_these_blocks(form: str, page: str, blocks: str) -> None:
    assert list(shown(read(page, form))) == blocks.splitlines()


def test_every_case_is_well_formed() -> None:
    written = sum(
        len(
            re.findall(
                r"^# ",
                re.sub(
                    r"````.*?^````$",
                    "",
                    path.read_text(encoding="utf-8"),
                    flags=re.MULTILINE | re.DOTALL,
                ),
                re.MULTILINE,
            )
        )
        for path in CASES
    )
    assert written == len(cases()) > 10

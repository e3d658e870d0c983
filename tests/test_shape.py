"""How large the code's pieces are: files, functions, parameters and lines. No exceptions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOMS = sorted((ROOT / "pipeline").rglob("*.py"))
LINES, FUNCTION, PARAMETERS, COLUMNS = 300, 40, 5, 100


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def widest(path: Path) -> int:
    return max(map(len, path.read_text("utf-8").splitlines()), default=0)


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Yield every function of the rooms, by the name of its file and its own."""
    for path in ROOMS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{name_of(path)}: {node.name}", node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines a function has, without those of its docstring."""
    first = function.body[0]
    documented = ast.get_docstring(function) is not None
    doc = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (function.end_lineno or 0) - function.lineno + 1 - doc


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many things a function is given, itself apart."""
    given = function.args
    named = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    starred = [one for one in (given.vararg, given.kwarg) if one is not None]
    return len(named) - (named[:1] in (["self"], ["cls"])) + len(starred)


def test_no_file_is_too_long() -> None:
    assert [name_of(path) for path in ROOMS if path.read_text("utf-8").count("\n") > LINES] == []


def test_no_line_is_too_wide() -> None:
    assert [name_of(path) for path in ROOMS if widest(path) > COLUMNS] == []


def test_no_function_is_too_long() -> None:
    assert [name for name, node in functions() if length(node) > FUNCTION] == []


def test_no_function_is_given_too_much() -> None:
    assert [name for name, node in functions() if parameters(node) > PARAMETERS] == []


def test_what_is_measured_is_told_apart() -> None:
    """A method's own object is no parameter; what is starred or given by name is."""
    [node] = ast.parse('def f(self, a, /, b, *c, d, **e):\n    """Say\n    so."""\n    pass').body
    assert isinstance(node, ast.FunctionDef)
    assert (parameters(node), length(node)) == (5, 2)

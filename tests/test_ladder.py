"""The import ladder: a room imports only from rooms of a lower step,
and the pure rooms import nothing that acts.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "pipeline"
STEPS = {
    **dict.fromkeys(("visible", "files", "parts", "prepared", "packs", "recent"), 0.5),
    **dict.fromkeys(("words", "dates", "errors", "charset", "markup", "targets"), 1),
    "model": 1.5,
    **dict.fromkeys(("lexicon", "standards", "rules", "egress", "chats", "workers"), 2),
    **dict.fromkeys(("parse", "extract", "diff", "health", "report"), 3),
    **dict.fromkeys(("config", "sources", "archive", "history", "alert"), 4),
    "track": 5,
    **dict.fromkeys(("schedule", "web", "demo"), 6),
    "cli": 7,
}
PURE = (
    "visible",
    "recent",
    "words",
    "dates",
    "charset",
    "markup",
    "targets",
    "model",
    "rules",
    "lexicon",
    "parse",
    "extract",
    "diff",
    "health",
    "report",
)
ACTING = {
    "time",
    "os",
    "socket",
    "urllib.request",
    "httpx2",
    "requests",
    "sqlite3",
    "sqlite_utils",
    "logging",
    "subprocess",
    "pathlib",
    "apscheduler",
}
ONLY = {
    "sqlite_utils": {"history"},
    "sqlite3": {"history"},
    "apscheduler": {"schedule"},
    "click": {"cli"},
    "rich": {"cli"},
    "apprise": {"chats"},
    "feedgenerator": {"report"},
    "datasette": {"web", "cli"},
    "uvicorn": {"web"},
    "nh3": {"web"},
}


def room_of(path: Path) -> str:
    first = path.relative_to(ROOT).parts[0]
    return first.removesuffix(".py")


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: use absolute imports"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


FILES = sorted(
    path
    for path in ROOT.rglob("*.py")
    if path.parent != ROOT or path.name not in ("__init__.py", "__main__.py")
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_imports_only_from_lower_steps(path: Path) -> None:
    room = room_of(path)
    assert room in STEPS, f"{room} has no step on the ladder"
    for name in imports(path):
        if name.startswith("pipeline."):
            other = name.split(".")[1]
            assert other == room or STEPS[other] < STEPS[room], (
                f"{room} (step {STEPS[room]}) imports {other} (step {STEPS[other]})"
            )


@pytest.mark.parametrize(
    "path", [p for p in FILES if room_of(p) in PURE], ids=lambda path: str(path.relative_to(ROOT))
)
def test_a_pure_room_imports_nothing_that_acts(path: Path) -> None:
    for name in imports(path):
        assert not any(name == acting or name.startswith(f"{acting}.") for acting in ACTING), (
            f"{path} imports {name}"
        )


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_some_libraries_have_one_room(path: Path) -> None:
    for name in imports(path):
        rooms = ONLY.get(name.split(".")[0])
        assert rooms is None or room_of(path) in rooms, f"{path} imports {name}; only {rooms} may"

"""What all tests share: tests on real pages are skipped without them,
and the closing lines say how many were.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from pipeline import demo

if TYPE_CHECKING:
    from web_site import Web

CORPUS = "CLAIMWATCH_CORPUS"
# Marks of what was found valid stay in the tests' own folder, and go with it.
_CACHE = tempfile.TemporaryDirectory(prefix="claimwatch-cache-")
os.environ["XDG_CACHE_HOME"] = _CACHE.name

# How fast an example is says nothing of whether it is right, least of all on a loaded machine.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

if os.environ.get("PYTEST_XDIST_WORKER"):
    # A worker is given the size of a terminal that it does not have: what is piped is wide.
    os.environ.pop("COLUMNS", None)
    os.environ.pop("LINES", None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not os.environ.get(CORPUS):
        for item in items:
            if item.get_closest_marker("corpus"):
                item.add_marker(pytest.mark.skip(reason=f"{CORPUS} is not set"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    def count(outcome: str) -> int:
        return sum("corpus" in report.keywords for report in terminalreporter.getreports(outcome))

    folder = os.environ.get(CORPUS)
    ran, skipped = count("passed") + count("failed") + count("xfailed"), count("skipped")
    if folder:
        terminalreporter.write_line(
            f"real pages: {ran} tests ran, {skipped} were skipped ({folder})"
        )
    else:
        terminalreporter.write_line(
            f"real pages: {skipped} tests were skipped, for {CORPUS} names no folder of them"
        )


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the demo was played once; whoever writes to it takes a copy."""
    folder = tmp_path_factory.mktemp("demo")
    demo.play(folder, lambda step: None)
    return folder


@pytest.fixture(scope="session")
def larkfield_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with some weeks of Larkfield; whoever writes takes `larkfield`."""
    from larkfield import filled

    return filled(tmp_path_factory.mktemp("larkfield")).folder


@pytest.fixture
def larkfield(larkfield_store: Path, tmp_path: Path) -> Path:
    """Return a copy of that folder, to write to."""
    return Path(shutil.copytree(larkfield_store, tmp_path / "store"))


@pytest.fixture(scope="module")
def hostile_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder whose pages, reviews and config hold hostile text."""
    from web_site import hostile

    return hostile(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def hostile_web(hostile_store: Path) -> Iterator[Web]:
    """Return the site of that folder."""
    from web_site import Web

    with Web(hostile_store) as opened:
        yield opened


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Return the folder of real pages; only for tests marked `corpus`."""
    return Path(os.environ[CORPUS])

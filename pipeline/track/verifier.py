"""Proves an evidence bundle: run it in the unpacked folder with any Python 3.8 or later.

Needs nothing else, and no network.

python verify.py            # every file, every capture, every chain, every sentence;
                            exit status 1 if anything is wrong
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path


def problems(folder: Path) -> Iterator[str]:
    """Yield what does not fit, a line each."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    named = manifest["files"]
    here = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    for name in sorted(here - set(named) - {"manifest.json"}):
        yield f"{name}: is not in the manifest"
    for name, facts in sorted(named.items()):
        if name not in here:
            yield f"{name}: is missing"
        elif hashlib.sha256((folder / name).read_bytes()).hexdigest() != facts["sha256"]:
            yield f"{name}: was altered: it does not have the SHA-256 of the manifest"
    recorded: set[str | None] = set()
    for page, head in sorted(manifest["heads"].items()):
        path = folder / "journals" / f"{page}.jsonl"
        yield from chain(path, head, recorded) if path.is_file() else ()
    yield from captured(folder, recorded)


def chain(path: Path, head: str, recorded: set[str | None]) -> Iterator[str]:
    """Yield where a journal's chain breaks; add the digests that its lines name to `recorded`."""
    before = ""
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        facts = json.loads(line)
        if facts["prev"] != before:
            yield f"{path.name}: line {number} does not continue the line before it"
        before = hashlib.sha256(line).hexdigest()
        recorded.add(facts.get("digest"))
    if before != head:
        yield f"{path.name}: its last line is {before}, and not the head {head} of the manifest"


def captured(folder: Path, recorded: set[str | None]) -> Iterator[str]:
    """Yield the captures that no journal names or whose bytes are others,
    and the sentences that are in no capture.
    """
    texts = {}
    for path in sorted((folder / "captures").glob("*.body")):
        if hashlib.sha256(path.read_bytes()).hexdigest() != path.stem:
            yield f"{path.name}: its bytes do not have the SHA-256 of its name"
        if path.stem not in recorded:
            yield f"{path.name}: no line of a journal names this capture"
        text = path.with_suffix(".txt")
        texts[path.stem] = squeezed(text.read_text(encoding="utf-8")) if text.is_file() else ""
    for said in json.loads((folder / "sentences.json").read_text(encoding="utf-8")):
        if squeezed(said["text"]) not in texts.get(said["digest"], ""):
            yield f"{said['of']}: its sentence is not in the capture {said['digest'][:12]}"


def squeezed(text: str) -> str:
    """Return a text with single spaces."""
    return " ".join(text.split())


def main() -> int:
    """Print what is wrong, else that all is proved; return the exit status."""
    folder = Path(__file__).resolve().parent
    found = list(problems(folder))
    for line in found:
        print(line)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    number = len(manifest["files"])
    print(f"{number} files: {f'{len(found)} problems' if found else 'all proved'}.")
    for page, head in sorted(manifest["heads"].items()):
        print(f"head of {page}: {head}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

"""Throw broken pages at every stage, parse → extract → diff → report and the record,
for a while; tell what stumbles.

    python bench/fuzz.py [--seconds 60] [--seed 0] [--keep FOLDER] [--corpus FOLDER]

A page is made of pieces that pages are made of, some of them nasty, and of adversarial texts, then
cut, doubled and spoilt; its second version is spoilt a little more. The same seed makes the same
pages. Exits 1 if an exception came out of a stage; `--keep` writes the two versions that did it.
What overran the budget of one page is counted, and is no finding: the budget is there for it.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import adversarial_texts
import stages

from pipeline.model import Page
from pipeline.track import judging
from pipeline.workers import Budget, Pool, Stopped

KINDS = (
    *("text/markdown",) * 6,
    *("text/html",) * 6,
    "text/plain",
    "text/csv",
    "application/json",
    "text/x-rst",
    "application/xhtml+xml",
    "text/html; charset=utf-16",
    "application/pdf",
    "",
)
NASTY = (
    *(
        "http://[::1",
        "//[",
        "https://a℀b/",
        "mailto:",
        "javascript:x",
        "#",
        "http://a:99999/",
        "\\\\x",
    ),
    *(
        "\ud800",
        "\udfff\ud83d",
        "\x00",
        "\x1b[2J",
        "\u202e",
        "\ufeff",
        "\ufffe",
        "\ue000",
        "\ue001\ue002",
    ),
    *(
        "&#xD800;",
        "&#0;",
        "&#x110000;",
        "&shy;",
        "&#128;",
        "&bogus;",
        "%00",
        "\u0130",
        "ß",
        "ﬁ",
        "İ",
    ),
    *(
        "99999-12-31",
        "0000-00-00",
        "year 99999",
        "31 February 2024",
        "2024-13-45T25:61:61Z",
        "-1 BC",
    ),
    *("9" * 400, "1e400", "-0", "٣", "²", "Ⅻ", "1/0", "NaN", "Infinity", "0x1F", "10^400"),
    *(
        "ISO 27001:" + "9" * 50,
        "Level -1",
        "Type IIIIIIII",
        "SOC 99999",
        "FIPS 140-",
        "PCI DSS v" + "4." * 30,
    ),
    *(
        '<p id="a">',
        '<a href="#a">',
        "<sup><a href=#a>1</a></sup>",
        "<p id=a id=b>",
        "<table>",
        "<td>",
    ),
    *(
        "<tr><td rowspan=0 colspan=-1>",
        "<td colspan=99999999999>",
        "<template shadowrootmode=open>",
    ),
    *(
        "<slot>",
        '<div aria-level="x" role=heading>',
        "<svg><title>",
        "<math>",
        "<![CDATA[",
        "<!--",
        "-->",
    ),
    *(
        "<script>",
        "</script>",
        "<style>",
        "<plaintext>",
        "<frameset>",
        "<select>",
        "<input type=password>",
    ),
    *(
        "[^1]",
        "[^1]: ",
        "[a][b]",
        "[a]: <",
        "![",
        "](",
        "`",
        "~~~",
        "|",
        "\n|-|\n",
        ":::note\n",
        "> [!NOTE]\n",
    ),
    *(
        "\n---\n",
        "\n...\n",
        "a: &a [*a]\n",
        "? \n",
        "- ",
        "\t",
        "\r",
        "\x0b",
        "\x0c",
        "\x85",
        "\u2028",
        "{{",
        "%}",
    ),
    *(
        "{#",
        "#}",
        "<%",
        "<?php",
        "!!! note\n",
        "\n: b\n",
        "=\n",
        "***",
        "__",
        "\\",
        "* * *\n",
        "1) ",
        "0. ",
    ),
    *(
        "✓",
        "✗",
        "†",
        "*",
        "¹",
        "N/A",
        "n/a",
        "–",
        "|||",
        '"',
        "'",
        "“",
        "“”",
        "(",
        ")))",
        "[[[",
        "]]",
    ),
)
SAID = (
    "Alder Notes is certified to ISO/IEC 27001:2022.",
    "Alder Notes and Alder Mail hold SOC 2 Type 2 and HIPAA, respectively.",
    "We are not PCI DSS compliant, but plan to be by 2027.",
    "The EU region is excluded from our SOC 2 report.",
    "[SOC 2 report](https://alder.example/soc2.pdf)",
    "# Alder Notes",
    "## Certifications (formerly Compliance)",
    "| Service | SOC 1 | FedRAMP High |\n| --- | --- | --- |\n| Mail (beta) | ✓ | ✗ |\n"
    "| Drive* | ✓¹ | – |",
    "- Alder Drive (formerly Alder Box), Alder Mail, and Alder Sites",
    "The in-scope services are Mail, Drive and Sites.",
    "> [!NOTE]\n> HIPAA does not cover Mail.",
    "The certificate is valid until 2027-06-30 and was issued by Example Assurance LLP.",
    "Our data centres (Example Hosting, Frankfurt) are ISO 27001 certified.",
    "| Sub-processor | Location | Certifications |\n| --- | --- | --- |\n"
    "| Example Host | US | SOC 2 |",
    "<h1>Alder</h1><main><p>Alder is FedRAMP Moderate authorized.</p></main>",
    "<table><tr><th>Service<th>ISO 27001</tr><tr><td>Mail<td>✓</tr></table>",
    "<ul><li>SOC 2<li>ISO 27018:2019</ul>",
    "---\ntitle: Alder trust\ndate: 2026-01-01\nowner: [a, b]\n---",
    "<html><head><title>Alder | Trust</title><meta name=date content=2026></head><body>",
    "Status: In Process. Level: 3. Edition: Rev. 5.",
    "Wir sind nach ISO 27001 zertifiziert. Nous sommes certifiés SOC 2.",
)
RULES = (
    *({},) * 12,
    {"selector": "main"},
    {"ignore": ("p:has(b)", "td > *")},
    {"format": "markdown"},
    {"format": "html"},
    {"product": "Alder Notes"},
)


def made(draw: random.Random, corpus: list[bytes]) -> bytes:
    """Return a page of pieces, adversarial texts and real pages."""
    pieces: list[bytes] = []
    for _ in range(draw.randint(1, 14)):
        chance = draw.random()
        if chance < 0.5:
            pieces.append(draw.choice(SAID).encode())
        elif chance < 0.85:
            pieces.append(
                draw.choice(NASTY).encode("utf-8", "surrogatepass") * draw.choice((1, 1, 2, 40))
            )
        elif chance < 0.95 or not corpus:
            text = draw.choice(adversarial_texts.TEXTS)
            pieces.append(text.body(draw.choice((50, 300, 1500)), draw.randint(0, 1)))
        else:
            page = draw.choice(corpus)
            start = draw.randrange(max(1, len(page) - 4000))
            pieces.append(page[start : start + draw.randint(20, 4000)])
    return draw.choice((b"\n\n", b"\n", b" ", b"")).join(pieces)


def spoilt(draw: random.Random, page: bytes) -> bytes:
    """Return a page that is cut, doubled and overwritten in a few places."""
    for _ in range(draw.choice((0, 1, 1, 2, 5, 20))):
        start = draw.randrange(len(page) + 1)
        end = min(len(page), start + draw.choice((0, 1, 3, 20, 200)))
        cut = draw.choice(
            (
                b"",
                page[start:end] * 2,
                bytes(draw.randrange(256) for _ in range(end - start)),
                draw.choice(NASTY).encode("utf-8", "surrogatepass"),
                draw.choice(SAID).encode(),
            )
        )
        page = page[:start] + cut + page[end:]
    return page or b" "


def main() -> int:
    """Fuzz for as long as was asked; return 1 where anything stumbled."""
    told = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    told.add_argument("--seconds", type=float, default=60)
    told.add_argument("--seed", type=int, default=0)
    told.add_argument("--keep", type=Path)
    told.add_argument("--corpus", type=Path)
    given = told.parse_args()
    corpus = [path.read_bytes() for path in _pages(given.corpus)]
    found: Counter[str] = Counter()
    over: Counter[str] = Counter()
    start, number = time.monotonic(), given.seed
    with Pool(judging.ready, None, Budget(5.0), size=1) as pool:
        while time.monotonic() - start < given.seconds:
            why, pair = _tried(pool, number, corpus)
            if why is not None:
                (over if why.startswith("took") else found)[why] += 1
                if not why.startswith("took") and found[why] == 1:
                    print(f"seed {number}: {why}", flush=True)
                    _kept(given.keep, number, pair)
            number += 1
    print(
        f"{number - given.seed} pages in {time.monotonic() - start:.0f} s, "
        f"from seed {given.seed} on"
    )
    print(
        f"{sum(found.values())} stumbled, in {len(found)} ways; "
        f"{sum(over.values())} overran the budget"
    )
    for why, count in found.most_common():
        print(f"{count:6} {why}")
    return int(bool(found))


def _tried(pool: Pool, seed: int, corpus: list[bytes]) -> tuple[str | None, tuple[bytes, bytes]]:
    draw = random.Random(seed)
    old = spoilt(draw, made(draw, corpus))
    new = spoilt(draw, old)
    kind, rules = draw.choice(KINDS), draw.choice(RULES)
    page: Page = replace(stages.PAGE, **rules)
    shots = [stages.captured(body, kind, page, day) for day, body in enumerate((old, new))]
    try:
        return pool.run(lambda work: work(stages.stumbled, *shots)), (old, new)
    except Stopped as stopped:
        return str(stopped), (old, new)


def _pages(folder: Path | None) -> list[Path]:
    found = sorted(folder.rglob("*")) if folder else []
    return [path for path in found if path.suffix in (".md", ".html") and path.is_file()][:400]


def _kept(folder: Path | None, seed: int, pair: tuple[bytes, bytes]) -> None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, body in zip(("old", "new"), pair, strict=True):
            (folder / f"{seed}-{name}").write_bytes(body)


if __name__ == "__main__":
    sys.exit(main())

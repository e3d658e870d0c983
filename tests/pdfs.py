"""Small PDFs written here, letter by letter: nobody's certificate, laid out as theirs are."""

from __future__ import annotations

Piece = tuple[float, float, float, str]
"""Size (negative for bold), distance from the left and from the top, text."""
BOXES = {"\x86": "\u2612", "\x87": "\u2610"}
"""Letters of the font that stand for a ticked and an empty box; `boxed` writes them."""


def boxed(text: str) -> str:
    """Return a text with its boxes as the letters that stand for them."""
    return text.translate(str.maketrans({"☒": "†", "☐": "‡"}))


def lines(
    top: float, *texts: str, size: float = 10, left: float = 60, step: float = 14
) -> list[Piece]:
    """Return lines one below the other.

    One that begins with * is bold, and "|" parts it into columns 200 points apart.
    """
    found: list[Piece] = []
    for number, text in enumerate(texts):
        bold = text.startswith("*")
        for column, cell in enumerate(text.lstrip("*").split("|")):
            if cell.strip():
                place = left + 200 * column, top + step * number
                found.append((-size if bold else size, *place, boxed(cell.strip())))
    return found


def pdf(*pages: list[Piece], title: str = "", means: dict[str, str] | None = None) -> bytes:
    """Write a PDF of A4 pages in Helvetica.

    `means` says what text some of its letters stand for.
    """
    told = b" /ToUnicode %d 0 R" % (6 + 2 * len(pages)) if means else b""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>"
        % (len(pages), b" ".join(b"%d 0 R" % (6 + 2 * at) for at in range(len(pages)))),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding%s >>"
        % told,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        b"<< /Title (%s) >>" % title.encode("cp1252"),
    ]
    for number, pieces in enumerate(pages):
        shown = b"".join(_shown(*piece) for piece in pieces)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F "
            b"3 0 R /B 4 0 R >> >> /Contents %d 0 R >>" % (7 + 2 * number)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(shown), shown))
    if means:
        objects.append(_means(means))
    return _file(objects)


def _shown(size: float, left: float, top: float, text: str) -> bytes:
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("cp1252")
    return b"BT /%s %g Tf %g %g Td (%s) Tj ET\n" % (
        b"B" if size < 0 else b"F",
        abs(size),
        left,
        842 - top,
        escaped,
    )


def _means(means: dict[str, str]) -> bytes:
    pairs = "".join(
        f"<{ord(char):02X}> <{text.encode('utf-16-be').hex()}>\n" for char, text in means.items()
    )
    stream = (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapType 2 def\n"
        "1 begincodespacerange\n<00> <FF>\nendcodespacerange\n"
        f"{len(means)} beginbfchar\n{pairs}endbfchar\nendcmap\nend\nend"
    ).encode()
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)


def _file(objects: list[bytes]) -> bytes:
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer << /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        len(body),
    )
    return body + head + table + tail

"""Which encoding a page is read in: the order of browsers, their names for encodings,
and bytes that fit none.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline import charset, health, parse
from pipeline.model import Known, Page, Snapshot

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LATIN = "Zürich – “held” €"
JAPANESE = "認証を取得しています"


def page(text: str, meta: str, encoding: str) -> bytes:
    about = "Acme Cloud is certified to ISO/IEC 27001:2022. " * 3
    return (
        f"<!doctype html><html><head>{meta}<title>T</title></head><body><h1>T</h1>"
        f"<p>{about}</p><p>{text}</p></body></html>".encode(encoding)
    )


@pytest.mark.parametrize(
    ("text", "encoding", "header", "meta"),
    [
        (LATIN, "utf-8", "", ""),
        (LATIN, "cp1252", "", ""),
        (LATIN, "cp1252", "; charset=ISO-8859-1", ""),
        (LATIN, "cp1252", "; charset=us-ascii", ""),
        (LATIN, "cp1252", "", "<meta charset=latin1>"),
        (
            LATIN,
            "cp1252",
            "",
            '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">',
        ),
        (LATIN, "utf-8", '; charset="UTF8"', "<meta charset=iso-8859-1>"),
        (LATIN, "cp1252", "; charset=windows-1252", "<meta charset=utf-8>"),
        (LATIN, "utf-8-sig", "; charset=windows-1252", "<meta charset=windows-1252>"),
        (LATIN, "utf-16", "", ""),
        (LATIN, "utf-16-le", "; charset=utf-16", ""),
        (LATIN, "utf-16-be", "; charset=utf-16be", ""),
        (LATIN, "utf-8", "", "<meta charset=utf-16>"),
        (LATIN, "utf-8", "", "<!-- <meta charset=windows-1251> -->"),
        (LATIN, "utf-8", "; charset=nobody-knows", ""),
        (LATIN, "cp1252", "; charset=nobody-knows", "<meta charset=windows-1252>"),
        (LATIN, "utf-8", "; charset=", ""),
        *(
            (LATIN, "utf-8", f"; charset={name}", "")
            for name in ("zlib", "hex", "rot13", "idna", "punycode", "unicode_escape", "utf-7")
        ),
        *(
            (LATIN, "utf-8", "", f"<meta charset={name}>")
            for name in ("base64", "uu", "undefined", "raw_unicode_escape")
        ),
        (JAPANESE, "shift_jis", "; charset=x-sjis", ""),
        (JAPANESE, "euc_jp", "", "<meta charset=euc-jp>"),
        (JAPANESE, "iso2022_jp", "; charset=iso-2022-jp", ""),
        ("①㈱", "cp932", "; charset=shift_jis", ""),
        ("安全合规", "gb18030", "; charset=gb2312", ""),
        ("資訊安全嘅", "big5hkscs", "", "<meta charset=big5>"),
        ("인증을 받았습니다 똠", "cp949", "", "<meta charset=ks_c_5601-1987>"),
        ("Сертификат", "cp1251", "; charset=windows-1251", ""),
        ("Сертификат", "koi8-r", "", "<meta charset=koi8-r>"),
        ("ğış", "cp1254", "; charset=iso-8859-9", ""),
    ],
)
def test_a_page_is_read_as_browsers_read_it(
    text: str, encoding: str, header: str, meta: str
) -> None:
    body = page(text, meta, encoding)
    url = "https://acme.example/trust"
    snapshot = Snapshot(
        Page("t", url),
        NOW,
        NOW,
        "live",
        url,
        "text/html",
        body,
        200,
        (("content-type", f"text/html{header}"),),
    )
    assert parse.document(snapshot).blocks[-1].text == text
    assert health.verdict(snapshot, Known()).ok, health.verdict(snapshot, Known())


@pytest.mark.parametrize(
    ("body", "header", "expected"),
    [
        (LATIN.encode(), "text/markdown; charset=iso-8859-1", LATIN),
        (LATIN.encode("cp1252"), "text/markdown", LATIN),
        (JAPANESE.encode("shift_jis"), "text/markdown; charset=shift_jis", JAPANESE),
        (JAPANESE.encode("utf-16"), "text/plain", JAPANESE),
    ],
)
def test_a_source_is_utf_8_before_all(body: bytes, header: str, expected: str) -> None:
    assert charset.plain(body, header) == expected


def test_bytes_that_say_nothing_of_utf_16_are_no_text() -> None:
    url = "https://acme.example/trust"
    snapshot = Snapshot(
        Page("t", url), NOW, NOW, "live", url, "text/html", page(LATIN, "", "utf-16-le"), 200
    )
    assert health.verdict(snapshot, Known()).name == "unreadable"

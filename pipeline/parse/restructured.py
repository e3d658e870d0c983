"""reStructuredText → HTML, by docutils; the HTML half reads it from there. Needs the extra `rst`.

Nothing outside the text is touched: files are not included,
raw HTML is not passed on, no program is run.
"""

from __future__ import annotations

import importlib.util

from pipeline import errors

_SAFE = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "report_level": 5,
    "halt_level": 5,
    "embed_stylesheet": False,
    "stylesheet_path": None,
    "doctitle_xform": True,
    "input_encoding": "unicode",
}


def html(text: str) -> str:
    """Return the page as HTML; raise ParseError without the extra."""
    if importlib.util.find_spec("docutils") is None:
        raise errors.ParseError(
            "the page is reStructuredText; to read it, install the extra: "
            'pip install "claimwatch[rst]"'
        )
    from docutils import core

    made = core.publish_parts(text, writer="html5", settings_overrides=_SAFE)
    title = made["title"]
    return (
        f"<html><head><title>{title}</title></head><body><main>{made['html_body']}</main>"
        "</body></html>"
    )

"""A browser's page → the HTML of what it is composed of: its document,
its open shadow trees and the frames that it shows.

What a person sees as one page is one document here: a component's own tree stands in the
component's place, with what the page gave it in its slots, and a frame's text stands in a `<div
data-frame="…">` that names where it came from.
"""

from __future__ import annotations

import html
import secrets
from urllib.parse import urlsplit

from playwright.sync_api import Error, Frame, Page

FRAMES, DEEP = 30, 4
"""Frames of one page that are read, and how deep one may stand in another."""

_CHILDREN = """
const children = node => [...(node.shadowRoot || node).childNodes].flatMap(child => {
  const filled = child.localName === "slot" && child.getRootNode() instanceof ShadowRoot;
  if (!filled) return [child];
  return child.assignedNodes().length ? child.assignedNodes({flatten: true}) : children(child);
});"""
LENGTH = f"""() => {{{_CHILDREN}
  const silent = new Set(["script", "style", "noscript", "template"]);
  const length = node => node.nodeType === 3 ? node.data.trim().length
    : silent.has(node.localName) ? 0
    : children(node).reduce((sum, child) => sum + length(child), 0);
  return document.body ? length(document.body) : 0;
}}"""
# Copies are made in a document without a window, where no component and no script comes to life.
_COPY = f"""key => {{{_CHILDREN}
  const inert = document.implementation.createHTMLDocument();
  const copy = node => {{
    if (node[key] !== undefined) {{
      const place = inert.createElement("div");
      place.setAttribute(key, node[key]);
      return place;
    }}
    const made = inert.importNode(node, false);
    if (node.nodeType === 1) made.append(...children(node).map(copy));
    return made;
  }};
  const doctype = document.doctype ? new XMLSerializer().serializeToString(document.doctype) : "";
  return {{
    whole: doctype + copy(document.documentElement).outerHTML,
    inner: document.body ? copy(document.body).innerHTML : "",
  }};
}}"""
# Smaller than this is a button, a badge, a counter or a captcha's box,
# and what is hidden is not shown.
_SHOWS = """(frame, [key, number]) => {
  const box = frame.getBoundingClientRect();
  const shown = box.width >= 200 && box.height >= 100
    && frame.checkVisibility({opacityProperty: true, visibilityProperty: true});
  if (shown) frame[key] = number;
  return shown;
}"""


def length(page: Page) -> int:
    """Return how many characters of text the page and its frames hold."""
    return sum(_length(frame) for frame in page.frames[:FRAMES])


def text(page: Page) -> str:
    """Return the page as one HTML document."""
    return _composed(
        page.main_frame, f"place-{secrets.token_hex(8)}", list(page.frames[:FRAMES]), "whole", DEEP
    )


def _length(frame: Frame) -> int:
    try:
        return int(frame.evaluate(LENGTH)) if _came(frame) else 0
    except Error:  # it went away, or holds no document
        return 0


def _composed(frame: Frame, key: str, read: list[Frame], part: str, deep: int) -> str:
    inside = [
        child
        for child in frame.child_frames
        if deep and child in read and _marked(child, key, read.index(child))
    ]
    made = str(frame.evaluate(_COPY, key)[part])
    for child in inside:
        place = html.escape(_place(child.url))
        held = f'data-frame="{place}">{_composed(child, key, read, "inner", deep - 1)}</div>'
        made = made.replace(f'{key}="{read.index(child)}"></div>', held, 1)
    return made


def _came(frame: Frame) -> bool:
    # One that was refused shows the browser's own words;
    # one that never began would keep us waiting for ever.
    return frame.url != "" and not frame.url.startswith("chrome-error:")


def _marked(frame: Frame, key: str, number: int) -> bool:
    """Mark the place of a frame in the page around it; say whether it shows anything there."""
    try:
        return _came(frame) and bool(frame.frame_element().evaluate(_SHOWS, [key, number]))
    except Error:
        return False


def _place(url: str) -> str:
    """Return a frame's address without its query, which changes with every visit
    and may hold what is secret.
    """
    parts = urlsplit(url)
    return (
        f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
        if parts.scheme in ("http", "https")
        else f"{parts.scheme}:"
    )

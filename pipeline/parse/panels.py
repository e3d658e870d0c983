"""Tabs → the panels that they show: hidden at first, but content."""

from __future__ import annotations

from pipeline.parse.tree import Node

_CONTROLS = ("aria-controls", "data-target", "data-bs-target", "data-controls")
_CONTROLLING = frozenset([*_CONTROLS, "role", "data-toggle", "data-bs-toggle"])
"""An element with none of these attributes shows no panel."""


def controlled(nodes: list[Node]) -> set[str]:
    """Return the ids of panels that a button or tab shows: hidden at first, but content."""
    ids: set[str] = set()
    for node in nodes:
        if _CONTROLLING.isdisjoint(node.attrs):
            continue
        for name in _CONTROLS:
            ids.update(part.lstrip("#") for part in node.get(name).split())
        if (
            node.get("role") == "tab"
            or "toggle" in node.get("data-toggle") + node.get("data-bs-toggle")
            or "tab" in node.get("data-toggle")
        ):
            ids.add(node.get("href").lstrip("#"))
    return ids - {""}


def label(nodes: list[Node]) -> bool:
    """Put the name of a tab before what its panel holds, and take the row of tabs away;
    return whether there are any."""
    panels = [
        node
        for node in nodes
        if node.attrs and node.get("role") == "tabpanel" and node.get("aria-labelledby")
    ]
    named = {node.get("id"): node for node in nodes if node.get("id")} if panels else {}
    for panel in panels:
        tab = named.get(panel.get("aria-labelledby"))
        name = tab.brief() if tab is not None and tab.get("role") == "tab" else None
        if tab is not None and name and name.strip():
            panel.children.insert(0, Node("summary", {}, [name], panel))
            tab.attrs["hidden"] = ""
    return bool(panels)

"""Tree → the same with the trees that components bring along (declarative shadow roots)
in their places, slots filled.

In one pass over the tree, however deep components stand in components.
"""

from __future__ import annotations

from collections import defaultdict

from pipeline.parse.tree import Node


def composed(root: Node) -> tuple[Node, list[Node]]:
    """Return the tree as a visitor sees it, and all its elements:
    of what stands within a component, what its slots take.
    """
    nodes = root.all()
    templates = [node for node in nodes if node.tag == "template" and _is_shadow(node)]
    if not templates:
        return root, nodes
    slots = _slots(nodes)
    taken: set[int] = set()
    for template in templates:
        host = template.parent
        if host is not None and id(host) not in taken:
            taken.add(id(host))
            _fill(slots[id(template)], _given(host, template))
            host.children = [template]
    _unwrap(root)
    return root, root.all()


def _is_shadow(node: Node) -> bool:
    return node.tag == "template" and "shadowrootmode" in node.attrs


def _slots(nodes: list[Node]) -> dict[int, list[Node]]:
    """Return the slots of each shadow root, by its identity.

    They belong to the nearest one around them.
    """
    owners: dict[int, Node | None] = {}
    found: dict[int, list[Node]] = defaultdict(list)
    for node in nodes:
        above = node.parent
        owner = above if above and _is_shadow(above) else owners.get(id(above))
        owners[id(node)] = owner
        if node.tag == "slot" and owner is not None:
            found[id(owner)].append(node)
    return found


def _given(host: Node, template: Node) -> dict[str, list[Node | str]]:
    """Return what stands in a component beside its shadow root,
    by the name of the slot that it is for.
    """
    given: dict[str, list[Node | str]] = defaultdict(list)
    for child in host.children:
        if child is not template:
            given["" if isinstance(child, str) else child.get("slot")].append(child)
    return given


def _fill(slots: list[Node], given: dict[str, list[Node | str]]) -> None:
    for slot in slots:
        held = given.pop(slot.get("name"), [])
        if any(not isinstance(child, str) or child.strip() for child in held):
            slot.children = held


def _unwrap(root: Node) -> None:
    """Put what shadow roots and their slots hold in the place of these."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        node.children = _flat(node.children)
        for child in node.children:
            if isinstance(child, Node):
                child.parent = node
                waiting.append(child)


def _flat(children: list[Node | str]) -> list[Node | str]:
    flat: list[Node | str] = []
    waiting = list(reversed(children))
    while waiting:
        child = waiting.pop()
        if isinstance(child, Node) and (child.tag == "slot" or _is_shadow(child)):
            waiting.extend(reversed(child.children))
        else:
            flat.append(child)
    return flat

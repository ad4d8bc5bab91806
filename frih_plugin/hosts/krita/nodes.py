"""Walking Krita's tree of layers. Wrappers are new at each call: nodes are compared by their id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeGuard

from krita import Document, Node

from frih_plugin.hosts.krita.blend_modes import NORMAL
from frih_plugin.qt.sip import transferback

if TYPE_CHECKING:
    from krita import GroupLayer

MASKS = frozenset(
    {"transparencymask", "filtermask", "transformmask", "selectionmask", "colorizemask"}
)
_NOT_LAYERS = MASKS | {""}
OPAQUE_LAYER = 255


def key_of(node: Node) -> str:
    """A node's key: it stays the same in a clone of the document, and in a saved file."""
    return node.uniqueId().toString()


def children(node: Node) -> list[Node]:
    """The layers right inside a group, from the bottom up; no masks."""
    found = node.childNodes()
    for child in found:
        # Krita 5 never frees what such a list holds, unless it is told that it is ours.
        transferback(child)
    return [child for child in found if child.type() not in _NOT_LAYERS]


def layers(node: Node) -> Iterator[Node]:
    """All layers below a node, from the bottom up, a group before what is in it."""
    for child in children(node):
        yield child
        yield from layers(child)


def all_layers(document: Document) -> list[Node]:
    """All layers of a document; none where it was closed."""
    root = document.rootNode()
    return [] if root is None else list(layers(root))


def ancestors(node: Node) -> list[Node]:
    """The groups that a node lies in, from the nearest to the root."""
    found: list[Node] = []
    parent = node.parentNode()
    while parent is not None:
        found.append(parent)
        parent = parent.parentNode()
    return found


def outermost(nodes: Sequence[Node]) -> list[Node]:
    """The nodes without those that lie inside another of them."""
    keys = {key_of(node) for node in nodes}
    return [node for node in nodes if keys.isdisjoint(map(key_of, ancestors(node)))]


def is_pass_through(node: Node) -> TypeGuard[GroupLayer]:
    """Whether a group only bundles layers and shows nothing of its own."""
    passes = getattr(node, "passThroughMode", None)
    return passes is not None and bool(passes())


def mixing_of(nodes: Sequence[Node]) -> tuple[int, str]:
    """Opacity, up to OPAQUE_LAYER, and blend mode with which an object is laid on its ground.

    Of several layers each has its own; a pass-through group has no mode.
    """
    if len(nodes) > 1:
        return OPAQUE_LAYER, NORMAL
    (node,) = nodes
    return node.opacity(), NORMAL if is_pass_through(node) else node.blendingMode()


def ground_of(node: Node) -> Node:
    """The group whose picture a node is laid on."""
    groups = ancestors(node)
    return next((group for group in groups if not is_pass_through(group)), groups[-1])


def siblings_above(node: Node, ground: Node) -> list[Node]:
    """What lies above a node, up to the end of a group around it."""
    found: list[Node] = []
    inner, ground_key = node, key_of(ground)
    for group in ancestors(node):
        around = children(group)
        keys = [key_of(child) for child in around]
        found += around[keys.index(key_of(inner)) + 1 :]
        if key_of(group) == ground_key:
            break
        inner = group
    return found

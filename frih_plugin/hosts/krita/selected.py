"""Which layers are the object that a person means."""

from __future__ import annotations

from krita import Document, Krita, Node

from frih_plugin.hosts.krita.declined import DeclinedError
from frih_plugin.hosts.krita.nodes import MASKS, all_layers, key_of, outermost
from frih_plugin.hosts.krita.results import keys_in
from frih_plugin.qt.sip import transferback
from frih_plugin.texts import text


def selected_layers(krita: Krita, document: Document) -> list[Node]:
    """The selected layers, from the bottom up; a mask stands for its layer."""
    meant = {key_of(node) for node in map(_layer_of, _selected(krita, document)) if node}
    return outermost([node for node in all_layers(document) if key_of(node) in meant])


def layers_named(document: Document, layer: str) -> list[Node]:
    """The layers behind the panel's key. Raises DeclinedError where one is gone."""
    wanted = keys_in(layer)
    found = [node for node in all_layers(document) if key_of(node) in wanted]
    if len(found) != len(wanted):
        raise DeclinedError(text("The layer was deleted in the meantime."))
    return found


def _selected(krita: Krita, document: Document) -> list[Node]:
    """All that is marked in the list of layers; at least the active layer."""
    active = document.activeNode()
    window = krita.activeWindow()
    view = None if window is None else window.activeView()
    if view is None or active is None or view.document() != document:
        return [] if active is None else [active]
    marked = view.selectedNodes()
    for node in marked:
        transferback(node)
    return marked if active in marked else [active]


def _layer_of(node: Node) -> Node | None:
    """The layer that a mask lies on, or the layer itself; the root is none."""
    layer: Node | None = node
    while layer is not None and layer.type() in MASKS:
        layer = layer.parentNode()
    return None if layer is None or layer.parentNode() is None else layer

"""Brings a result into the document: one layer, complete before one call puts it there.

Whatever else Krita offers to change a document by takes no undo step at all, or more than one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from krita import Document, Node

from frih_plugin.hosts.host import Placed, Put
from frih_plugin.hosts.krita.covering import cover
from frih_plugin.hosts.krita.declined import DeclinedError
from frih_plugin.hosts.krita.nodes import all_layers, ancestors, children, key_of
from frih_plugin.hosts.krita.pixel_reads import OPAQUE, Box, converted_bands
from frih_plugin.hosts.krita.results import remember_result, results_of
from frih_plugin.hosts.krita.revision import revision
from frih_plugin.hosts.krita.selected import layers_named
from frih_plugin.hosts.krita.spaces import Space
from frih_plugin.hosts.krita.steps import Steps
from frih_plugin.protocol.pixels import Pixels
from frih_plugin.qt.core import QByteArray
from frih_plugin.texts import text

_ACTIVATION_MS, _ACTIVATION_TRIES = 20, 15
"""Krita makes a new layer the active one a moment after it came in."""


def put(document: Document, request: Put) -> Steps[Placed]:
    """Answer a Put. Raises DeclinedError where what was grabbed is gone or changed."""
    nodes = layers_named(document, request.grabbed.layer)
    layer = yield from _layer(document, request, nodes)
    yield from _check_unchanged(document, request, nodes)
    place, active = _Place(document, request, nodes), document.activeNode()
    place.group.addChildNode(layer, place.above)
    result = key_of(layer)
    remember_result(document, result, request.grabbed.layer, request.target)
    yield from _activate_again(document, active, result)
    document.waitForDone()
    stamp = yield from revision(document, nodes)
    return Placed(result, updated=False, revision=stamp)


class _Place:
    """Where the new layer goes: group and above, as addChildNode takes them."""

    def __init__(self, document: Document, request: Put, nodes: Sequence[Node]) -> None:
        self.above: Node | None
        if request.target == "layer":
            earlier = results_of(document, request.grabbed.layer, request.target)
            self.group = ancestors(nodes[-1])[0]
            self.above = _last_of(self.group, nodes[-1], earlier)
        else:
            chain = [nodes[0], *ancestors(nodes[0])]
            self.group = chain[-1]
            self.above = _below(self.group, chain[-2])


def _last_of(group: Node, node: Node, earlier: set[str]) -> Node:
    """The node, or the last of its earlier results that lie right above it."""
    around = children(group)
    start = [key_of(child) for child in around].index(key_of(node))
    stacked = takewhile(lambda child: key_of(child) in earlier, around[start + 1 :])
    return ([node, *stacked])[-1]


def _below(group: Node, node: Node) -> Node | None:
    around = children(group)
    at = [key_of(child) for child in around].index(key_of(node))
    return around[at - 1] if at else None


def _layer(document: Document, request: Put, nodes: Sequence[Node]) -> Steps[Node]:
    """The new layer, not in the document yet.

    Always in the document's own space: Krita takes more undo steps for any other.
    """
    layer = document.createNode(_name(document, request), "paintlayer")
    if request.grabbed.placing == "instead" and request.target == "layer":
        shown = yield from cover(document, request.grabbed, request.pixels)
        box = shown.box
        data = QByteArray(bytes(shown.data))
        layer.setPixelData(data, box.left, box.top, box.width, box.height)
        layer.setInheritAlpha(shown.is_clear)
    else:
        yield from _fill(document, layer, request)
        layer.setInheritAlpha(_shines_through(request, nodes))
    return layer


def _name(document: Document, request: Put) -> str:
    """Krita lets no plug-in make frames: a result shows at all times, so it tells its own."""
    if not any(node.animated() for node in all_layers(document)):
        return request.name
    frame = document.currentTime()
    return text("{name}, for frame {frame} only", name=request.name, frame=frame)


def _fill(document: Document, layer: Node, request: Put) -> Steps[None]:
    """Give a layer the pixels of a result."""
    space, grabbed = Space.of(document), request.grabbed
    at = (grabbed.left, grabbed.top) if request.target == "layer" else (0, 0)
    clone = document.clone()
    try:
        spaces = space.on_wire, space
        for data, band in converted_bands(clone, request.pixels, spaces, at):
            layer.setPixelData(data, band.left, band.top, band.width, band.height)
            yield 0
    finally:
        clone.close()


def _shines_through(request: Put, nodes: Sequence[Node]) -> bool:
    """Whether what is below is not opaque, so that a layer on it would add to its alpha.

    Such a layer inherits the alpha from below: then it changes colours and nothing else.
    """
    grabbed = request.grabbed
    if request.target == "background":
        return not _is_opaque(grabbed.background, _box_of(grabbed.background, 0, 0))
    if nodes[-1].inheritAlpha():
        return True
    if grabbed.below is not None:
        return not _is_opaque(grabbed.below, _box_of(grabbed.below, 0, 0))
    return not _is_opaque(grabbed.background, _box_of(grabbed.pixels, grabbed.left, grabbed.top))


def _box_of(pixels: Pixels, left: int, top: int) -> Box:
    return Box(left, top, pixels.width, pixels.height)


def _is_opaque(pixels: Pixels, box: Box) -> bool:
    """Whether all alpha in a box is the largest there is."""
    there = box.common(_box_of(pixels, 0, 0))
    if there is None:
        return True
    data, step, opaque = memoryview(pixels.data), pixels.pixel_bytes, OPAQUE[pixels.depth]
    for row in range(there.top, there.bottom):
        start = (row * pixels.width + there.left) * step
        line = data[start : start + there.width * step]
        for byte, value in enumerate(opaque, step - len(opaque)):
            if bytes(line[byte::step]).count(value) < there.width:
                return False
    return True


def _check_unchanged(document: Document, request: Put, nodes: Sequence[Node]) -> Steps[None]:
    stamp = yield from revision(document, nodes)
    if stamp != request.grabbed.revision:
        raise DeclinedError(text("The picture changed in the meantime: harmonize the layer again."))


def _activate_again(document: Document, active: Node | None, result: str) -> Steps[None]:
    """Whatever was the active layer is it again: the person goes on where they were."""
    for _ in range(_ACTIVATION_TRIES):
        yield _ACTIVATION_MS
        now = document.activeNode()
        if now is not None and key_of(now) == result:
            break
    if active is not None:
        document.setActiveNode(active)

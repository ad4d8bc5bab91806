"""A result that covers its source: what Krita itself shows with the changed layer in its place.

For colour models and blend modes that only Krita mixes as Krita does. Such a result is opaque
wherever the object shows anything, also at its soft edges, and so brings some background along;
nothing of what lies below it counts then.
"""

from __future__ import annotations

from dataclasses import dataclass

from krita import Document, Node

from frih_plugin.hosts.host import Grabbed
from frih_plugin.hosts.krita.nodes import all_layers, ground_of, key_of, mixing_of, siblings_above
from frih_plugin.hosts.krita.pixel_reads import (
    OPAQUE,
    Box,
    converted_bands,
    converted_raw,
    read_raw,
    refresh,
    whole,
)
from frih_plugin.hosts.krita.results import keys_in, results_of
from frih_plugin.hosts.krita.selected import layers_named
from frih_plugin.hosts.krita.spaces import Space
from frih_plugin.hosts.krita.steps import Steps
from frih_plugin.protocol.pixels import SAMPLE_BYTES, Pixels

_SHOWN = bytes([0]) + bytes([255]) * 255


@dataclass(frozen=True, slots=True)
class Cover:
    """Pixels in the document's own space.

    box: where they lie; is_clear: whether what they cover is transparent in part.
    """

    data: bytearray
    box: Box
    is_clear: bool


def cover(document: Document, grabbed: Grabbed, changed: Pixels) -> Steps[Cover]:
    """What covers the object, from the changed layer and a clone of the document."""
    clone = document.clone()
    try:
        ground = _with_changed_layer(clone, grabbed, changed)
        refresh(clone)
        yield 0
        box = Box(grabbed.left, grabbed.top, changed.width, changed.height).common(whole(clone))
        if box is None:
            raise ValueError("An object outside the picture was grabbed.")
        pixel_bytes = len(ground.projectionPixelData(box.left, box.top, 1, 1))
        data = yield from read_raw(ground.projectionPixelData, box, pixel_bytes)
        space, own = Space.of(document), Space.of(ground)
        if own != space:
            data = bytearray(memoryview(converted_raw(clone, data, (own, space), box)))
    finally:
        clone.close()
    shown = Cover(data, box, not _is_opaque(data, len(data) // (box.width * box.height), space))
    _cut_out(shown, shows(changed, grabbed.selection), grabbed, space)
    return shown


def shows(pixels: Pixels, selection: Pixels | None = None) -> bytes:
    """By pixel 255 where it is not transparent, and selected if anything is; else 0."""
    data, step, size = bytes(pixels.data), pixels.pixel_bytes, SAMPLE_BYTES[pixels.depth]
    both = 0
    for byte in range(step - size, step):
        both |= int.from_bytes(data[byte::step], "big")
    count = pixels.width * pixels.height
    visible = both.to_bytes(count, "big").translate(_SHOWN)
    if selection is None:
        return visible
    chosen = int.from_bytes(bytes(selection.data).translate(_SHOWN), "big")
    return (int.from_bytes(visible, "big") & chosen).to_bytes(count, "big")


def make_opaque(data: bytearray, where: bytes, space: Space) -> None:
    """Set alpha, which stands last: the largest where `where` is 255, 0 where it is 0."""
    opaque, step = OPAQUE[space.wire_depth], len(data) // len(where)
    for byte, value in enumerate(opaque, step - len(opaque)):
        data[byte::step] = where.translate(bytes([0]) * 255 + bytes([value]))


def _is_opaque(data: bytearray, step: int, space: Space) -> bool:
    opaque, count = OPAQUE[space.wire_depth], len(data) // step
    planes = ((byte, value) for byte, value in enumerate(opaque, step - len(opaque)))
    return all(data[byte::step].count(value) == count for byte, value in planes)


def _with_changed_layer(clone: Document, grabbed: Grabbed, changed: Pixels) -> Node:
    """Put the changed layer in place of the object; gives the group that it lies on."""
    nodes = layers_named(clone, grabbed.layer)
    top, ground = nodes[-1], ground_of(nodes[-1])
    hidden = results_of(clone, grabbed.layer) | set(keys_in(grabbed.layer))
    hidden |= {key_of(node) for node in siblings_above(top, ground)}
    for node in all_layers(clone):
        if key_of(node) in hidden:
            node.setVisible(False)
    space = Space.of(top if len(nodes) == 1 else clone)
    layer = clone.createNode("", "paintlayer")
    layer.setColorSpace(space.model, space.depth, space.profile)
    if len(nodes) == 1:
        opacity, mode = mixing_of(nodes)
        layer.setOpacity(opacity)
        layer.setBlendingMode(mode)
        layer.setInheritAlpha(top.inheritAlpha())
    at = grabbed.left, grabbed.top
    for data, band in converted_bands(clone, changed, (space.on_wire, space), at):
        layer.setPixelData(data, band.left, band.top, band.width, band.height)
    parent = top.parentNode()
    if parent is not None:
        parent.addChildNode(layer, top)
    return ground


def _cut_out(shown: Cover, visible: bytes, grabbed: Grabbed, space: Space) -> None:
    box, width = shown.box, grabbed.pixels.width
    left, top = box.left - grabbed.left, box.top - grabbed.top
    starts = ((top + row) * width + left for row in range(box.height))
    rows = (visible[start : start + box.width] for start in starts)
    make_opaque(shown.data, b"".join(rows), space)

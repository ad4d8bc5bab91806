"""A small picture of an object, from a few of its rows: quick also for large layers."""

from __future__ import annotations

from krita import Document, Node

from frih_plugin.hosts.krita.pixel_reads import Box, converted_raw
from frih_plugin.hosts.krita.spaces import SRGB, Space
from frih_plugin.protocol.pixels import Pixels
from frih_plugin.qt.core import Qt
from frih_plugin.qt.gui import QImage

SIDE = 96
_SAMPLED_SIDE = 2 * SIDE
_SHOWN = Space("RGBA", "U8", SRGB)


def thumbnail(document: Document, node: Node, box: Box) -> Pixels:
    """The layer in a box, longer side at most SIDE, rgba u8."""
    step = max(1, -(-max(box.width, box.height) // _SAMPLED_SIDE))
    rows = [_row(node, box, top, step) for top in range(box.top, box.bottom, step)]
    width, height = -(-box.width // step), len(rows)
    small = Box(0, 0, width, height)
    data = _shown(document, b"".join(rows), Space.of(node), small)
    image = QImage(data, width, height, 4 * width, QImage.Format.Format_ARGB32)
    return _as_pixels(_shrunk(image))


def _shown(document: Document, data: bytes, space: Space, box: Box) -> bytes:
    """In the space of a screen; only where they need it a clone is made to convert them."""
    if space == _SHOWN:
        return data
    clone = document.clone()
    try:
        return bytes(converted_raw(clone, data, (space, _SHOWN), box))
    finally:
        clone.close()


def _row(node: Node, box: Box, top: int, step: int) -> bytes:
    """Every step-th pixel of a row."""
    row = bytes(node.projectionPixelData(box.left, top, box.width, 1))
    pixel_bytes = len(row) // box.width
    sampled = bytearray(-(-box.width // step) * pixel_bytes)
    for byte in range(pixel_bytes):
        sampled[byte::pixel_bytes] = row[byte :: pixel_bytes * step]
    return bytes(sampled)


def _shrunk(image: QImage) -> QImage:
    if max(image.width(), image.height()) <= SIDE:
        return image
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return image.scaled(SIDE, SIDE, keep, smooth)


def _as_pixels(image: QImage) -> Pixels:
    rgba = image.convertToFormat(QImage.Format.Format_RGBA8888)
    bits = rgba.constBits()
    data = bits.asstring(4 * rgba.width() * rgba.height())
    return Pixels(rgba.width(), rgba.height(), "rgba", "u8", data)

"""A stamp of all that a grab depends on: it differs when a grab would give something else.

Krita tells nobody what changed, so the pixels are looked at: those that the picture shows, those of
the object itself and the selection.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from krita import Document, Node

from frih_plugin.hosts.krita.nodes import all_layers, key_of
from frih_plugin.hosts.krita.pixel_reads import Box, Read, whole
from frih_plugin.hosts.krita.steps import Steps


def revision(document: Document, nodes: Sequence[Node]) -> Steps[str]:
    """The stamp of a document and the layers that count as the object."""
    stamp = zlib.crc32(repr((tree_stamp(document), selection_box(document))).encode())
    stamp = yield from _sum(document.pixelData, whole(document), stamp)
    for node in nodes:
        box = Box.of(node.bounds())
        if box is not None:
            stamp = zlib.crc32(repr((key_of(node), box)).encode(), stamp)
            stamp = yield from _sum(node.projectionPixelData, box, stamp)
    selection, box = document.selection(), selection_box(document)
    if selection is not None and box is not None:
        stamp = yield from _sum(selection.pixelData, box, stamp)
    return f"{stamp:08x}"


def tree_stamp(document: Document) -> object:
    """How the layers lie and show, to be compared; cheap to look at."""
    shown = [
        (key_of(node), node.visible(), node.opacity(), node.blendingMode(), node.inheritAlpha())
        for node in all_layers(document)
    ]
    return document.currentTime(), document.width(), document.height(), shown


def selection_box(document: Document) -> Box | None:
    """The box of the selection; None where nothing is selected."""
    selection = document.selection()
    if selection is None or selection.width() < 1 or selection.height() < 1:
        return None
    return Box(selection.x(), selection.y(), selection.width(), selection.height())


def _sum(read: Read, box: Box, start: int) -> Steps[int]:
    stamp = start
    for band in box.bands():
        stamp = zlib.crc32(read(band.left, band.top, band.width, band.height), stamp)
        yield 0
    return stamp

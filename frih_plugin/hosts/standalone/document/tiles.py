"""The visible document in square tiles for the screen, computed once and kept until it changes."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping
from typing import NamedTuple

from engine.color.picture import Picture
from engine.view import Box
from frih_plugin.hosts.standalone.document.compositor import (
    at_level,
    composite_level,
    intersection,
    shown_document,
)
from frih_plugin.hosts.standalone.document.display import Rgba, rgba8
from frih_plugin.hosts.standalone.document.document import Document
from frih_plugin.hosts.standalone.document.layer import Layer
from frih_plugin.hosts.standalone.document.rendering import Renderings

TILE_SIDE = 256
MAX_TILE_BYTES = 256 << 20


class TileKey(NamedTuple):
    """A tile: its level (canvas shrunk 2 ** level times) and its place among that level's tiles."""

    level: int
    column: int
    row: int


class TileCache:
    """Tiles of one document as it is shown now; the least used go first. One thread only.

    tiles = TileCache(document)
    tiles.show(changed_document)            # drops what differs, and says where
    for key in tiles.keys_in(box, level): paint(tiles.tile(key), tiles.box_of(key))
    """

    def __init__(self, document: Document, max_bytes: int = MAX_TILE_BYTES) -> None:
        self._shown = document
        self._max_bytes = max_bytes
        self._bytes = 0
        self._tiles: OrderedDict[TileKey, Rgba] = OrderedDict()
        self.renderings = Renderings()

    def show(
        self,
        document: Document,
        *,
        without: str | None = None,
        replaced: Mapping[str, Picture] | None = None,
    ) -> tuple[Box, ...]:
        """Take another document, or a preview of it (see shown_document).

        Drops the tiles that look different now and returns the boxes of the canvas to repaint.
        """
        shown = shown_document(document, without=without, replaced=replaced)
        boxes = changed_boxes(self._shown, shown)
        self._shown = shown
        for box in boxes:
            self._drop(box)
        self.renderings.forget_all_but([layer.picture for layer in shown.layers])
        return boxes

    def tile(self, key: TileKey) -> Rgba:
        """The tile's pixels, (h, w, 4); less than TILE_SIDE a side at the canvas's edges."""
        found = self.cached(key)
        if found is not None:
            return found
        box = self._level_box(key)
        made = rgba8(composite_level(self._shown, box, key.level, self.renderings))
        self._tiles[key] = made
        self._bytes += made.nbytes
        while self._bytes > self._max_bytes and len(self._tiles) > 1:
            self._bytes -= self._tiles.popitem(last=False)[1].nbytes
        return made

    def cached(self, key: TileKey) -> Rgba | None:
        """The tile if it is there already: for painting against the clock."""
        found = self._tiles.get(key)
        if found is not None:
            self._tiles.move_to_end(key)
        return found

    def keys_in(self, box: Box, level: int) -> tuple[TileKey, ...]:
        """The tiles of a level that a box of the canvas needs, row by row."""
        on_canvas = intersection(box, self._shown.canvas)
        if on_canvas is None:
            return ()
        at = at_level(on_canvas, level)
        rows = range(at.top // TILE_SIDE, -(-at.bottom // TILE_SIDE))
        columns = range(at.left // TILE_SIDE, -(-at.right // TILE_SIDE))
        return tuple(TileKey(level, column, row) for row in rows for column in columns)

    def box_of(self, key: TileKey) -> Box:
        """The box of the canvas that a tile shows; its last pixels may reach over the edge."""
        box, scale = self._level_box(key), 1 << key.level
        return Box(box.left * scale, box.top * scale, box.right * scale, box.bottom * scale)

    def _level_box(self, key: TileKey) -> Box:
        whole = at_level(self._shown.canvas, key.level)
        left, top = key.column * TILE_SIDE, key.row * TILE_SIDE
        return Box(
            left, top, min(left + TILE_SIDE, whole.right), min(top + TILE_SIDE, whole.bottom)
        )

    def _drop(self, box: Box) -> None:
        for key in [key for key in self._tiles if self._shows(key, box)]:
            self._bytes -= self._tiles.pop(key).nbytes

    def _shows(self, key: TileKey, box: Box) -> bool:
        """Whether a tile shows something of a box; a pixel more each way, as levels round."""
        at, side = at_level(box, key.level), TILE_SIDE
        tile = Box(key.column * side, key.row * side, (key.column + 1) * side, (key.row + 1) * side)
        wider = Box(at.left - 1, at.top - 1, at.right + 1, at.bottom + 1)
        return intersection(tile, wider) is not None


def level_for(zoom: float) -> int:
    """The level to paint from at a zoom (screen pixels per canvas pixel): never enlarged."""
    return max(0, math.floor(-math.log2(zoom))) if zoom < 1 else 0


def changed_boxes(before: Document, after: Document) -> tuple[Box, ...]:
    """Where two documents may look different, in boxes of the canvas."""
    size, other = (before.width, before.height), (after.width, after.height)
    if (size, before.icc, before.depth) != (other, after.icc, after.depth):
        return (before.canvas, after.canvas)
    changed = _changed_layers(before.layers, after.layers)
    boxes = (intersection(layer.bounds, after.canvas) for layer in changed if layer.is_visible)
    return tuple(dict.fromkeys(box for box in boxes if box is not None))


def _changed_layers(before: tuple[Layer, ...], after: tuple[Layer, ...]) -> list[Layer]:
    """The layers, old and new, that look different; between two orders all that lie between."""
    if [layer.id for layer in before] != [layer.id for layer in after]:
        start = _same_at_start(before, after)
        end = _same_at_start(before[start:][::-1], after[start:][::-1])
        return [*before[start : len(before) - end], *after[start : len(after) - end]]
    pairs = zip(before, after, strict=True)
    return [layer for old, new in pairs if not old.looks_like(new) for layer in (old, new)]


def _same_at_start(first: tuple[Layer, ...], second: tuple[Layer, ...]) -> int:
    count = 0
    for old, new in zip(first, second, strict=False):
        if not old.looks_like(new):
            break
        count += 1
    return count

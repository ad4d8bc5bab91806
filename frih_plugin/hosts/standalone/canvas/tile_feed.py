"""Keeps the tiles for what is in view coming: what is missing is ordered, what is old replaced."""

from __future__ import annotations

from collections.abc import Callable

from engine.view import Box
from frih_plugin.hosts.standalone.canvas.backdrop import keys_in, tile_box
from frih_plugin.hosts.standalone.canvas.tile_images import TileImages
from frih_plugin.hosts.standalone.canvas.tile_worker import MadeTiles, TileOrder, TileWorker
from frih_plugin.hosts.standalone.canvas.viewport import Viewport
from frih_plugin.hosts.standalone.document.document import Document
from frih_plugin.hosts.standalone.document.tiles import TileKey, changed_boxes
from frih_plugin.qt.core import QObject, Signal

_COARSEST_SIDE = 512
_AHEAD = 0.5
"""This share of the view is made ready round about it, for the next pan."""


class TileFeed(QObject):
    """arrived(boxes): these boxes of the picture are to be painted anew."""

    arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.images = TileImages()
        self._worker = TileWorker(self)
        self._worker.made.connect(self._take)
        self._document: Document | None = None
        self._viewport = Viewport()
        self._is_ordered = False

    @property
    def document(self) -> Document | None:
        """What is shown."""
        return self._document

    @property
    def top_level(self) -> int:
        """The level at which the whole picture is a few tiles, always at hand."""
        if self._document is None:
            return 0
        longer = max(self._document.width, self._document.height)
        return max(0, (longer - 1).bit_length() - (_COARSEST_SIDE - 1).bit_length())

    @property
    def is_complete(self) -> bool:
        """Whether all that is in view is there and current."""
        return all(self.images.is_current(key) for key in self._keys(self._viewport))

    def show(self, document: Document | None, *, is_other: bool) -> None:
        """Show another state of the document, or with `is_other` another document."""
        old, self._document = self._document, document
        if document is None or old is None or is_other or _size(old) != _size(document):
            self.images.clear()
        else:
            self.images.outdated(changed_boxes(old, document))
        self._is_ordered = False
        self._order()

    def look_at(self, viewport: Viewport) -> None:
        """Another part of the picture is in view."""
        if viewport != self._viewport:
            self._viewport = viewport
            self._is_ordered = False
            self._order()

    def stop(self) -> None:
        """End the worker's thread."""
        self._worker.stop()

    def _order(self) -> None:
        """Order what is needed most, unless that is on its way."""
        if not self._is_ordered:
            order = self._next_order()
            self._is_ordered = order is not None
            self._worker.order(order)

    def _next_order(self) -> TileOrder | None:
        document = self._document
        if document is None:
            return None
        coarse = keys_in(document.canvas, self.top_level)
        if any(self.images.find(key) is None for key in coarse):
            return TileOrder(document, coarse, together=True)
        in_view = self._old(self._keys(self._viewport))
        shown = [key for key in in_view if self.images.find(key) is not None]
        if shown:
            return TileOrder(document, shown, together=True)
        rest = in_view or self._old(coarse) or self._old(self._keys(self._viewport.widened(_AHEAD)))
        return TileOrder(document, rest) if rest else None

    def _keys(self, viewport: Viewport) -> list[TileKey]:
        """The tiles of a viewport, those in the middle first."""
        if self._document is None:
            return []
        box = viewport.visible(self._document.width, self._document.height)
        keys = keys_in(box, min(viewport.level, self.top_level))
        return sorted(keys, key=_distance_to(box))

    def _old(self, keys: list[TileKey]) -> list[TileKey]:
        return [key for key in keys if not self.images.is_current(key)]

    def _take(self, made: MadeTiles) -> None:
        document = self._document
        if document is None or _size(made.document) != _size(document):
            return
        boxes = changed_boxes(made.document, document) if made.document is not document else ()
        for key, tile in made.tiles.items():
            self.images.put(key, tile, is_current=True)
        self.images.outdated(boxes)
        if made.tiles:
            self.arrived.emit([tile_box(key) for key in made.tiles])
        if made.is_last and made.document is document and made.tiles:
            self._is_ordered = False
            self._order()


def _size(document: Document) -> tuple[int, int]:
    return document.width, document.height


def _distance_to(box: Box) -> Callable[[TileKey], float]:
    middle = (box.left + box.right) / 2, (box.top + box.bottom) / 2

    def distance(key: TileKey) -> float:
        tile = tile_box(key)
        across = (tile.left + tile.right) / 2 - middle[0]
        down = (tile.top + tile.bottom) / 2 - middle[1]
        return across * across + down * down

    return distance

"""Makes tiles in a thread of its own: the interface never waits for layers to be merged."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from engine.errors import FrihError
from frih_plugin.hosts.standalone.canvas.tile_images import TileImage, tile_image
from frih_plugin.hosts.standalone.document.document import Document
from frih_plugin.hosts.standalone.document.tiles import TileCache, TileKey
from frih_plugin.qt.core import QObject, Signal

_log = logging.getLogger(__name__)
_CACHE_BYTES = 16 << 20
"""The images are kept by the canvas; here only for orders that overlap."""
_SEND_EVERY_S = 0.03


@dataclass(frozen=True, slots=True, eq=False)
class TileOrder:
    """Tiles of a document. together: not shown until all are there, so that nothing tears."""

    document: Document
    keys: Sequence[TileKey]
    together: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class MadeTiles:
    """Some of an order's tiles. is_last: no more will come of this order."""

    document: Document
    tiles: dict[TileKey, TileImage]
    is_last: bool


class TileWorker(QObject):
    """Takes one order at a time; a newer one replaces the one that waits.

    An order under way ends early, except one whose tiles belong together: while a layer is being
    dragged there is always a newer one, and what is finished is what the eye follows.
    """

    made = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changed = threading.Condition()
        self._waiting: TileOrder | None = None
        self._is_ending = False
        self._cache: TileCache | None = None
        self._thread = threading.Thread(target=self._run, name="frih-tiles", daemon=True)
        self._thread.start()

    def order(self, order: TileOrder | None) -> None:
        """Want these tiles, and no others any more."""
        with self._changed:
            self._waiting = order
            self._changed.notify()

    def stop(self) -> None:
        """End the thread, after the tile under way."""
        with self._changed:
            self._is_ending = True
            self._changed.notify()
        self._thread.join()
        self._cache = None

    def _run(self) -> None:
        while (order := self._next()) is not None:
            self._carry_out(order)

    def _carry_out(self, order: TileOrder) -> None:
        try:
            self._fill(order)
        except (FrihError, MemoryError):
            _log.exception("Tiles could not be made")
            self._send(order, {}, is_last=True)

    def _next(self) -> TileOrder | None:
        with self._changed:
            self._changed.wait_for(lambda: self._is_ending or self._waiting is not None)
            order, self._waiting = self._waiting, None
            return None if self._is_ending else order

    def _fill(self, order: TileOrder) -> None:
        cache = self._cache_of(order.document)
        made: dict[TileKey, TileImage] = {}
        sent_at = time.monotonic()
        for key in order.keys:
            if self._is_over(order):
                break
            made[key] = tile_image(cache.tile(key))
            if not order.together and time.monotonic() - sent_at > _SEND_EVERY_S:
                self._send(order, made, is_last=False)
                made, sent_at = {}, time.monotonic()
        self._send(order, made, is_last=True)

    def _cache_of(self, document: Document) -> TileCache:
        if self._cache is None:
            self._cache = TileCache(document, _CACHE_BYTES)
        self._cache.show(document)
        return self._cache

    def _is_over(self, order: TileOrder) -> bool:
        return self._is_ending or (self._waiting is not None and not order.together)

    def _send(self, order: TileOrder, tiles: dict[TileKey, TileImage], *, is_last: bool) -> None:
        if not self._is_ending:
            self.made.emit(MadeTiles(order.document, tiles, is_last))

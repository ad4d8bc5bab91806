"""The tiles that are there to be painted, current or not, as the screen's own kind of image."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.view import Box
from frih_plugin.hosts.standalone.document.compositor import at_level, intersection
from frih_plugin.hosts.standalone.document.display import Rgba
from frih_plugin.hosts.standalone.document.tiles import TILE_SIDE, TileKey
from frih_plugin.qt.gui import QImage

MAX_BYTES = 256 << 20


@dataclass(frozen=True, slots=True, eq=False)
class TileImage:
    """A tile. image: RGB32 where opaque, else ARGB32 premultiplied."""

    image: QImage
    is_opaque: bool


def tile_image(pixels: Rgba) -> TileImage:
    """(h, w, 4) straight sRGB as an image of its own, which outlives the array."""
    height, width = pixels.shape[:2]
    straight = QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888)
    is_opaque = bool(pixels[..., 3].min() == 255)
    kinds = QImage.Format.Format_ARGB32_Premultiplied, QImage.Format.Format_RGB32
    return TileImage(straight.convertToFormat(kinds[is_opaque]), is_opaque)


class TileImages:
    """Tiles by key. What the document no longer shows stays, as stale, until it is replaced.

    So the canvas never has a hole and never flickers; the least used tiles go first.
    """

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._images: OrderedDict[TileKey, TileImage] = OrderedDict()
        self._stale: set[TileKey] = set()

    def clear(self) -> None:
        """Forget all: another document."""
        self._images.clear()
        self._stale.clear()
        self._bytes = 0

    def find(self, key: TileKey) -> TileImage | None:
        """The tile as it was last made."""
        found = self._images.get(key)
        if found is not None:
            self._images.move_to_end(key)
        return found

    def is_current(self, key: TileKey) -> bool:
        """Whether the tile is there and shows the document as it is."""
        return key in self._images and key not in self._stale

    def outdated(self, boxes: Iterable[Box]) -> None:
        """Note that the canvas looks different in these boxes."""
        for box in boxes:
            self._stale.update(key for key in self._images if _shows(key, box))

    def put(self, key: TileKey, tile: TileImage, *, is_current: bool) -> None:
        """Keep a tile. is_current: it shows the document as it is, not an earlier state."""
        old = self._images.pop(key, None)
        self._bytes += tile.image.sizeInBytes() - (old.image.sizeInBytes() if old else 0)
        self._images[key] = tile
        if is_current:
            self._stale.discard(key)
        else:
            self._stale.add(key)
        while self._bytes > self._max_bytes and len(self._images) > 1:
            gone, image = self._images.popitem(last=False)
            self._stale.discard(gone)
            self._bytes -= image.image.sizeInBytes()

    def stand_ins(self, key: TileKey, top_level: int) -> Iterator[tuple[TileKey, TileImage]]:
        """What to paint while a tile is missing: the next coarser one, then finer ones above."""
        for up in range(1, top_level - key.level + 1):
            parent = TileKey(key.level + up, key.column >> up, key.row >> up)
            if (found := self.find(parent)) is not None:
                yield parent, found
                break
        for down in range(1, min(key.level, 2) + 1):
            for child in _children(key, down):
                if (found := self._images.get(child)) is not None:
                    yield child, found


def _children(key: TileKey, down: int) -> Iterator[TileKey]:
    side = 1 << down
    for row in range(key.row * side, (key.row + 1) * side):
        for column in range(key.column * side, (key.column + 1) * side):
            yield TileKey(key.level - down, column, row)


def _shows(key: TileKey, box: Box) -> bool:
    """Whether a tile shows something of a box; a pixel more each way, as levels round."""
    at, side = at_level(box, key.level), TILE_SIDE
    tile = Box(key.column * side, key.row * side, (key.column + 1) * side, (key.row + 1) * side)
    wider = Box(at.left - 1, at.top - 1, at.right + 1, at.bottom + 1)
    return intersection(tile, wider) is not None

"""What the canvas shows of the picture, kept as one image of the widget's size.

Panning moves it and paints only what comes into view; ants, handles and outlines are painted over
it without painting the picture again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from engine.view import Box
from frih_plugin.hosts.standalone.canvas.tile_images import TileImage, TileImages
from frih_plugin.hosts.standalone.canvas.viewport import Viewport
from frih_plugin.hosts.standalone.checks import checks
from frih_plugin.hosts.standalone.document.document import Document
from frih_plugin.hosts.standalone.document.tiles import TILE_SIDE, TileKey
from frih_plugin.qt.core import QPoint, QRect, QRectF, Qt
from frih_plugin.qt.gui import QColor, QImage, QPainter, QRegion

_CHECK_PX = 8
_NEAREST_FROM = 2.0
"""From this zoom on pixels are shown as squares."""


class Backdrop:
    """The picture, painted for one viewport. Everything is in device pixels."""

    def __init__(self, images: TileImages) -> None:
        self._images = images
        self._image = QImage()
        self._viewport = Viewport()
        self._dirty = QRegion()
        self._checks = checks(_CHECK_PX)
        self.ground = QColor("#808080")

    def show(self, viewport: Viewport) -> None:
        """Be ready for another part of the picture."""
        old = self._viewport
        if viewport == old and not self._image.isNull():
            return
        self._viewport = viewport
        if replace(viewport, left=old.left, top=old.top) == old and not self._image.isNull():
            self._scroll(viewport.left - old.left, viewport.top - old.top)
        else:
            self.spoil_all()

    def spoil_all(self) -> None:
        """Paint everything anew next time."""
        self._dirty = QRegion(0, 0, self._viewport.width, self._viewport.height)

    def spoil(self, box: Box) -> QRect:
        """Paint a box of the picture anew next time; gives the box on the widget."""
        rect = screen_rect(self._viewport, box)
        self._dirty += rect
        return rect

    def painted(self, document: Document | None, top_level: int) -> QImage:
        """The image, with all painted that was to be painted anew."""
        size = self._viewport.width, self._viewport.height
        if (self._image.width(), self._image.height()) != size:
            self._image = QImage(*size, QImage.Format.Format_RGB32)
            self.spoil_all()
        if not self._dirty.isEmpty():
            self._paint(document, top_level)
            self._dirty = QRegion()
        return self._image

    def _scroll(self, right: int, down: int) -> None:
        image = QImage(self._image)
        whole = QRect(0, 0, self._viewport.width, self._viewport.height)
        moved = image.copy(whole.intersected(whole.translated(-right, -down)))
        target = QPoint(max(right, 0), max(down, 0))
        painter = QPainter(self._image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawImage(target, moved)
        painter.end()
        covered = QRegion(QRect(target, moved.size()))
        self._dirty = self._dirty.translated(right, down) + QRegion(whole).subtracted(covered)
        self._dirty &= whole

    def _paint(self, document: Document | None, top_level: int) -> None:
        painter = QPainter(self._image)
        painter.setClipRegion(self._dirty)
        if document is None:
            painter.fillRect(self._image.rect(), self.ground)
            painter.end()
            return
        canvas = screen_rect(self._viewport, document.canvas)
        painter.save()
        painter.setClipRegion(self._dirty.subtracted(QRegion(canvas)))
        painter.fillRect(self._image.rect(), self.ground)
        painter.restore()
        painter.setClipRect(canvas, Qt.ClipOperation.IntersectClip)
        painter.setBrushOrigin(self._viewport.left, self._viewport.top)
        is_smooth = self._viewport.zoom < _NEAREST_FROM
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth)
        for key in self._keys(document, top_level):
            self._paint_tile(painter, key, top_level)
        painter.end()

    def _keys(self, document: Document, top_level: int) -> Iterable[TileKey]:
        bounds = self._dirty.boundingRect()
        part = replace(
            self._viewport,
            left=self._viewport.left - bounds.left(),
            top=self._viewport.top - bounds.top(),
            width=bounds.width(),
            height=bounds.height(),
        )
        level = min(self._viewport.level, top_level)
        keys = keys_in(part.visible(document.width, document.height), level)
        rects = (screen_rect(self._viewport, tile_box(key)) for key in keys)
        return [key for key, rect in zip(keys, rects, strict=True) if self._dirty.intersects(rect)]

    def _paint_tile(self, painter: QPainter, key: TileKey, top_level: int) -> None:
        target = screen_rect(self._viewport, tile_box(key))
        tile = self._images.find(key)
        if tile is not None:
            self._paint_image(painter, key, tile)
            return
        painter.fillRect(target, self._checks)
        painter.save()
        painter.setClipRect(target, Qt.ClipOperation.IntersectClip)
        for other, found in self._images.stand_ins(key, top_level):
            self._paint_image(painter, other, found)
        painter.restore()

    def _paint_image(self, painter: QPainter, key: TileKey, tile: TileImage) -> None:
        box, scale = tile_box(key), 1 << key.level
        right = box.left + tile.image.width() * scale
        bottom = box.top + tile.image.height() * scale
        target = screen_rect(self._viewport, Box(box.left, box.top, right, bottom))
        if not tile.is_opaque:
            painter.fillRect(target, self._checks)
        if target.size() == tile.image.size():
            painter.drawImage(target.topLeft(), tile.image)
        else:
            painter.drawImage(QRectF(target), tile.image, QRectF(tile.image.rect()))


def keys_in(box: Box, level: int) -> list[TileKey]:
    """The tiles of a level that show something of a box of the picture, row by row."""
    side = TILE_SIDE << level
    if box.width <= 0 or box.height <= 0:
        return []
    rows = range(box.top // side, -(-box.bottom // side))
    columns = range(box.left // side, -(-box.right // side))
    return [TileKey(level, column, row) for row in rows for column in columns]


def tile_box(key: TileKey) -> Box:
    """The pixels of the picture that a whole tile shows."""
    side = TILE_SIDE << key.level
    left, top = key.column * side, key.row * side
    return Box(left, top, left + side, top + side)


def screen_rect(viewport: Viewport, box: Box) -> QRect:
    """A box of the picture in whole device pixels; neighbours share their edge."""
    left, top = (round(at) for at in viewport.to_screen((box.left, box.top)))
    right, bottom = (round(at) for at in viewport.to_screen((box.right, box.bottom)))
    return QRect(left, top, right - left, bottom - top)

"""The rectangle selection."""

from __future__ import annotations

import math

from engine.view import Box
from frih_plugin.hosts.standalone.canvas.ants import stripes
from frih_plugin.hosts.standalone.canvas.backdrop import screen_rect
from frih_plugin.hosts.standalone.canvas.pointer import Pointer
from frih_plugin.hosts.standalone.canvas.viewport import Point, Viewport
from frih_plugin.hosts.standalone.document.document import Document
from frih_plugin.hosts.standalone.document.selections import Combination, select_rectangle
from frih_plugin.hosts.standalone.tools.selecting import SelectionTool
from frih_plugin.qt.core import Qt
from frih_plugin.qt.gui import QPainter, QPen


class RectangleTool(SelectionTool):
    """Selects whole pixels from corner to corner."""

    _end: Point = (0.0, 0.0)

    def press(self, pointer: Pointer) -> None:
        """The first corner."""
        self._start = self._end = pointer.point

    def move(self, pointer: Pointer) -> None:
        """The other corner."""
        self._end = pointer.point
        self.repaint.emit()

    def selected(self, document: Document, how: Combination) -> Document:
        """The document with the rectangle selected."""
        return select_rectangle(document, self._box(), self.feather_px, how)

    def paint(self, painter: QPainter, viewport: Viewport, pixel_ratio: float) -> None:
        """The rectangle under way."""
        if self._start is not None:
            painter.setPen(QPen(stripes(), max(1, round(pixel_ratio))))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(screen_rect(viewport, self._box()))

    def _box(self) -> Box:
        (x0, y0), (x1, y1) = self._start or self._end, self._end
        return Box(
            math.floor(min(x0, x1)),
            math.floor(min(y0, y1)),
            math.ceil(max(x0, x1)),
            math.ceil(max(y0, y1)),
        )

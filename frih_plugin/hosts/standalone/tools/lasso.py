"""The lasso: a selection drawn freely."""

from __future__ import annotations

from frih_plugin.hosts.standalone.canvas.ants import stripes
from frih_plugin.hosts.standalone.canvas.pointer import Pointer
from frih_plugin.hosts.standalone.canvas.viewport import Point, Viewport
from frih_plugin.hosts.standalone.document.document import Document
from frih_plugin.hosts.standalone.document.selections import Combination, select_lasso
from frih_plugin.hosts.standalone.session import EditorSession
from frih_plugin.hosts.standalone.tools.selecting import SelectionTool
from frih_plugin.qt.core import QObject, QPointF
from frih_plugin.qt.gui import QPainter, QPen, QPolygonF

_MOST_POINTS = 20_000
_A_CLICK_POINTS = 3


class LassoTool(SelectionTool):
    """Selects what a line encloses; its ends are joined."""

    def __init__(self, session: EditorSession, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self._points: list[Point] = []

    def press(self, pointer: Pointer) -> None:
        """Where the line starts."""
        self._start, self._points = pointer.point, [pointer.point]

    def move(self, pointer: Pointer) -> None:
        """Where it goes on."""
        points = self._points
        if self.is_busy and len(points) < _MOST_POINTS:
            if points[-1] != pointer.point:
                points.append(pointer.point)
            self.repaint.emit()

    def selected(self, document: Document, how: Combination) -> Document:
        """The document with the line's inside selected."""
        return select_lasso(document, self._points, self.feather_px, how)

    def paint(self, painter: QPainter, viewport: Viewport, pixel_ratio: float) -> None:
        """The line under way."""
        if self.is_busy:
            painter.setPen(QPen(stripes(), max(1, round(pixel_ratio))))
            points = [QPointF(*viewport.to_screen(point)) for point in self._points]
            painter.drawPolyline(QPolygonF(points))

    def _is_small(self) -> bool:
        return len(self._points) < _A_CLICK_POINTS

"""Draws a layer's frame: visible on every picture, in light and dark."""

from __future__ import annotations

from frih_plugin.hosts.standalone.tools.frame import SCALE_HANDLES, Frame
from frih_plugin.qt.core import QLineF, QPointF, QRectF
from frih_plugin.qt.gui import QColor, QPainter, QPen, QPolygonF

_HANDLE = 9.0
_LINE = QColor(255, 255, 255)
_SHADE = QColor(0, 0, 0, 140)


def paint_outline(painter: QPainter, frame: Frame, color: QColor) -> None:
    """The frame's lines alone."""
    ratio = frame.pixel_ratio
    outline = QPolygonF([QPointF(*corner) for corner in frame.corners])
    painter.setBrush(QColor(0, 0, 0, 0))
    for shade, width in ((_SHADE, 3 * ratio), (color, 1.25 * ratio)):
        painter.setPen(QPen(shade, width))
        painter.drawPolygon(outline)


def paint_handles(painter: QPainter, frame: Frame, color: QColor) -> None:
    """The handles at corners and edges, and the knob."""
    ratio = frame.pixel_ratio
    stem = QLineF(QPointF(*frame.handle((0, -1))), QPointF(*frame.knob))
    for shade, width in ((_SHADE, 3 * ratio), (color, 1.25 * ratio)):
        painter.setPen(QPen(shade, width))
        painter.drawLine(stem)
    painter.setPen(QPen(color, 1.5 * ratio))
    painter.setBrush(_LINE)
    half = _HANDLE * ratio / 2
    for at in SCALE_HANDLES:
        x, y = frame.handle(at)
        painter.drawRect(QRectF(x - half, y - half, 2 * half, 2 * half))
    painter.drawEllipse(QPointF(*frame.knob), half * 1.1, half * 1.1)

"""What is shown under transparent pixels."""

from __future__ import annotations

from functools import cache

from frih_plugin.qt.gui import QBrush, QColor, QImage, QPainter


@cache
def checks(side: int) -> QBrush:
    """Light and middle grey squares of this many pixels."""
    image = QImage(2 * side, 2 * side, QImage.Format.Format_RGB32)
    image.fill(QColor("#d4d4d4"))
    painter = QPainter(image)
    for at in (0, side):
        painter.fillRect(at, at, side, side, QColor("#b0b0b0"))
    painter.end()
    return QBrush(image)

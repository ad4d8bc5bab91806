"""The line between before (left) and after (right), and the tags that name the sides."""

from __future__ import annotations

from frih_plugin.qt.core import QPoint, QPointF, QRect, QRectF, Qt
from frih_plugin.qt.gui import QColor, QPainter, QPen

_REACH_PX = 7
"""How far from the line a press still takes hold of it."""

_KNOB_PX = 8
_TAG_PADDING_PX = 5


class SplitLine:
    """Where the line stands, as a share of the picture's width, and how it looks."""

    def __init__(self) -> None:
        self.on = False
        self.share = 0.5

    def move_to(self, x: int, picture: QRect) -> None:
        """Bring it to a place, at most to the picture's edges."""
        self.nudge((x - picture.left()) / max(1, picture.width()) - self.share)

    def nudge(self, step: float) -> None:
        """Move it by a share of the width, at most to the picture's edges."""
        self.share = min(1.0, max(0.0, self.share + step))

    def x(self, picture: QRect) -> int:
        """Where it is drawn."""
        return picture.left() + round(self.share * picture.width())

    def is_near(self, place: QPoint, picture: QRect) -> bool:
        """Whether a press there takes hold of it."""
        return self.on and abs(place.x() - self.x(picture)) <= _REACH_PX

    def draw(self, painter: QPainter, picture: QRect) -> None:
        """A white line with a dark edge and a knob, to be seen on every picture."""
        x = self.x(picture) + 0.5
        top, bottom = QPointF(x, picture.top()), QPointF(x, picture.bottom() + 1)
        for color, width in ((QColor(0, 0, 0, 130), 3.0), (QColor(255, 255, 255), 1.0)):
            painter.setPen(QPen(color, width))
            painter.drawLine(top, bottom)
        painter.setPen(QPen(QColor(0, 0, 0, 150), 1.0))
        painter.setBrush(QColor(255, 255, 255))
        painter.drawEllipse(QPointF(x, picture.center().y() + 0.5), _KNOB_PX, _KNOB_PX)
        self._draw_arrows(painter, QPointF(x, picture.center().y() + 0.5))

    @staticmethod
    def _draw_arrows(painter: QPainter, knob: QPointF) -> None:
        painter.setPen(QPen(QColor(60, 60, 60), 1.4))
        for side in (-1, 1):
            tip = knob + QPointF(side * 5, 0)
            for rise in (-2.5, 2.5):
                painter.drawLine(tip, tip + QPointF(-side * 2.5, rise))


def draw_tag(painter: QPainter, picture: QRect, words: str, side: Qt.AlignmentFlag) -> None:
    """Name what is seen on one side, in a lower corner of the picture."""
    metrics = painter.fontMetrics()
    width = metrics.horizontalAdvance(words) + 2 * _TAG_PADDING_PX
    left = picture.left() + 6
    if side == Qt.AlignmentFlag.AlignRight:
        left = picture.right() - 5 - width
    height = metrics.height() + 2
    tag = QRectF(left, picture.bottom() - 5 - height, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 150))
    painter.drawRoundedRect(tag, 3, 3)
    painter.setPen(QColor(255, 255, 255))
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, words)

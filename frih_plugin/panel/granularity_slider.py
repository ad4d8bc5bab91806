"""The slider of d_c's stops, with a mark at the paper's 0.1."""

from __future__ import annotations

from frih_plugin.panel.shades import quiet_text
from frih_plugin.panel.slider import Slider
from frih_plugin.qt.core import QPoint, QSize
from frih_plugin.qt.gui import QPainter, QPaintEvent
from frih_plugin.qt.widgets import QWidget
from frih_plugin.state.granularity import DEFAULT_STOP, STOPS

_MARK_PX = 4


class GranularitySlider(Slider):
    """Coarse on the left, fine on the right; a double click goes to the mark."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(STOPS - 1, DEFAULT_STOP, parent)
        self.setPageStep(4)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for the mark above and below the groove."""
        return super().sizeHint() + QSize(0, 2 * _MARK_PX)

    def paintEvent(self, ev: QPaintEvent | None) -> None:  # noqa: N802 - Qt's name
        """The mark first, so that the handle covers it."""
        painter = QPainter(self)
        painter.setPen(quiet_text())
        middle = self.position_of(DEFAULT_STOP)
        for top in (0, self.height() - _MARK_PX):
            painter.drawLine(QPoint(middle, top), QPoint(middle, top + _MARK_PX - 1))
        painter.end()
        super().paintEvent(ev)

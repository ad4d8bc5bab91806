"""A thin scroll bar over the edge of what it scrolls, so that nothing moves when it appears."""

from __future__ import annotations

from frih_plugin.panel.shades import quiet_text
from frih_plugin.qt.core import QRectF, Qt
from frih_plugin.qt.gui import QPainter, QPaintEvent
from frih_plugin.qt.widgets import (
    QScrollArea,
    QScrollBar,
    QStyle,
    QStyleOptionSlider,
    QWidget,
)

WIDTH_PX = 7
_ALPHA = 150


class OverlayScrollBar(QScrollBar):
    """Follows the hidden bar of a scroll area, and the other way round."""

    def __init__(self, area: QScrollArea, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._hidden = area.verticalScrollBar()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if self._hidden is not None:
            self._hidden.rangeChanged.connect(self._take_range)
            self._hidden.valueChanged.connect(self.setValue)
            self.valueChanged.connect(self._hidden.setValue)
            self._take_range(self._hidden.minimum(), self._hidden.maximum())

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: ARG002, N802 - Qt's name
        """The handle alone."""
        option, style = QStyleOptionSlider(), self.style()
        self.initStyleOption(option)
        if style is None:
            return
        handle = style.subControlRect(
            QStyle.ComplexControl.CC_ScrollBar, option, QStyle.SubControl.SC_ScrollBarSlider, self
        )
        painter, color = QPainter(self), quiet_text()
        color.setAlpha(_ALPHA)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(QRectF(handle).adjusted(2, 0, -1, 0), 2, 2)

    def _take_range(self, lowest: int, highest: int) -> None:
        if self._hidden is not None:
            self.setPageStep(self._hidden.pageStep())
            self.setSingleStep(self._hidden.singleStep())
        self.setRange(lowest, highest)
        self.setVisible(highest > lowest)

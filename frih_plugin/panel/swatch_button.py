"""A region's own colour in the frame of its overlay colour; a click switches it off and on."""

from __future__ import annotations

from frih_plugin.panel.region_colors import region_color
from frih_plugin.panel.shades import accent, quiet_text, sunken
from frih_plugin.qt.core import QRectF, QSize, Qt
from frih_plugin.qt.gui import QColor, QPainter, QPaintEvent, QPen
from frih_plugin.qt.widgets import QAbstractButton, QWidget
from frih_plugin.state.values import RegionView

_SIDE_PX = 20
_FRAME_PX = 3


class SwatchButton(QAbstractButton):
    """Checked while the region takes part; crossed out while it does not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._color = QColor()
        self._frame = QColor()
        self.setCheckable(True)
        self.setFixedSize(_SIDE_PX + 2, _SIDE_PX + 2)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_region(self, region: RegionView) -> None:
        """Show another region, or the same switched."""
        self._color, self._frame = QColor(*region.color), region_color(region.index)
        self.setChecked(region.on)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Square."""
        return QSize(_SIDE_PX + 2, _SIDE_PX + 2)

    def paintEvent(self, e: QPaintEvent | None) -> None:  # noqa: ARG002, N802 - Qt's name
        """Frame and colour, or a frame alone with a stroke through it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outer = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.hasFocus():
            painter.setPen(QPen(accent(), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        inset = _FRAME_PX / 2 + 1
        inner = outer.adjusted(inset, inset, -inset, -inset)
        painter.setPen(QPen(self._frame, _FRAME_PX))
        painter.setBrush(self._color if self.isChecked() else sunken())
        painter.drawRoundedRect(inner, 2, 2)
        if not self.isChecked():
            painter.setPen(QPen(quiet_text(), 1.6))
            painter.drawLine(inner.bottomLeft(), inner.topRight())

"""A thin line that fills from the left; nothing is seen of it while there is no work."""

from __future__ import annotations

from frih_plugin.panel.shades import accent, hairline
from frih_plugin.qt.core import QRectF, Qt
from frih_plugin.qt.gui import QPainter, QPaintEvent
from frih_plugin.qt.widgets import QSizePolicy, QWidget

_HEIGHT_PX = 3


class ProgressLine(QWidget):
    """Keeps its room, whether or not it is seen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.share: float | None = None
        self.setFixedHeight(_HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_share(self, share: float | None) -> None:
        """Fill a share, 0 to 1; None for no work."""
        if share != self.share:
            self.share = share
            self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: ARG002, N802 - Qt's name
        """Groove and filling."""
        if self.share is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        groove = QRectF(self.rect())
        painter.setBrush(hairline())
        painter.drawRoundedRect(groove, 1.5, 1.5)
        groove.setWidth(max(_HEIGHT_PX, groove.width() * self.share))
        painter.setBrush(accent())
        painter.drawRoundedRect(groove, 1.5, 1.5)

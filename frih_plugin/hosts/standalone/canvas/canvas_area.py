"""The canvas with the message bar over its upper edge, so that a message moves nothing."""

from __future__ import annotations

from frih_plugin.qt.core import Qt
from frih_plugin.qt.widgets import QFrame, QGridLayout, QWidget


class CanvasArea(QWidget):
    """Lays one over the other."""

    def __init__(self, canvas: QWidget, messages: QFrame, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        messages.setAutoFillBackground(True)
        messages.setFrameShape(QFrame.Shape.StyledPanel)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(canvas, 0, 0)
        grid.addWidget(messages, 0, 0, Qt.AlignmentFlag.AlignTop)
        messages.raise_()

"""A part of the panel that opens and closes by its title."""

from __future__ import annotations

from frih_plugin.qt.core import Qt
from frih_plugin.qt.widgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget
from frih_plugin.texts import text


class Section(QWidget):
    """Closed at first."""

    def __init__(self, title: str, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QToolButton(self)
        self.body = body
        self.title.setText(title)
        self.title.setCheckable(True)
        self.title.setAutoRaise(True)
        self.title.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addWidget(body)
        self.title.toggled.connect(self._show)
        self._show(False)  # noqa: FBT003 - a slot's argument

    def _show(self, is_open: bool) -> None:  # noqa: FBT001 - a slot
        self.body.setVisible(is_open)
        self.title.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        self.title.setToolTip(text("Hide these settings.") if is_open else text("Show more."))
        self.title.setAccessibleName(self.title.text())

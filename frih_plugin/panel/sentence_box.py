"""A sentence on a sheet with a coloured edge, within a page; nothing is seen of it without one."""

from __future__ import annotations

from frih_plugin.panel.shades import accent, hairline, warning
from frih_plugin.qt.core import QRect, Qt
from frih_plugin.qt.gui import QPainter, QPaintEvent, QPalette
from frih_plugin.qt.widgets import QApplication, QLabel, QSizePolicy, QVBoxLayout, QWidget

_STRIPE_PX = 3


class SentenceBox(QWidget):
    """The sentence can be selected with the mouse, to be copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_error = False
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setForegroundRole(QPalette.ColorRole.Text)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        column = QVBoxLayout(self)
        column.setContentsMargins(_STRIPE_PX + 8, 6, 8, 6)
        column.addWidget(self.words)
        self.hide()

    def say(self, sentence: str, *, is_error: bool) -> None:
        """Show a sentence; "" for none."""
        self._is_error = is_error
        self.words.setText(sentence)
        self.setAccessibleName(sentence)
        self.setVisible(bool(sentence))
        self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: ARG002, N802 - Qt's name
        """The sheet."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QApplication.palette().color(QPalette.ColorRole.Base))
        painter.setPen(hairline())
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        color = warning() if self._is_error else accent()
        painter.fillRect(QRect(0, 0, _STRIPE_PX, self.height()), color)

"""A line of words that ends in "..." where the room ends; the tooltip has them all."""

from __future__ import annotations

from frih_plugin.qt.core import QSize, Qt
from frih_plugin.qt.gui import QResizeEvent
from frih_plugin.qt.widgets import QLabel, QSizePolicy, QWidget


class ElidedLabel(QLabel):
    """One line of any length, in bold, that never makes the panel wider."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        font = self.font()
        font.setBold(True)
        self.setFont(font)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def words(self) -> str:
        """All of them."""
        return self._words

    def set_words(self, words: str) -> None:
        """Show other words."""
        self._words = words
        self.setAccessibleName(words)
        self._elide()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Any width will do."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """Other room, other words."""
        super().resizeEvent(a0)
        self._elide()

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(
            self._words, Qt.TextElideMode.ElideMiddle, self.width()
        )
        self.setText(shown)
        self.setToolTip(self._words if shown != self._words else "")

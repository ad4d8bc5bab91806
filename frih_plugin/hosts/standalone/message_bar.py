"""One sentence above the picture, with a button that closes it."""

from __future__ import annotations

from frih_plugin.hosts.standalone.icons import icon
from frih_plugin.qt.core import QSize, Qt
from frih_plugin.qt.gui import QPalette
from frih_plugin.qt.widgets import QApplication, QFrame, QHBoxLayout, QLabel, QToolButton, QWidget
from frih_plugin.texts import text


class MessageBar(QFrame):
    """Hidden until there is something to say; the last sentence counts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = QLabel()
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.close_button = QToolButton()
        self.close_button.setIcon(icon("close"))
        self.close_button.setIconSize(QSize(14, 14))
        self.close_button.setAutoRaise(True)
        self.close_button.setToolTip(text("Close this message"))
        self.close_button.setAccessibleName(text("Close this message"))
        self.close_button.clicked.connect(self.hide)
        self._stripe = QFrame()
        self._stripe.setFixedWidth(4)
        self._stripe.setAutoFillBackground(True)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 8, 0)
        box.setSpacing(10)
        box.addWidget(self._stripe)
        box.addWidget(self._label, 1)
        box.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self._label.setContentsMargins(0, 7, 0, 7)
        self.hide()

    @property
    def sentence(self) -> str:
        """What is being said, "" while nothing is."""
        return "" if self.isHidden() else self._label.text()

    def fail(self, sentence: str) -> None:
        """Say what went wrong and what to do."""
        self._say(sentence, is_failure=True)

    def note(self, sentence: str) -> None:
        """Say something worth knowing."""
        self._say(sentence, is_failure=False)

    def _say(self, sentence: str, *, is_failure: bool) -> None:
        palette = QApplication.palette()
        color = palette.color(QPalette.ColorRole.Highlight)
        if is_failure:
            color.setHsv(4, 190, 215)
        colors = QPalette(palette)
        colors.setColor(QPalette.ColorRole.Window, color)
        self._stripe.setPalette(colors)
        self._label.setText(sentence)
        self._label.setAccessibleName(sentence)
        self.show()

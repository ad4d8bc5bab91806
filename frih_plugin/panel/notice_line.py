"""One sentence that a person should read, with one button; laid over the panel's lower end."""

from __future__ import annotations

from frih_plugin.panel.shades import accent, hairline, warning
from frih_plugin.qt.core import QRect, Qt, Signal
from frih_plugin.qt.gui import QPainter, QPaintEvent, QPalette
from frih_plugin.qt.widgets import (
    QApplication,
    QGridLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)
from frih_plugin.state.panel_state import PanelState
from frih_plugin.state.values import NoticeAction
from frih_plugin.texts import text

_STRIPE_PX = 3


class NoticeLine(QWidget):
    """resized(): it takes another height, or none; whoever holds it places it anew."""

    resized = Signal()

    def __init__(self, state: PanelState, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state
        self.sentence = QLabel(self)
        self.action = QPushButton(self)
        self.dismiss = QToolButton(self)
        self._lay_out()
        self.action.clicked.connect(state.act_on_notice)
        self.dismiss.clicked.connect(state.dismiss_notice)
        state.notice_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the notice, or nothing."""
        notice = self._state.notice
        self.setVisible(notice is not None)
        if notice is not None:
            self.sentence.setText(notice.sentence)
            self.setAccessibleName(notice.sentence)
            words = _action_words(notice.action)
            self.action.setText(words)
            self.action.setAccessibleName(words)
            self.action.setVisible(bool(words))
        self.update()
        self.resized.emit()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: ARG002, N802 - Qt's name
        """A sheet with a coloured edge."""
        notice, painter = self._state.notice, QPainter(self)
        painter.fillRect(self.rect(), QApplication.palette().color(QPalette.ColorRole.Base))
        painter.setPen(hairline())
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        color = warning() if notice is not None and notice.is_error else accent()
        painter.fillRect(QRect(0, 0, _STRIPE_PX, self.height()), color)

    def _lay_out(self) -> None:
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setForegroundRole(QPalette.ColorRole.Text)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.action.setAutoDefault(False)
        self.dismiss.setText("×")
        self.dismiss.setAutoRaise(True)
        self.dismiss.setToolTip(text("Put this message away."))
        self.dismiss.setAccessibleName(text("Put this message away."))
        grid = QGridLayout(self)
        grid.setContentsMargins(_STRIPE_PX + 8, 6, 4, 8)
        grid.setSpacing(6)
        grid.addWidget(self.sentence, 0, 0)
        grid.addWidget(self.dismiss, 0, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.action, 1, 0, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(0, 1)


def _action_words(action: NoticeAction) -> str:
    return {
        "retry": text("Try again"),
        "show_log": text("Show log"),
        "restart_engine": text("Restart engine"),
        "none": "",
    }[action]

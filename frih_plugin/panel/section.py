"""A part of the panel that opens and closes by its title."""

from __future__ import annotations

from frih_plugin.qt.core import QRect, QSize, Qt
from frih_plugin.qt.gui import QPainter, QPaintEvent
from frih_plugin.qt.widgets import (
    QAbstractButton,
    QSizePolicy,
    QStyle,
    QStyleOption,
    QStyleOptionFocusRect,
    QVBoxLayout,
    QWidget,
)
from frih_plugin.texts import text

_ARROW_PX = 12
_GAP_PX = 4


class Section(QWidget):
    """Closed at first."""

    def __init__(self, title: str, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = SectionTitle(title, self)
        self.body = body
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addWidget(body)
        self.title.toggled.connect(self._show)
        self._show(is_open=False)

    def _show(self, is_open: bool) -> None:  # noqa: FBT001 - a slot
        self.body.setVisible(is_open)
        self.title.setToolTip(text("Hide these settings.") if is_open else text("Show more."))


class SectionTitle(QAbstractButton):
    """An arrow and a word; flush with the labels above and below."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(title)
        self.setAccessibleName(title)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Arrow and word."""
        metrics = self.fontMetrics()
        width = _ARROW_PX + _GAP_PX + metrics.horizontalAdvance(self.text())
        return QSize(width, metrics.height() + 4)

    def paintEvent(self, e: QPaintEvent | None) -> None:  # noqa: ARG002, N802 - Qt's name
        """By the style in use."""
        style = self.style()
        if style is None:
            return
        painter, arrow = QPainter(self), QStyleOption()
        arrow.initFrom(self)
        arrow.rect = QRect(0, (self.height() - _ARROW_PX) // 2, _ARROW_PX, _ARROW_PX)
        element = QStyle.PrimitiveElement
        opened, closed = element.PE_IndicatorArrowDown, element.PE_IndicatorArrowRight
        style.drawPrimitive(opened if self.isChecked() else closed, arrow, painter, self)
        words = self.rect().adjusted(_ARROW_PX + _GAP_PX, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            focus = QStyleOptionFocusRect()
            focus.initFrom(self)
            style.drawPrimitive(element.PE_FrameFocusRect, focus, painter, self)

"""Which layer would be harmonized, or why it cannot be."""

from __future__ import annotations

from frih_plugin.panel.elided_label import ElidedLabel
from frih_plugin.panel.pixel_images import fitted, sharp_pixmap, to_image
from frih_plugin.panel.shades import hairline, sunken
from frih_plugin.panel.small_print import SmallPrint
from frih_plugin.protocol.pixels import Pixels
from frih_plugin.qt.core import QPoint, QRect, QSize, Qt
from frih_plugin.qt.gui import QColor, QImage, QPainter, QPaintEvent
from frih_plugin.qt.widgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from frih_plugin.state.panel_state import PanelState
from frih_plugin.texts import text

_THUMBNAIL_PX = 44
_CHECK_PX = 6


class LayerCard(QWidget):
    """Thumbnail and name; below the name what is to be known of the layer."""

    def __init__(self, state: PanelState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.thumbnail = Thumbnail(self)
        self.name = ElidedLabel(self)
        self.remark = SmallPrint(self)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self.name)
        words.addWidget(self.remark)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.thumbnail, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        state.subject_changed.connect(self.refresh)
        state.settings_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the subject."""
        subject = self._state.subject
        self.thumbnail.show_pixels(subject.thumbnail)
        if not subject.document:
            self.name.set_words(text("No picture"))
            self.remark.setText(subject.unusable or text("Open a picture and select a layer."))
            return
        self.name.set_words(subject.name or text("No layer"))
        self.remark.setText(subject.unusable or self._plan())

    def _plan(self) -> str:
        if self._state.settings.target == "background":
            return text("Its background will be matched to it.")
        return text("Will be matched to its background.")


class Thumbnail(QWidget):
    """A small picture on the checks that mean transparency."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixels: Pixels | None = None
        self._image: QImage | None = None
        self.setFixedSize(_THUMBNAIL_PX, _THUMBNAIL_PX)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_pixels(self, pixels: Pixels | None) -> None:
        """Show another picture, or none."""
        if pixels is not self._pixels:
            self._pixels = pixels
            self._image = None if pixels is None else to_image(pixels)
            self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: ARG002, N802 - Qt's name
        """Checks, picture, frame."""
        painter = QPainter(self)
        inner = self.rect().adjusted(1, 1, -1, -1)
        painter.fillRect(inner, sunken())
        if self._image is not None:
            _draw_checks(painter, inner)
            size = fitted(self._image.size(), inner.size())
            left, top = (inner.width() - size.width()) // 2, (inner.height() - size.height()) // 2
            pixmap = sharp_pixmap(self._image, size, self.devicePixelRatioF())
            painter.drawPixmap(inner.topLeft() + QPoint(left, top), pixmap)
        painter.setPen(hairline())
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


def _draw_checks(painter: QPainter, room: QRect) -> None:
    # The same on dark and light, as in every editor: checks stand for transparency.
    for row in range(0, room.height(), _CHECK_PX):
        for column in range(0, room.width(), _CHECK_PX):
            is_light = (row + column) // _CHECK_PX % 2 == 0
            check = QRect(room.topLeft() + QPoint(column, row), QSize(_CHECK_PX, _CHECK_PX))
            color = QColor(200, 200, 200) if is_light else QColor(160, 160, 160)
            painter.fillRect(check & room, color)

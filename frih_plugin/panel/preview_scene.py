"""What the preview draws: pictures, regions and the line between before and after."""

from __future__ import annotations

from frih_plugin.panel.pixel_images import fitted
from frih_plugin.panel.preview_pictures import PreviewPictures
from frih_plugin.panel.region_overlay import OverlayLook, RegionOverlay
from frih_plugin.panel.shades import quiet_text, sunken
from frih_plugin.panel.split_line import SplitLine, draw_tag
from frih_plugin.qt.core import QPoint, QPointF, QRect, QRectF, Qt
from frih_plugin.qt.gui import QPainter
from frih_plugin.texts import text

_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
_MARGIN_PX = 14


class PreviewScene:
    """Drawn into a room; the picture lies in its middle, as large as it fits."""

    def __init__(self) -> None:
        self.pictures = PreviewPictures()
        self.overlay = RegionOverlay()
        self.split = SplitLine()
        self.look = OverlayLook()
        self.is_before = False
        self.invitation = ""

    def picture_box(self, room: QRect) -> QRect:
        """Where the picture lies; empty without one."""
        size = self.pictures.size
        if size is None:
            return QRect()
        box = QRect(QPoint(0, 0), fitted(size, room.size()))
        box.moveTo(
            room.left() + (room.width() - box.width()) // 2,
            room.top() + (room.height() - box.height()) // 2,
        )
        return box

    def label_at(self, place: QPoint, room: QRect) -> int | None:
        """The region under a place of the room."""
        box = self.picture_box(room)
        if box.isEmpty() or not box.contains(place):
            return None
        across = (place.x() - box.left() + 0.5) / box.width()
        down = (place.y() - box.top() + 0.5) / box.height()
        return self.overlay.label_at(QPointF(across, down))

    def draw(self, painter: QPainter, room: QRect, device_ratio: float) -> bool:
        """Draw all; whether regions were to be seen."""
        painter.fillRect(room, sunken())
        box = self.picture_box(room)
        if box.isEmpty():
            self._draw_invitation(painter, room)
            return False
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_pictures(painter, box, device_ratio)
        has_regions = self._draw_regions(painter, box)
        self._draw_comparison(painter, box)
        return has_regions

    def _draw_invitation(self, painter: QPainter, room: QRect) -> None:
        painter.setPen(quiet_text())
        words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        inner = room.adjusted(_MARGIN_PX, _MARGIN_PX, -_MARGIN_PX, -_MARGIN_PX)
        painter.drawText(inner, words, self.invitation)

    def _draw_pictures(self, painter: QPainter, box: QRect, device_ratio: float) -> None:
        size, corner = box.size(), box.topLeft()
        if self.is_before:
            painter.drawPixmap(corner, self.pictures.before(size, device_ratio))
            return
        painter.drawPixmap(corner, self.pictures.after(size, device_ratio))
        if self._is_split:
            left = QRect(box.topLeft(), box.bottomRight())
            left.setRight(self.split.x(box))
            painter.save()
            painter.setClipRect(left)
            painter.drawPixmap(corner, self.pictures.before(size, device_ratio))
            painter.restore()

    def _draw_regions(self, painter: QPainter, box: QRect) -> bool:
        # Who compares wants to see the picture.
        picture = None if self.is_before else self.overlay.picture(self.look)
        if picture is None:
            return False
        painter.drawImage(QRectF(box), picture, QRectF(picture.rect()))
        return True

    def _draw_comparison(self, painter: QPainter, box: QRect) -> None:
        if self.is_before:
            draw_tag(painter, box, text("Before"), _LEFT)
        elif self._is_split:
            draw_tag(painter, box, text("Before"), _LEFT)
            draw_tag(painter, box, text("After"), _RIGHT)
            self.split.draw(painter, box)

    @property
    def _is_split(self) -> bool:
        return self.split.on and self.pictures.has_result

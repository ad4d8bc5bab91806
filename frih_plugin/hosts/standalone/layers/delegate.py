"""Paints a row of the layer list, and knows where its eye and its lock are."""

from __future__ import annotations

from frih_plugin.hosts.standalone.checks import checks
from frih_plugin.hosts.standalone.document import BlendMode, Layer
from frih_plugin.hosts.standalone.icons import draw_icon
from frih_plugin.hosts.standalone.layers.blend_modes import mode_name
from frih_plugin.hosts.standalone.layers.model import LAYER_ROLE, THUMBNAIL_ROLE
from frih_plugin.hosts.standalone.layers.thumbnails import fitted
from frih_plugin.qt.core import QModelIndex, QRect, QRectF, QSize, Qt
from frih_plugin.qt.gui import QColor, QImage, QPainter, QPalette
from frih_plugin.qt.widgets import (
    QApplication,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from frih_plugin.texts import text

ROW_PX = 46
_ICON = 16
_THUMBNAIL = 36
_GAP = 8
_PALE = 0.35
_CHECK = 5


class LayerDelegate(QStyledItemDelegate):
    """Eye, thumbnail, name, and where they differ from the usual mode, opacity and lock."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:  # noqa: N802
        """All rows are as high."""
        del index
        return QSize(max(option.rect.width(), 120), ROW_PX)

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        """Paint the row."""
        layer, thumbnail = index.data(LAYER_ROLE), index.data(THUMBNAIL_ROLE)
        if painter is None or not isinstance(layer, Layer) or not isinstance(thumbnail, QImage):
            return
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        roles = QPalette.ColorRole
        role = roles.HighlightedText if is_chosen else roles.Text
        painter.save()
        if is_chosen:
            painter.fillRect(option.rect, QApplication.palette().color(roles.Highlight))
        _paint_icon(painter, "eye", eye_rect(option.rect), role, is_on=layer.is_visible)
        _paint_thumbnail(painter, thumbnail, _thumbnail_rect(option.rect), layer)
        if layer.is_locked:
            _paint_icon(painter, "lock", lock_rect(option.rect), role, is_on=True)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            _paint_icon(painter, "unlocked", lock_rect(option.rect), role, is_on=False)
        painter.setPen(QApplication.palette().color(role))
        _paint_words(painter, option, layer)
        painter.restore()

    def updateEditorGeometry(  # noqa: N802 - Qt's name
        self, editor: QWidget | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        """Edit the name where it stands."""
        del index
        if editor is not None:
            place = _words_rect(option.rect)
            height = editor.sizeHint().height()
            editor.setGeometry(
                place.left(), place.center().y() - height // 2, place.width(), height
            )


def eye_rect(row: QRect) -> QRect:
    """Where a click shows or hides."""
    return QRect(row.left() + _GAP, row.center().y() - _ICON // 2, _ICON, _ICON)


def lock_rect(row: QRect) -> QRect:
    """Where a click locks or unlocks."""
    return QRect(row.right() - _GAP - _ICON, row.center().y() - _ICON // 2, _ICON, _ICON)


def _thumbnail_rect(row: QRect) -> QRect:
    left = eye_rect(row).right() + 1 + _GAP
    return QRect(left, row.center().y() - _THUMBNAIL // 2, _THUMBNAIL, _THUMBNAIL)


def _words_rect(row: QRect) -> QRect:
    left = _thumbnail_rect(row).right() + 1 + _GAP
    return QRect(left, row.top(), lock_rect(row).left() - _GAP // 2 - left, row.height())


def _paint_icon(
    painter: QPainter, name: str, rect: QRect, role: QPalette.ColorRole, *, is_on: bool
) -> None:
    painter.setOpacity(1 if is_on else _PALE)
    draw_icon(painter, name, QRectF(rect), role)
    painter.setOpacity(1)


def _paint_thumbnail(painter: QPainter, image: QImage, place: QRect, layer: Layer) -> None:
    target = QRect(place.topLeft(), fitted(image.size(), place.width()))
    target.moveCenter(place.center())
    painter.setOpacity(1 if layer.is_visible else _PALE)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setBrushOrigin(target.topLeft())
    painter.fillRect(target, checks(_CHECK))
    painter.drawImage(target, image)
    painter.setPen(QColor(0, 0, 0, 70))
    painter.drawRect(target.adjusted(0, 0, -1, -1))
    painter.setOpacity(1)


def _paint_words(painter: QPainter, option: QStyleOptionViewItem, layer: Layer) -> None:
    place = _words_rect(option.rect)
    details = _details(layer)
    height = option.fontMetrics.height()
    name = QRect(place.left(), place.center().y() - height // 2, place.width(), height)
    elided = Qt.TextElideMode.ElideRight
    if details:
        name.moveBottom(place.center().y())
        below = name.translated(0, height)
        painter.setOpacity(0.7)
        painter.drawText(below, 0, option.fontMetrics.elidedText(details, elided, place.width()))
    painter.setOpacity(1 if layer.is_visible else 0.5)
    painter.drawText(name, 0, option.fontMetrics.elidedText(layer.name, elided, place.width()))
    painter.setOpacity(1)


def _details(layer: Layer) -> str:
    """What of the layer is not as usual."""
    parts: list[str] = []
    if layer.mode is not BlendMode.NORMAL:
        parts.append(mode_name(layer.mode))
    if layer.opacity < 1:
        parts.append(text("{percent} %", percent=round(layer.opacity * 100)))
    return ", ".join(parts)

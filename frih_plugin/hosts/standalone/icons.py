"""Icons drawn as lines in the colour of the text: sharp at every scale, right in light and dark."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from frih_plugin.qt.core import QPointF, QRect, QRectF, QSize, Qt
from frih_plugin.qt.gui import (
    QColor,
    QIcon,
    QIconEngine,
    QPainter,
    QPainterPath,
    QPalette,
    QPen,
    QPixmap,
    QPolygonF,
)
from frih_plugin.qt.widgets import QApplication

_SIDE = 24
_STROKE = 1.7
_Points = tuple[tuple[float, float], ...]


def icon(name: str) -> QIcon:
    """The icon of this name, one of `names()`; follows the theme while it is shown."""
    return QIcon(_LineIcon(_DRAWINGS[name]()))


def names() -> tuple[str, ...]:
    """All icons there are."""
    return tuple(_DRAWINGS)


def draw_icon(painter: QPainter, name: str, rect: QRectF, palette_role: QPalette.ColorRole) -> None:
    """Paint an icon at a place, in a colour of the application's palette."""
    _draw(painter, _path(name), rect, QApplication.palette().color(palette_role))


@cache
def _path(name: str) -> QPainterPath:
    return _DRAWINGS[name]()


class _LineIcon(QIconEngine):
    """Paints a path when asked, in the colour that text has then."""

    def __init__(self, path: QPainterPath) -> None:
        super().__init__()
        self._outline = path

    def paint(
        self, painter: QPainter | None, rect: QRect, mode: QIcon.Mode, state: QIcon.State
    ) -> None:
        """Draw the lines, pale where the action cannot be used."""
        del state
        if painter is None:
            return
        groups = QPalette.ColorGroup
        group = groups.Disabled if mode is QIcon.Mode.Disabled else groups.Active
        color = QApplication.palette().color(group, QPalette.ColorRole.ButtonText)
        _draw(painter, self._outline, QRectF(rect), color)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The icon as a picture of this many pixels."""
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        """Another one that draws the same."""
        return _LineIcon(self._outline)


def _draw(painter: QPainter, path: QPainterPath, rect: QRectF, color: QColor) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    side = min(rect.width(), rect.height())
    painter.scale(side / _SIDE, side / _SIDE)
    pen = QPen(color, _STROKE)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    painter.restore()


def _lines(*polylines: _Points) -> QPainterPath:
    path = QPainterPath()
    for points in polylines:
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
    return path


def _eye() -> QPainterPath:
    path = QPainterPath(QPointF(2.5, 12))
    path.quadTo(QPointF(12, 1.5), QPointF(21.5, 12))
    path.quadTo(QPointF(12, 22.5), QPointF(2.5, 12))
    path.addEllipse(QPointF(12, 12), 3.2, 3.2)
    return path


def _lock(*, is_open: bool) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(5, 11, 14, 9.5), 2, 2)
    path.moveTo(8, 11)
    path.lineTo(8, 7.5)
    path.arcTo(QRectF(8, 3.5, 8, 8), 180, -180)
    path.lineTo(16, 7.5 if is_open else 11)
    return path


def _move() -> QPainterPath:
    return _lines(
        ((12, 3), (12, 21)),
        ((3, 12), (21, 12)),
        ((9.5, 5.5), (12, 3), (14.5, 5.5)),
        ((9.5, 18.5), (12, 21), (14.5, 18.5)),
        ((5.5, 9.5), (3, 12), (5.5, 14.5)),
        ((18.5, 9.5), (21, 12), (18.5, 14.5)),
    )


def _rectangle() -> QPainterPath:
    """A dashed rectangle: four corners and the middles of the edges."""
    return _lines(
        ((4, 8), (4, 5), (7, 5)),
        ((17, 5), (20, 5), (20, 8)),
        ((20, 16), (20, 19), (17, 19)),
        ((7, 19), (4, 19), (4, 16)),
        ((10.5, 5), (13.5, 5)),
        ((10.5, 19), (13.5, 19)),
        ((4, 11), (4, 13)),
        ((20, 11), (20, 13)),
    )


def _lasso() -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QRectF(3, 4, 18, 11))
    path.addEllipse(QRectF(5.2, 13.4, 3.6, 3.6))
    path.moveTo(7, 17)
    path.quadTo(QPointF(7.5, 19.5), QPointF(5, 21))
    return path


def _hand() -> QPainterPath:
    path = QPainterPath(QPointF(7.5, 13))
    path.lineTo(5.8, 11.2)
    path.quadTo(QPointF(4.2, 10.4), QPointF(3.8, 12))
    path.lineTo(8.4, 19)
    path.quadTo(QPointF(9.6, 21), QPointF(12.4, 21))
    path.quadTo(QPointF(18.6, 21), QPointF(18.6, 15))
    path.lineTo(18.6, 8.4)
    path.moveTo(7.5, 13)
    for left, top in ((7.5, 6), (10.3, 4), (13.1, 5), (15.9, 7)):
        path.moveTo(left, 12)
        path.lineTo(left, top + 1)
        path.arcTo(QRectF(left, top, 2.7, 2.7), 180, -180)
        path.lineTo(left + 2.7, 12)
    return path


def _duplicate() -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(8, 8, 12, 12), 2, 2)
    path.addPath(_lines(((5, 16), (4, 16), (4, 4), (16, 4), (16, 5))))
    return path


def _delete() -> QPainterPath:
    return _lines(
        ((4, 6.5), (20, 6.5)),
        ((9, 6.5), (9, 4), (15, 4), (15, 6.5)),
        ((6, 6.5), (7, 20.5), (17, 20.5), (18, 6.5)),
        ((10.2, 10.5), (10.5, 16.5)),
        ((13.8, 10.5), (13.5, 16.5)),
    )


def _place() -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(3.5, 3.5, 17, 17), 2, 2)
    path.addPath(_lines(((12, 8), (12, 16)), ((8, 12), (16, 12))))
    return path


def _undo(*, is_mirrored: bool) -> QPainterPath:
    def at(x: float) -> float:
        return _SIDE - x if is_mirrored else x

    path = _lines(((at(8), 4.5), (at(4), 8.5), (at(8), 12.5)))
    path.moveTo(at(4), 8.5)
    path.lineTo(at(14), 8.5)
    path.cubicTo(QPointF(at(21.5), 8.5), QPointF(at(21.5), 19), QPointF(at(14), 19))
    path.lineTo(at(9), 19)
    return path


def _open() -> QPainterPath:
    return _lines(
        ((3, 19), (3, 5), (9, 5), (11, 7.5), (19, 7.5), (19, 10.5)),
        ((3, 19), (6.5, 10.5), (22, 10.5), (18.5, 19), (3, 19)),
    )


def _save() -> QPainterPath:
    return _lines(
        ((4, 4), (16.5, 4), (20, 7.5), (20, 20), (4, 20), (4, 4)),
        ((7.5, 20), (7.5, 13.5), (16.5, 13.5), (16.5, 20)),
        ((8, 4), (8, 8.5), (15, 8.5), (15, 4)),
    )


def _fit() -> QPainterPath:
    return _lines(
        ((4, 9), (4, 4), (9, 4)),
        ((15, 4), (20, 4), (20, 9)),
        ((20, 15), (20, 20), (15, 20)),
        ((9, 20), (4, 20), (4, 15)),
    )


_DRAWINGS: dict[str, Callable[[], QPainterPath]] = {
    "eye": _eye,
    "lock": lambda: _lock(is_open=False),
    "unlocked": lambda: _lock(is_open=True),
    "move": _move,
    "rectangle": _rectangle,
    "lasso": _lasso,
    "hand": _hand,
    "duplicate": _duplicate,
    "delete": _delete,
    "place": _place,
    "undo": lambda: _undo(is_mirrored=False),
    "redo": lambda: _undo(is_mirrored=True),
    "open": _open,
    "save": _save,
    "fit": _fit,
    "up": lambda: _lines(((5, 14.5), (12, 8), (19, 14.5))),
    "down": lambda: _lines(((5, 9.5), (12, 16), (19, 9.5))),
    "close": lambda: _lines(((6, 6), (18, 18)), ((18, 6), (6, 18))),
    "zoom_in": lambda: _lines(((12, 5), (12, 19)), ((5, 12), (19, 12))),
    "zoom_out": lambda: _lines(
        ((5, 12), (19, 12)),
    ),
}

"""Real mouse and wheel events at points of the picture."""

from __future__ import annotations

from frih_plugin.hosts.standalone.canvas.canvas import Canvas
from frih_plugin.hosts.standalone.canvas.viewport import Point
from frih_plugin.qt.core import QEvent, QPoint, QPointF, Qt
from frih_plugin.qt.gui import QMouseEvent, QWheelEvent
from frih_plugin.qt.widgets import QApplication

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NO_KEYS = Qt.KeyboardModifier.NoModifier
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


def on_widget(canvas: Canvas, point: Point) -> QPointF:
    """Where a point of the picture is on the canvas."""
    x, y = canvas.viewport.to_screen(point)
    ratio = canvas.devicePixelRatioF()
    return QPointF(x / ratio, y / ratio)


def press(canvas: Canvas, at: QPointF, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
    """The left button goes down."""
    _send(canvas, QEvent.Type.MouseButtonPress, at, keys)


def move(canvas: Canvas, at: QPointF, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
    """The pointer moves with the button down."""
    _send(canvas, QEvent.Type.MouseMove, at, keys)


def release(canvas: Canvas, at: QPointF, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
    """The left button comes up."""
    _send(canvas, QEvent.Type.MouseButtonRelease, at, keys)


def drag(canvas: Canvas, *points: Point, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
    """A whole gesture along points of the picture."""
    drag_on_widget(canvas, *(on_widget(canvas, point) for point in points), keys=keys)


def drag_on_widget(canvas: Canvas, *places: QPointF, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
    """A whole gesture along points of the canvas."""
    press(canvas, places[0], keys)
    for place in places[1:]:
        move(canvas, place, keys)
    release(canvas, places[-1], keys)


def turn_wheel(canvas: Canvas, at: QPointF, clicks: int) -> None:
    """Turn the wheel by whole clicks, away from the hand for positive ones."""
    none = Qt.MouseButton.NoButton
    phase = Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(at, at, QPoint(), QPoint(0, 120 * clicks), none, NO_KEYS, phase, False)
    QApplication.sendEvent(canvas, event)


def _send(canvas: Canvas, kind: QEvent.Type, at: QPointF, keys: Qt.KeyboardModifier) -> None:
    QApplication.sendEvent(canvas, QMouseEvent(kind, at, at, LEFT, LEFT, keys))

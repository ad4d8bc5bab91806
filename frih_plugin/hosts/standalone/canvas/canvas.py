"""The widget that shows the picture and gives the pointer to the tool in hand."""

from __future__ import annotations

from engine.view import Box
from frih_plugin.hosts.standalone.canvas.ants import PERIOD_PX, Ants, stripes
from frih_plugin.hosts.standalone.canvas.backdrop import Backdrop, screen_rect
from frih_plugin.hosts.standalone.canvas.pointer import Pointer
from frih_plugin.hosts.standalone.canvas.tile_feed import TileFeed
from frih_plugin.hosts.standalone.canvas.viewport import Point, Viewport
from frih_plugin.hosts.standalone.document import Document
from frih_plugin.hosts.standalone.session import EditorSession
from frih_plugin.hosts.standalone.tools.hand import HandTool
from frih_plugin.hosts.standalone.tools.tool import Tool
from frih_plugin.qt.core import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from frih_plugin.qt.gui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from frih_plugin.qt.widgets import QSizePolicy, QWidget
from frih_plugin.texts import text

_WHEEL_STEP = 120
_ANTS_MS = 120
_MANY_PX = 10
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Canvas(QWidget):
    """Shows `session.shown`.

    The wheel zooms about the pointer; the middle button, or the space bar with the left one, pans;
    the left button belongs to the tool. viewport_changed: zoom or place; hovered(point or None):
    the pixel under the pointer, in the picture's coordinates.
    """

    viewport_changed = Signal()
    hovered = Signal(object)

    def __init__(self, session: EditorSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._feed = TileFeed(self)
        self._backdrop = Backdrop(self._feed.images)
        self._ants = Ants()
        self._phase = 0
        self._viewport = Viewport()
        self._is_fitting = True
        self._key = ""
        self._hand = HandTool(session, self)
        self._hand.panned.connect(self.pan)
        self._tool: Tool = self._hand
        self._held: Tool | None = None
        self._is_space_down = False
        self._ants_timer = QTimer(self)
        self._ants_timer.setInterval(_ANTS_MS)
        self._set_up()

    @property
    def viewport(self) -> Viewport:
        """What is in view, in device pixels."""
        return self._viewport

    @property
    def is_complete(self) -> bool:
        """Whether all that is in view is shown as it is, and no more is to come."""
        return self._feed.is_complete

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room to work in."""
        return QSize(900, 640)

    def use(self, tool: Tool) -> None:
        """Take another tool in hand."""
        self._tool.cancel()
        if self._tool is not self._hand:
            self._tool.repaint.disconnect(self.update)
            self._tool.panned.disconnect(self.pan)
        self._tool = tool
        if tool is not self._hand:
            tool.repaint.connect(self.update)
            tool.panned.connect(self.pan)
        self.update()

    @property
    def hand(self) -> HandTool:
        """The tool that pans."""
        return self._hand

    def pan(self, right: float, down: float) -> None:
        """Move the picture by device pixels."""
        self._look(self._viewport.panned(right, down))

    def zoom_by(self, steps: float, about: Point | None = None) -> None:
        """Zoom in by steps, two of which double; about: device pixels, None for the middle."""
        self._look(self._viewport.stepped(steps, about or self._middle()))

    def zoom_to(self, zoom: float, about: Point | None = None) -> None:
        """Show so many device pixels for a pixel of the picture."""
        self._look(self._viewport.zoomed(zoom, about or self._middle()))

    def fit(self) -> None:
        """Show all of the picture, and go on doing so when the window's size changes."""
        document = self._session.document
        if document is not None:
            self._look(self._viewport.fitted(document.width, document.height))
            self._is_fitting = True

    def show_box(self, box: Box) -> None:
        """Bring a box of the picture into the middle, as large as fits."""
        placed = self._viewport.fitted(max(box.width, 1), max(box.height, 1))
        moved = placed.panned(-box.left * placed.zoom, -box.top * placed.zoom)
        self._look(moved)

    def stop(self) -> None:
        """End the thread and the timer; the widget is not to be used afterwards."""
        self._ants_timer.stop()
        self._feed.stop()

    def _set_up(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(160, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(text("Picture"))
        self._feed.arrived.connect(self._tiles_arrived)
        self._ants_timer.timeout.connect(self._march)
        session = self._session
        session.shown_changed.connect(self._shown_changed)
        session.preview_changed.connect(self.update)
        session.active_layers_changed.connect(self.update)
        session.selection_changed.connect(self._selection_changed)
        session.document_changed.connect(self._give_up_gesture)
        self._take_palette()
        self._shown_changed()

    def _take_palette(self) -> None:
        window = self.palette().color(QPalette.ColorRole.Window)
        is_dark = window.lightness() < 128
        self._backdrop.ground = QColor(38, 38, 40) if is_dark else QColor(196, 196, 198)
        self._backdrop.spoil_all()

    def _middle(self) -> Point:
        return self._viewport.width / 2, self._viewport.height / 2

    def _look(self, viewport: Viewport) -> None:
        """Show another part of the picture."""
        self._is_fitting = False
        document = self._session.document
        if document is not None:
            viewport = viewport.kept_near(document.width, document.height)
        if viewport == self._viewport:
            return
        self._viewport = viewport
        self._feed.look_at(viewport)
        self._session.set_preview_scale(1 << viewport.level)
        self.viewport_changed.emit()
        self.update()

    def _shown_changed(self) -> None:
        is_other = self._session.key != self._key
        self._key = self._session.key
        self._feed.show(self._session.shown, is_other=is_other)
        if is_other:
            self._held = None
            self._tool.cancel()
            self.fit()
            self._backdrop.spoil_all()
            self.viewport_changed.emit()
        self.update()

    def _give_up_gesture(self, old: Document | None, new: Document | None) -> None:
        """A gesture under way was about another state of the layers."""
        is_same = old is not None and new is not None and old.layers is new.layers
        if self._held is not None and not is_same:
            held, self._held = self._held, None
            held.cancel()

    def _tiles_arrived(self, boxes: list[Box]) -> None:
        for box in boxes:
            self._backdrop.spoil(box)
        self.update()

    def _selection_changed(self) -> None:
        document = self._session.document
        has_ants = document is not None and document.selection is not None and self.isVisible()
        if has_ants:
            self._ants_timer.start()
        else:
            self._ants_timer.stop()
        self.update()

    def _march(self) -> None:
        self._phase = (self._phase + 1) % PERIOD_PX
        self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802, ARG002 - Qt's
        """Paint the picture from the tiles at hand, and what lies over it."""
        self._match_size()
        self._backdrop.show(self._viewport)
        image = self._backdrop.painted(self._feed.document, self._feed.top_level)
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        painter.scale(1 / ratio, 1 / ratio)
        painter.drawImage(0, 0, image)
        self._paint_overlay(painter)
        document = self._session.document
        if document is not None and document.selection is not None:
            painter.setPen(QPen(stripes(), max(1, round(ratio))))
            self._ants.paint(painter, document.selection, self._viewport, self._phase)
        if document is not None:
            self._tool.paint(painter, self._viewport, ratio)
        else:
            self._paint_invitation(painter)
        painter.end()

    def _paint_invitation(self, painter: QPainter) -> None:
        painter.resetTransform()
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        words = text("Open a picture, or drop one here.")
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, words)

    def _paint_overlay(self, painter: QPainter) -> None:
        preview = self._session.preview
        if preview is not None and preview.overlay is not None:
            target = screen_rect(self._viewport, preview.overlay.box)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            image = preview.overlay.image
            painter.drawImage(QRectF(target), image, QRectF(image.rect()))

    def _match_size(self) -> None:
        """Take the widget's size in device pixels, which a move to another screen changes too."""
        ratio = self.devicePixelRatioF()
        width, height = round(self.width() * ratio), round(self.height() * ratio)
        if (width, height) == (self._viewport.width, self._viewport.height):
            return
        is_fitting = self._is_fitting
        self._look(self._viewport.resized(width, height))
        if is_fitting:
            self.fit()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802, ARG002 - Qt's
        """Keep the middle in the middle, or all in view."""
        self._match_size()

    def showEvent(self, a0: QShowEvent | None) -> None:  # noqa: N802, ARG002 - Qt's
        """Let the ants march."""
        self._match_size()
        self._selection_changed()

    def hideEvent(self, a0: QHideEvent | None) -> None:  # noqa: N802, ARG002 - Qt's
        """Nobody sees the ants."""
        self._ants_timer.stop()

    def changeEvent(self, a0: QEvent | None) -> None:  # noqa: N802 - Qt's
        """Follow the theme."""
        if a0 is not None and a0.type() == QEvent.Type.PaletteChange:
            self._take_palette()
        super().changeEvent(a0)

    def mousePressEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802 - Qt's
        """Begin a gesture."""
        if a0 is None or self._held is not None or self._session.document is None:
            return
        if a0.button() == Qt.MouseButton.MiddleButton:
            self._held = self._hand
        elif a0.button() == Qt.MouseButton.LeftButton:
            self._held = self._hand if self._is_space_down else self._tool
        if self._held is not None:
            pointer = self._pointer(a0)
            self._held.press(pointer)
            self.setCursor(self._held.cursor(pointer))

    def mouseMoveEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802 - Qt's
        """Go on with the gesture, or show what one would do here."""
        if a0 is None:
            return
        pointer = self._pointer(a0)
        if self._held is not None:
            self._held.move(pointer)
        else:
            self._show_cursor(pointer)
        self.hovered.emit(pointer.point)

    def mouseReleaseEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802 - Qt's
        """End the gesture."""
        buttons = (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton)
        if a0 is None or self._held is None or a0.button() not in buttons:
            return
        held, self._held = self._held, None
        pointer = self._pointer(a0)
        held.release(pointer)
        self._show_cursor(pointer)

    def leaveEvent(self, a0: QEvent | None) -> None:  # noqa: N802, ARG002 - Qt's
        """The pointer is on nothing."""
        self.hovered.emit(None)

    def enterEvent(self, event: QEnterEvent | None) -> None:  # noqa: N802 - Qt's
        """Show what a gesture would do here."""
        if event is not None and self._held is None:
            self._show_cursor(self._pointer(event))

    def focusOutEvent(self, a0: QFocusEvent | None) -> None:  # noqa: N802 - Qt's
        """The space bar's release goes to someone else."""
        self._is_space_down = False
        super().focusOutEvent(a0)

    def wheelEvent(self, a0: QWheelEvent | None) -> None:  # noqa: N802 - Qt's
        """Zoom about the pointer; on a touchpad two fingers pan, and zoom with Ctrl."""
        if a0 is None or self._session.document is None:
            return
        is_zooming = a0.modifiers() & Qt.KeyboardModifier.ControlModifier
        is_touchpad = a0.phase() != Qt.ScrollPhase.NoScrollPhase
        ratio = self.devicePixelRatioF()
        if is_touchpad and not is_zooming and not a0.pixelDelta().isNull():
            self.pan(a0.pixelDelta().x() * ratio, a0.pixelDelta().y() * ratio)
        else:
            steps = a0.angleDelta().y() / _WHEEL_STEP
            self.zoom_by(steps, _device(a0.position(), ratio))
        a0.accept()

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:  # noqa: N802 - Qt's
        """Esc, the arrows and the space bar."""
        if a0 is None:
            return
        step = _ARROWS.get(Qt.Key(a0.key()))
        many = _MANY_PX if a0.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        if a0.key() == Qt.Key.Key_Escape and self._held is not None:
            self._held.cancel()
            self._held = None
        elif a0.key() == Qt.Key.Key_Space:
            self._is_space_down = True
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif step is None or not self._tool.nudge(step[0] * many, step[1] * many):
            super().keyPressEvent(a0)

    def keyReleaseEvent(self, a0: QKeyEvent | None) -> None:  # noqa: N802 - Qt's
        """The space bar."""
        if a0 is not None and a0.key() == Qt.Key.Key_Space and not a0.isAutoRepeat():
            self._is_space_down = False
            self.setCursor(Qt.CursorShape.ArrowCursor)
        super().keyReleaseEvent(a0)

    def _show_cursor(self, pointer: Pointer) -> None:
        tool = self._hand if self._is_space_down else self._tool
        self.setCursor(tool.cursor(pointer))

    def _pointer(self, event: QMouseEvent | QEnterEvent) -> Pointer:
        ratio = self.devicePixelRatioF()
        screen = _device(event.position(), ratio)
        keys, held = Qt.KeyboardModifier, event.modifiers()
        return Pointer(
            self._viewport.to_picture(screen),
            screen,
            self._viewport,
            ratio,
            shift=bool(held & keys.ShiftModifier),
            alt=bool(held & keys.AltModifier),
            ctrl=bool(held & keys.ControlModifier),
        )


def _device(position: QPointF, ratio: float) -> Point:
    return position.x() * ratio, position.y() * ratio

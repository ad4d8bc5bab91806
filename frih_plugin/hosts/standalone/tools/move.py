"""Moving, scaling and rotating layers with the frame's handles."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from engine.errors import FrihError
from frih_plugin.hosts.standalone.canvas.pointer import Pointer
from frih_plugin.hosts.standalone.canvas.viewport import Point, Viewport
from frih_plugin.hosts.standalone.document.document import Document
from frih_plugin.hosts.standalone.document.edits import place_layer
from frih_plugin.hosts.standalone.document.layer import Layer
from frih_plugin.hosts.standalone.document.placement import Placement
from frih_plugin.hosts.standalone.picking import layer_at
from frih_plugin.hosts.standalone.session import EditorSession
from frih_plugin.hosts.standalone.tools.frame import Grip, frame_of, rotated, scaled
from frih_plugin.hosts.standalone.tools.frame_painting import paint_handles, paint_outline
from frih_plugin.hosts.standalone.tools.tool import Tool
from frih_plugin.qt.core import QObject, Qt
from frih_plugin.qt.gui import QPainter, QPalette
from frih_plugin.qt.widgets import QApplication
from frih_plugin.texts import text

_A_CLICK_PX = 3.0
_DIAGONALS = (
    Qt.CursorShape.SizeHorCursor,
    Qt.CursorShape.SizeFDiagCursor,
    Qt.CursorShape.SizeVerCursor,
    Qt.CursorShape.SizeBDiagCursor,
)


@dataclass(frozen=True, slots=True, eq=False)
class _Drag:
    """A gesture under way: what was gripped, where, and the document at that moment."""

    grip: Grip
    pointer: Pointer
    document: Document
    offset: Point = (0.0, 0.0)


class MoveTool(Tool):
    """The active layers follow the pointer.

    Inside the frame they move (Shift: along one axis); handles scale (Shift: in proportion, Alt:
    about the centre); the knob and the outside of a corner rotate (Shift: by 15 degrees). A click
    picks the layer under the pointer; a drag that starts outside pans.
    """

    def __init__(self, session: EditorSession, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self._drag: _Drag | None = None
        self._changed: Document | None = None
        self._last: Point = (0.0, 0.0)

    @property
    def is_busy(self) -> bool:
        """Whether something is being dragged."""
        return self._drag is not None

    def cursor(self, pointer: Pointer) -> Qt.CursorShape:
        """What dragging from there would do."""
        grip = self._drag.grip if self._drag is not None else self._grip(pointer)
        if grip.kind == "scale":
            return self._scale_cursor(grip)
        shapes = {
            "inside": Qt.CursorShape.SizeAllCursor,
            "rotate": Qt.CursorShape.PointingHandCursor,
        }
        return shapes.get(grip.kind, Qt.CursorShape.ArrowCursor)

    def press(self, pointer: Pointer) -> None:
        """Grip what is there."""
        document = self.session.document
        if document is None:
            return
        grip, layer = self._grip(pointer), self._only_layer()
        offset = (0.0, 0.0)
        if grip.kind == "scale" and layer is not None:
            x, y = frame_of(layer, pointer.viewport).handle(grip.at)
            handle = pointer.viewport.to_picture((x, y))
            offset = handle[0] - pointer.point[0], handle[1] - pointer.point[1]
        self._drag, self._changed = _Drag(grip, pointer, document, offset), None
        self._last = pointer.screen

    def move(self, pointer: Pointer) -> None:
        """Show how it would be."""
        drag = self._drag
        if drag is None or (self._changed is None and _is_click(drag, pointer)):
            return
        if drag.grip.kind == "outside":
            self.panned.emit(pointer.screen[0] - self._last[0], pointer.screen[1] - self._last[1])
            self._last = pointer.screen
            return
        try:
            self._changed = self._dragged(drag, pointer)
        except FrihError as error:
            self.cancel()
            self.failed.emit(error.sentence)
            return
        self.session.show_draft(self._changed)

    def release(self, pointer: Pointer) -> None:
        """Make it so."""
        self.move(pointer)
        drag, changed = self._drag, self._changed
        self._drag, self._changed = None, None
        if drag is None:
            return
        if changed is not None:
            self.session.apply(changed, _STEP_NAMES[drag.grip.kind]())
        elif _is_click(drag, pointer) and drag.grip.kind in ("inside", "outside"):
            self._pick(pointer)
        self.repaint.emit()

    def cancel(self) -> None:
        """Leave the layers where they were."""
        self._drag, self._changed = None, None
        self.session.drop_draft()
        self.repaint.emit()

    def nudge(self, right: int, down: int) -> bool:
        """Move the active layers by whole pixels; arrow keys in a row are one step."""
        document, ids = self.session.document, tuple(layer.id for layer in self._active_layers())
        if document is None or not ids or self.is_busy:
            return False
        try:
            moved = _moved(document, ids, right, down)
        except FrihError as error:
            self.failed.emit(error.sentence)
            return True
        self.session.apply(moved, text("Move"), ("nudge", ids))
        return True

    def paint(self, painter: QPainter, viewport: Viewport, pixel_ratio: float) -> None:
        """The frames of the active layers, with handles where there is one."""
        color = QApplication.palette().color(QPalette.ColorRole.Highlight)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        layers = self._active_layers()
        for layer in layers:
            paint_outline(painter, frame_of(layer, viewport, pixel_ratio), color)
        if len(layers) == 1 and not layers[0].is_locked:
            paint_handles(painter, frame_of(layers[0], viewport, pixel_ratio), color)

    def _active_layers(self) -> list[Layer]:
        document = self._changed or self.session.document
        layers = () if document is None else document.layers
        ids = self.session.active_layers
        return [layer for layer in layers if layer.id in ids and layer.is_visible]

    def _only_layer(self) -> Layer | None:
        layers = self._active_layers()
        return layers[0] if len(layers) == 1 else None

    def _grip(self, pointer: Pointer) -> Grip:
        only = self._only_layer()
        view, ratio = pointer.viewport, pointer.pixel_ratio
        frames = [frame_of(layer, view, ratio) for layer in self._active_layers()]
        grips = [frame.grip(pointer.screen, pointer.reach) for frame in frames]
        if only is not None:
            is_fixed = only.is_locked and grips[0].kind != "inside"
            return Grip("outside") if is_fixed else grips[0]
        is_inside = any(grip.kind == "inside" for grip in grips)
        return Grip("inside") if is_inside else Grip("outside")

    def _dragged(self, drag: _Drag, pointer: Pointer) -> Document:
        layer = self._only_layer()
        if drag.grip.kind == "inside" or layer is None:
            right, down = _whole_steps(drag.pointer.point, pointer)
            ids = tuple(layer.id for layer in self._active_layers())
            return _moved(drag.document, ids, right, down)
        original = drag.document.layer(layer.id)
        return place_layer(drag.document, layer.id, _placed(original, drag, pointer))

    def _scale_cursor(self, grip: Grip) -> Qt.CursorShape:
        layer = self._only_layer()
        turned = 0.0 if layer is None else layer.placement.degrees
        angle = math.degrees(math.atan2(grip.at[1], grip.at[0])) + turned
        return _DIAGONALS[round(angle / 45) % 4]

    def _pick(self, pointer: Pointer) -> None:
        document = self.session.document
        found = None if document is None else layer_at(document, pointer.point)
        if found is not None:
            ids = self.session.active_layers
            others = ids if pointer.shift else ()
            self.session.set_active_layers((*others, found.id))


def _placed(layer: Layer, drag: _Drag, pointer: Pointer) -> Placement:
    size = layer.picture.width, layer.picture.height
    if drag.grip.kind == "rotate":
        grabbed, point = drag.pointer.point, pointer.point
        return rotated(layer.placement, size, grabbed, point, snaps=pointer.shift)
    return scaled(
        layer.placement,
        size,
        drag.grip.at,
        (pointer.point[0] + drag.offset[0], pointer.point[1] + drag.offset[1]),
        keeps_proportions=pointer.shift,
        about_center=pointer.alt,
    )


def _moved(document: Document, ids: tuple[str, ...], right: int, down: int) -> Document:
    for layer_id in ids:
        placement = document.layer(layer_id).placement.moved(right, down)
        document = place_layer(document, layer_id, placement)
    return document


def _whole_steps(start: Point, pointer: Pointer) -> tuple[int, int]:
    """How far the pointer went, in whole pixels of the picture; with Shift along one axis."""
    right, down = round(pointer.point[0] - start[0]), round(pointer.point[1] - start[1])
    if pointer.shift:
        return (right, 0) if abs(right) >= abs(down) else (0, down)
    return right, down


def _is_click(drag: _Drag, pointer: Pointer) -> bool:
    return math.dist(drag.pointer.screen, pointer.screen) < _A_CLICK_PX


_STEP_NAMES: dict[str, Callable[[], str]] = {
    "inside": lambda: text("Move"),
    "scale": lambda: text("Scale"),
    "rotate": lambda: text("Rotate"),
}

"""The preview: the window before and after, its regions, and what hand and keys do there."""

from __future__ import annotations

from frih_plugin.panel.click_or_hold import ClickOrHold
from frih_plugin.panel.momentary import Momentary
from frih_plugin.panel.preview_scene import PreviewScene
from frih_plugin.panel.region_overlay import OverlayLook
from frih_plugin.panel.shades import accent, hairline
from frih_plugin.qt.core import QEvent, QPoint, QRect, QSize, Qt, Signal
from frih_plugin.qt.gui import (
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from frih_plugin.qt.widgets import QSizePolicy, QWidget
from frih_plugin.state.panel_state import PanelState
from frih_plugin.texts import text

_TALLEST_PX = 320
_KEY_STEP = 0.02


class PreviewView(QWidget):
    """Shows the state's pictures and regions.

    painted("overlay" or "after"): other regions, or another result, are now on the screen.
    """

    painted = Signal(str)

    def __init__(self, state: PanelState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._scene = PreviewScene()
        self._press = ClickOrHold(self)
        self._momentary = Momentary(state, self)
        self._pressed_at = QPoint()
        self._moves_split = False
        self._shows_regions = False
        self._unseen: set[str] = set()
        self._set_up()
        self._press.clicked.connect(self._click)
        self._press.held.connect(self.hold_before)
        state.pictures_changed.connect(self._take_pictures)
        state.regions_changed.connect(self._take_regions)
        state.subject_changed.connect(self._invite)
        state.job_changed.connect(self._invite)
        self._invite()
        self._take_pictures()
        self._take_regions()

    @property
    def picture_box(self) -> QRect:
        """Where the picture lies in this widget; empty without one."""
        return self._scene.picture_box(self._room)

    @property
    def split_share(self) -> float:
        """Where the line stands, as a share of the picture's width."""
        return self._scene.split.share

    def hold_before(self, on: bool) -> None:  # noqa: FBT001 - a slot
        """Show the window as it is for as long as something is held."""
        if on != self._scene.is_before and (self._scene.pictures.has_result or not on):
            self._scene.is_before = on
            self._momentary.hold_before(on=on)
            self.update()

    def set_split(self, on: bool) -> None:  # noqa: FBT001 - a slot
        """Before and after beside each other."""
        self._scene.split.on = on
        self.update()

    def show_regions(self, on: bool) -> None:  # noqa: FBT001 - a slot
        """Colour the regions."""
        self._shows_regions = on
        self._take_regions()

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """Square, up to a height."""
        return True

    def heightForWidth(self, a0: int) -> int:  # noqa: N802 - Qt's name
        """The same for every picture, so that nothing jumps when another one comes."""
        return min(a0, _TALLEST_PX)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As in a dock of usual width."""
        return QSize(240, 240)

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: ARG002, N802 - Qt's name
        """Everything comes from kept pictures."""
        painter = QPainter(self)
        has_regions = self._scene.draw(painter, self._room, self.devicePixelRatioF())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(accent() if self.hasFocus() else hairline())
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
        self._tell_painted(has_regions=has_regions)

    def mousePressEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Take hold of the line, or begin a click or a comparison."""
        if a0 is None or a0.button() != Qt.MouseButton.LeftButton:
            return
        if self._scene.pictures.size is None:
            self._state.prepare()
        elif self._scene.split.is_near(a0.pos(), self.picture_box):
            self._moves_split = True
        else:
            self._pressed_at = a0.pos()
            self._press.press()

    def mouseMoveEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Drag the line, or find the region under the mouse."""
        if a0 is None:
            return
        if self._moves_split:
            self._scene.split.move_to(a0.pos().x(), self.picture_box)
            self.update()
            return
        self._momentary.hover(self._scene.label_at(a0.pos(), self._room))
        self._show_cursor(a0.pos())

    def mouseReleaseEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Let go of whatever was held."""
        if a0 is not None and a0.button() == Qt.MouseButton.LeftButton:
            self._press.release()
            self._moves_split = False

    def leaveEvent(self, a0: QEvent | None) -> None:  # noqa: ARG002, N802 - Qt's name
        """Nothing is under the mouse."""
        self._momentary.hover(None)

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Space compares while it is held; the arrows move the line."""
        if a0 is None:
            return
        steps = {Qt.Key.Key_Left: -_KEY_STEP, Qt.Key.Key_Right: _KEY_STEP}
        if a0.key() == Qt.Key.Key_Space:
            self._press_space(is_repeat=a0.isAutoRepeat())
        elif a0.key() in steps and self._scene.split.on:
            self._scene.split.nudge(steps[Qt.Key(a0.key())])
            self.update()
        else:
            super().keyPressEvent(a0)

    def keyReleaseEvent(self, a0: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """The end of a comparison."""
        if a0 is None:
            return
        if a0.key() != Qt.Key.Key_Space:
            super().keyReleaseEvent(a0)
        elif not a0.isAutoRepeat():
            self.hold_before(on=False)

    def focusOutEvent(self, a0: QFocusEvent | None) -> None:  # noqa: N802 - Qt's name
        """What is let go elsewhere is not reported: end a comparison now."""
        self._press.end_hold()
        self.hold_before(on=False)
        super().focusOutEvent(a0)

    def hideEvent(self, a0: QHideEvent | None) -> None:  # noqa: N802 - Qt's name
        """Nothing is held or hovered any more."""
        self._press.end_hold()
        self.hold_before(on=False)
        self._momentary.hover(None)
        super().hideEvent(a0)

    @property
    def _room(self) -> QRect:
        return self.rect().adjusted(1, 1, -1, -1)

    def _set_up(self) -> None:
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        lesson = text(
            "Press and hold, or hold the space bar, to see the picture as it was; click on a "
            "region to leave it out."
        )
        self.setToolTip(lesson)
        self.setAccessibleName(text("Preview"))
        self.setAccessibleDescription(lesson)

    def _take_pictures(self) -> None:
        if self._scene.pictures.take(self._state.pictures):
            self._unseen.add("after")
        if not self._scene.pictures.has_result:
            self.hold_before(on=False)
        self.update()

    def _take_regions(self) -> None:
        found = self._state.region_map
        regions = () if found is None else found.regions
        off = frozenset(region.index for region in regions if not region.on)
        look = OverlayLook(self._shows_regions, self._state.hovered, off)
        is_new = self._scene.overlay.set_labels(b"" if found is None else bytes(found.labels))
        if is_new or look != self._scene.look:
            self._scene.look = look
            self._unseen.add("overlay")
            self.update()

    def _invite(self) -> None:
        subject = self._state.subject
        if subject.document and not subject.unusable and self._state.job is None:
            words = text("Click to see the regions before harmonizing.")
        else:
            words = text("The preview appears here.")
        if words != self._scene.invitation:
            self._scene.invitation = words
            self.update()

    def _click(self) -> None:
        label = self._scene.label_at(self._pressed_at, self._room)
        found = self._state.region_map
        if label is None or found is None:
            return
        is_on = next((region.on for region in found.regions if region.index == label), None)
        if is_on is not None:
            self._state.switch_region(label, not is_on)

    def _show_cursor(self, place: QPoint) -> None:
        if self._scene.split.is_near(place, self.picture_box):
            self.setCursor(Qt.CursorShape.SplitHCursor)
        elif self._state.hovered is not None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()

    def _press_space(self, *, is_repeat: bool) -> None:
        if self._scene.pictures.size is None:
            self._state.prepare()
        elif not is_repeat:
            self.hold_before(on=True)

    def _tell_painted(self, *, has_regions: bool) -> None:
        seen = {name for name in self._unseen if name == "after" or has_regions}
        self._unseen -= seen
        for name in sorted(seen):
            self.painted.emit(name)

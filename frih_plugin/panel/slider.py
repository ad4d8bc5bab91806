"""A slider that goes where it is clicked, resets by a double click and lets the wheel scroll by."""

from __future__ import annotations

from frih_plugin.panel.wheel import pass_wheel_on
from frih_plugin.qt.core import QPoint, QRect, QSignalBlocker, Qt, Signal
from frih_plugin.qt.gui import QMouseEvent
from frih_plugin.qt.widgets import QSizePolicy, QSlider, QStyle, QStyleOptionSlider, QWidget


class Slider(QSlider):
    """Horizontal. moved(value, dragging) comes from a person only, and once more at the release."""

    moved = Signal(int, bool)

    def __init__(self, highest: int, default: int, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._default = default
        pass_wheel_on(self)
        self.setRange(0, highest)
        self.setValue(default)
        self.setMinimumWidth(48)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for changed in (self.valueChanged, self.sliderReleased):
            changed.connect(lambda: self.moved.emit(self.value(), self.isSliderDown()))

    def show_value(self, value: int) -> None:
        """Show what is set, but never pull the handle from under a dragging hand."""
        if not self.isSliderDown():
            with QSignalBlocker(self):
                self.setValue(value)

    def position_of(self, value: int) -> int:
        """Where the handle's middle stands for a value, in pixels from the left."""
        start, span = self._track()
        return start + QStyle.sliderPositionFromValue(0, self.maximum(), value, span)

    def mousePressEvent(self, ev: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Take hold of the handle, wherever in the groove."""
        if ev is None or ev.button() != Qt.MouseButton.LeftButton:
            return
        self.setSliderDown(True)
        self._follow(ev.pos())

    def mouseMoveEvent(self, ev: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Drag the handle."""
        if ev is not None and self.isSliderDown():
            self._follow(ev.pos())

    def mouseReleaseEvent(self, ev: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Let go."""
        if ev is not None and ev.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def mouseDoubleClickEvent(self, a0: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Back to the default."""
        if a0 is not None and a0.button() == Qt.MouseButton.LeftButton:
            self.setValue(self._default)

    def _follow(self, place: QPoint) -> None:
        start, span = self._track()
        value = QStyle.sliderValueFromPosition(0, self.maximum(), place.x() - start, span)
        self.setSliderPosition(value)

    def _track(self) -> tuple[int, int]:
        """Where the handle's middle stands at the lowest value, and how far it can go."""
        groove = self._part(QStyle.SubControl.SC_SliderGroove)
        handle = self._part(QStyle.SubControl.SC_SliderHandle)
        return groove.left() + handle.width() // 2, groove.width() - handle.width()

    def _part(self, part: QStyle.SubControl) -> QRect:
        option, style = QStyleOptionSlider(), self.style()
        self.initStyleOption(option)
        if style is None:
            return self.rect()
        return style.subControlRect(QStyle.ComplexControl.CC_Slider, option, part, self)

"""A slider from 0 to 100 % with its number beside it, to be typed where that is more exact."""

from __future__ import annotations

from frih_plugin.panel.slider import Slider
from frih_plugin.panel.wheel import pass_wheel_on
from frih_plugin.qt.core import QSignalBlocker, Qt, Signal
from frih_plugin.qt.widgets import QAbstractSpinBox, QHBoxLayout, QSpinBox, QWidget

FULL = 100


class PercentSlider(QWidget):
    """moved(share, dragging): what a person set, 0 to 1."""

    moved = Signal(float, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = Slider(FULL, FULL, self)
        self.slider.setPageStep(10)
        self.field = PercentField(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.slider, 1)
        row.addWidget(self.field)
        self.slider.moved.connect(self._on_slider)
        self.field.valueChanged.connect(self._on_field)

    def set_names(self, name: str, lesson: str) -> None:
        """Name both controls for those who hear them, and teach in a tooltip."""
        for control in (self.slider, self.field):
            control.setAccessibleName(name)
            control.setAccessibleDescription(lesson)
            control.setToolTip(lesson)

    def show_share(self, share: float) -> None:
        """Show what is set, 0 to 1."""
        if self.slider.isSliderDown():
            return
        self.slider.show_value(round(share * FULL))
        self._show_number(round(share * FULL))

    def _on_slider(self, value: int, dragging: bool) -> None:  # noqa: FBT001 - a signal's argument
        self._show_number(value)
        self.moved.emit(value / FULL, dragging)

    def _on_field(self, value: int) -> None:
        self.slider.show_value(value)
        self.moved.emit(value / FULL, False)  # noqa: FBT003 - a signal's argument

    def _show_number(self, value: int) -> None:
        if self.field.value() != value:
            with QSignalBlocker(self.field):
                self.field.setValue(value)


class PercentField(QSpinBox):
    """A number to type, narrow, without buttons; the wheel scrolls the panel instead."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        pass_wheel_on(self)
        self.setRange(0, FULL)
        self.setValue(FULL)
        self.setSuffix(" %")
        self.setKeyboardTracking(False)
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

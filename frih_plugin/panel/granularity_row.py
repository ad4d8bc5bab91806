"""Granularity: how finely the object is taken apart."""

from __future__ import annotations

from frih_plugin.panel.granularity_slider import GranularitySlider
from frih_plugin.panel.small_print import SmallPrint
from frih_plugin.qt.core import QLocale, Qt, Signal
from frih_plugin.qt.widgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget
from frih_plugin.state.granularity import cutoff_distance
from frih_plugin.state.panel_state import PanelState
from frih_plugin.texts import language, text


class GranularityRow(QWidget):
    """dragging(bool): the handle is held, so the regions should be seen."""

    dragging = Signal(bool)

    def __init__(self, state: PanelState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.slider = GranularitySlider(self)
        self.value = SmallPrint(self, wraps=False)
        self.value.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lay_out()
        self._explain()
        self.slider.moved.connect(self._on_moved)
        for changed in (self.slider.sliderPressed, self.slider.sliderReleased):
            changed.connect(lambda: self.dragging.emit(self.slider.isSliderDown()))
        state.settings_changed.connect(self.refresh)
        state.regions_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the stop, its d_c and how many regions that makes."""
        self.slider.show_value(self._state.settings.stop)
        self._show_value()

    def _show_value(self) -> None:
        distance = QLocale(language()).toString(cutoff_distance(self.slider.value()), "g", 2)
        found = self._state.region_map
        if found is None:
            self.value.setText(text("d_c {distance}", distance=distance))
            return
        count = len(found.regions)
        self.value.setText(
            text("d_c {distance} · 1 region", distance=distance)
            if count == 1
            else text("d_c {distance} · {count} regions", distance=distance, count=count)
        )

    def _on_moved(self, stop: int, dragging: bool) -> None:  # noqa: FBT001 - a signal's argument
        self._show_value()
        self._state.set_stop(stop, dragging=dragging)

    def _lay_out(self) -> None:
        self._coarse, self._fine = SmallPrint(self, wraps=False), SmallPrint(self, wraps=False)
        ends = QHBoxLayout()
        ends.setSpacing(4)
        ends.addWidget(self._coarse)
        ends.addWidget(self.value, 1)
        ends.addWidget(self._fine)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(QLabel(text("Granularity"), self))
        column.addWidget(self.slider)
        column.addLayout(ends)

    def _explain(self) -> None:
        self._coarse.setText(text("Coarse"))
        self._fine.setText(text("Fine"))
        lesson = text(
            "Fine parts the object into more regions by colour, each matched on its own; the mark "
            "is the default, and a double click goes back to it."
        )
        self.slider.setToolTip(lesson)
        self.slider.setAccessibleName(text("Granularity"))
        self.slider.setAccessibleDescription(lesson)

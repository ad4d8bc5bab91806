"""Strength: how far everything goes towards its match."""

from __future__ import annotations

from frih_plugin.panel.percent_slider import PercentSlider
from frih_plugin.qt.widgets import QLabel, QVBoxLayout, QWidget
from frih_plugin.state.panel_state import PanelState
from frih_plugin.texts import text


class StrengthRow(QWidget):
    """0 % is the layer as it was."""

    def __init__(self, state: PanelState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.control = PercentSlider(self)
        self.control.set_names(
            text("Strength"),
            text("0 % is the layer as it was, 100 % the whole match; a double click goes there."),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(QLabel(text("Strength"), self))
        column.addWidget(self.control)
        self.control.moved.connect(self._on_moved)
        for changed in (state.settings_changed, state.result_changed):
            changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what is set, or what the engine suggests where nothing is."""
        self.control.show_share(self._state.strength)

    def _on_moved(self, share: float, dragging: bool) -> None:  # noqa: FBT001 - a signal's argument
        self._state.set_strength(share, dragging=dragging)

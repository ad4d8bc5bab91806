"""Rarely changed: what counts as background, what is changed, and where the result goes."""

from __future__ import annotations

from frih_plugin.panel.choice_box import ChoiceBox
from frih_plugin.panel.small_print import SmallPrint
from frih_plugin.qt.widgets import QFormLayout, QPushButton, QWidget
from frih_plugin.state.panel_state import PanelState
from frih_plugin.texts import text


class Options(QWidget):
    """Three choices, why one cannot be had where it cannot, and the way back."""

    def __init__(self, state: PanelState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.surroundings = ChoiceBox(
            {
                "visible": text("All visible"),
                "below": text("Layers below"),
                "surroundings": text("Only nearby"),
            },
            self,
        )
        self.target = ChoiceBox(
            {"layer": text("Layer"), "background": text("Its background")}, self
        )
        self.output = ChoiceBox({"new": text("New layer"), "into": text("Same layer")}, self)
        self.reason = SmallPrint(self)
        self.reset = QPushButton(text("Reset all"), self)
        self._explain()
        self._lay_out()
        self._limit()
        self.surroundings.chosen.connect(state.set_surroundings)
        self.target.chosen.connect(state.set_target)
        self.output.chosen.connect(state.set_output)
        self.reset.clicked.connect(state.reset)
        state.settings_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what is set."""
        settings = self._state.settings
        self.surroundings.show_value(settings.surroundings)
        self.target.show_value(settings.target)
        self.output.show_value(settings.output)

    def _limit(self) -> None:
        self.reason.hide()
        if not self._state.capabilities.into_layer:
            reason = text("This editor cannot change a layer in one undo step.")
            self.output.forbid("into", reason)
            self.reason.setText(reason)
            self.reason.show()

    def _explain(self) -> None:
        lesson = text("Set everything, the regions too, as it was at first.")
        self.reset.setToolTip(lesson)
        self.reset.setAccessibleDescription(lesson)
        self.reset.setAutoDefault(False)
        for box, name, lesson in (
            (
                self.surroundings,
                text("Background"),
                text("What the layer is matched to."),
            ),
            (
                self.target,
                text("Change"),
                text("Match the layer to the background, or the background to the layer."),
            ),
            (
                self.output,
                text("Result"),
                text("A new layer leaves the old one as it is, hidden under it."),
            ),
        ):
            box.setAccessibleName(name)
            box.setAccessibleDescription(lesson)
            box.setToolTip(lesson)

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(4)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for box in (self.surroundings, self.target, self.output):
            form.addRow(box.accessibleName(), box)
        form.addRow(self.reason)
        form.addRow(self.reset)

"""A list of choices, each with a value of its own; the wheel scrolls the panel instead."""

from __future__ import annotations

from frih_plugin.panel.wheel import pass_wheel_on
from frih_plugin.qt.core import Qt, Signal
from frih_plugin.qt.gui import QStandardItemModel
from frih_plugin.qt.widgets import QComboBox, QSizePolicy, QWidget


class ChoiceBox(QComboBox):
    """chosen(str): the value of what a person chose."""

    chosen = Signal(str)

    def __init__(self, choices: dict[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        pass_wheel_on(self)
        for value, words in choices.items():
            self.addItem(words, value)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.activated.connect(self._choose)

    def _choose(self, place: int) -> None:
        self.chosen.emit(self.itemData(place))

    def show_value(self, value: str) -> None:
        """Show what is set."""
        self.setCurrentIndex(self.findData(value))

    def forbid(self, value: str, reason: str) -> None:
        """Take a choice away, and say why."""
        place, model = self.findData(value), self.model()
        if isinstance(model, QStandardItemModel):
            item = model.item(place)
            if item is not None:
                item.setEnabled(False)
        self.setItemData(place, reason, Qt.ItemDataRole.ToolTipRole)

    def allows(self, value: str) -> bool:
        """Whether a choice can be made."""
        model = self.model()
        item = model.item(self.findData(value)) if isinstance(model, QStandardItemModel) else None
        return item is None or item.isEnabled()

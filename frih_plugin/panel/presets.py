"""Settings under a name: type one and save, choose one to use it, or delete it."""

from __future__ import annotations

from frih_plugin.panel.wheel import pass_wheel_on
from frih_plugin.qt.core import QSignalBlocker
from frih_plugin.qt.widgets import (
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from frih_plugin.state.panel_state import PanelState
from frih_plugin.texts import text


class Presets(QWidget):
    """The name is typed in place, so that no window gets in the way."""

    def __init__(self, state: PanelState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.names = PresetNames(self)
        self.save, self.delete = QPushButton(self), QPushButton(self)
        self._explain()
        self._lay_out()
        self.names.activated.connect(self._apply)
        self.names.editTextChanged.connect(self._offer)
        self.save.clicked.connect(lambda: state.save_preset(self._name))
        self.delete.clicked.connect(lambda: state.delete_preset(self._name))
        state.presets_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the presets that there are; what is typed stays."""
        typed = self.names.currentText()
        with QSignalBlocker(self.names):
            self.names.clear()
            self.names.addItems(list(self._state.presets))
            self.names.setCurrentIndex(self.names.findText(typed))
            self.names.setEditText(typed)
        self._offer()

    @property
    def _name(self) -> str:
        return self.names.currentText().strip()

    def _apply(self, place: int) -> None:
        self._state.apply_preset(self.names.itemText(place))

    def _offer(self) -> None:
        self.save.setEnabled(bool(self._name))
        self.delete.setEnabled(self._name in self._state.presets)

    def _explain(self) -> None:
        lesson = text("Type a name to save the settings under, or choose one to use them.")
        self.names.setAccessibleName(text("Presets"))
        self.names.setAccessibleDescription(lesson)
        self.names.setToolTip(lesson)
        field = self.names.lineEdit()
        if field is not None:
            field.setPlaceholderText(text("Name"))
        for button, name, lesson in (
            (self.save, text("Save"), text("Save the settings under this name.")),
            (self.delete, text("Delete"), text("Forget the settings of this name.")),
        ):
            button.setText(name)
            button.setAutoDefault(False)
            button.setToolTip(lesson)
            button.setAccessibleName(name)
            button.setAccessibleDescription(lesson)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self.save, 1)
        buttons.addWidget(self.delete, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.names)
        column.addLayout(buttons)


class PresetNames(QComboBox):
    """A list with a field to type in; the wheel scrolls the panel instead."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        pass_wheel_on(self)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(8)

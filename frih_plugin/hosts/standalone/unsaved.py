"""Asks before unsaved work is lost: the only question that has to be answered at once."""

from __future__ import annotations

from collections.abc import Callable

from frih_plugin.qt.core import QObject, Qt, Signal
from frih_plugin.qt.widgets import QAbstractButton, QMessageBox, QWidget
from frih_plugin.texts import text

_Buttons = QMessageBox.StandardButton


class UnsavedWork(QObject):
    """save_wanted(then): save the document, and call `then` when it is saved."""

    save_wanted = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.box: QMessageBox | None = None

    def ask(self, then: Callable[[], None]) -> None:
        """Ask, and go on with `then` after saving or discarding; not at all on Cancel."""
        if self.box is not None:
            return
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowModality(Qt.WindowModality.WindowModal)
        box.setWindowTitle(text("Unsaved work"))
        box.setText(text("This picture has changes that are not saved."))
        box.setStandardButtons(_Buttons.Save | _Buttons.Discard | _Buttons.Cancel)
        box.setDefaultButton(_Buttons.Save)
        self.box = box

        def answer(button: QAbstractButton) -> None:
            chosen = box.standardButton(button)
            self.box = None
            box.deleteLater()
            if chosen == _Buttons.Save:
                self.save_wanted.emit(then)
            elif chosen == _Buttons.Discard:
                then()

        box.buttonClicked.connect(answer)
        box.open()

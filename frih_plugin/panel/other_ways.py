"""The less usual ways to an engine, and what else can be done with one: a column of buttons."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from frih_plugin.install.installer import Installer
from frih_plugin.qt.core import QTimer, Signal
from frih_plugin.qt.widgets import QApplication, QFileDialog, QPushButton, QVBoxLayout, QWidget
from frih_plugin.texts import text

_SURE_WITHIN_MS = 5000


class OtherWays(QWidget):
    """doctor_wanted(): the person wants to know what is wrong."""

    doctor_wanted = Signal()

    def __init__(self, installer: Installer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._installer = installer
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.from_folder = self._button(self._choose_folder)
        self.with_python = self._button(self._choose_python)
        self.existing = self._button(self._choose_existing)
        self.remove = self._button(self._remove)
        self.copy_log = self._button(self._copy_log)
        self.doctor = self._button(self._ask_doctor)
        self._sure = QTimer(self)
        self._sure.setSingleShot(True)
        self._sure.setInterval(_SURE_WITHIN_MS)
        self._sure.timeout.connect(self._label_remove)
        self._label()
        installer.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Only what can be done now."""
        is_free, can_install = not self._installer.is_busy, self._installer.release is not None
        is_there = self._installer.installed is not None
        self.from_folder.setEnabled(is_free and can_install)
        self.with_python.setEnabled(is_free and can_install)
        self.existing.setEnabled(is_free)
        self.remove.setVisible(is_there or self._installer.can_go_on)
        self.remove.setEnabled(is_free)
        self.doctor.setEnabled(is_free)

    def _label(self) -> None:
        for button, words, lesson in (
            (
                self.from_folder,
                text("Install from folder…"),
                text("For a computer without a network: a folder with all that is needed."),
            ),
            (
                self.with_python,
                text("Install with this Python…"),
                text("Choose which Python 3.11 to 3.14 the engine runs in."),
            ),
            (
                self.existing,
                text("Use an existing engine…"),
                text("Choose the folder of an environment in which FRIH is installed."),
            ),
            (
                self.copy_log,
                text("Copy log"),
                text("Put what the installer did on the clipboard, to send it to someone."),
            ),
            (
                self.doctor,
                text("Check the installation…"),
                text("Find out what is wrong and how to mend it."),
            ),
        ):
            button.setText(words)
            button.setToolTip(lesson)
        self._label_remove()

    def _label_remove(self) -> None:
        self.remove.setText(text("Remove engine"))
        self.remove.setToolTip(text("Delete the engine and its libraries from this computer."))

    def _button(self, act: Callable[[], None]) -> QPushButton:
        button = QPushButton(self)
        button.setAutoDefault(False)
        button.clicked.connect(act)
        self._column.addWidget(button)
        return button

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, text("Folder to install from"))
        if chosen:
            self._installer.install(folder=Path(chosen))

    def _choose_python(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, text("Python 3.11 to 3.14"))
        if chosen:
            self._installer.install(python=Path(chosen))

    def _choose_existing(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, text("Folder of the engine's environment"))
        if chosen:
            self._installer.use_existing(Path(chosen))

    def _remove(self) -> None:
        """A second click within seconds is needed: there is no way back but installing again."""
        if self._sure.isActive():
            self._sure.stop()
            self._label_remove()
            self._installer.remove()
        else:
            self.remove.setText(text("Click again to remove it"))
            self._sure.start()

    def _ask_doctor(self) -> None:
        self.doctor_wanted.emit()

    def _copy_log(self) -> None:
        clipboard = QApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(self._installer.log_text)

"""What an editor docks: the panel, or the page that installs an engine where there is none."""

from __future__ import annotations

from typing import Protocol

from frih_plugin.client.engine_command import EngineCommand, EngineNotFoundError
from frih_plugin.install.doctor import Doctor
from frih_plugin.install.installer import Installer
from frih_plugin.panel.doctor_page import DoctorPage
from frih_plugin.panel.engine_line import EngineLine
from frih_plugin.panel.install_page import InstallPage
from frih_plugin.qt.core import QSize
from frih_plugin.qt.widgets import QStackedWidget, QVBoxLayout, QWidget


class PanelMaker(Protocol):
    """What a host gives: how to find an engine, and a panel for it."""

    def find_engine(self) -> EngineCommand:
        """The engine to start. Raises EngineNotFoundError."""
        ...

    def open_panel(self, command: EngineCommand) -> QWidget:
        """Start the engine and make a panel for it; it is shown, and deleted after close_panel."""
        ...

    def close_panel(self) -> None:
        """End the engine and what the panel stands on: another engine may follow."""
        ...


class HarmonizeDock(QWidget):
    """maker: of the host; installer: one for all docks of a process.

    The host calls `close_panel` of its maker at its own end; this widget only when engines change.
    """

    def __init__(
        self, maker: PanelMaker, installer: Installer, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._maker = maker
        self._installer = installer
        self._panel: QWidget | None = None
        self._command: EngineCommand | None = None
        self.pages = QStackedWidget(self)
        self.install_page = InstallPage(installer, self)
        self.doctor_page = DoctorPage(Doctor(installer.places, parent=self), self)
        self.line = EngineLine(installer, self)
        self._lay_out()
        self._link()
        self.refresh()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A dock of usual width."""
        return QSize(270, 720)

    @property
    def panel(self) -> QWidget | None:
        """The host's panel, while there is an engine."""
        return self._panel

    def refresh(self) -> None:
        """Look for the engine again: show the panel, or the page that installs one."""
        try:
            command = self._maker.find_engine()
        except EngineNotFoundError as error:
            self._close()
            self.install_page.explain(str(error))
            self._show(self.install_page)
            return
        self._show(self._panel_for(command))

    def _panel_for(self, command: EngineCommand) -> QWidget:
        """The panel that is there where the engine is still the same, else a new one."""
        if self._panel is not None and command == self._command:
            return self._panel
        self._close()
        self._command = command
        panel = self._panel = self._maker.open_panel(command)
        self.pages.addWidget(panel)
        return panel

    def show_engine(self) -> None:
        """The page about the engine: check, update, remove."""
        self._show(self.install_page)

    def show_doctor(self) -> None:
        """The page that says what is wrong."""
        self._show(self.doctor_page)
        self.doctor_page.doctor.examine()

    def _show(self, page: QWidget) -> None:
        self.pages.setCurrentWidget(page)
        self.install_page.set_can_go_back(self._has_engine())
        self.line.setVisible(page is self._panel)

    def _go_back(self) -> None:
        """From the Doctor or the engine's page to where the person works."""
        if self._panel is None and not self._installer.is_busy:
            self.refresh()  # after work that failed the engine may be there all the same
        else:
            self._show(self._panel or self.install_page)

    def _close(self) -> None:
        if self._panel is not None:
            panel, self._panel = self._panel, None
            self._maker.close_panel()
            self.pages.removeWidget(panel)
            panel.deleteLater()

    def _lay_out(self) -> None:
        self.pages.addWidget(self.install_page)
        self.pages.addWidget(self.doctor_page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.pages, 1)
        column.addWidget(self.line)

    def _link(self) -> None:
        self._installer.engine_changed.connect(self.refresh)
        self._installer.changed.connect(self._free_engine)
        self.install_page.doctor_wanted.connect(self.show_doctor)
        self.install_page.back_wanted.connect(self._go_back)
        self.doctor_page.back_wanted.connect(self._go_back)
        self.doctor_page.repair_wanted.connect(self._repair)
        self.line.clicked.connect(self.show_engine)

    def _repair(self) -> None:
        self._show(self.install_page)
        self._installer.repair()

    def _free_engine(self) -> None:
        """Work on the engine's files needs it ended: Windows holds those of a running program."""
        if self._installer.is_busy and self._panel is not None:
            self._close()
            self._show(self.install_page)
        self.install_page.set_can_go_back(self._has_engine())

    def _has_engine(self) -> bool:
        """Whether there is a panel to go back to, or an engine to open one with."""
        if self._panel is not None or self._installer.is_busy:
            return self._panel is not None
        try:
            self._maker.find_engine()
        except EngineNotFoundError:
            return False
        return True

"""The dock shows the panel where there is an engine, and installs one where not."""

from __future__ import annotations

from pathlib import Path

import pytest
from posed_installer import PosedInstaller
from pytestqt.qtbot import QtBot

from frih_plugin.client.engine_command import EngineCommand, EngineNotFoundError
from frih_plugin.install.record import Installed
from frih_plugin.panel.harmonize_dock import HarmonizeDock
from frih_plugin.qt.widgets import QApplication, QLabel, QWidget

COMMAND = EngineCommand("python", ("-m", "engine.server"))


class Maker:
    """A host with or without an engine; counts its panels."""

    def __init__(self) -> None:
        self.command: EngineCommand | None = None
        self.opened: list[EngineCommand] = []
        self.closed = 0

    def find_engine(self) -> EngineCommand:
        if self.command is None:
            raise EngineNotFoundError("There is no engine: install it.")
        return self.command

    def open_panel(self, command: EngineCommand) -> QWidget:
        self.opened.append(command)
        return QLabel("the panel")

    def close_panel(self) -> None:
        self.closed += 1


@pytest.fixture
def maker() -> Maker:
    return Maker()


@pytest.fixture
def installer(qapp: QApplication) -> PosedInstaller:  # noqa: ARG001 - widgets need it
    return PosedInstaller()


def dock_of(maker: Maker, installer: PosedInstaller, qtbot: QtBot) -> HarmonizeDock:
    dock = HarmonizeDock(maker, installer.as_installer())
    qtbot.addWidget(dock)
    dock.show()
    return dock


def test_without_an_engine_the_page_shows_and_the_panel_follows(
    maker: Maker, installer: PosedInstaller, qtbot: QtBot
) -> None:
    dock = dock_of(maker, installer, qtbot)
    assert dock.pages.currentWidget() is dock.install_page
    assert not dock.line.isVisible()
    maker.command, installer.installed = COMMAND, Installed(Path("python"), "0.1.0")
    installer.engine_changed.emit()
    assert maker.opened == [COMMAND]
    assert dock.pages.currentWidget() is dock.panel
    assert dock.line.isVisible()


def test_engine_is_ended_before_work_on_its_files(
    maker: Maker, installer: PosedInstaller, qtbot: QtBot
) -> None:
    maker.command = COMMAND
    dock = dock_of(maker, installer, qtbot)
    installer.phase = "working"
    installer.changed.emit()
    assert maker.closed == 1
    assert dock.panel is None
    assert dock.pages.currentWidget() is dock.install_page


def test_panel_comes_back_after_work_that_failed(
    maker: Maker, installer: PosedInstaller, qtbot: QtBot
) -> None:
    maker.command = COMMAND
    dock = dock_of(maker, installer, qtbot)
    installer.phase = "working"
    installer.changed.emit()
    installer.phase, installer.sentence = "failed", "It broke: mend it."
    installer.changed.emit()
    assert dock.pages.currentWidget() is dock.install_page
    assert not dock.install_page.back.isHidden()
    dock.install_page.back.click()
    assert dock.pages.currentWidget() is dock.panel
    assert len(maker.opened) == 2


def test_removed_engine_leads_to_the_page(
    maker: Maker, installer: PosedInstaller, qtbot: QtBot
) -> None:
    maker.command = COMMAND
    dock = dock_of(maker, installer, qtbot)
    maker.command = None
    installer.engine_changed.emit()
    assert dock.pages.currentWidget() is dock.install_page
    assert dock.panel is None


def test_line_leads_to_the_engine_and_back(
    maker: Maker, installer: PosedInstaller, qtbot: QtBot
) -> None:
    maker.command = COMMAND
    dock = dock_of(maker, installer, qtbot)
    dock.line.button.click()
    assert dock.pages.currentWidget() is dock.install_page
    dock.install_page.back.click()
    assert dock.pages.currentWidget() is dock.panel
    assert maker.closed == 0


def test_same_engine_keeps_its_panel(maker: Maker, installer: PosedInstaller, qtbot: QtBot) -> None:
    maker.command = COMMAND
    dock = dock_of(maker, installer, qtbot)
    dock.line.button.click()
    installer.engine_changed.emit()
    assert (maker.closed, len(maker.opened)) == (0, 1)
    assert dock.pages.currentWidget() is dock.panel

"""The installer's and the Doctor's pages say what is, and do what is clicked."""

from __future__ import annotations

from pathlib import Path

import pytest
from posed_installer import PosedDoctor, PosedInstaller
from pytestqt.qtbot import QtBot

from frih_plugin.install.findings import Finding
from frih_plugin.install.record import Installed
from frih_plugin.panel.doctor_page import DoctorPage
from frih_plugin.panel.install_page import InstallPage
from frih_plugin.panel.other_ways import QFileDialog
from frih_plugin.qt.gui import QFont
from frih_plugin.qt.widgets import QApplication, QPushButton
from frih_plugin.texts import use_language

ENGINE = Installed(Path("/engine/bin/python"), "0.1.0")


def choose(*_: object) -> str:
    return "/chosen"


def dismiss(*_: object) -> str:
    return ""


@pytest.fixture
def installer(qapp: QApplication) -> PosedInstaller:  # noqa: ARG001 - widgets need it
    return PosedInstaller()


@pytest.fixture
def page(installer: PosedInstaller, qtbot: QtBot) -> InstallPage:
    made = InstallPage(installer.as_installer())
    qtbot.addWidget(made)
    made.show()
    return made


def test_size_and_place_are_told_before(page: InstallPage) -> None:
    assert "55 MB" in page.told.text()
    assert "210 MB" in page.told.text()
    assert "frih-harmonize" in page.place.text()


def test_one_button_installs_and_cancels(page: InstallPage, installer: PosedInstaller) -> None:
    assert page.button.text() == "Install engine"
    page.button.click()
    installer.phase, installer.stage, installer.share = "working", "download", 0.5
    installer.changed.emit()
    assert page.button.text() == "Cancel"
    assert page.words.text() == "Downloading libraries…"
    assert page.progress.share == 0.5
    page.button.click()
    assert installer.calls == [("install", None), ("cancel", None)]


def test_cancel_cannot_be_clicked_twice(page: InstallPage, installer: PosedInstaller) -> None:
    installer.phase = "stopping"
    installer.changed.emit()
    assert not page.button.isEnabled()


def test_failure_is_a_sentence_and_the_button_tries_again(
    page: InstallPage, installer: PosedInstaller
) -> None:
    installer.phase, installer.sentence, installer.can_go_on = "failed", "It broke: mend it.", True
    installer.changed.emit()
    assert page.box.words.text() == "It broke: mend it."
    assert page.button.text() == "Go on installing"


def test_update_is_offered_and_never_forced(page: InstallPage, installer: PosedInstaller) -> None:
    installer.installed, installer.offered_version = ENGINE, "0.2.0"
    installer.changed.emit()
    assert page.button.text() == "Update to 0.2.0"
    assert installer.calls == []
    page.button.click()
    assert installer.calls == [("install", None)]


def test_installed_engine_can_be_made_anew(page: InstallPage, installer: PosedInstaller) -> None:
    installer.installed = ENGINE
    installer.changed.emit()
    page.button.click()
    assert installer.calls == [("repair", None)]


def test_removal_needs_a_second_click(page: InstallPage, installer: PosedInstaller) -> None:
    installer.installed = ENGINE
    installer.changed.emit()
    page.ways.remove.click()
    assert installer.calls == []
    page.ways.remove.click()
    assert installer.calls == [("remove", None)]


def test_chosen_folder_and_engine_are_used(
    page: InstallPage, installer: PosedInstaller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", choose)
    page.ways.from_folder.click()
    page.ways.existing.click()
    assert installer.calls == [("install", Path("/chosen")), ("use_existing", Path("/chosen"))]


def test_dialog_that_is_dismissed_does_nothing(
    page: InstallPage, installer: PosedInstaller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", dismiss)
    page.ways.from_folder.click()
    assert installer.calls == []


def test_log_is_put_on_the_clipboard(page: InstallPage, installer: PosedInstaller) -> None:
    page.ways.copy_log.click()
    clipboard = QApplication.clipboard()
    assert clipboard is not None
    assert clipboard.text() == installer.log_text


def test_copy_without_an_engine_offers_only_what_works(
    installer: PosedInstaller, qtbot: QtBot
) -> None:
    installer.release, installer.phase, installer.sentence = None, "failed", "No engine files."
    page = InstallPage(installer.as_installer())
    qtbot.addWidget(page)
    assert page.button.isHidden()
    assert not page.ways.from_folder.isEnabled()
    assert page.ways.existing.isEnabled()


@pytest.mark.parametrize("code", ["en", "de"])
@pytest.mark.parametrize("size_px", [12, 20])
def test_no_button_is_cut_off(
    code: str, size_px: int, installer: PosedInstaller, qapp: QApplication, qtbot: QtBot
) -> None:
    use_language(code)
    font = QFont(qapp.font())
    font.setPixelSize(size_px)
    qapp.setFont(font)
    installer.installed = ENGINE
    page = InstallPage(installer.as_installer())
    qtbot.addWidget(page)
    page.more.title.setChecked(True)
    page.show()
    page.resize(page.minimumSize().width(), 500)
    QApplication.processEvents()
    for button in filter(QPushButton.isVisible, page.findChildren(QPushButton)):
        assert button.width() >= button.minimumSizeHint().width()
        right = button.mapTo(page, button.rect().topRight()).x()
        assert right < page.width()


def test_findings_are_lines_that_can_be_copied(qtbot: QtBot) -> None:
    wrong = Finding(is_ok=False, sentence="It broke: mend it.", mends=True)
    doctor = PosedDoctor(Finding(is_ok=True, sentence="Fine."), wrong)
    page = DoctorPage(doctor.as_doctor())
    qtbot.addWidget(page)
    page.copy.click()
    clipboard = QApplication.clipboard()
    assert clipboard is not None
    assert clipboard.text() == "ok: Fine.\nwrong: It broke: mend it."
    assert not page.repair.isHidden()
    with qtbot.waitSignal(page.repair_wanted):
        page.repair.click()

"""Renders the installer's and the Doctor's pages; screenshot_states.py does it in every look."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from posed_installer import PosedDoctor, PosedInstaller

from frih_plugin.install.findings import (
    Finding,
    engine_finding,
    host_finding,
    plugin_finding,
    space_finding,
)
from frih_plugin.install.places import Places
from frih_plugin.install.record import Installed
from frih_plugin.panel.doctor_page import DoctorPage
from frih_plugin.panel.engine_line import EngineLine
from frih_plugin.panel.install_page import InstallPage
from frih_plugin.qt.widgets import QApplication, QWidget
from frih_plugin.texts import text

_ENGINE = Installed(Path("/home/ada/.local/share/frih-harmonize/1.4.0-1e0ea7/bin/python"), "1.4.0")


def page_new(installer: PosedInstaller) -> QWidget:
    """Nothing is installed yet."""
    return InstallPage(installer.as_installer())


def page_other_ways(installer: PosedInstaller) -> QWidget:
    """All buttons."""
    page = InstallPage(installer.as_installer())
    page.more.title.setChecked(True)
    return page


def page_working(installer: PosedInstaller) -> QWidget:
    """Libraries come in."""
    installer.phase, installer.stage, installer.share = "working", "download", 0.4
    return InstallPage(installer.as_installer())


def page_stopping(installer: PosedInstaller) -> QWidget:
    """Cancel was pressed."""
    installer.phase, installer.stage, installer.share = "stopping", "download", 0.4
    return InstallPage(installer.as_installer())


def page_stopped(installer: PosedInstaller) -> QWidget:
    """What was done is kept."""
    installer.can_go_on = True
    installer.sentence = text("Stopped. What is done so far is kept for the next time.")
    return InstallPage(installer.as_installer())


def page_offline(installer: PosedInstaller) -> QWidget:
    """The network is away."""
    installer.phase, installer.can_go_on = "failed", True
    installer.sentence = text(
        "The network cannot be reached: check it and its proxy, then install again, or install "
        "from a folder."
    )
    return InstallPage(installer.as_installer())


def page_no_python(installer: PosedInstaller) -> QWidget:
    """The longest sentence."""
    installer.phase = "failed"
    installer.sentence = text(
        "No Python 3.11 to 3.14 was found, which the engine runs in: install one (from python.org "
        "or your system's software), then install again; or install from a folder that brings one."
    )
    return InstallPage(installer.as_installer())


def page_installed(installer: PosedInstaller) -> QWidget:
    """An engine is there."""
    installer.installed = _ENGINE
    page = InstallPage(installer.as_installer())
    page.set_can_go_back(True)
    page.more.title.setChecked(True)
    return page


def page_update(installer: PosedInstaller) -> QWidget:
    """A newer engine can be had."""
    installer.installed, installer.offered_version = _ENGINE, "1.5.0"
    page = InstallPage(installer.as_installer())
    page.set_can_go_back(True)
    return page


def page_removing(installer: PosedInstaller) -> QWidget:
    """The engine goes."""
    installer.installed = _ENGINE
    installer.phase, installer.job, installer.share = "working", "remove", 0.5
    return InstallPage(installer.as_installer())


def page_line(installer: PosedInstaller) -> QWidget:
    """The line under the panel."""
    installer.installed, installer.offered_version = _ENGINE, "1.5.0"
    return EngineLine(installer.as_installer())


def page_doctor_busy(installer: PosedInstaller) -> QWidget:  # noqa: ARG001 - as the others
    """Nothing is known yet."""
    doctor = PosedDoctor()
    doctor.is_busy = True
    return _doctor_page(doctor)


def page_doctor_well(installer: PosedInstaller) -> QWidget:  # noqa: ARG001 - as the others
    """All in order."""
    started = Finding(
        is_ok=True, sentence=text("The engine starts and runs on {device}.", device="CPU")
    )
    return _doctor_page(PosedDoctor(*_sound(), started))


def page_doctor_ill(installer: PosedInstaller) -> QWidget:
    """Something is to be done."""
    gone = engine_finding(Places(installer.places.root / "nowhere"))
    file = Finding(
        is_ok=False,
        sentence=text(
            "{file} of the plug-in is missing or damaged: import the plug-in's zip again.",
            file="frih_plugin/panel/panel.py",
        ),
    )
    return _doctor_page(PosedDoctor(file, *_sound(), gone))


PAGES: dict[str, Callable[[PosedInstaller], QWidget]] = {
    "20-install": page_new,
    "21-other-ways": page_other_ways,
    "22-installing": page_working,
    "23-stopping": page_stopping,
    "24-stopped": page_stopped,
    "25-offline": page_offline,
    "26-no-python": page_no_python,
    "27-installed": page_installed,
    "28-update": page_update,
    "29-removing": page_removing,
    "30-engine-line": page_line,
    "31-doctor-busy": page_doctor_busy,
    "32-doctor-well": page_doctor_well,
    "33-doctor-ill": page_doctor_ill,
}


def shoot_pages(folder: Path, ending: str, width: int) -> None:
    """Write how every page looks now, as PAGE-ENDING.png."""
    for name, make in PAGES.items():
        installer = PosedInstaller()
        page = make(installer)
        line = isinstance(page, EngineLine)
        page.resize(width, page.sizeHint().height() if line else 560)
        page.show()
        QApplication.processEvents()
        page.grab().save(str(folder / f"{name}-{ending}.png"))
        page.close()
        page.deleteLater()
        QApplication.processEvents()


def _sound() -> tuple[Finding, ...]:
    place = Places(Path("/"))
    return (host_finding(), plugin_finding(Path("/")), space_finding(place))


def _doctor_page(doctor: PosedDoctor) -> QWidget:
    page = DoctorPage(doctor.as_doctor())
    doctor.setParent(page)
    return page

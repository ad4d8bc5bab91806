"""Each failure is one sentence that says what to do, and the next try can succeed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from made_release import MadeRelease, make_wheel, own_python, write_contents
from pytestqt.qtbot import QtBot

from frih_plugin.install import checks, pythons
from frih_plugin.install.errors import InstallError
from frih_plugin.install.installer import Installer
from frih_plugin.install.places import Places

Run = Callable[[Callable[[], None]], None]
FAILURES = {
    "download libtwo|NewConnectionError: Connection refused": "The network cannot be reached",
    "download libtwo|IncompleteRead(5 bytes read)": "The download broke off",
    "download libone|THESE PACKAGES DO NOT MATCH THE HASHES": "A file is not the one that was",
    "download libone|OSError: [Errno 28] No space left on device": "The disk is full",
    "download libone|No matching distribution found for libone": "There is no build of a library",
    "libraries|OSError: [Errno 28] No space left on device": "The disk is full",
    "libraries|PermissionError: [WinError 32] used by another process": "Another program",
    "engine|OSError: [Errno 28] No space left on device": "The disk is full",
    "engine|PermissionError: [Errno 13] Permission denied": "A file could not be written",
    "engine|a riddle": "The installation failed",
}


def install(installer: Installer) -> None:
    installer.install(python=own_python())


def almost_full(_: Path) -> SimpleNamespace:
    return SimpleNamespace(free=10**6)


@pytest.mark.full
@pytest.mark.parametrize("told", FAILURES)
def test_failed_step_says_what_to_do_and_the_next_try_succeeds(
    told: str, installer: Installer, finish: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAND_IN_PIP", told)
    finish(lambda: install(installer))
    assert installer.phase == "failed"
    assert installer.sentence.startswith(FAILURES[told])
    assert installer.installed is None
    assert told.partition("|")[2] in installer.log_text
    monkeypatch.delenv("STAND_IN_PIP")
    finish(lambda: install(installer))
    assert installer.installed is not None


def test_full_disk_is_told_before_anything_is_written(
    installer: Installer, finish: Run, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks.shutil, "disk_usage", almost_full)
    finish(lambda: install(installer))
    assert "make room" in installer.sentence
    assert not places.environments()


def test_folder_that_is_a_file_is_explained(
    installer: Installer, finish: Run, places: Places
) -> None:
    places.root.parent.mkdir(parents=True)
    places.root.write_text("")
    finish(lambda: install(installer))
    assert "cannot be written" in installer.sentence


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write all")
def test_folder_without_permission_is_explained(
    installer: Installer, finish: Run, places: Places
) -> None:
    places.root.mkdir(parents=True)
    places.root.chmod(0o500)
    finish(lambda: install(installer))
    assert "mend its permissions" in installer.sentence


@pytest.mark.skipif(sys.platform == "win32", reason="Windows splits paths at ;")
def test_colon_in_the_folder_is_explained(
    release: MadeRelease, tmp_path: Path, qtbot: QtBot
) -> None:
    installer = Installer(Places(tmp_path / "a:b"), release.plugin)
    install(installer)
    qtbot.waitUntil(lambda: not installer.is_busy, timeout=20_000)
    assert "colon" in installer.sentence


def test_too_deep_folder_is_explained_on_windows() -> None:
    with pytest.raises(InstallError, match="too deep"):
        checks.check_path(Path("C:/" + "x" * 90), "win32")
    checks.check_path(Path("C:/Users/someone/AppData/Local/frih-harmonize"), "win32")


def test_no_python_is_explained(
    installer: Installer, finish: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    finish(installer.install)
    assert installer.sentence.startswith("No Python 3.11 to 3.14 was found")


def test_wrong_python_is_explained(installer: Installer, finish: Run, tmp_path: Path) -> None:
    finish(lambda: installer.install(python=tmp_path / "missing"))
    assert installer.sentence.startswith("The Python chosen does not fit")


def test_damaged_release_is_not_installed(
    installer: Installer, finish: Run, release: MadeRelease, places: Places
) -> None:
    (wheel,) = release.engine_files.glob("frih_harmonize_engine*.whl")
    wheel.write_bytes(wheel.read_bytes()[:-1])
    finish(lambda: install(installer))
    assert "damaged" in installer.sentence
    assert not places.environments()


def test_other_weights_are_not_settled_on(
    release: MadeRelease, places: Places, qtbot: QtBot
) -> None:
    plugin = release.plugin / "plugin.json"
    plugin.write_text(plugin.read_text().replace('"sha256": "', '"sha256": "00'))
    installer = Installer(places, release.plugin)
    install(installer)
    qtbot.waitUntil(lambda: not installer.is_busy, timeout=60_000)
    assert "weights" in installer.sentence
    assert installer.installed is None


def test_engine_that_does_not_start_is_not_settled_on(
    release: MadeRelease, places: Places, qtbot: QtBot
) -> None:
    broken = {
        "engine/server/__main__.py": b"raise SystemExit('no libraries')",
        "engine/__init__.py": b"",
    }
    engine = make_wheel(release.engine_files, "frih_harmonize_engine", "1.0", broken)
    (pip,) = release.engine_files.glob("pip-*.whl")
    write_contents(release, engine, pip)
    installer = Installer(places, release.plugin)
    install(installer)
    qtbot.waitUntil(lambda: not installer.is_busy, timeout=60_000)
    assert installer.sentence.startswith("The engine could not be started")
    assert "no libraries" in installer.log_text
    assert installer.installed is None


def test_copy_without_engine_files_says_so(places: Places, tmp_path: Path) -> None:
    installer = Installer(places, tmp_path)
    assert installer.release is None
    assert "lacks the engine's files" in installer.sentence
    installer.install()
    assert not installer.is_busy


def test_folder_without_libraries_is_explained(
    installer: Installer, finish: Run, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    finish(lambda: installer.install(tmp_path / "empty", own_python()))
    assert "holds no libraries" in installer.sentence


def test_second_editor_waits(
    installer: Installer,
    finish: Run,
    release: MadeRelease,
    places: Places,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("STAND_IN_PIP", "download libone|hang")
    install(installer)
    qtbot.waitUntil((tmp_path / "sign").exists, timeout=60_000)
    second = Installer(places, release.plugin)
    second.install()
    assert second.sentence.startswith("Another editor is installing")
    finish(installer.cancel)


def test_settings_file_is_never_half_written(
    installer: Installer, finish: Run, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("frih_plugin.install.record.os.fsync", fail)
    finish(lambda: install(installer))
    assert installer.sentence.startswith("The disk is full")
    assert not places.settings_file.exists()
    assert not list(places.root.glob("*.part"))


def test_versions_asked_for_are_those_with_libraries() -> None:
    commands = pythons.candidates(lambda name: f"/bin/{name}", "linux")
    assert commands[0] == ["/bin/python3.12"]
    assert ["/bin/python3"] in commands

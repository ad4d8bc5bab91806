"""The Doctor finds what was broken on purpose, and says how to mend it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from made_release import CHECKOUT, own_python
from pytestqt.qtbot import QtBot

from frih_plugin.install.doctor import Doctor
from frih_plugin.install.findings import plugin_finding
from frih_plugin.install.installer import Installer
from frih_plugin.install.places import Places

Run = Callable[[Callable[[], None]], None]


def examined(places: Places, qtbot: QtBot) -> Doctor:
    doctor = Doctor(places)
    with qtbot.waitSignal(doctor.finished, timeout=60_000):
        doctor.examine()
    return doctor


def wrong(doctor: Doctor) -> list[str]:
    return [line for line in doctor.report.splitlines() if line.startswith("wrong: ")]


def test_missing_engine_is_found(places: Places, qtbot: QtBot) -> None:
    doctor = examined(places, qtbot)
    assert wrong(doctor) == ["wrong: The engine is not installed: install it."]
    assert doctor.can_repair


@pytest.mark.full
def test_sound_installation_has_nothing_wrong(
    installer: Installer, finish: Run, places: Places, qtbot: QtBot
) -> None:
    finish(lambda: installer.install(python=own_python()))
    doctor = examined(places, qtbot)
    assert wrong(doctor) == []
    assert "ok: The engine starts and runs on CPU." in doctor.report
    assert "ok: The weights are whole." in doctor.report


@pytest.mark.full
def test_damaged_weights_and_a_python_that_is_gone_are_found(
    installer: Installer, finish: Run, places: Places, qtbot: QtBot
) -> None:
    finish(lambda: installer.install(python=own_python()))
    (weights,) = places.root.rglob("small.bin")
    weights.write_bytes(b"other")
    doctor = examined(places, qtbot)
    assert "The weights are missing or damaged: install the engine again." in doctor.report
    assert doctor.can_repair
    (environment,) = places.environments()
    (environment / "bin" / "python").unlink()
    assert "is gone: install it again" in examined(places, qtbot).report


def test_damaged_plugin_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"whole")
    manifest = {"a.py": hashlib.sha256(b"whole").hexdigest()}
    (tmp_path / "files.json").write_text(json.dumps(manifest))
    assert plugin_finding(tmp_path).is_ok
    (tmp_path / "a.py").write_bytes(b"other")
    finding = plugin_finding(tmp_path)
    assert not finding.is_ok
    assert "a.py" in finding.sentence
    (tmp_path / "files.json").write_text("[")
    assert "files.json" in plugin_finding(tmp_path).sentence


def test_runs_as_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    command = [sys.executable, "-m", "frih_plugin.install.doctor"]
    done = subprocess.run(
        command, cwd=CHECKOUT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "wrong: The engine is not installed: install it." in done.stdout

"""What bootstrap says about a machine that lacks something."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import machine
from machine import MissingError, Python, find_python, fits, require_space

OLD = Python("python", (3, 8), is_64_bit=True)

posix_only = pytest.mark.skipif(os.name == "nt", reason="uses shell scripts as fake Pythons")


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def free_space(megabytes: int) -> Callable[[Path], Usage]:
    return lambda _: Usage(total=10**12, used=0, free=megabytes * 10**6)


def put_command(folder: Path, name: str, script: str) -> None:
    command = folder / name
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o755)


@pytest.fixture
def search_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that is all of PATH, for an interpreter that is too old."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(machine, "this_python", lambda: OLD)
    return tmp_path


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13), (3, 14)])
def test_supported_version_fits(monkeypatch: pytest.MonkeyPatch, version: tuple[int, int]) -> None:
    monkeypatch.setattr(machine, "is_intel_mac", lambda: False)
    assert fits(Python("python", version, is_64_bit=True))


@pytest.mark.parametrize("version", [(2, 7), (3, 10), (3, 15), (4, 11)])
def test_unsupported_version_does_not_fit(version: tuple[int, int]) -> None:
    assert not fits(Python("python", version, is_64_bit=True))


def test_intel_macs_stop_at_the_last_python_with_an_onnxruntime(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(machine, "is_intel_mac", lambda: True)
    assert fits(Python("python", (3, 13), is_64_bit=True))
    assert not fits(Python("python", (3, 14), is_64_bit=True))


def test_32_bit_python_does_not_fit() -> None:
    assert not fits(Python("python", (3, 12), is_64_bit=False))


def test_running_python_is_taken_when_it_fits() -> None:
    assert find_python().executable == sys.executable


def test_old_python_alone_is_told_which_ones_fit(search_path: Path) -> None:
    assert search_path.exists()
    with pytest.raises(MissingError, match=r"needs a 64-bit Python 3\.11 to 3\.1[34].*Python 3\.8"):
        find_python()


@posix_only
def test_another_python_on_the_path_is_found(search_path: Path) -> None:
    put_command(search_path, "python3.12", "exit 127")
    put_command(search_path, "python3.13", "echo 3 13 1; echo /opt/python")
    assert find_python() == Python("/opt/python", (3, 13), is_64_bit=True)


@posix_only
def test_a_command_that_only_claims_to_be_python_is_passed_over(search_path: Path) -> None:
    put_command(search_path, "python3.12", "echo 3 9 1; echo /opt/old")
    put_command(search_path, "python3.11", "echo hello")
    with pytest.raises(MissingError):
        find_python()


def test_too_little_space_is_said_in_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", free_space(499))
    with pytest.raises(MissingError, match=r"needs 500 MB .* 499 MB are free"):
        require_space(tmp_path / "absent" / "folder", 500)


def test_just_enough_space_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", free_space(500))
    require_space(tmp_path, 500)


def test_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(MissingError, match=r"cannot be written .* --home FOLDER"):
        machine.require_writable(blocked / "folder")


def test_missing_venv_names_the_debian_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "can_make_environments", lambda: False)
    with pytest.raises(MissingError, match=r"apt-get install python3\.\d+-venv"):
        machine.require_venv()


@posix_only
def test_failed_apt_get_names_the_packages(tmp_path: Path) -> None:
    put_command(tmp_path, "apt-get", "exit 100")
    with pytest.raises(MissingError, match="could not install python3-venv"):
        machine.install_debian_packages(str(tmp_path / "apt-get"), ["python3-venv"])


@posix_only
def test_apt_get_is_not_used_without_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert machine.usable_apt_get() is None


def test_missing_qt_library_names_its_debian_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(machine, "QT_LIBRARIES", {"libabsent.so.7": "libabsent7"})
    monkeypatch.setattr(machine, "usable_apt_get", lambda: None)
    with pytest.raises(MissingError, match=r"apt-get install libabsent7\) and run the same"):
        machine.require_qt_libraries()


@posix_only
def test_missing_qt_library_is_installed_where_that_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_command(tmp_path, "apt-get", f'echo "$@" >> {tmp_path}/calls')
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(machine, "QT_LIBRARIES", {"libabsent.so.7": "libabsent7"})
    monkeypatch.setattr(machine, "usable_apt_get", lambda: str(tmp_path / "apt-get"))
    machine.require_qt_libraries()
    assert "libabsent7" in (tmp_path / "calls").read_text()


def test_other_systems_lack_no_qt_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(machine, "QT_LIBRARIES", {"libabsent.so.7": "libabsent7"})
    assert machine.missing_qt_packages() == []

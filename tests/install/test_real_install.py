"""With the real pip: networks that break, disks that are full, permissions, and the real engine."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from local_index import LocalIndex
from made_release import CHECKOUT, MadeRelease, make_release, own_python
from pytestqt.qtbot import QtBot

from frih_plugin.client.engine_client import EngineClient
from frih_plugin.client.engine_command import command_from_file
from frih_plugin.install.doctor import Doctor
from frih_plugin.install.installer import Installer
from frih_plugin.install.places import Places

pytestmark = pytest.mark.full
LIBRARY_BYTES = 3_000_000
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
NOBODY = 65534


@pytest.fixture(autouse=True)
def _only_our_index(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction] - pytest uses it
    """No settings of this machine's pip."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_RETRIES", "1")


@pytest.fixture
def real(tmp_path: Path, real_pip: Path) -> MadeRelease:
    return make_release(tmp_path, pip=real_pip, library_bytes=LIBRARY_BYTES)


@pytest.fixture
def index(real: MadeRelease, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalIndex]:
    with LocalIndex(real.index).running() as running:
        monkeypatch.setenv("PIP_INDEX_URL", running.url)
        yield running


def run(installer: Installer, qtbot: QtBot, folder: Path | None = None) -> None:
    installer.install(folder, own_python())
    qtbot.waitUntil(lambda: not installer.is_busy, timeout=300_000)


def test_download_that_breaks_off_goes_on(
    real: MadeRelease, index: LocalIndex, places: Places, qtbot: QtBot
) -> None:
    installer = Installer(places, real.plugin)
    index.cut = "libtwo"
    run(installer, qtbot)
    assert installer.sentence.startswith("The download broke off"), installer.log_text
    index.cut = ""
    run(installer, qtbot)
    assert installer.installed is not None, installer.log_text
    assert [name.split("-")[0] for name in index.sent] == ["libone", "libtwo"]


def test_no_network_is_told(
    real: MadeRelease, places: Places, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{port}/simple")
    installer = Installer(places, real.plugin)
    run(installer, qtbot)
    assert installer.sentence.startswith("The network cannot be reached"), installer.log_text


def test_changed_file_is_not_used(
    real: MadeRelease, index: LocalIndex, places: Places, qtbot: QtBot
) -> None:
    (wheel,) = index.folder.glob("libtwo*")
    wheel.write_bytes(wheel.read_bytes() + b" ")
    installer = Installer(places, real.plugin)
    run(installer, qtbot)
    assert installer.sentence.startswith("A file is not the one that was expected")


def test_changed_file_in_a_folder_is_not_used(
    real: MadeRelease, places: Places, qtbot: QtBot
) -> None:
    (wheel,) = real.index.glob("libtwo*")
    wheel.write_bytes(wheel.read_bytes() + b" ")
    installer = Installer(places, real.plugin)
    run(installer, qtbot, real.index)
    assert installer.sentence.startswith("A file is not the one that was expected")


def test_folder_that_lacks_a_library_is_told(
    real: MadeRelease, places: Places, qtbot: QtBot
) -> None:
    (wheel,) = real.index.glob("libtwo*")
    wheel.unlink()
    installer = Installer(places, real.plugin)
    run(installer, qtbot, real.index)
    assert installer.sentence.startswith("The folder lacks a library"), installer.log_text


@pytest.mark.skipif(not IS_ROOT, reason="needs root, to make a small disk")
@pytest.mark.parametrize(
    ("size_kb", "stage"),
    [
        (16, "environment"),
        (5_000, "environment"),
        (14_000, "download"),
        (24_000, "libraries"),
        (28_000, "engine"),
    ],
)
def test_disk_that_fills_up_is_told_and_forgiven(
    size_kb: int, stage: str, real: MadeRelease, index: LocalIndex, tmp_path: Path, qtbot: QtBot
) -> None:
    assert index.url
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = [tool("mount"), "-t", "tmpfs", "-o", f"size={size_kb}k", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("this machine does not let root mount a small disk")
    try:
        installer = Installer(Places(disk / "frih"), real.plugin)
        skip_space_check(installer)
        stages: list[str] = []
        installer.changed.connect(lambda: installer.is_busy and stages.append(installer.stage))
        run(installer, qtbot)
        assert installer.sentence.startswith("The disk is full"), installer.log_text
        assert stages[-1] == stage
        assert installer.installed is None
        subprocess.run([tool("mount"), "-o", "remount,size=200m", str(disk)], check=True)
        run(installer, qtbot)
        assert installer.installed is not None, installer.log_text
    finally:
        subprocess.run([tool("umount"), "-l", str(disk)], check=True)


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"needs the program {name}, to make a small disk")
    return found


def skip_space_check(installer: Installer) -> None:
    """The check knows of the disk at the start only; this is about one that fills up later."""
    from dataclasses import replace  # noqa: PLC0415

    assert installer.release is not None
    installer._release = replace(installer.release, download_mb=-30, installed_mb=0)  # pyright: ignore[reportPrivateUsage] - the fault is put in from outside


@pytest.mark.skipif(not IS_ROOT, reason="needs root, to become somebody without permission")
def test_folder_without_permission_is_told_to_others_than_root(
    real: MadeRelease, tmp_path: Path
) -> None:
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from frih_plugin.install.checks import check_writable\n"
        "from frih_plugin.install.errors import InstallError\n"
        "os.setuid(int(sys.argv[1]))\n"
        "try: check_writable(Path(sys.argv[2]))\n"
        "except InstallError as error: print(error)\n"
    )
    assert real.plugin.is_dir()
    folder = tmp_path / "kept"
    folder.mkdir(mode=0o500)
    command = [sys.executable, "-c", script, str(NOBODY), str(folder / "frih")]
    done = subprocess.run(
        command, cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=60
    )
    assert "mend its permissions" in done.stdout, done.stderr


@pytest.mark.timeout(900)
def test_real_engine_is_installed_checked_and_removed(
    tmp_path: Path, real_pip: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the zip's own files and a folder of libraries, as on a machine without a network."""
    from krita_zip import MODULE, Brought, write_krita_zip  # noqa: PLC0415
    from wheels import FetchError, fetch  # noqa: PLC0415

    monkeypatch.undo()
    write_krita_zip(CHECKOUT, tmp_path / "krita.zip", Brought(real_pip), tmp_path)
    shutil.unpack_archive(tmp_path / "krita.zip", tmp_path / "unpacked")
    plugin = tmp_path / "unpacked" / MODULE
    try:
        fetch(CHECKOUT / "packaging/requirements/engine-cpu.txt", tmp_path / "folder" / "wheels")
    except FetchError as error:
        pytest.skip(f"needs the engine's libraries: {error}")
    places = Places(tmp_path / "a person's data" / "frih")
    installer = Installer(places, plugin)
    run(installer, qtbot, tmp_path / "folder")
    assert installer.installed is not None, installer.log_text
    client = EngineClient(command_from_file(places.settings_file), "tests")
    client.start()
    qtbot.waitUntil(lambda: client.phase == "ready", timeout=60_000)
    with qtbot.waitSignal(client.stopped, timeout=10_000):
        client.stop()
    doctor = Doctor(places, plugin)
    with qtbot.waitSignal(doctor.finished, timeout=60_000):
        doctor.examine()
    assert "wrong" not in doctor.report
    installer.remove()
    qtbot.waitUntil(lambda: not installer.is_busy, timeout=60_000)
    assert not list(places.root.iterdir())

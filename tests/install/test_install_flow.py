"""The installer's ways when all goes well, or is cut short by the person."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from made_release import MadeRelease, make_release, own_python, sha256
from pytestqt.qtbot import QtBot

from frih_plugin.client.engine_command import command_from_file
from frih_plugin.install.installer import Installer
from frih_plugin.install.places import Places, environment_python

Run = Callable[[Callable[[], None]], None]


def install(installer: Installer) -> None:
    installer.install(python=own_python())


def asked(release: MadeRelease) -> list[str]:
    return (release.index / "asked.txt").read_text().split()


def test_installation_ends_with_an_engine_that_editors_find(
    installer: Installer, finish: Run, places: Places, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(installer.engine_changed, timeout=60_000):
        finish(lambda: install(installer))
    assert (installer.phase, installer.sentence) == ("idle", "")
    command = command_from_file(places.settings_file)
    assert Path(command.program).is_relative_to(places.root)
    assert installer.installed is not None
    assert installer.installed.version == "1.0"
    assert installer.offered_version == ""


@pytest.mark.full
def test_progress_only_grows_and_ends_whole(installer: Installer, finish: Run) -> None:
    shares: list[float] = []
    installer.changed.connect(lambda: installer.is_busy and shares.append(installer.share))
    finish(lambda: install(installer))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.mark.full
def test_nothing_but_the_engine_is_left(installer: Installer, finish: Run, places: Places) -> None:
    finish(lambda: install(installer))
    names = {path.name for path in places.root.iterdir()}
    assert len(names) == 4
    assert names >= {"engine.json", "steps.json", "install.log"}


def test_second_installation_does_nothing(
    installer: Installer, finish: Run, places: Places, release: MadeRelease
) -> None:
    finish(lambda: install(installer))
    before = {path: path.stat().st_mtime_ns for path in places.root.rglob("*")}
    (release.index / "asked.txt").unlink()
    finish(lambda: install(installer))
    assert {path: path.stat().st_mtime_ns for path in places.root.rglob("*")} == before
    assert not (release.index / "asked.txt").exists()
    assert installer.sentence == "The engine is installed already."


def test_cancelled_download_goes_on_where_it_stopped(
    installer: Installer,
    finish: Run,
    release: MadeRelease,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("STAND_IN_PIP", "download libtwo|hang")
    install(installer)
    qtbot.waitUntil((tmp_path / "sign").exists, timeout=60_000)
    finish(installer.cancel)
    assert installer.installed is None
    assert installer.can_go_on
    monkeypatch.delenv("STAND_IN_PIP")
    finish(lambda: install(installer))
    assert installer.installed is not None
    assert asked(release) == ["libone", "libtwo", "libtwo"]


@pytest.mark.full
def test_half_made_environment_is_made_again(
    installer: Installer, finish: Run, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAND_IN_PIP", "engine|it broke")
    finish(lambda: install(installer))
    (half,) = places.environments()
    (half / "leftover").touch()
    monkeypatch.delenv("STAND_IN_PIP")
    finish(lambda: install(installer))
    assert installer.installed is not None
    assert not (half / "leftover").exists()


@pytest.mark.full
def test_update_is_offered_and_keeps_the_old_engine_until_it_works(
    installer: Installer,
    finish: Run,
    places: Places,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    finish(lambda: install(installer))
    old = command_from_file(places.settings_file).program
    newer = make_release(tmp_path / "newer", version="2.0")
    updater = Installer(places, newer.plugin)
    assert updater.offered_version == "2.0"
    monkeypatch.setenv("STAND_IN_INDEX", str(newer.index))
    monkeypatch.setenv("STAND_IN_PIP", "engine|it broke")
    install(updater)
    qtbot.waitUntil(lambda: not updater.is_busy, timeout=60_000)
    assert command_from_file(places.settings_file).program == old
    monkeypatch.delenv("STAND_IN_PIP")
    install(updater)
    qtbot.waitUntil(lambda: not updater.is_busy, timeout=60_000)
    assert updater.installed is not None
    assert updater.installed.version == "2.0"
    assert not Path(old).exists()
    assert updater.offered_version == ""


@pytest.mark.full
def test_removal_takes_the_engine_and_leaves_what_is_not_its_own(
    installer: Installer, finish: Run, places: Places
) -> None:
    finish(lambda: install(installer))
    (places.root / "settings.json").write_text("{}")
    finish(installer.remove)
    assert [path.name for path in places.root.iterdir()] == ["settings.json"]
    assert installer.installed is None


@pytest.mark.full
def test_repair_makes_a_damaged_engine_anew(
    installer: Installer, finish: Run, places: Places
) -> None:
    finish(lambda: install(installer))
    (environment,) = places.environments()
    (server,) = environment.rglob("engine/server/__main__.py")
    server.write_text("raise SystemExit(1)")
    finish(installer.repair)
    assert (installer.phase, installer.sentence) == ("idle", "")
    assert "raise" not in server.read_text()


@pytest.mark.full
def test_existing_engine_is_used_and_not_removed(
    installer: Installer,
    finish: Run,
    places: Places,
    tmp_path: Path,
    release: MadeRelease,
    qtbot: QtBot,
) -> None:
    finish(lambda: install(installer))
    (environment,) = places.environments()
    other = Installer(Places(tmp_path / "other"), release.plugin)
    other.use_existing(environment)
    qtbot.waitUntil(lambda: not other.is_busy, timeout=20_000)
    assert other.installed is not None
    assert other.installed.python.is_relative_to(environment)
    assert other.offered_version == ""
    other.remove()
    qtbot.waitUntil(lambda: not other.is_busy, timeout=20_000)
    assert other.installed is None
    assert environment_python(environment).exists()


@pytest.mark.full
def test_folder_brings_the_libraries(
    installer: Installer, finish: Run, release: MadeRelease, tmp_path: Path
) -> None:
    folder = tmp_path / "from elsewhere"
    shutil.copytree(release.index, folder / "wheels")
    finish(lambda: installer.install(folder, own_python()))
    assert installer.installed is not None
    assert not (release.index / "asked.txt").exists()


@pytest.mark.full
@pytest.mark.parametrize("name", ["with spaces", "größe ждать 漢字", "d" * 100 + "/" + "e" * 100])
def test_odd_folders_work(name: str, release: MadeRelease, qtbot: QtBot, tmp_path: Path) -> None:
    installer = Installer(Places(tmp_path / name / "frih"), release.plugin)
    install(installer)
    qtbot.waitUntil(lambda: not installer.is_busy, timeout=60_000)
    assert installer.installed is not None, installer.log_text
    assert json.loads((tmp_path / name / "frih" / "engine.json").read_text("utf-8"))["is_own"]


@pytest.mark.full
def test_python_of_the_release_is_used_where_it_brings_one(
    release: MadeRelease, places: Places, qtbot: QtBot
) -> None:
    archive = release.engine_files / "cpython-here.tar.gz"
    with tarfile.open(archive, "w:gz") as packed:
        launcher = f'#!/bin/sh\nexec {own_python()} "$@"\n'.encode()
        member = tarfile.TarInfo("python/bin/python3")
        member.size, member.mode = len(launcher), 0o755
        packed.addfile(member, io.BytesIO(launcher))
    contents = json.loads((release.engine_files / "contents.json").read_text())
    contents["python"] = {"file": archive.name, "sha256": sha256(archive)}
    (release.engine_files / "contents.json").write_text(json.dumps(contents))
    installer = Installer(places, release.plugin)
    installer.install()
    qtbot.waitUntil(lambda: not installer.is_busy, timeout=60_000)
    assert installer.installed is not None, installer.log_text
    assert f"? {places.python}" in installer.log_text

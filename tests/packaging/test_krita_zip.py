"""The zip for Krita, looked at as Krita's importer looks, and by the importer itself."""

from __future__ import annotations

import ast
import configparser
import hashlib
import importlib.util
import json
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath
from types import ModuleType, SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from krita_zip import MODULE, Brought, write_krita_zip

from frih_plugin.install.findings import plugin_finding
from frih_plugin.install.release import read_release
from frih_plugin.qt.widgets import QDockWidget, QLabel

CHECKOUT = Path(__file__).resolve().parents[2]
IMPORTER = Path("/usr/share/krita/pykrita/plugin_importer/plugin_importer.py")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip with a stand-in for pip's wheel, which is only passed on here."""
    folder = tmp_path_factory.mktemp("built")
    pip = folder / "pip-99-py3-none-any.whl"
    pip.write_bytes(b"pip")
    write_krita_zip(CHECKOUT, folder / "krita.zip", Brought(pip), folder)
    return folder / "krita.zip"


@pytest.fixture(scope="module")
def module(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The module's folder, as the importer leaves it."""
    folder = tmp_path_factory.mktemp("pykrita")
    unpack_as_krita(built, folder)
    return folder / MODULE


def unpack_as_krita(built: Path, folder: Path) -> list[str]:
    """By the importer's rules: first match, folder entries; returns what it would unpack."""
    with zipfile.ZipFile(built) as packed:
        names = packed.namelist()
        (desktop,) = (name for name in names if name.endswith(".desktop"))
        config = configparser.ConfigParser()
        config.read_string(packed.read(desktop).decode())
        library = config["Desktop Entry"]["X-KDE-Library"]
        assert config["Desktop Entry"]["Name"]
        source = next(
            name
            for name in names
            if (name.endswith(f"/{library}/") or name == f"{library}/")
            and f"{name}__init__.py" in names
        )
        action = next(n for n in names if PurePosixPath(n).name == f"{library}.action")
        inside = [name for name in names if name.startswith(source)]
        packed.extractall(folder, inside)
    return [desktop, action, *inside]


def test_importer_takes_all_that_is_in_the_zip(built: Path, tmp_path: Path) -> None:
    taken = unpack_as_krita(built, tmp_path)
    with zipfile.ZipFile(built) as packed:
        assert sorted(taken) == sorted(packed.namelist())


@pytest.mark.skipif(not IMPORTER.is_file(), reason="Krita is not installed: its importer is asked")
def test_kritas_own_importer_takes_it(built: Path, tmp_path: Path) -> None:
    script = (
        "import builtins, sys; builtins.i18n = str; sys.argv = sys.argv[1:]\n"
        "import runpy; runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    command = [sys.executable, "-c", script, str(IMPORTER), str(built), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Imported plugin: FRIH Harmonize" in done.stdout, done.stderr
    assert (tmp_path / "pykrita" / f"{MODULE}.desktop").is_file()
    assert (tmp_path / "actions" / f"{MODULE}.action").is_file()
    assert (tmp_path / "pykrita" / MODULE / "frih_plugin" / "hosts" / "krita").is_dir()


def test_same_sources_give_the_same_bytes(built: Path, tmp_path: Path) -> None:
    pip = built.parent / "pip-99-py3-none-any.whl"
    write_krita_zip(CHECKOUT, tmp_path / "again.zip", Brought(pip), tmp_path)
    assert (tmp_path / "again.zip").read_bytes() == built.read_bytes()


def test_every_folder_has_an_entry(built: Path) -> None:
    with zipfile.ZipFile(built) as packed:
        names = packed.namelist()
    parents = {f"{p}/" for name in names for p in PurePosixPath(name).parents if p.name}
    assert parents <= set(names)
    assert len(names) == len(set(names))


def test_nothing_of_the_editor_or_of_caches_is_packed(built: Path) -> None:
    with zipfile.ZipFile(built) as packed:
        names = packed.namelist()
    assert not [name for name in names if "standalone" in name or "__pycache__" in name]


def test_doctor_finds_the_packed_files_whole(module: Path) -> None:
    assert plugin_finding(module).is_ok


def test_installer_reads_the_packed_release(module: Path) -> None:
    release = read_release(module)
    assert all(file.is_whole() for file in release.files)
    with zipfile.ZipFile(release.engine.path) as wheel:
        weights = wheel.read("engine/weights/frih.safetensors")
        assert wheel.testzip() is None
    assert hashlib.sha256(weights).hexdigest() == release.weights_sha256


def test_python_for_one_system_comes_along(built: Path, tmp_path: Path) -> None:
    python = tmp_path / "cpython-3.12-windows.tar.gz"
    python.write_bytes(b"an archive")
    brought = Brought(built.parent / "pip-99-py3-none-any.whl", python)
    write_krita_zip(CHECKOUT, tmp_path / "krita.zip", brought, tmp_path)
    unpack_as_krita(tmp_path / "krita.zip", tmp_path)
    release = read_release(tmp_path / MODULE)
    assert release.python is not None
    assert release.python.is_whole()


def test_wheel_has_all_that_the_engine_imports(module: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(read_release(module).engine.path) as wheel:
        wheel.extractall(tmp_path)
    script = "import sys; sys.path.insert(0, sys.argv[1]); import engine.server.main, engine; "
    script += "import engine.runtime.onnx_backend; print(engine.__file__)"
    done = subprocess.run(
        [sys.executable, "-I", "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert str(tmp_path) in done.stdout


def test_entry_and_what_it_reads_first_parse_on_python_3_8(module: Path) -> None:
    for name in ("__init__.py", "frih_plugin/__init__.py"):
        ast.parse((module / name).read_text(encoding="utf-8"), feature_version=(3, 8))


def test_plugin_parses_on_python_3_10(module: Path) -> None:
    for file in (module / "frih_plugin").rglob("*.py"):
        ast.parse(file.read_text(encoding="utf-8"), feature_version=(3, 10))


def test_action_has_the_id_that_the_adapter_gives_it(built: Path) -> None:
    with zipfile.ZipFile(built) as packed:
        root = ElementTree.fromstring(packed.read(f"{MODULE}.action"))  # noqa: S314 - our own file
    (action,) = root.iter("Action")
    extension = (CHECKOUT / "frih_plugin/hosts/krita/extension.py").read_text(encoding="utf-8")
    assert f'ACTION_ID = "{action.get("name")}"' in extension


def test_manual_has_its_figures(module: Path) -> None:
    page = (module / "Manual.html").read_text(encoding="utf-8")
    version = json.loads((CHECKOUT / "plugin.json").read_text(encoding="utf-8"))["version"]
    assert f"FRIH Harmonize {version}" in page
    assert "$" not in page


@pytest.mark.usefixtures("qapp")
def test_docker_says_that_python_is_too_old(module: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "needs Python 3.10" in run_entry(module, monkeypatch, version=(3, 8))


@pytest.mark.usefixtures("qapp")
def test_docker_says_that_the_plugin_is_damaged(
    module: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = run_entry(module, monkeypatch, version=sys.version_info[:2])
    assert "could not be started" in said


def docker_factory(_id: str, _side: int, kind: type[QDockWidget]) -> type[QDockWidget]:
    return kind


def run_entry(module: Path, monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...]) -> str:
    """Import the entry file with a stand-in for Krita; returns what its docker shows."""
    made: list[Any] = []

    class Krita:
        @staticmethod
        def instance() -> SimpleNamespace:
            return SimpleNamespace(addDockWidgetFactory=made.append)

    krita: Any = ModuleType("krita")
    krita.DockWidget, krita.Krita = QDockWidget, Krita
    krita.DockWidgetFactory = docker_factory
    side = SimpleNamespace(DockRight=1)
    krita.DockWidgetFactoryBase = SimpleNamespace(DockPosition=side)
    monkeypatch.setitem(sys.modules, "krita", krita)
    monkeypatch.setitem(sys.modules, "frih_plugin.hosts.krita.entry", None)
    monkeypatch.setattr(sys, "version_info", (*version, 0))
    monkeypatch.setattr(sys, "path", list(sys.path))
    spec = importlib.util.spec_from_file_location("frih_harmonize", module / "__init__.py")
    assert spec is not None
    assert spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    monkeypatch.undo()
    docker = made[0]()
    label = docker.widget()
    assert isinstance(label, QLabel)
    words = label.text()
    docker.deleteLater()
    return words

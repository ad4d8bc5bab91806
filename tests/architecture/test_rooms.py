"""What the import contracts in pyproject.toml cannot hold, held by tests."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
VERSION = json.loads((PROJECT / "plugin.json").read_text(encoding="utf-8"))["version"]
# What an old Python reads before it learns that it is too old.
READ_BY_OLD_PYTHONS = ("bootstrap.py", "environment.py", "krita_profile.py", "machine.py")
HEAVY = ("torch", "PyQt5", "PyQt6", "training", "scipy")


def run_python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("package", ["frih_plugin", "frih_plugin.protocol"])
def test_panel_package_imports_without_site_packages(package: str) -> None:
    code = f"import sys; sys.path.insert(0, {str(PROJECT)!r}); import {package}"
    finished = run_python("-I", "-S", "-c", code)
    assert finished.returncode == 0, finished.stderr


def test_packaging_folder_does_not_hide_the_library_of_that_name() -> None:
    code = "import sys; sys.path.insert(0, '.'); import packaging.version"
    finished = run_python("-c", code)
    assert not (PROJECT / "packaging" / "__init__.py").exists()
    assert finished.returncode == 0, finished.stderr


@pytest.mark.parametrize("name", READ_BY_OLD_PYTHONS)
def test_bootstrap_parses_as_python_3_8(name: str) -> None:
    source = (PROJECT / "packaging" / name).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 8))


def test_installed_version_is_the_one_of_plugin_json() -> None:
    assert version("frih-harmonize") == VERSION


def test_version_stands_in_no_source_file() -> None:
    files = [
        path
        for room in ("engine", "frih_plugin", "training", "packaging")
        for path in (PROJECT / room).rglob("*.py")
    ]
    repeats = [path for path in files if f'"{VERSION}"' in path.read_text(encoding="utf-8")]
    assert files
    assert repeats == []


def test_pyproject_repeats_no_version() -> None:
    lines = (PROJECT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if line.startswith("version")]


@pytest.mark.parametrize("module", ["engine.cli.main", "engine.submask", "engine.pipeline"])
def test_import_stays_light(module: str) -> None:
    code = f"import sys, {module}; print(*[name for name in {HEAVY} if name in sys.modules])"
    finished = run_python("-c", code)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.split() == []

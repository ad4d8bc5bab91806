"""The command lines of an installation; pip is the one that came along, not the Python's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from frih_plugin.install.release import Release

ISOLATED = ("-I", "-X", "utf8")
"""Hear no PYTHON variable and no folder of the person's own packages."""

_PIP = """
import runpy, sys
sys.path.insert(0, sys.argv.pop(1))
sys.argv[0] = "pip"
runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""
"""From a folder that is not the environment's, as under -I no PYTHONPATH is heard."""

_QUIET = ("--no-input", "--disable-pip-version-check", "--no-color")
_PINNED = ("--require-hashes", "--no-deps", "--only-binary", ":all:")


@dataclass(frozen=True, slots=True)
class PipPlaces:
    """python: to install for; pip: unpacked; wheels: the libraries; cache: of pip's own."""

    python: Path
    pip: Path
    wheels: Path
    cache: Path


def make_environment(python: Path, folder: Path) -> list[str]:
    """Make an environment without pip, which Debian's Pythons cannot put into one."""
    return [str(python), *ISOLATED, "-m", "venv", "--without-pip", str(folder)]


def download(places: PipPlaces, requirement: Path) -> list[str]:
    """Download what one file of requirements names; goes on with what the cache holds."""
    options = ("--dest", str(places.wheels), "--cache-dir", str(places.cache))
    return [
        *_pip(places, "download"),
        *_PINNED,
        *options,
        *("--progress-bar", "raw", "--requirement", str(requirement)),
    ]


def install_libraries(release: Release, places: PipPlaces) -> list[str]:
    """Install the pinned libraries from the folder, without a network."""
    return [
        *_pip(places, "install"),
        *_PINNED,
        *("--no-index", "--find-links", str(places.wheels), "--no-cache-dir"),
        *("--requirement", str(release.requirements.path)),
    ]


def install_engine(release: Release, places: PipPlaces) -> list[str]:
    """Install the engine itself; its wheel was checked before."""
    options = ("--no-deps", "--no-index", "--no-cache-dir", "--force-reinstall")
    return [*_pip(places, "install"), *options, str(release.engine.path)]


def _pip(places: PipPlaces, command: str) -> list[str]:
    return [str(places.python), *ISOLATED, "-c", _PIP, str(places.pip), command, *_QUIET]

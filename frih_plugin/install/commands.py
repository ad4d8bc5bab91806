"""The command lines of an installation; pip runs out of its own wheel, whatever the Python has."""

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
"""As ensurepip does it; a path to the wheel's inside would not work under -I."""

_QUIET = ("--no-input", "--disable-pip-version-check", "--no-color")
_PINNED = ("--require-hashes", "--no-deps", "--only-binary", ":all:")


@dataclass(frozen=True, slots=True)
class PipPlaces:
    """python: whose pip it is to be; wheels: the folder of libraries; cache: of pip's own."""

    python: Path
    wheels: Path
    cache: Path


def make_environment(python: Path, folder: Path) -> list[str]:
    """Make an environment without pip, which Debian's Pythons cannot put into one."""
    return [str(python), *ISOLATED, "-m", "venv", "--without-pip", str(folder)]


def download(release: Release, places: PipPlaces, requirement: Path) -> list[str]:
    """Download what one file of requirements names; goes on with what the cache holds."""
    options = ("--dest", str(places.wheels), "--cache-dir", str(places.cache))
    return [
        *_pip(release, places.python, "download"),
        *_PINNED,
        *options,
        *("--progress-bar", "raw", "--requirement", str(requirement)),
    ]


def install_libraries(release: Release, places: PipPlaces) -> list[str]:
    """Install the pinned libraries from the folder, without a network."""
    return [
        *_pip(release, places.python, "install"),
        *_PINNED,
        *("--no-index", "--find-links", str(places.wheels), "--no-cache-dir"),
        *("--requirement", str(release.requirements.path)),
    ]


def install_engine(release: Release, python: Path) -> list[str]:
    """Install the engine itself; its wheel was checked before."""
    options = ("--no-deps", "--no-index", "--no-cache-dir", "--force-reinstall")
    return [*_pip(release, python, "install"), *options, str(release.engine.path)]


def _pip(release: Release, python: Path, command: str) -> list[str]:
    wheel = str(release.pip.path)
    return [str(python), *ISOLATED, "-c", _PIP, wheel, command, *_QUIET]

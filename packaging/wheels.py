"""Fetches pinned wheels by pip: the one of pip itself, and all for a machine without a network."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parent.parent
sys.path.append(str(PROJECT))

from frih_plugin.install.requirements import split_requirements  # noqa: E402 - found just now

PINNED = ("--require-hashes", "--no-deps", "--only-binary", ":all:")


class FetchError(Exception):
    """One sentence that says what to do."""


class System(NamedTuple):
    """A kind of machine: pip's names of its platforms, and what Python calls it."""

    platforms: tuple[str, ...]
    sys_platform: str
    machine: str


class Target(NamedTuple):
    """For which machine and Python ("3.12")."""

    system: System
    python: str


# pip takes the first that a wheel has; macOS' arm builds of onnxruntime ask for macOS 14.
SYSTEMS: dict[str, System] = {
    "linux": System(
        ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux2014_x86_64"),
        "linux",
        "x86_64",
    ),
    "linux-arm": System(
        ("manylinux_2_28_aarch64", "manylinux_2_27_aarch64", "manylinux2014_aarch64"),
        "linux",
        "aarch64",
    ),
    "mac": System(("macosx_14_0_arm64", "macosx_11_0_arm64"), "darwin", "arm64"),
    "mac-intel": System(
        ("macosx_13_0_x86_64", "macosx_10_15_x86_64", "macosx_10_12_x86_64"), "darwin", "x86_64"
    ),
    "windows": System(("win_amd64",), "win32", "AMD64"),
}


def requirements_for(content: str, target: Target) -> str:
    """The pinned requirements that a target gets, without markers.

    pip asks the markers of the machine that it runs on, also when it downloads for another one.
    """
    marker = importlib.import_module("pip._vendor.packaging.markers").Marker
    there = {
        "sys_platform": target.system.sys_platform,
        "platform_machine": target.system.machine,
        "python_version": target.python,
        "python_full_version": f"{target.python}.0",
    }
    kept: list[str] = []
    for requirement in split_requirements(content):
        first, _, hashes = requirement.lines.partition("\\\n")
        pin, _, condition = first.partition(";")
        if not condition.strip() or marker(condition.strip()).evaluate(there):
            kept.append(f"{pin.strip()} \\\n{hashes}")
    return "".join(kept)


def fetch_for(requirements: Path, folder: Path, target: Target) -> None:
    """Download what a file of requirements pins for another machine. Raises FetchError."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        own = Path(scratch) / requirements.name
        content = requirements.read_text(encoding="utf-8")
        own.write_text(requirements_for(content, target), encoding="utf-8")
        options = [f"--platform={name}" for name in target.system.platforms]
        fetch(own, folder, *options, f"--python-version={target.python}")


def fetch(requirements: Path, folder: Path, *options: str) -> None:
    """Download what a file of requirements pins, for this machine unless options say other.

    Raises FetchError where pip cannot.
    """
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", *PINNED, *options]
    command += ["--dest", str(folder), "--requirement", str(requirements)]
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if subprocess.run(command, env=variables, check=False, stdout=sys.stderr).returncode != 0:
        raise FetchError(
            f"pip could not download what {requirements.name} names (its lines above say why): "
            "check the network and that this Python has pip, then run the same command again."
        )


def pip_wheel(requirements: Path, kept: Path) -> Path:
    """The wheel of pip that requirements pin, fetched once into the folder `kept`."""
    version = next(
        word.partition("==")[2]
        for line in requirements.read_text(encoding="utf-8").splitlines()
        for word in line.split()
        if word.startswith("pip==")
    )
    wheel = kept / f"pip-{version}-py3-none-any.whl"
    if not wheel.is_file():
        fetch(requirements, kept)
    return wheel

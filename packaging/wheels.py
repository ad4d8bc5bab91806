"""Fetches pinned wheels by pip: the one of pip itself, and all for a machine without a network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

PINNED = ("--require-hashes", "--no-deps", "--only-binary", ":all:")


class FetchError(Exception):
    """One sentence that says what to do."""


class Target(NamedTuple):
    """For which machine: pip's names of its platforms, and the version of its Python."""

    platforms: tuple[str, ...]
    python: str


# pip takes the first that a wheel has; macOS' arm builds of onnxruntime ask for macOS 14.
TARGETS: dict[str, tuple[str, ...]] = {
    "windows": ("win_amd64",),
    "linux": ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux2014_x86_64"),
    "linux-arm": ("manylinux_2_28_aarch64", "manylinux_2_27_aarch64", "manylinux2014_aarch64"),
    "mac": ("macosx_14_0_arm64", "macosx_11_0_arm64"),
    "mac-intel": ("macosx_13_0_x86_64", "macosx_10_15_x86_64", "macosx_10_12_x86_64"),
}


def fetch(requirements: Path, folder: Path, target: Target | None = None) -> None:
    """Download what a file of requirements pins, for this machine or another.

    Raises FetchError where pip cannot.
    """
    folder.mkdir(parents=True, exist_ok=True)
    options = [] if target is None else [f"--platform={name}" for name in target.platforms]
    options += [] if target is None else [f"--python-version={target.python}"]
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

"""Pins what an engine's environment gets: `python packaging/lock.py` writes packaging/requirements.

Run it to take newer libraries, then build and test. uv resolves for every supported Python and
system at once; it is installed for the moment by pip.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
REQUIREMENTS = PROJECT / "packaging" / "requirements"
UV = "uv==0.13.9"
OLDEST_PYTHON = "3.11"
# What `python -m engine.server` imports; files are read and written by the editors.
ENGINE_NEEDS = ("numpy", "onnxruntime", "pillow", "platformdirs", "safetensors")
# Else the last version for Macs with an Intel processor would be taken for all systems.
NEWER_ELSEWHERE = ("onnxruntime>=1.24; sys_platform != 'darwin' or platform_machine != 'x86_64'",)
HEADER = """\
# {what}
# Made by `python packaging/lock.py` ({uv}, for CPython {oldest} and newer on all systems);
# do not edit by hand.
"""


def main() -> None:
    """Write every file of requirements."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        uv = install_uv(Path(folder))
        engine = [*engine_dependencies(), *NEWER_ELSEWHERE]
        write(uv, "engine-cpu.txt", "What the engine's environment gets.", engine)
        write(uv, "pip.txt", "The pip that comes with the plug-in and fills it.", ["pip"])


def engine_dependencies() -> list[str]:
    """Those of the project's dependencies that the engine's process needs."""
    with (PROJECT / "pyproject.toml").open("rb") as file:
        dependencies: list[str] = tomllib.load(file)["project"]["dependencies"]
    return [
        line for line in dependencies if re.split(r"[^\w-]", line, maxsplit=1)[0] in ENGINE_NEEDS
    ]


def install_uv(folder: Path) -> Path:
    """Put uv into a folder of its own; returns the program."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder), UV]
    subprocess.run(command, check=True)
    return next(path for path in (folder / "bin").iterdir() if path.stem == "uv")


def write(uv: Path, name: str, what: str, needs: list[str]) -> None:
    """Resolve and write one file."""
    options = ["--universal", "--generate-hashes", "--no-header", "--no-emit-index-url"]
    command = [str(uv), "pip", "compile", *options, "--no-annotate", "--quiet"]
    resolved = subprocess.run(
        [*command, "--python-version", OLDEST_PYTHON, "-"],
        input="\n".join(needs),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    header = HEADER.format(what=what, uv=UV, oldest=OLDEST_PYTHON)
    (REQUIREMENTS / name).write_text(header + resolved, encoding="utf-8")
    print(REQUIREMENTS / name)


if __name__ == "__main__":
    main()

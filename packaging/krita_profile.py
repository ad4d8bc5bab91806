"""A profile of Krita's own for trying the plug-in: the person's settings and plug-ins stay as is.

For bootstrap.py. Standard library only; loads on Python 3.8 (see machine.py).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

from environment import clean_variables
from machine import MissingError

MODULE = "frih_harmonize"
PACKED = (MODULE + "/", MODULE + ".desktop")


class Profile(NamedTuple):
    """Folders that Krita takes for its own by the variables of the desktop standard."""

    folder: Path

    @property
    def resources(self) -> Path:
        """Where Krita looks for plug-ins and actions."""
        return self.folder / "data" / "krita"

    def variables(self, program: str) -> dict[str, str]:
        """Return the environment to start Krita's program in.

        Its folder comes first in PATH: the Python inside Krita takes its libraries from the first
        python3 there, and one of pyenv or conda has no PyQt.
        """
        own = {f"XDG_{name.upper()}_HOME": str(self.folder / name) for name in FOLDERS}
        path = os.pathsep.join([str(Path(program).parent), os.environ.get("PATH", "")])
        return {**clean_variables(), **own, "PATH": path}


FOLDERS = ("config", "data", "cache", "state")


def find_krita() -> str:
    """Return the path of Krita; raises MissingError where there is none to start."""
    if os.name == "nt" or sys.platform == "darwin":
        raise MissingError(
            "Krita cannot be started with a profile of its own on this system: build the zip with "
            "packaging/build.py krita and import it in Krita (Tools > Scripts)."
        )
    found = shutil.which("krita")
    if found is None:
        raise MissingError(
            "Krita was not found: install it (on Debian and Ubuntu: apt-get install krita "
            "python3-pyqt5), then run the same command again."
        )
    return found


def qt_package() -> str:
    """Return Debian's package of PyQt for the Krita installed, which only recommends it."""
    command = ["dpkg-query", "--show", "--showformat=${Version}", "krita"]
    try:
        version = subprocess.run(command, stdout=subprocess.PIPE, check=False).stdout.decode()
    except OSError:
        version = ""
    return "python3-pyqt6" if version.partition(":")[2].startswith("6.") else "python3-pyqt5"


def fill(profile: Profile, built: Path, engine_python: str) -> None:
    """Unpack the zip as Krita's importer does, switch the plug-in on, name its engine."""
    plugins, actions = profile.resources / "pykrita", profile.resources / "actions"
    if (plugins / MODULE).exists():
        shutil.rmtree(str(plugins / MODULE))
    for folder in (plugins, actions, *(profile.folder / name for name in FOLDERS)):
        folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(str(built)) as packed:
        packed.extractall(str(plugins), [n for n in packed.namelist() if n.startswith(PACKED)])
        packed.extract(MODULE + ".action", str(actions))
    settings = profile.folder / "config" / "kritarc"
    if not settings.exists():
        settings.write_text(f"[python]\nenable_{MODULE}=true\n", encoding="utf-8")
    engine = profile.folder / "data" / "frih-harmonize" / "engine.json"
    engine.parent.mkdir(exist_ok=True)
    engine.write_text(json.dumps({"python": engine_python, "is_own": False}), encoding="utf-8")

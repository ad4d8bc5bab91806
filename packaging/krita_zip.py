"""What is in the zip that Krita's 'Import Python Plugin from File' takes.

Krita unpacks one folder, the module's, with its .desktop and .action files, so all that is needed
later lies inside the module: panel, engine, the pip that installs it, manual.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from string import Template
from typing import NamedTuple

from engine_wheel import source_files, wheel_files, wheel_name
from plain_zip import write_zip

MODULE = "frih_harmonize"
PLUGIN_FOLDERS = (
    "frih_plugin/client",
    "frih_plugin/hosts/krita",
    "frih_plugin/install",
    "frih_plugin/panel",
    "frih_plugin/protocol",
    "frih_plugin/qt",
    "frih_plugin/state",
    "frih_plugin/texts",
)
PLUGIN_FILES = (
    "CREDITS.md",
    "LICENSE",
    "frih_plugin/__init__.py",
    "frih_plugin/hosts/__init__.py",
    "frih_plugin/hosts/host.py",
    "plugin.json",
)
# Measured on Linux with Python 3.11 and rounded up: the libraries' wheels (the engine is in the
# zip), and the finished environment.
DOWNLOAD_MB = 55
INSTALLED_MB = 210


class Brought(NamedTuple):
    """What the zip brings from elsewhere: pip's wheel, and for one system a movable Python."""

    pip_wheel: Path
    python: Path | None = None


def write_krita_zip(project: Path, target: Path, brought: Brought, scratch: Path) -> None:
    """Write the zip. scratch: a folder for the engine's wheel."""
    version = project_version(project)
    wheel = scratch / wheel_name(version)
    write_zip(wheel, wheel_files(project, version), with_folders=False)
    module = module_files(project, version, wheel, brought)
    files = {f"{MODULE}/{name}": data for name, data in module.items()}
    sources = project / "packaging" / "krita"
    for name in (f"{MODULE}.desktop", f"{MODULE}.action"):
        files[name] = (sources / name).read_bytes()
    write_zip(target, files, with_folders=True)


def module_files(project: Path, version: str, wheel: Path, brought: Brought) -> dict[str, bytes]:
    """The files of the module's folder; wheel: the engine's."""
    sources = project / "packaging" / "krita"
    files = source_files(project, PLUGIN_FOLDERS)
    files |= {name: (project / name).read_bytes() for name in PLUGIN_FILES}
    files["__init__.py"] = (sources / "entry.py").read_bytes()
    files["Manual.html"] = manual(sources / "manual.html", version)
    requirements = project / "packaging" / "requirements" / "engine-cpu.txt"
    engine_files = {"engine": wheel, "pip": brought.pip_wheel, "requirements": requirements}
    if brought.python is not None:
        engine_files["python"] = brought.python
    for file in engine_files.values():
        files[f"engine_files/{file.name}"] = file.read_bytes()
    files["engine_files/contents.json"] = contents(engine_files)
    files["files.json"] = _json({name: _sha256(data) for name, data in sorted(files.items())})
    return files


def contents(engine_files: dict[str, Path]) -> bytes:
    """The file by which the installer finds and checks the others."""
    named = {
        name: {"file": path.name, "sha256": _sha256(path.read_bytes())}
        for name, path in engine_files.items()
    }
    return _json({**named, "download_mb": DOWNLOAD_MB, "installed_mb": INSTALLED_MB})


def manual(source: Path, version: str) -> bytes:
    """The manual page, with the figures that stand in one place only."""
    template = Template(source.read_text(encoding="utf-8"))
    page = template.substitute(version=version, download=DOWNLOAD_MB, disk=INSTALLED_MB)
    return page.encode()


def project_version(project: Path) -> str:
    """The version in plugin.json."""
    return json.loads((project / "plugin.json").read_text(encoding="utf-8"))["version"]


def _json(content: object) -> bytes:
    return (json.dumps(content, indent=1) + "\n").encode()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

"""The engine as a wheel of its own: what `python -m engine.server` needs, weights among it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path

NAME = "frih_harmonize_engine"
# The command line and its examples stay out: their libraries are not installed for editors.
LEFT_OUT = ("engine/cli", "engine/examples")
FOLDERS = ("engine", "frih_plugin/protocol")
SINGLE_FILES = ("frih_plugin/__init__.py",)
SKIPPED_ENDS = (".pyc",)

METADATA = """\
Metadata-Version: 2.4
Name: {name}
Version: {version}
Summary: The engine of FRIH Harmonize, for its panel in an editor.
License-Expression: GPL-3.0-or-later
License-File: LICENSE
License-File: CREDITS.md
Requires-Python: >=3.11
"""
WHEEL = """\
Wheel-Version: 1.0
Generator: packaging/build.py
Root-Is-Purelib: true
Tag: py3-none-any
"""


def wheel_name(version: str) -> str:
    """The file's name, which pip reads."""
    return f"{NAME}-{version}-py3-none-any.whl"


def wheel_files(project: Path, version: str) -> dict[str, bytes]:
    """Everything in the wheel by its name there, RECORD included."""
    files = source_files(project, FOLDERS, left_out=LEFT_OUT)
    files |= {name: (project / name).read_bytes() for name in SINGLE_FILES}
    files["engine/plugin.json"] = (project / "plugin.json").read_bytes()
    info = f"{NAME}-{version}.dist-info"
    files[f"{info}/METADATA"] = METADATA.format(name=NAME, version=version).encode()
    files[f"{info}/WHEEL"] = WHEEL.encode()
    for name in ("LICENSE", "CREDITS.md"):
        files[f"{info}/licenses/{name}"] = (project / name).read_bytes()
    record = f"{info}/RECORD"
    files[record] = _record(files, record)
    return files


def source_files(
    project: Path, folders: tuple[str, ...], left_out: tuple[str, ...] = ()
) -> dict[str, bytes]:
    """The files of some folders of the project, by their path in it."""
    paths = (path for folder in folders for path in (project / folder).rglob("*"))
    named = {path.relative_to(project).as_posix(): path for path in paths if path.is_file()}
    return {
        name: path.read_bytes()
        for name, path in sorted(named.items())
        if "__pycache__" not in path.parts
        and not name.endswith(SKIPPED_ENDS)
        and not any(name.startswith(f"{folder}/") for folder in left_out)
    }


def _record(files: Mapping[str, bytes], record: str) -> bytes:
    lines = [f"{name},sha256={_digest(data)},{len(data)}" for name, data in sorted(files.items())]
    return ("\n".join([*lines, f"{record},,"]) + "\n").encode()


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode("ascii")

"""Writes zip files that are the same, byte for byte, whenever and wherever they are made."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

# The oldest time that a zip can hold.
TIME = (1980, 1, 1, 0, 0, 0)
FILE_MODE = 0o100644
FOLDER_MODE = 0o040755
FOLDER_FLAG = 0x10
PACKED_ALREADY = (".whl", ".gz", ".zip", ".jpg", ".png", ".safetensors")


def write_zip(target: Path, files: Mapping[str, bytes], *, with_folders: bool) -> None:
    """Write files by their names, sorted, whole or not at all.

    with_folders: with an entry for each folder, without which Krita finds no plug-in in a zip.
    """
    names = sorted({*files, *(_folders(files) if with_folders else ())})
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(target.name + ".part")
    with zipfile.ZipFile(temporary, "w") as packed:
        for name in names:
            packed.writestr(_entry(name), files.get(name, b""), compresslevel=9)
    temporary.replace(target)


def _folders(files: Mapping[str, bytes]) -> set[str]:
    parents = (parent for name in files for parent in PurePosixPath(name).parents)
    return {f"{parent}/" for parent in parents if parent.name}


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, TIME)
    entry.create_system = 3  # Unix, also when made on Windows
    is_folder = name.endswith("/")
    entry.external_attr = (FOLDER_MODE << 16 | FOLDER_FLAG) if is_folder else FILE_MODE << 16
    stored = is_folder or name.endswith(PACKED_ALREADY)
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    return entry

"""Reads a plain folder of somebody's own photographs; called by photo_folder where no list is.

JPEG, PNG or WebP pictures NAME.jpg, which may have masks NAME_1.png, NAME_2.png, NAME_3.png. The
hash of its name tells whether a photograph is for training or for choosing settings, as in the
collection.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
VAL_EVERY = 20

_MASK = re.compile(r"(.+)_[1-9]")


def is_plain(folder: Path) -> bool:
    """Whether a folder holds pictures and none of a collection's lists."""
    lists = ("manifest.csv", "train.txt", "val.txt")
    return folder.is_dir() and not any((folder / name).exists() for name in lists)


def list_pictures(folder: Path) -> list[Path]:
    """The photographs of a folder by name, its masks left out."""
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    stems = {path.stem for path in found}
    return [path for path in found if not _is_mask(path, stems)]


def list_masks(picture: Path, most: int) -> list[Path]:
    """The masks beside a photograph."""
    paths = (picture.with_name(f"{picture.stem}_{i}.png") for i in range(1, most + 1))
    return [path for path in paths if path.is_file()]


def is_for_val(stem: str) -> bool:
    """Whether the first 8 hexadecimal digits of the name's SHA-256 are divisible by 20."""
    return int(hashlib.sha256(stem.encode()).hexdigest()[:8], 16) % VAL_EVERY == 0


def stamp(folder: Path) -> list[str]:
    """Names, sizes and times of a folder's pictures: another stamp, another cache."""
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    stats = [(path.name, path.stat()) for path in files]
    return [f"{name} {stat.st_size} {stat.st_mtime_ns}" for name, stat in stats]


def _is_mask(path: Path, stems: set[str]) -> bool:
    found = _MASK.fullmatch(path.stem)
    return path.suffix.lower() == ".png" and found is not None and found[1] in stems

"""Foregrounds of real photographs by their size, for the benchmark of submask extraction."""

from __future__ import annotations

import io
import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

CUTOFF = 0.1
AREAS = (2_000, 10_000, 30_000)
"""What the submask benchmarks measure at: d_c, and pixels of foregrounds beside whole pictures."""

BATCH = 128
"""Foregrounds of a training batch, the paper's."""

_SIDE = 256
_TARS = ("coco_by2.tar", "cid22_ccbysa.tar")


@dataclass(frozen=True, slots=True)
class Foreground:
    """rgb: (256, 256, 3) uint8 composite; mask: (256, 256) bool."""

    rgb: NDArray[np.uint8]
    mask: NDArray[np.bool_]

    @property
    def area(self) -> int:
        """Pixels under the mask."""
        return int(np.count_nonzero(self.mask))


def masked_foregrounds(photos: Path) -> list[Foreground]:
    """Each masked photograph of two sources with its largest mask, smallest foreground first."""
    found = [foreground for name in _TARS for foreground in _masked(photos / name)]
    return sorted(found, key=lambda foreground: foreground.area)


def whole_photos(photos: Path, count: int) -> list[Foreground]:
    """Photographs from all over the sources, with every pixel as foreground."""
    whole = np.ones((_SIDE, _SIDE), np.bool_)
    with tarfile.open(photos / _TARS[0]) as tar:
        names = sorted(name for name in tar.getnames() if name.endswith(".jpg"))
        chosen = names[:: len(names) // count][:count]
        return [Foreground(_picture(tar, name, "RGB"), whole) for name in chosen]


def training_batch(photos: Path) -> list[Foreground]:
    """BATCH foregrounds of all the sizes there are."""
    found = masked_foregrounds(photos)
    return [found[index * len(found) // BATCH] for index in range(BATCH)]


def all_different() -> Foreground:
    """65,536 pixels of random colours, no two alike."""
    packed = np.random.default_rng(0).choice(1 << 24, _SIDE**2, replace=False)
    rgb = np.stack([packed >> shift & 255 for shift in (16, 8, 0)], axis=-1).astype(np.uint8)
    return Foreground(rgb.reshape(_SIDE, _SIDE, 3), np.ones((_SIDE, _SIDE), np.bool_))


def nearest_in_area(foregrounds: list[Foreground], area: int, count: int) -> list[Foreground]:
    """The foregrounds whose area is nearest to one."""
    return sorted(foregrounds, key=lambda foreground: abs(foreground.area - area))[:count]


def _masked(path: Path) -> list[Foreground]:
    with tarfile.open(path) as tar:
        masks = sorted(name for name in tar.getnames() if name.endswith("_1.png"))
        return [
            Foreground(
                _picture(tar, name.removesuffix("_1.png") + ".jpg", "RGB"),
                _picture(tar, name, "L") >= 128,
            )
            for name in masks
        ]


def _picture(tar: tarfile.TarFile, name: str, mode: str) -> NDArray[np.uint8]:
    file = tar.extractfile(name)
    if file is None:
        raise SystemExit(f"{name} is not a picture in {tar.name}: fetch the photographs again.")
    with Image.open(io.BytesIO(file.read())) as picture:
        return np.asarray(picture.convert(mode).resize((_SIDE, _SIDE), Image.Resampling.BICUBIC))

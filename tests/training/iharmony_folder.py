"""A tiny made data set in iHarmony4's layout."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

PHOTO_SIZE = (320, 288)
MASK_BOX = (80, 60, 200, 180)


def write_triple(root: Path, name: str, shift: int, seed: int) -> None:
    """A smooth photo whose box is brightened by `shift`; PNG content would not be lossless JPEG."""
    photo, mask, _ = name.rsplit("_", 2)
    for folder in ("composite_images", "masks", "real_images"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    real = smooth_photo(seed)
    inside = Image.new("L", PHOTO_SIZE)
    inside.paste(255, MASK_BOX)
    changed = real.point([min(value + shift, 255) for value in range(256)] * 3)
    composite = Image.composite(changed, real, inside)
    composite.save(root / "composite_images" / f"{name}.jpg", quality=95, subsampling=0)
    real.save(root / "real_images" / f"{photo}.jpg", quality=95, subsampling=0)
    inside.convert("1").save(root / "masks" / f"{photo}_{mask}.png")


def smooth_photo(seed: int) -> Image.Image:
    """Coarse noise enlarged, of values 40 to 200."""
    coarse = np.random.default_rng(seed).integers(40, 200, (6, 7, 3), np.uint8)
    return Image.fromarray(coarse).resize(PHOTO_SIZE, Image.Resampling.BILINEAR)


def write_set(root: Path, names: dict[str, int], split: str = "HFlickr_test.txt") -> None:
    """Triples by name and shift, and the split file that names them."""
    for seed, (name, shift) in enumerate(names.items()):
        write_triple(root, name, shift, seed)
    (root / split).write_text("".join(f"{name}.jpg\n" for name in names), encoding="utf-8")

"""The small pictures that the tests of the command harmonize."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

WIDTH, HEIGHT = 320, 240
OBJECT = slice(60, 180), slice(80, 240)
LAYER_SIZE = 100, 80


@dataclass(frozen=True, slots=True)
class Pictures:
    """A folder with a composite, its mask, and a layer with transparency."""

    folder: Path

    @property
    def composite(self) -> Path:
        return self.folder / "photo.png"

    @property
    def mask(self) -> Path:
        return self.folder / "mask.png"

    @property
    def layer(self) -> Path:
        return self.folder / "layer.png"

    @property
    def out(self) -> Path:
        return self.folder / "out.png"


def make_pictures(folder: Path) -> Pictures:
    made = Pictures(folder)
    write_composite(made.composite)
    write_mask(made.mask)
    layer = np.zeros((LAYER_SIZE[1], LAYER_SIZE[0], 4), np.uint8)
    layer[10:70, 10:90] = 120, 60, 40, 255
    Image.fromarray(layer).save(made.layer)
    return made


def composite_pixels() -> NDArray[np.uint8]:
    """A gradient with an object of two colours, which become the two largest regions."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    pixels = np.stack([rows // 2, columns // 2, (rows + columns) // 4 + 40], axis=-1)
    pixels = pixels.astype(np.uint8)
    pixels[OBJECT] = 180, 60, 50
    pixels[OBJECT[0], 160:240] = 40, 70, 190
    return pixels


def write_composite(path: Path) -> None:
    Image.fromarray(composite_pixels()).save(path)


def write_mask(path: Path, size: tuple[int, int] = (WIDTH, HEIGHT)) -> None:
    mask = np.zeros((size[1], size[0]), np.uint8)
    mask[OBJECT] = 255
    Image.fromarray(mask).save(path)


def read(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as picture:
        return np.array(picture)

"""Writes composites with masks and truths in iHarmony4's layout (iharmony.py reads it)."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.errors import BadInputError
from training.iharmony import COMPOSITES, DESCRIPTIONS, MASKS, REALS


@dataclass(frozen=True, slots=True)
class PairFolder:
    """A new folder in iHarmony4's layout: `start` first, `write_lists` last; both raise OSError."""

    root: Path
    split_file: str
    rows: list[dict[str, str]] = field(default_factory=list[dict[str, str]])

    def check_unused(self) -> None:
        """Raise BadInputError when the folder holds composites already."""
        if (self.root / COMPOSITES).exists():
            raise BadInputError(f"{self.root} holds composites already: give another folder.")

    def start(self) -> None:
        """Make the folders. Raises BadInputError when the folder holds composites already."""
        self.check_unused()
        for folder in (COMPOSITES, MASKS, REALS):
            (self.root / folder).mkdir(parents=True)

    def add(
        self,
        photo: str,
        pixels: tuple[NDArray[np.uint8], NDArray[np.uint8]],
        mask: NDArray[np.uint8] | NDArray[np.bool_],
        description: dict[str, str],
    ) -> None:
        """Write one composite and its truth, (H, W, 3) both, with the (H, W) mask."""
        composite, real = pixels
        _write_jpeg(self.root / COMPOSITES / f"{photo}_1_1.jpg", composite)
        _write_jpeg(self.root / REALS / f"{photo}.jpg", real)
        Image.fromarray(np.ascontiguousarray(mask)).save(self.root / MASKS / f"{photo}_1.png")
        self.rows.append({"name": f"{photo}_1_1", **description})

    def write_lists(self) -> None:
        """Write the split file and the descriptions."""
        with (self.root / DESCRIPTIONS).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(self.rows[0]))
            writer.writeheader()
            writer.writerows(self.rows)
        names = "".join(f"{row['name']}.jpg\n" for row in self.rows)
        (self.root / self.split_file).write_text(names, encoding="utf-8")


def _write_jpeg(path: Path, pixels: NDArray[np.uint8]) -> None:
    """Composite and truth go through the same encoder, so that the background agrees."""
    Image.fromarray(np.ascontiguousarray(pixels)).save(path, quality=95, subsampling=0)

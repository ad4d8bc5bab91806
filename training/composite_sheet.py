"""Draws synthesized composites to look at: a row a family, each picture thrice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from engine.errors import OutputError
from training.batches import Batch

PICTURES_ACROSS = 4
_GAP_PX = 4
_LABEL_PX = 16


def family_sheet(batches: Mapping[str, Batch]) -> NDArray[np.uint8]:
    """(H, W, 3): each family's name above the first pictures of its batch.

    Each is shown as truth, composite and mask, left to right.
    """
    return np.vstack([_family_row(name, batch) for name, batch in batches.items()])


def _family_row(name: str, batch: Batch) -> NDArray[np.uint8]:
    count = min(PICTURES_ACROSS, len(batch.real))
    pictures = np.hstack([_triple(batch, row) for row in range(count)])
    label = Image.new("RGB", (pictures.shape[1], _LABEL_PX), "white")
    ImageDraw.Draw(label).text((_GAP_PX, 2), name, fill="black")
    return np.vstack([np.asarray(label), pictures])


def _triple(batch: Batch, row: int) -> NDArray[np.uint8]:
    shown = (batch.real[row], batch.composite[row], batch.mask[row].expand(3, -1, -1))
    pixels: Sequence[NDArray[np.uint8]] = [p.permute(1, 2, 0).numpy() for p in shown]
    white = ((0, _GAP_PX), (0, _GAP_PX), (0, 0))
    framed = [np.pad(p, white, constant_values=255) for p in pixels]
    return np.pad(np.hstack(framed), ((0, 0), (0, _GAP_PX), (0, 0)), constant_values=255)


def save_sheet(path: Path, pixels: NDArray[np.uint8]) -> None:
    """Write a picture. Raises OutputError."""
    try:
        Image.fromarray(pixels).save(path)
    except (OSError, ValueError) as error:
        raise OutputError(
            f"{path} cannot be written: name a .png or .jpg in a folder that exists."
        ) from error

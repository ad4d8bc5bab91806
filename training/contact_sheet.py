"""A sheet to look at: the worst, the middle and the best results beside composite and truth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from engine.color.depth import to_8_bit
from engine.errors import OutputError
from engine.files.atomic import whole_file
from training.iharmony_views import FOREGROUND_FROM, TriplePixels
from training.metrics import PictureRecord

ROWS_EACH = 4
CELL = 320
"""Longest side of a picture on the sheet, in pixels."""
FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG"}
"""Formats of a sheet by its file's suffix."""

_GAP = 4
_LINE = 16
_QUALITY = 92
_OUTLINE = np.array((255, 0, 255), np.uint8)
_TITLES = ("composite", "mask", "result", "truth")


@dataclass(frozen=True, slots=True, eq=False)
class SheetRow:
    """One picture of the sheet; composite, result and truth are (h, w, 3) uint8 of one size.

    inside: (h, w) bool, the foreground.
    """

    record: PictureRecord
    composite: NDArray[np.uint8]
    inside: NDArray[np.bool_]
    result: NDArray[np.uint8]
    real: NDArray[np.uint8]


def worth_a_look(records: Sequence[PictureRecord]) -> list[int]:
    """Indices of the largest, the middle and the smallest fMSE ratios, worst first, none twice."""
    order = sorted(range(len(records)), key=lambda index: -records[index].fmse_ratio)
    middle = max(0, (len(order) - ROWS_EACH) // 2)
    shown = order[:ROWS_EACH] + order[middle : middle + ROWS_EACH] + order[-ROWS_EACH:]
    return list(dict.fromkeys(shown))


def make_row(record: PictureRecord, pixels: TriplePixels, result: NDArray[np.uint8]) -> SheetRow:
    """A row of the sheet's size, in the picture's proportions; the result may be of any size."""
    height, width = pixels.mask.shape
    scale = CELL / max(width, height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    shown = [
        np.asarray(Image.fromarray(np.ascontiguousarray(of)).resize(size, Image.Resampling.BICUBIC))
        for of in (to_8_bit(pixels.composite.pixels), result, pixels.real)
    ]
    mask = Image.fromarray(np.ascontiguousarray(to_8_bit(pixels.mask)))
    inside = np.asarray(mask.resize(size, Image.Resampling.BILINEAR)) >= FOREGROUND_FROM
    return SheetRow(record, shown[0], inside, shown[1], shown[2])


def check_sheet_name(path: Path) -> None:
    """Raise OutputError for a suffix that no sheet is written with."""
    if path.suffix.lower() not in FORMATS:
        raise OutputError(f"{path}: a sheet is written as {', '.join(FORMATS)}; name it so.")


def write_sheet(path: Path, rows: Sequence[SheetRow]) -> None:
    """Draw composite, outlined mask, result and truth of each row, with a line of text above.

    The second half of the rows stands to the right of the first.
    Raises OutputError where it cannot be written; what was at `path` stays then.
    """
    check_sheet_name(path)
    half = math.ceil(len(rows) / 2)
    blocks = [_block(part) for part in (rows[:half], rows[half:]) if part]
    width, height = sum(block.width for block in blocks), max(block.height for block in blocks)
    sheet = Image.new("RGB", (width, height), "white")
    for index, block in enumerate(blocks):
        sheet.paste(block, (index * block.width, 0))
    with whole_file(path) as file:
        sheet.save(file, FORMATS[path.suffix.lower()], quality=_QUALITY)


def _block(rows: Sequence[SheetRow]) -> Image.Image:
    heights = [row.real.shape[0] + _LINE + _GAP for row in rows]
    block = Image.new("RGB", (len(_TITLES) * (CELL + _GAP), sum(heights)), "white")
    draw = ImageDraw.Draw(block)
    top = 0
    for row, height in zip(rows, heights, strict=True):
        draw.text((2, top + 2), _caption(row.record), "black")
        pictures = (row.composite, outlined(row.composite, row.inside), row.result, row.real)
        for column, pixels in enumerate(pictures):
            block.paste(Image.fromarray(pixels), (column * (CELL + _GAP), top + _LINE))
        top += height
    return block


def outlined(rgb: NDArray[np.uint8], inside: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The picture with the pixels along the mask's border, inside it, in a loud colour."""
    padded = np.pad(inside, 1, mode="edge")
    inner = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    drawn = rgb.copy()
    drawn[inside & ~inner] = _OUTLINE
    return drawn


def _caption(record: PictureRecord) -> str:
    return (
        f"{record.name} ({record.kind}): {' | '.join(_TITLES)}     "
        f"fMSE {record.composite.fmse:.0f} -> {record.result.fmse:.0f}, "
        f"ratio {record.fmse_ratio:.2f}"
    )

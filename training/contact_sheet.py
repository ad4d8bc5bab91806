"""A sheet to look at: the worst, the middle and the best results beside composite and truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from training.iharmony_views import TripleView
from training.metrics import PictureRecord

ROWS_EACH = 4
_GAP = 4
_LINE = 16


@dataclass(frozen=True, slots=True, eq=False)
class SheetRow:
    """One picture of the sheet; result: (256, 256, 3) uint8."""

    record: PictureRecord
    view: TripleView
    result: NDArray[np.uint8]


def worth_a_look(records: Sequence[PictureRecord]) -> list[int]:
    """Indices of the largest, the middle and the smallest fMSE ratios, worst first, none twice."""
    order = sorted(range(len(records)), key=lambda index: -records[index].fmse_ratio)
    middle = max(0, (len(order) - ROWS_EACH) // 2)
    shown = order[:ROWS_EACH] + order[middle : middle + ROWS_EACH] + order[-ROWS_EACH:]
    return list(dict.fromkeys(shown))


def write_sheet(path: Path, rows: Sequence[SheetRow]) -> None:
    """Draw composite, result, truth and mask of each row, with a line of text above."""
    side = rows[0].result.shape[0]
    height = side + _LINE + _GAP
    sheet = Image.new("RGB", (4 * (side + _GAP), height * len(rows)), "white")
    draw = ImageDraw.Draw(sheet)
    for index, row in enumerate(rows):
        top = index * height
        draw.text((2, top + 2), _caption(row.record), "black")
        for column, pixels in enumerate(_pictures(row)):
            sheet.paste(Image.fromarray(pixels), (column * (side + _GAP), top + _LINE))
    sheet.save(path)


def _pictures(row: SheetRow) -> tuple[NDArray[np.uint8], ...]:
    mask = np.repeat(row.view.inside[:, :, None], 3, axis=2).astype(np.uint8) * np.uint8(255)
    return row.view.composite, row.result, row.view.real, mask


def _caption(record: PictureRecord) -> str:
    return (
        f"{record.name} ({record.kind}): composite | result | truth | mask     "
        f"fMSE {record.composite.fmse:.0f} -> {record.result.fmse:.0f}, "
        f"ratio {record.fmse_ratio:.2f}"
    )

"""Whether confidences keep what they promise: bins of equal counts, as a table and as a chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from engine.files.atomic import whole_file
from training.table import markdown_table

BINS = 8

_SIDE, _MARGIN = 480, 56
_INK, _FAINT, _BLUE = (40, 40, 40), (200, 200, 200), (30, 90, 200)


@dataclass(frozen=True, slots=True)
class Bin:
    """Composites of like confidence: its mean, the share that did improve, and how many."""

    confidence: float
    improved: float
    count: int


@dataclass(frozen=True, slots=True)
class Reliability:
    """The curve; brier: mean squared error of the confidences, untold: that of saying the mean."""

    bins: tuple[Bin, ...]
    brier: float
    untold: float

    def markdown(self) -> str:
        """A table and a sentence."""
        rows = [(f"{b.confidence:.1%}", f"{b.improved:.1%}", str(b.count)) for b in self.bins]
        table = markdown_table(("mean confidence", "improved at full strength", "composites"), rows)
        return (
            f"{table}\nBrier score {self.brier:.4f}; {self.untold:.4f} for saying every time how "
            "many improve in all.\n"
        )


def reliability_of(confidence: Sequence[float], improved: Sequence[bool]) -> Reliability:
    """The curve of one confidence and one outcome for each composite, of which there is one."""
    chance, came_true = np.array(confidence, np.float64), np.array(improved, np.float64)
    count = min(BINS, np.unique(chance).size)
    parts = np.array_split(np.argsort(chance, kind="stable"), count)
    bins = tuple(Bin(float(chance[p].mean()), float(came_true[p].mean()), len(p)) for p in parts)
    share = float(came_true.mean())
    return Reliability(bins, float(np.square(chance - came_true).mean()), share * (1 - share))


def write_chart(path: Path, reliability: Reliability) -> None:
    """A PNG: confidence to the right, share improved upwards, the diagonal of what is right.

    Raises OutputError.
    """
    image = Image.new("RGB", (_SIDE, _SIDE), "white")
    draw = ImageDraw.Draw(image)
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = _place(share, share)
        draw.line((*_place(share, 0), x, _MARGIN), _FAINT)
        draw.line((*_place(0, share), _SIDE - _MARGIN, y), _FAINT)
        draw.text((x - 8, _SIDE - _MARGIN + 6), f"{share:.0%}", _INK)
        draw.text((_MARGIN - 34, y - 6), f"{share:.0%}", _INK)
    draw.line((*_place(0, 0), *_place(1, 1)), _INK)
    points = [_place(b.confidence, b.improved) for b in reliability.bins]
    draw.line(points, _BLUE, width=2)
    for x, y in points:
        draw.ellipse((x - 4, y - 4, x + 4, y + 4), _BLUE)
    draw.text((_SIDE // 2 - 40, _SIDE - 24), "mean confidence", _INK)
    draw.text((_MARGIN - 34, 16), "share that improved at full strength", _INK)
    with whole_file(path) as file:
        image.save(file, "PNG")


def _place(confidence: float, improved: float) -> tuple[float, float]:
    span = _SIDE - 2 * _MARGIN
    return _MARGIN + span * confidence, _SIDE - _MARGIN - span * improved

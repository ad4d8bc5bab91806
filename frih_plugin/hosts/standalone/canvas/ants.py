"""The edge of the selection as marching ants."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.view import Box
from frih_plugin.hosts.standalone.canvas.viewport import Viewport
from frih_plugin.hosts.standalone.document.document import Mask
from frih_plugin.qt.core import QLine
from frih_plugin.qt.gui import QBrush, QColor, QImage, QPainter

PERIOD_PX = 8
_SELECTED_FROM = 128
_MOST_LINES = 20_000
Runs = NDArray[np.int64]
"""(N, 3): line, first, and behind the last."""


class Ants:
    """Lines round the selected pixels of one viewport, kept until either changes."""

    def __init__(self) -> None:
        self._made_for: tuple[int, Viewport] | None = None
        self._mask: Mask | None = None
        self._lines: list[QLine] = []

    def lines(self, mask: Mask, viewport: Viewport) -> list[QLine]:
        """The edge in device pixels."""
        if self._made_for != (id(mask), viewport):
            self._mask, self._made_for = mask, (id(mask), viewport)
            self._lines = _edge(mask, viewport)
        return self._lines

    def paint(self, painter: QPainter, mask: Mask, viewport: Viewport, phase: int) -> None:
        """Draw the edge; phase: 0 to PERIOD_PX - 1, counted up to make the ants march."""
        lines = self.lines(mask, viewport)
        painter.setBrushOrigin(phase, 0)
        if lines:
            painter.drawLines(*lines)


def stripes() -> QBrush:
    """Slanting stripes, so that lines in every direction come out dashed and in step."""
    image = QImage(PERIOD_PX, PERIOD_PX, QImage.Format.Format_RGB32)
    black, white = QColor("#101010").rgb(), QColor("#ffffff").rgb()
    for y in range(PERIOD_PX):
        for x in range(PERIOD_PX):
            image.setPixel(x, y, black if (x + y) % PERIOD_PX < PERIOD_PX // 2 else white)
    return QBrush(image)


def _edge(mask: Mask, viewport: Viewport) -> list[QLine]:
    box = viewport.visible(mask.shape[1], mask.shape[0])
    step = 1 << viewport.level
    lines = _lines(mask, box, step, viewport)
    while len(lines) > _MOST_LINES:
        step *= 2
        lines = _lines(mask, box, step, viewport)
    return lines


def _lines(mask: Mask, box: Box, step: int, viewport: Viewport) -> list[QLine]:
    """Where selected and unselected samples meet, with a sample each `step` pixels."""
    # A sample more each way, so that the view's own border is no edge.
    left, top = (max(at // step - 1, 0) * step for at in (box.left, box.top))
    right, bottom = box.right + step, box.bottom + step
    sampled = mask[top:bottom:step, left:right:step] >= _SELECTED_FROM
    inside = np.pad(sampled, 1)
    across: list[tuple[int, int, int]] = _runs(inside[1:, 1:-1] != inside[:-1, 1:-1]).tolist()
    down: list[tuple[int, int, int]] = _runs((inside[1:-1, 1:] != inside[1:-1, :-1]).T).tolist()
    x = [round(viewport.left + at * viewport.zoom) for at in _places(left, step, sampled.shape[1])]
    y = [round(viewport.top + at * viewport.zoom) for at in _places(top, step, sampled.shape[0])]
    lines = [QLine(x[first], y[line], x[last], y[line]) for line, first, last in across]
    lines += [QLine(x[line], y[first], x[line], y[last]) for line, first, last in down]
    return lines


def _places(start: int, step: int, samples: int) -> range:
    """Where samples begin, and where the last one ends."""
    return range(start, start + step * samples + 1, step)


def _runs(edges: NDArray[np.bool_]) -> Runs:
    """Neighbouring edges of a row as one line each."""
    padded = np.pad(edges, ((0, 0), (1, 1))).astype(np.int8)
    changes = np.diff(padded, axis=1)
    starts, ends = np.argwhere(changes == 1), np.argwhere(changes == -1)
    return np.column_stack((starts, ends[:, 1]))
